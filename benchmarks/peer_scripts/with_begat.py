"""begat as its README begins: a run, and a function that is decorated."""

from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer_scripts.loop import Peer, main


class Begat(Peer):
    def begin(self) -> None:
        begat: Any = import_module("begat")
        self.run = begat.run("train").start()
        self.nothing = begat.activity(lambda: None)

    def metric(self, i: int) -> None:
        self.run.metric("loss", 0.5, step=i)

    def task(self) -> None:
        self.nothing()

    def kept(self) -> dict[str, int]:
        lines = b"".join(f.read_bytes() for f in Path(".begat/spool").rglob("*.open"))
        return {"metric": lines.count(b'"type":"metric"'), "task": lines.count(b'"type":"end"')}


if __name__ == "__main__":
    main(Begat())
