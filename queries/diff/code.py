"""Code that differs: scripts and commits, the differences from these as a text, and command lines."""

from collections.abc import Iterator
from typing import Any

from begat.queries.diff.facts import Fact, ids_of, label_of
from begat.queries.diff.patch import between
from begat.queries.diff.row import Row, row
from begat.queries.diff.side import Side, versions

#: What is said of a version of code that tells it from another.
SAID = ("repository", "commit", "digest", "script", "problem")
NAMES = {"digest": "content"}
CUT = "only a part: of long differences the beginning is kept"


def code(a: Side, b: Side) -> Iterator[Row]:
    """The versions of code behind both sides that are not equal; those of the two runs belong together."""
    for x, y in versions(a, b, "Code", lambda f: f.name):
        if x is None or y is None:
            told = [None if f is None else version(f, s) for f, s in ((x, a), (y, b))]
            yield row("code", label_of(x, y), told, ids_of(x, y))
        else:
            yield from _pair(x, y, a, b)
    commands = [_command(side) for side in (a, b)]
    if commands[0] != commands[1]:
        yield row("code", "command", commands, (a.root, b.root))


def version(fact: Fact, side: Side) -> str:
    """A version of code in a line: its commit, and whether files differ from it; else its content's digest."""
    commit = fact.first("commit")
    if commit is None:
        return fact.digest or fact.id
    changed = [str(p.digest) for p in side.known.changes.get(fact.id, ())]
    return f"commit {commit}" + (f" with uncommitted changes {' '.join(changed)}" if changed else "")


def _pair(x: Fact, y: Fact, a: Side, b: Side) -> Iterator[Row]:
    ids = (x.id, y.id)
    found = list(_facts(x, y))
    changes = [[*a.known.changes.get(x.id, ())], [*b.known.changes.get(y.id, ())]]
    told = [" ".join(str(p.digest) for p in parts) or None for parts in changes]
    same = x.first("commit") == y.first("commit")
    if told[0] != told[1]:
        texts = [_text(parts) for parts in changes]
        detail = between(*texts) if same else _both(*texts)
        if any(p.first("cut") for parts in changes for p in parts):
            detail = f"{detail or ''}\n{CUT}".lstrip("\n")
        found.append(row("code", f"{y.label}: uncommitted changes", told, ids, detail=detail))
        untracked = [_untracked(parts) or None for parts in changes]
        if untracked[0] != untracked[1]:
            found.append(row("code", f"{y.label}: untracked files", untracked, ids))
    yield from found or [row("code", y.label, ids, ids)]


def _facts(x: Fact, y: Fact) -> Iterator[Row]:
    for key in SAID:
        told = [_single(f, key) for f in (x, y)]
        # Where one commit is in another place, that is no other code.
        if told[0] == told[1] or (key == "repository" and x.first("commit") == y.first("commit")):
            continue
        yield row("code", f"{y.label}: {NAMES.get(key, key)}", told, (x.id, y.id))


def _single(fact: Fact, key: str) -> Any:
    return " ".join(sorted(map(str, fact.attributes.get(key, ())))) or None


def _text(parts: list[Fact]) -> str:
    return "\n".join(str(p.first("content") or "") for p in parts)


def _untracked(parts: list[Fact]) -> list[str]:
    return sorted({line for p in parts for line in str(p.first("untracked") or "").splitlines()})


def _both(a: str, b: str) -> str | None:
    """Differences from two commits cannot be told as one text without these."""
    told = [f"uncommitted changes of {side}:\n{text}" for side, text in (("a", a), ("b", b)) if text]
    return "\n".join(told) or None


def _command(side: Side) -> str | None:
    fact = side.known.facts.get(side.root or "")
    return None if fact is None else _single(fact, "command")
