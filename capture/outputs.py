"""Files that a command makes: what of a few patterns is there afterwards and was not there before, as it is now."""

import glob
import os
from collections.abc import Iterable, Iterator

from begat.capture import folders, paths, problems
from begat.capture.runs import Run
from begat.capture.writer import WRITER

Stamp = tuple[int, int, int, int]


def matching(pattern: str) -> list[str]:
    """The files and folders of a pattern (`**` too), or the one that is called so; addresses are as they are."""
    if "://" in pattern or os.path.lexists(pattern) or not glob.has_magic(pattern):
        return [pattern]
    return sorted(glob.glob(pattern, recursive=True))


class Outputs:
    """Patterns, with what matches them before the command runs: what it leaves as it was it has not made."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(patterns)
        self._before: dict[str, Stamp] = {}
        for path in self._matches():
            self._before.update(_stamps(path))

    def generated(self, run: Run) -> int:
        """The run has made what is new or written since; returns how many matches are as they were."""
        unchanged = 0
        for path in self._matches():
            now = dict(_stamps(path))
            old = [p for p, stamp in now.items() if self._before.get(p) == stamp]
            if "://" not in path and not os.path.lexists(path):
                problems.warn(f"--out {path}: the command made no such file")
            elif now and len(old) == len(now):
                unchanged += 1
            else:
                # In a folder, what was there before is as old as it was.
                for kept in (paths.find(p, [], None, {}, used=False) for p in old):
                    WRITER.emit(*kept.events)
                    run.note_made([kept.entity.id])
                run.generated(path)
        return unchanged

    def _matches(self) -> Iterator[str]:
        seen = set()
        for pattern in self._patterns:
            for path in matching(pattern):
                if path not in seen:
                    seen.add(path)
                    yield path


def _stamps(path: str) -> Iterator[tuple[str, Stamp]]:
    """The files of a path, itself or below, with what changes when they are written."""
    names = (real for _, real in folders.inside(path).files) if os.path.isdir(path) else (os.path.realpath(path),)
    for name in names:
        try:
            seen = os.stat(name)
        except OSError:  # gone, or a link to nowhere
            continue
        yield name, (seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
