"""Removing segments whose every event a store has committed; never an open one, never one with a doubtful line."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from begat.graph_schema.errors import FormatError
from begat.graph_schema.ranges import Pairs, holds
from begat.graph_schema.store import Store
from begat.ingest import segment, spool
from begat.ingest.segment import Place

DAY: Final = 86_400.0


class Verdict(NamedTuple):
    """A sealed segment: to be removed, or kept for a reason."""

    place: Place
    kept: str = ""


class _Numbered(msgspec.Struct):
    seq: int


def verdicts(store: Store | None, folder: Path, days: float) -> Iterator[Verdict]:
    """What of a spool's sealed segments the store has committed whole, and what has to stay, with the reason.

    Segments that were sealed less than `days` days ago stay too. Without a store, only what is not sound stays besides:
    somebody else has to know then who has the others.
    """
    known: dict[str, Pairs] = {}
    for place in spool.find(folder):
        if place.sealed:
            try:
                kept = _young(place, days) or _lacking(store, place, known)
            except FileNotFoundError:  # somebody else has removed it
                continue
            except OSError as e:
                kept = f"cannot be read: {e.strerror or e}"
            yield Verdict(place, kept)


def remove(verdict: Verdict) -> None:
    """Remove the file of a segment that need not stay. Raises OSError, ValueError for one that has to."""
    if verdict.kept:
        raise ValueError(f"{verdict.place.path} has to stay: {verdict.kept}")
    verdict.place.path.unlink(missing_ok=True)


def _young(place: Place, days: float) -> str:
    return f"younger than {days:g} days" if time.time() - place.changed < days * DAY else ""


def _lacking(store: Store | None, place: Place, known: dict[str, Pairs]) -> str:
    """Why the store cannot do without this segment, "" if it can. Every line is looked at."""
    with segment.opened(place) as file:
        try:
            writer = segment.header(segment.first_line(file) or b"").writer
        except FormatError as wrong:
            return str(wrong)
        if store is not None and writer not in known:
            known[writer] = [(r.first, r.last) for r in store.ranges(writer)]
        end, closing = file.tell(), None
        for block in segment.blocks(file, end, 10_000):
            end = block.end
            for line in block.lines:
                seq = _seq(line)
                if seq is None and closing is None and (footer := segment.footer(line)):
                    closing = footer
                elif seq is None or closing is not None:
                    return "a line in it is damaged"
                elif store is not None and not holds(known[writer], seq):
                    return f"event {seq} is not in the store"
        file.seek(end)
        if file.read(1) or closing is None:
            return "its end is missing"
        return segment.check_footer(file, segment.line_start(file, end - 1), closing) or ""


def _seq(line: bytes) -> int | None:
    """An event's number, None for a line that is none."""
    try:
        return msgspec.json.decode(segment.body(line), type=_Numbered).seq
    except (FormatError, ValueError):
        return None
