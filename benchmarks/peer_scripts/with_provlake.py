"""provlake as its README has it: a workflow and its tasks, offline, a log file; it has no series of metrics."""

from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer_scripts.loop import Call, Peer, main


class ProvLake(Peer):
    def begin(self) -> dict[str, Call]:
        provlake: Any = import_module("provlake")
        capture: Any = import_module("provlake.capture")
        persister = provlake.ProvLake.get_persister()
        workflow = capture.ProvWorkflow(persister, "train").begin()

        def task(_: int) -> None:
            with capture.ProvTask(persister, "nothing", workflow) as one:
                one.end()

        return {"task": task}

    def kept(self) -> dict[str, int]:
        lines = b"".join(f.read_bytes() for f in Path().glob("prov-*.log"))
        return {"metric": 0, "task": lines.count(b'"type": "Output"')}


if __name__ == "__main__":
    main(ProvLake())
