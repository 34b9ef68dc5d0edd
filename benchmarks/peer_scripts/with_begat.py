"""begat as its README begins: a run, and a function that is decorated."""

from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer_scripts.loop import Call, Peer, main


class Begat(Peer):
    def begin(self) -> dict[str, Call]:
        begat: Any = import_module("begat")
        run = begat.run("train").start()
        nothing = begat.activity(lambda: None)
        return {"metric": lambda i: run.metric("loss", 0.5, step=i), "task": lambda _: nothing()}

    def kept(self) -> dict[str, int]:
        lines = b"".join(f.read_bytes() for f in Path(".begat/spool").rglob("*.open"))
        return {"metric": lines.count(b'"type":"metric"'), "task": lines.count(b'"type":"end"')}


if __name__ == "__main__":
    main(Begat())
