"""Digests that no hook waits for: a thread reads large files and says which versions the observations were.

A hook names an observation (a path, what stat said, the moment); when the file has been read, an alias says which
version that was. Of several processes on one machine that wait for the same file one reads it, and the others take what
it found; meanwhile they read what else there is to read. A file that changed meanwhile stays an observation.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from begat.capture import digest, problems
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Alias, Event, Node
from begat.graph_schema.ids import blake2b

#: How long the thread may take to stop once the time is up, in seconds.
LAST: Final = 0.2
#: How long to leave a file alone that another process reads, in seconds.
PAUSE: Final = 0.05
#: What is said of a file whose version will never be known for that.
NOT_READ: Final = "not read to its end when the process ended"
#: What is said of many files is written in pieces of so many events.
PIECE: Final = 5000


class Collected:
    """A folder whose version is known once all its files' versions are. `node` describes it as an observation."""

    def __init__(self, node: Node, where: str, parts: list[bytes], members: list[str]) -> None:
        self.node = node
        self.where = where
        self.parts = parts
        self.members = members
        self.left = 0

    def version(self) -> Node:
        """The folder as the version it is."""
        hexes = manifest(self.parts, self.members)
        facts = {k: v for k, v in self.node.attributes.items() if k != "version"} | {"digest": hexes}
        version = ids.agreed("folder", self.where, hexes)
        return Node(0, 0, version, self.node.kind, self.node.types, self.node.name, facts)


class Waiting:
    """A file that is still to be read. `node` describes it as an observation, `seen` is what stat said at `at` (ns)."""

    def __init__(self, path: str, shown: str, seen: os.stat_result, where: str, node: Node) -> None:
        self.path = path
        self.shown = shown
        self.seen = seen
        self.where = where
        self.node = node
        self.at = time.time_ns()
        self.reading: digest.Reading | None = None
        self.claim = -1
        self.version: str | None = None
        self.collected: list[tuple[Collected, int]] = []

    def release(self) -> None:
        """Let go of the file and of the claim to it."""
        if self.reading is not None:
            self.reading.close()
            self.reading = None
        if self.claim >= 0:
            os.close(self.claim)
            self.claim = -1


def manifest(parts: list[bytes], members: list[str]) -> str:
    """The digest of a folder: the names in it (`parts`), each with the version of what it names."""
    total = blake2b(digest_size=32)
    for part, member in zip(parts, members, strict=True):
        total.update(part + member.encode())
    return digest.WHOLE + total.hexdigest()


_queue: deque[Waiting] = deque()
_open: dict[tuple[str, digest.Key], Waiting] = {}
_lock = threading.RLock()
_thread: "_Digester | None" = None


def waiting(path: str, seen: os.stat_result) -> Waiting | None:
    """What waits for this file already and will be read as it is seen now."""
    found = _open.get((path, digest.key(seen)))
    if found is None or found.reading is None:
        return found
    settled = found.reading.began - max(seen.st_mtime_ns, seen.st_ctime_ns) > digest.YOUNG
    return found if settled else None


def add(file: Waiting) -> None:
    """Have a file read. Call `begin` once the observation has been written."""
    with _lock:
        _open[file.path, digest.key(file.seen)] = file
        _queue.append(file)


def collect(folder: Collected, files: list[tuple[int, Waiting]]) -> bool:
    """Have a folder wait for files in it, by their places; whether its version is known already."""
    with _lock:
        for place, file in files:
            if file.version is None:
                file.collected.append((folder, place))
                folder.left += 1
            else:  # it has just been read
                folder.members[place] = file.version
        return not folder.left


def begin() -> None:
    """See to it that the thread is at work."""
    global _thread
    with _lock:
        if _queue and _thread is None:
            _thread = _Digester()
            try:
                _thread.start()
            except RuntimeError:  # the interpreter is ending, or there is no thread to be had: exit tells what is left
                _thread = None


class _Digester(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="begat-digests", daemon=True)
        self.stopped = threading.Event()

    def run(self) -> None:
        global _thread
        busy = 0
        while not self.stopped.is_set():
            with _lock:
                if not _queue:
                    if _thread is self:
                        _thread = None
                    return
                file = _queue.popleft()
            done = False
            try:
                done = _work(file, self.stopped)
            except OSError as e:
                _unread(file, {"problem": e.strerror or str(e)}, f"{e.strerror or e}, when it was to be read")
                done = True
            except Exception as e:  # as at a hook's boundary: a thread of ours must not end with a traceback
                problems.note(e)
                done = True
            if done:
                busy = 0
                _close(file)
                continue
            with _lock:
                (_queue.appendleft if file.reading else _queue.append)(file)
                busy += 1
                wait = busy >= len(_queue)
            if wait:
                busy = 0
                self.stopped.wait(PAUSE)


def _work(file: Waiting, stopped: threading.Event) -> bool:
    """Read a file; whether that is done: it is not if another process is at it, or the thread has to stop."""
    known = digest.remembered(file.seen, file.at)
    if known is None and file.reading is None:
        if file.seen.st_size >= digest.SHARED and (others := digest.shared()):
            claim = others.claim(digest.short_key(file.seen))
            if claim is None:
                return False
            file.claim = claim
            known = digest.remembered(file.seen, file.at)  # who had claimed it may just have read it
        if known is None:
            file.reading = digest.Reading(file.path, file.seen)
    if known is None and file.reading is not None:
        while not file.reading.go_on():
            if stopped.is_set():
                return False
        known = digest.keep(file.seen, file.reading)
    if stopped.is_set():
        return False
    if known is None:
        _unread(file, {"changed_while_read": True}, "changed before it was read to its end")
    else:
        _is(file, known)
    return True


def _is(file: Waiting, known: str) -> None:
    """Say which version the observation was, and which versions the folders are that waited for it."""
    version = ids.file_version(file.where, known)
    facts = {k: v for k, v in file.node.attributes.items() if k != "version"} | {"digest": known}
    node = Node(0, 0, version, "Entity", file.node.types, file.node.name, facts)
    events: list[Event] = [node, Alias(0, 0, file.node.id, version)]
    with _lock:
        file.version = version
        collected, file.collected = file.collected, []
        for folder, n in collected:
            folder.members[n] = version
            folder.left -= 1
    for folder, _ in collected:
        if not folder.left:
            whole = folder.version()
            events += [whole, Alias(0, 0, folder.node.id, whole.id)]
    WRITER.emit(*events)


def _unread(file: Waiting, why: dict[str, str | bool], said: str) -> None:
    problems.warn(f"{file.shown}: {said}; it stays recorded as a version unknown")
    WRITER.emit(Node(0, 0, file.node.id, "Entity", [], file.node.name, dict(why)))


def _close(file: Waiting) -> None:
    file.release()
    with _lock:
        if _open.get((file.path, digest.key(file.seen))) is file:
            del _open[file.path, digest.key(file.seen)]


def wait(hurry: Callable[[], bool]) -> None:
    """Wait until all is read, or somebody is in a hurry."""
    begin()
    while (thread := _thread) is not None and not hurry():
        thread.join(0.1)


def finish(wait: float) -> None:
    """Wait for what is still to be read, but not for ever; what is left stays of unknown version, and that is told."""
    global _thread
    begin()
    thread = _thread
    if thread is not None:
        thread.join(wait)
        _stop(LAST)
    left = list(_open.values())
    forget()
    if left:
        for n in range(0, len(left), PIECE):
            nodes = (file.node for file in left[n : n + PIECE])
            WRITER.emit(*(Node(0, 0, node.id, "Entity", [], node.name, {"problem": NOT_READ}) for node in nodes))
        files = "1 file was" if len(left) == 1 else f"{len(left)} files were"
        problems.warn(
            f"{files} not read to the end when the process ended ({left[0].shown}"
            f"{', ...' * (len(left) > 1)}): the version is unknown. BEGAT_DIGEST=now reads files in the hook"
        )


def forget() -> None:
    """Forget what is to be read: the process ends, or it is a forked child and its parent reads it."""
    global _lock, _thread
    _lock = threading.RLock()
    _thread = None
    for file in _queue:
        file.release()
    _queue.clear()
    _open.clear()


def _stop(wait: float) -> None:
    """Have the thread put back what it is at."""
    global _thread
    thread, _thread = _thread, None
    if thread is not None:
        thread.stopped.set()
        thread.join(wait)


def before_fork(wait: float) -> None:
    """No thread of ours goes on while the process forks."""
    _stop(wait)
