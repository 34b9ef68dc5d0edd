"""Two foreign projects beside the study, made of it: one says other things of the very same ids, the other says the
same things of ids of its own. Whatever of them can be seen by who may see the study alone is a leak."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from begat.api.demo.study import study
from begat.graph_schema import events as ev

#: Stands in all that a foreign project says of its own.
SECRET: Final = "secret"
Rewrite = Callable[[str, Any], Any]

#: Members of an event that name things, and those that say something of them.
_NAMING: Final = frozenset(
    ("run", "entity", "section", "section_of", "parent", "experiment", "of", "id", "observation", "version", "source",
     "target", "arguments")
)  # fmt: skip
_SAYING: Final = frozenset(("name", "attributes", "value", "error", "trace", "context"))


def _all(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value with each text and number in it changed."""
    if isinstance(value, Mapping):
        return {k: v if k in ("type", "lang") else _all(v, change) for k, v in value.items()}
    if isinstance(value, list):
        return [_all(v, change) for v in value]
    return change(value)


def _secret(value: Any) -> Any:
    if isinstance(value, str):
        return value if value in ("NaN", "INF", "-INF") else f"{SECRET} {value}"
    return value if isinstance(value, bool) or value is None else value + 1000


def same_ids(key: str, value: Any) -> Any:
    """Other words and numbers about the same things."""
    return _all(value, _secret) if key in _SAYING else value


def own_ids(key: str, value: Any) -> Any:
    """The same words about other things."""
    return _all(value, lambda v: f"{SECRET}:{v}" if isinstance(v, str) else v) if key in _NAMING else value


def write(spool: Path, project: str, rewrite: Rewrite) -> None:
    """The study's journals as those of another project."""
    folder = spool / project
    folder.mkdir(parents=True)
    for teller in study():
        header = ev.Header(
            format=ev.FORMAT, writer=f"{project}-{teller.writer}", segment=1, project=project, host=project,
            boot="study", pid=1, pid_start=1, pid_ns="study", wall=teller.events[0].at, monotonic=0,
        )  # fmt: skip
        said = [_rewritten(e, rewrite) for e in teller.events]
        (folder / f"{header.writer}.0001.open").write_bytes(b"".join(map(ev.line, (header, *said))))


def _rewritten(event: Any, rewrite: Rewrite) -> Any:
    members = msgspec.to_builtins(event)
    return msgspec.convert({k: rewrite(k, v) for k, v in members.items()}, type(event))


def beside(folder: Path) -> Path:
    """A spool in a folder, with both."""
    spool = folder / f"strangers-{os.getpid()}"
    write(spool, "same", same_ids)
    write(spool, "own", own_ids)
    return spool
