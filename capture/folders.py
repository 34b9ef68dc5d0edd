"""What is in a folder: its files, and its links to other folders.

Such links are not followed: one may lead to a whole disk, or back. Pipes, devices and links to nowhere have no content
and are no members. Each file costs its place in a listing, and no question to the system beside that.
"""

import os
from collections.abc import Callable
from typing import Final, NamedTuple

#: Folders in a folder that are no part of its versions.
LEFT_OUT: Final = (".git", "__pycache__", ".begat")


class Inside(NamedTuple):
    """Files as (path in the folder, real path), links to folders by their paths in the folder; both sorted."""

    files: list[tuple[str, str]]
    links: list[str]


def _ignored(e: OSError) -> None:
    """What cannot be listed has no members."""


def inside(folder: str, unreadable: Callable[[OSError], None] = _ignored) -> Inside:
    """All that is below a folder; `unreadable` is told of what cannot be listed."""
    files: list[tuple[str, str]] = []
    links: list[str] = []
    real = os.path.realpath(folder)
    todo = [""]
    while todo:
        above = todo.pop()
        try:
            with os.scandir(os.path.join(real, above)) as entries:
                for entry in entries:
                    below = above + entry.name
                    if entry.is_symlink():
                        if entry.name not in LEFT_OUT and os.path.isdir(entry.path):
                            links.append(below)
                        elif os.path.isfile(entry.path):
                            files.append((below, os.path.realpath(entry.path)))
                    elif entry.is_dir(follow_symlinks=False):
                        if entry.name not in LEFT_OUT:
                            todo.append(below + "/")
                    elif entry.is_file(follow_symlinks=False):
                        files.append((below, entry.path))
        except OSError as e:
            unreadable(e)
    return Inside(sorted(files), sorted(links))
