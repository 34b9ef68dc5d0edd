"""Stores of an older begat: the ordered steps that bring one to the schema of this begat.

A step is a file of its own beside the store that takes it, `migrations/0002_identity.sql`: its number is the schema it
ends in, its first line, a comment, says what it is for. Steps are numbered from 2 without gaps; the last one's number
is the schema of this begat. A step is never changed once it has been released: a store may have taken it already.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from begat.graph_schema.errors import StoreNewer, StoreOlder

_NAMED: Final = re.compile(r"(\d{4})_(\w+)\.(?:sql|cypher)")
_COMMENT: Final = re.compile(r"(?:--|//) (.+)\n")


class Step(NamedTuple):
    """A step: the schema it ends in, its name, what it is for, and its text."""

    number: int
    name: str
    about: str
    text: str


class Migration(NamedTuple):
    """What brings a store from one schema to another; `copy` is where an embedded store is kept as it was."""

    where: str
    found: int
    known: int
    steps: tuple[Step, ...]
    copy: str | None = None


@cache
def steps(package: str) -> tuple[Step, ...]:
    """The steps of the store in a package, in order. Raises ValueError where their numbers have a gap."""
    found = []
    for file in files(package).joinpath("migrations").iterdir():
        if named := _NAMED.fullmatch(file.name):
            text = file.read_text(encoding="utf-8")
            about = _COMMENT.match(text)
            if about is None:
                raise ValueError(f"{file.name}: its first line must be a comment that says what it is for")
            found.append(Step(int(named[1]), named[2], about[1], text))
    found.sort()
    if [s.number for s in found] != [*range(2, len(found) + 2)]:
        raise ValueError(f"{package}: its migrations must be numbered from 2 without gaps")
    return tuple(found)


def latest(package: str) -> int:
    """The schema that this begat writes."""
    return len(steps(package)) + 1


def pending(package: str, where: str, found: int) -> Migration:
    """What a store of schema `found` still has to take. Raises StoreNewer, and StoreOlder for what was no schema."""
    known = latest(package)
    if found > known:
        raise StoreNewer(where, found, known)
    if found < 1:
        raise StoreOlder(f"{where} has schema {found}, which no begat has written: `begat rebuild` makes it anew")
    return Migration(where, found, known, tuple(s for s in steps(package) if s.number > found))
