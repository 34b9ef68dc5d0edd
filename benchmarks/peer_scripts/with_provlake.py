"""provlake as its README has it: a workflow and its tasks, offline, a log file; it has no series of metrics."""

from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer_scripts.loop import Peer, main


class ProvLake(Peer):
    def begin(self) -> None:
        provlake: Any = import_module("provlake")
        capture: Any = import_module("provlake.capture")
        self.persister = provlake.ProvLake.get_persister()
        self.workflow = capture.ProvWorkflow(self.persister, "train").begin()
        self.new_task = capture.ProvTask

    def task(self) -> None:
        with self.new_task(self.persister, "nothing", self.workflow) as task:
            task.end()

    def kept(self) -> dict[str, int]:
        lines = b"".join(f.read_bytes() for f in Path().glob("prov-*.log"))
        return {"metric": 0, "task": lines.count(b'"type": "Output"')}


if __name__ == "__main__":
    main(ProvLake())
