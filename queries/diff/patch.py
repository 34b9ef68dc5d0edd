"""Two sets of differences from one commit, as git tells them, made one: the differences between what they lead to.

A unified diff says what the lines around each change are, so both versions are known there and equal to the commit
everywhere else: lines that neither tells stand for themselves. What is binary is only said to differ.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from begat.queries.diff.alike import alike

_HUNK: Final = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")
_MODE: Final = re.compile(r"^(?:new|deleted) file mode (\d{6})$")
CONTEXT: Final = 3
NO_NEWLINE: Final = "\\ No newline at end of file"
NOWHERE: Final = "/dev/null"


class Line(msgspec.Struct, frozen=True):
    """A line of a file, with its number in the commit where it is of the commit (else 0).

    Where text is None it stands for `count` lines that are not told, the first of them with that number.
    """

    text: str | None
    number: int = 0
    ended: bool = True
    count: int = 1


class File(msgspec.Struct):
    """A file as a set of differences leaves it: its name before and after (None where there is no file), and by the
    commit's line number what was there and what is there now."""

    old: str | None
    new: str | None
    said: list[str]
    binary: bool = False
    before: dict[int, Line] = msgspec.field(default_factory=dict)
    #: What stands in the place of each of the commit's lines that was removed, and what comes before it (0: at once).
    removed: set[int] = msgspec.field(default_factory=set)
    added: dict[int, list[Line]] = msgspec.field(default_factory=dict)


def between(a: str, b: str) -> str | None:
    """The differences between what `a` and what `b` make of the same commit, as a unified diff; None if none shows."""
    of_a, of_b = files(a), files(b)
    told: list[str] = []
    for name in sorted(of_a.keys() | of_b.keys()):
        x, y = of_a.get(name), of_b.get(name)
        if x is None or y is None or x.said != y.said:
            told += _file(name, x, y)
    return "\n".join(told) or None


def files(text: str) -> dict[str, File]:
    """The files that a set of differences is about, by their names in the commit, else by their own."""
    found: dict[str, File] = {}
    for part in re.split(r"(?m)^(?=diff --git )", text):
        if part.startswith("diff --git "):
            file = _read(part.rstrip("\n").split("\n"))
            found[file.old or file.new or ""] = file
    return found


def _read(lines: Sequence[str]) -> File:
    names = re.match(r'diff --git "?a/(.*?)"? "?b/(.*?)"?$', lines[0])
    old, new = (names.group(1), names.group(2)) if names else (lines[0], lines[0])
    file = File(old, new, list(lines))
    at = 1
    while at < len(lines) and not lines[at].startswith("@@ "):
        head = lines[at]
        if head.startswith("new file mode"):
            file.old = None
        elif head.startswith("deleted file mode"):
            file.new = None
        elif head.startswith("rename from "):
            file.old = head.removeprefix("rename from ")
        elif head.startswith("rename to "):
            file.new = head.removeprefix("rename to ")
        elif head.startswith(("GIT binary patch", "Binary files ")):
            file.binary = True
            return file
        at += 1
    number = 0
    for n, line in enumerate(lines[at:], at):
        ended = n + 1 >= len(lines) or lines[n + 1] != NO_NEWLINE
        if (hunk := _HUNK.match(line)) is not None:
            # A hunk without lines of the commit names the line before it.
            number = int(hunk.group(1)) + (hunk.group(2) == "0")
        elif line == NO_NEWLINE:
            continue
        elif line.startswith("+"):
            file.added.setdefault(number, []).append(Line(line[1:], ended=ended))
        else:
            file.before[number] = Line(line[1:], number, ended)
            if line.startswith("-"):
                file.removed.add(number)
            number += 1
    return file


def _file(name: str, x: File | None, y: File | None) -> Iterator[str]:
    """The differences of one file; a side without any has it as the commit has."""
    there = [_is_there(f, other) for f, other in ((x, y), (y, x))]
    names = [(f.new if f and f.new else name) if here else None for f, here in zip((x, y), there, strict=True)]
    shown = [f"a/{names[0]}" if names[0] else NOWHERE, f"b/{names[1]}" if names[1] else NOWHERE]
    head = [f"diff --git a/{names[0] or names[1]} b/{names[1] or names[0]}"]
    if any(f is not None and f.binary for f in (x, y)):
        yield from [*head, *_became(names[0], names[1], x, y), f"Binary files {shown[0]} and {shown[1]} differ"]
        return
    known = {**(x.before if x else {}), **(y.before if y else {})}
    told = sorted({*known, *(n for f in (x, y) if f for n in f.added)} - {0})
    left, right = (_lines(f, here, known, told) for f, here in zip((x, y), there, strict=True))
    hunks = list(_hunks(left, right))
    if hunks or names[0] != names[1]:
        ends = [f"--- {shown[0]}", f"+++ {shown[1]}"] if hunks else []
        yield from [*head, *_became(names[0], names[1], x, y), *ends, *hunks]


def _became(old: str | None, new: str | None, x: File | None, y: File | None) -> list[str]:
    """What git says of a file that is new, gone or renamed."""
    modes = (_MODE.match(line) for f in (x, y) if f for line in f.said)
    mode = next((found[1] for found in modes if found), "100644")
    if old is None:
        return [f"new file mode {mode}"]
    if new is None:
        return [f"deleted file mode {mode}"]
    return [f"rename from {old}", f"rename to {new}"] if old != new else []


def _is_there(file: File | None, other: File | None) -> bool:
    if file is not None:
        return file.new is not None
    return other is None or other.old is not None


def _lines(file: File | None, here: bool, known: dict[int, Line], told: Sequence[int]) -> list[Line]:
    """All lines of a version as far as anything is told of them, and what lies between as one."""
    if not here:
        return []
    added = file.added if file else {}
    removed = file.removed if file else set[int]()
    of_commit = file is None or file.old is not None  # a new file has no lines but its own
    found: list[Line] = list(added.get(0, ()))
    next_ = 1
    for n in told:
        if n > next_ and of_commit:
            found.append(Line(None, next_, count=n - next_))
        found += added.get(n, ())
        if of_commit and n not in removed:
            found.append(known.get(n, Line(None, n)))
        next_ = n + 1
    return found


def _hunks(left: Sequence[Line], right: Sequence[Line]) -> Iterator[str]:
    """Differences with what is around them, cut where lines are not told."""
    at = [0, 0]
    told: list[tuple[str, Line]] = []
    for mark, line in (*_script(left, right), (" ", Line(None))):
        if line.text is not None:
            told.append((mark, line))
            continue
        yield from _pieces(told, at)
        at = [n + line.count for n in _after(at, told)]
        told = []


def _script(left: Sequence[Line], right: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """What both have, what only the first has and what only the second has, in their order."""
    both = {line.number for line in left} & {line.number for line in right} - {0}
    texts, marks = ([[_key(line, kept) for line in of] for of in (left, right)] for kept in (set[int](), both))
    i = j = 0
    for x, y, size in alike(texts[0], texts[1], (marks[0], marks[1])):
        yield from (("-", line) for line in left[i:x])
        yield from (("+", line) for line in right[j:y])
        yield from ((" ", line) for line in left[x : x + size])
        i, j = x + size, y + size


def _key(line: Line, kept: set[int]) -> Hashable:
    """By what lines are compared: their text, or their number in the commit where both versions kept them."""
    return line.number if line.text is None or line.number in kept else (line.text, line.ended)


def _pieces(told: Sequence[tuple[str, Line]], start: Sequence[int]) -> Iterator[str]:
    """Hunks of lines that follow each other; `start`: how many are before them on either side."""
    changed = [n for n, (mark, _) in enumerate(told) if mark != " "]
    cuts = [n for n, (a, b) in enumerate(pairwise(changed), 1) if b - a > 2 * CONTEXT + 1]
    at, done = list(start), 0
    for a, b in pairwise((0, *cuts, len(changed))) if changed else ():
        first, last = max(changed[a] - CONTEXT, 0), changed[b - 1] + CONTEXT + 1
        at, done = _after(at, told[done:first]), first
        yield from _hunk(told[first:last], at)


def _after(at: Sequence[int], told: Sequence[tuple[str, Line]]) -> list[int]:
    """How many lines are on either side before what comes after these."""
    return [n + sum(mark != other for mark, _ in told) for n, other in zip(at, "+-", strict=True)]


def _hunk(piece: Sequence[tuple[str, Line]], start: Sequence[int]) -> Iterator[str]:
    sizes = [sum(m != other for m, _ in piece) for other in ("+", "-")]
    ranges = [f"{s + (n > 0)}" + ("" if n == 1 else f",{n}") for s, n in zip(start, sizes, strict=True)]
    yield f"@@ -{ranges[0]} +{ranges[1]} @@"
    for mark, line in piece:
        yield mark + (line.text or "")
        if not line.ended:
            yield NO_NEWLINE
