"""Flowcept as its README's quickstart has it: offline, a local buffer file; it has tasks, and no series of metrics."""

from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer_scripts.loop import Call, Peer, main


class Flowcept(Peer):
    def begin(self) -> dict[str, Call]:
        flowcept: Any = import_module("flowcept")
        self.workflow = flowcept.Flowcept()  # it is not to go while its tasks are recorded
        self.workflow.start()
        nothing = flowcept.flowcept_task(lambda: None)
        return {"task": lambda _: nothing()}

    def kept(self) -> dict[str, int]:
        lines = b"".join(f.read_bytes() for f in Path().glob("*.jsonl"))
        return {"metric": 0, "task": lines.count(b'"type":"task"')}


if __name__ == "__main__":
    main(Flowcept())
