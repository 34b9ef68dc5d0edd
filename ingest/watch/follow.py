"""Which of a spool's segments are to be read: told by their folders' times and the sizes of the open ones.

A folder is listed when its time of change says so, and now and then all the same. A sealed segment is looked at once.
An open one is looked at when the kernel says that it was written to. Where the kernel cannot know, over a network, it
is looked at each round while its writer may live (it writes a beat every 30 s). And every open one is looked at in
turn with the others. Nothing is opened here.
"""

import math
import os
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from begat.graph_schema.events import Header
from begat.graph_schema.receipt import SENT
from begat.ingest.batches import final
from begat.ingest.filesystem import LOCAL, kind
from begat.ingest.liveness import SILENCE
from begat.ingest.packed import PACKED
from begat.ingest.segment import ENDINGS, OPEN, SEALED, Place, identity, stem
from begat.ingest.watch.notices import Notices

#: A folder's time is believed when it has not changed for so many seconds: file systems count in up to two.
STEADY: Final = 3.0
#: A folder is listed this often in any case, in seconds, where its time is not to be trusted.
RELIST: Final = 30.0
#: In so many seconds every open file is looked at once.
TURN: Final = 20.0
#: How often the writers of torn lines are looked at, and what failed is tried again, in seconds.
TORN: Final = 5.0
RETRY: Final = 30.0

Problem = Callable[[str, str], object]


class File:
    """A segment that is followed: `mark` bytes are read, `size` it had when last seen, `looked` when last read."""

    __slots__ = ("again", "changed", "folder", "header", "inode", "key", "listed", "looked", "mark", "name", "size")

    def __init__(
        self, folder: "Folder", name: str, key: str, inode: int, size: int, mark: int, changed: float
    ) -> None:
        self.folder, self.name, self.key, self.inode = folder, name, key, inode
        self.size, self.mark = size, mark
        self.looked = -1
        self.listed = 0
        self.changed = changed
        self.again = 0.0
        self.header: Header | None = None

    @property
    def path(self) -> str:
        return f"{self.folder.path}/{self.name}"

    @property
    def sealed(self) -> bool:
        return self.name.endswith((SEALED, PACKED))

    def place(self, now: float) -> Place:
        """As readers want it. Its silence is measured by the clock that does not jump."""
        return Place(Path(self.path), self.key, self.size, time.time() - (now - self.changed))


class Folder:
    """A folder as it was listed: `done` are sealed and read, by name and inode; `files` the others.

    `told` says whether the kernel tells of what is written there.
    """

    __slots__ = ("done", "files", "listed", "only", "path", "since", "stamp", "told")

    def __init__(self, path: str, only: str | None = None) -> None:
        self.path, self.only = path, only
        self.told = False
        self.stamp: tuple[int, int, int] | None = None
        self.since = self.listed = -math.inf
        self.done: dict[str, int] = {}
        self.files: dict[str, File] = {}


class Following:
    """The segments below some folders. `due` are to be read, `left` are pending for another reason; both by key.

    `returned`: a folder had gone and is back, or is another: how far its segments were read is to be learned anew
    (`begin`).
    """

    def __init__(self, roots: tuple[Path, ...], problem: Problem) -> None:
        self._roots = roots
        self._problem = problem
        self._notices = Notices()
        self.begin({})

    def begin(self, marks: Mapping[str, int]) -> None:
        """Follow anew, from where the store says each segment has been read to."""
        self._marks = marks
        self._notices.close()
        self._notices = Notices()
        self.due: dict[str, File] = {}
        self.left: dict[str, File] = {}
        self._busy: dict[str, File] = {}
        self._silent: dict[str, File] = {}
        self._folders: dict[str, Folder] = {}
        self._lost: set[str] = set()
        self.returned = False
        self._turned = time.monotonic()
        self._checked = self._turned
        for root in self._roots:
            path = str(root.absolute())
            if root.is_file():
                self._folders[path] = Folder(os.path.dirname(path), only=stem(os.path.basename(path)))
            else:
                self._folders[path] = Folder(path)

    def look(self) -> None:
        """See what has changed."""
        now = time.monotonic()
        for folder in [*self._folders.values()]:
            self._look_into(folder, now)
        self._marks = {}
        self._look_at(now)
        if now - self._checked >= TORN:
            self._checked = now
            self._check_left(now)

    def pending(self) -> list[File]:
        """What is not read to its end. Other threads may ask."""
        return [*list(self.due.values()), *list(self.left.values())]

    def counts(self) -> tuple[int, int]:
        """How many segments are open, and how many sealed."""
        open_ = len(self._busy) + len(self._silent)
        return open_, sum(len(f.done) + len(f.files) for f in self._folders.values()) - open_

    def looked(self, file: File, size: int, header: Header | None, again: float = 0.0) -> None:
        """A file was read, as it was when it had that size. What could not be is tried again after `again` seconds."""
        self.due.pop(file.key, None)
        self.left.pop(file.key, None)
        file.looked, file.header = size, None
        if again:
            file.again = time.monotonic() + again
            self.left[file.key] = file
        elif file.mark < size:  # torn
            file.again = 0.0
            file.header = header
            self.left[file.key] = file
        elif file.sealed and file.folder.files.pop(file.name, None) is not None:
            file.folder.done[file.name] = file.listed

    def close(self) -> None:
        """Follow no more."""
        self._notices.close()

    # -- folders

    def _look_into(self, folder: Folder, now: float) -> None:
        try:
            seen = os.stat(folder.path)
        except FileNotFoundError:
            self._gone(folder)
            return
        except OSError as e:
            self._problem(folder.path, e.strerror or str(e))
            return
        if folder.stamp is not None and folder.stamp[0] != seen.st_ino:
            self._lost.add(folder.path)
            self._problem(folder.path, "another folder is in its place: a disk was mounted or unmounted")
        if folder.path in self._lost:
            self._lost.discard(folder.path)
            self.returned = True
        stamp = (seen.st_ino, seen.st_mtime_ns, seen.st_ctime_ns)
        if folder.stamp is None or folder.stamp[0] != seen.st_ino:  # before it is listed: nothing is missed in between
            local = folder.only is None and kind(Path(folder.path)) in LOCAL
            folder.told = local and self._notices.add(folder.path)
        if stamp != folder.stamp:
            folder.stamp, folder.since = stamp, now
        elif now - folder.since > STEADY and folder.listed > folder.since + STEADY and now - folder.listed < RELIST:
            return
        try:
            found = dict(self._listed(folder, now))
        except OSError as e:
            folder.listed = now
            self._problem(folder.path, e.strerror or str(e))
            return
        folder.listed = now
        self._packed(folder, found)
        for name in folder.done.keys() - found:
            del folder.done[name]
        for name in sorted(found.keys() - folder.files.keys()):
            if folder.done.get(name) != found[name]:
                self._first_look(folder, name, found[name], now)
        for name in folder.files.keys() - found:
            self._vanished(folder.files.pop(name))

    def _packed(self, folder: Folder, found: dict[str, int]) -> None:
        """A packed segment is the sealed one it was made of: as long as that is there too, it is passed over."""
        for name in [n for n in found if n.endswith(PACKED)]:
            sealed = stem(name) + SEALED
            if sealed in found:
                del found[name]
            elif sealed in folder.done:
                folder.done[name] = found[name]

    def _listed(self, folder: Folder, now: float) -> Iterator[tuple[str, int]]:
        """The segments in a folder with their inodes; folders in it are followed from now on."""
        with os.scandir(folder.path) as entries:
            for e in entries:
                if e.name.endswith(ENDINGS) and e.is_file():
                    if folder.only is None or stem(e.name) == folder.only:
                        yield e.name, e.inode()
                elif e.name == SENT:  # what a server has of this spool: no journals, and written each second
                    continue
                elif folder.only is None and e.path not in self._folders and e.is_dir(follow_symlinks=False):
                    self._folders[e.path] = below = Folder(e.path)
                    self._look_into(below, now)

    def _gone(self, folder: Folder) -> None:
        for file in folder.files.values():
            self._vanished(file)
        was_there = folder.stamp is not None
        folder.files, folder.done, folder.stamp = {}, {}, None
        if folder.path not in map(str, (r.absolute() for r in self._roots)):
            self._folders.pop(folder.path, None)
        elif was_there:
            self._lost.add(folder.path)
            self._problem(folder.path, "the folder has gone: waiting for it to come back")

    # -- files

    def _first_look(self, folder: Folder, name: str, inode: int, now: float) -> None:
        path = f"{folder.path}/{name}"
        try:
            seen = os.stat(path)
            own, inode_then, size = identity(name, Path(path), seen.st_ino, seen.st_size)
        except OSError:  # renamed or removed since; the folder's time says so
            return
        key = f"{folder.path}/{own}:{inode_then}"
        before = next((f for end in (OPEN, SEALED) if (f := folder.files.get(own + end)) and f.key == key), None)
        if before is not None and name != before.name:
            self._forget(folder.files.pop(before.name))
            mark = before.mark
        else:
            mark = self._marks.get(key, 0)
        sealed = name.endswith((SEALED, PACKED))
        if sealed and mark == size:
            folder.done[name] = inode
            return
        silence = max(0.0, time.time() - seen.st_mtime)
        folder.files[name] = file = File(folder, name, key, seen.st_ino, size, mark, now - silence)
        file.listed = inode
        if not sealed:
            self._put(file, now)
        if mark == size:
            file.looked = mark
        else:
            self.due[key] = file

    def _put(self, file: File, now: float) -> None:
        """Among those that are looked at each round, or among those whose turn comes."""
        often = not file.folder.told and now - file.changed < SILENCE
        (self._busy if often else self._silent)[file.key] = file

    def _look_at(self, now: float) -> None:
        for file in [*self._written(), *self._busy.values()]:
            self._stat(file, now)
            if now - file.changed >= SILENCE and self._busy.pop(file.key, None) is not None:
                self._put(file, now)
        turn = math.ceil(len(self._silent) * min(1.0, (now - self._turned) / TURN))
        self._turned = now
        for key in [*islice(self._silent, turn)]:
            file = self._silent.pop(key)
            self._stat(file, now)
            if file.name in file.folder.files:
                self._put(file, now)

    def _written(self) -> list[File]:
        """What the kernel says was written to: all that it tells of, if it was too much to tell."""
        written = self._notices.written()
        if written is None:
            return [f for folder in self._folders.values() if folder.told for f in folder.files.values()]
        found = []
        for path, name in written:
            folder = self._folders.get(path)
            if folder is not None and name in folder.files:
                found.append(folder.files[name])
        return found

    def _stat(self, file: File, now: float) -> None:
        try:
            seen = os.stat(file.path)
        except OSError:  # renamed or removed: its folder's time says so
            return
        if seen.st_ino != file.inode:  # another file in its place: a first look, when the folder is listed
            self._forget(file)
            file.folder.files.pop(file.name, None)
            file.folder.listed = -math.inf
            return
        size = seen.st_size
        if size != file.size:
            file.size, file.changed = size, now
        if size == file.mark:
            file.looked = size
            self.due.pop(file.key, None)
        elif size != file.looked:
            self.due[file.key] = file

    def _check_left(self, now: float) -> None:
        """Of the torn lines, which are given up by now; of what failed, what is to be tried again."""
        for file in [*self.left.values()]:
            torn = file.again == 0.0
            if now >= file.again and (not torn or final(file.place(now), file.header)):
                self.due[file.key] = file

    def _vanished(self, file: File) -> None:
        if file.key in self.due:
            self._problem(file.path, "gone before all of it was taken in")
        self._forget(file)

    def _forget(self, file: File) -> None:
        for held in (self.due, self.left, self._busy, self._silent):
            held.pop(file.key, None)

