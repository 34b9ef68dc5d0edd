"""The spool: `<spool>/<host>/<writer>.NNNN.open`, and `.seg` once a segment is sealed."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from begat.graph_schema.errors import FormatError, UsageError
from begat.ingest.lag import Lag, measured
from begat.ingest.segment import ENDINGS, Place, first_line, header, opened, place, wherever

#: Why a writer's events were dropped, as far as a reader can know.
DROPPED: Final = "its hooks could not record them, or its disk not take them"


def find(spool: Path, paths: Iterable[Path] = ()) -> list[Place]:
    """All segments of the spool, or of the files and folders given instead. Raises UsageError for a missing path."""
    found: dict[str, Place] = {}
    paths = tuple(paths)
    for path in paths:
        if not path.exists():
            raise UsageError(f"no file or folder {path}: give journal segments, or folders that hold some")
    if spool.exists() and not spool.is_dir():
        raise UsageError(f"the spool {spool} is a file: it must be the folder the hooks write their journals to")
    for path in paths or (spool,):
        for file in _segments(path):
            here = wherever(file, place)
            found[here.key] = here  # of a packed and a sealed one of the same key, the sealed one: its name is later
    return list(found.values())


def unread(places: Iterable[Place], bookmarks: Mapping[str, int]) -> list[Place]:
    """Those that have changed since they were last read."""
    return [p for p in places if p.size != bookmarks.get(p.key, 0)]


def unreadable(spool: Path) -> Iterator[tuple[Path, str]]:
    """Segments that are left alone or skipped, with the reason: a newer format, a damaged header, no right to read."""
    for p in find(spool):
        try:
            with opened(p) as file:
                line = first_line(file)
        except OSError as e:
            yield p.path, f"cannot be read: {e.strerror or e}"
            continue
        if line is not None:
            try:
                header(line)
            except FormatError as wrong:
                yield p.path, str(wrong)


def lag(spool: Path, bookmarks: Mapping[str, int]) -> Lag:
    """What the spool holds beyond the bookmarks."""
    return measured((p.path, bookmarks.get(p.key, 0), p.size) for p in unread(find(spool), bookmarks))


def pending(spool: Path, bookmarks: Mapping[str, int]) -> int:
    """How many events the spool holds beyond the bookmarks: whole lines that are neither header nor footer."""
    return lag(spool, bookmarks).events


def _segments(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from sorted(f for f in path.rglob("*") if f.name.endswith(ENDINGS) and f.is_file())
