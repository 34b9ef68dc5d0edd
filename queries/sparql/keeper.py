"""The process that keeps triples up to date for a service: it follows the store, so that the service need not.

It hears of projects to follow on its standard input, a JSON text a line, and ends with it. On its standard output it
says of each project when its triples are current, or why they cannot be.
"""

import select
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from begat.graph_schema.backoff import Backoff
from begat.graph_schema.errors import BegatError
from begat.graph_schema.store import Store, open_store
from begat.graph_schema.triples.kept import Kept
from begat.ingest.filesystem import identity
from begat.queries.sparql.feed import Feed
from begat.queries.sparql.place import More, folder_of

#: Seconds from one look at the store to the next, and after which a project is forgotten that nobody asks about.
POLL: Final = 0.25
FORGOTTEN: Final = 900.0
#: Projects that are followed at once; the one that was asked about longest ago makes room.
MOST: Final = 16


class Start(msgspec.Struct, frozen=True):
    """The store to follow, its file if it has one, and where triples are kept."""

    store: str
    file: str | None
    place: str


class Follow(msgspec.Struct, frozen=True):
    """A project that somebody asks about, and what is told of it besides what is recorded."""

    project: str
    more: More = "no"


class News(msgspec.Struct, frozen=True):
    """`commit`: the triples of `of` are those of the store after it. `wrong`: why they are not. `said`: a line for
    the log."""

    of: Follow
    commit: int | None = None
    wrong: str = ""
    said: str = ""


class _Followed:
    def __init__(self, what: Follow, folder: Path) -> None:
        self.what, self.folder = what, folder
        self.asked = time.monotonic()
        self.backoff = Backoff(first=0.5)
        self.kept: Kept | None = None
        self.feed: Feed | None = None
        self.store: Store | None = None
        self.told: int | None = None

    def look(self, store: Store) -> None:
        """Catch up. Raises BegatError."""
        if self.kept is None:
            self.kept = Kept(self.folder, self.what.project)
        if self.feed is None or self.store is not store:
            said = self.what
            self.store = store
            self.feed = Feed(store, self.kept, lambda line: tell(News(said, said=line)), more=said.more)
        self.feed.catch_up()
        assert self.kept.mark is not None
        if self.kept.mark.commit != self.told:
            self.told = self.kept.mark.commit
            tell(News(self.what, commit=self.told))

    def close(self) -> None:
        if self.kept is not None:
            self.kept.close()
        self.kept = self.feed = None


class Keeper:
    """Follows a store for some projects."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._file = None if start.file is None else Path(start.file)
        self._store: Store | None = None
        self._inode: tuple[int, int] | None = None
        self._followed: dict[Follow, _Followed] = {}

    def follow(self, what: Follow) -> None:
        """Somebody asks about a project."""
        known = self._followed.pop(what, None)
        folder = folder_of(Path(self._start.place), what.project, what.more)
        self._followed[what] = known or _Followed(what, folder)
        self._followed[what].asked = time.monotonic()
        if len(self._followed) > MOST:
            self._forget(next(iter(self._followed)))

    def look(self) -> None:
        """Bring every project up to date."""
        now = time.monotonic()
        for one in [*self._followed.values()]:
            if now - one.asked > FORGOTTEN:
                self._forget(one.what)
            elif now >= one.backoff.due:
                try:
                    one.look(self._opened())
                    one.backoff.worked()
                except (BegatError, OSError) as e:
                    one.close()
                    one.told = None
                    one.backoff.failed(time.monotonic())
                    tell(News(one.what, wrong=str(e)))

    def _forget(self, what: Follow) -> None:
        self._followed.pop(what).close()

    def _opened(self) -> Store:
        now = identity(self._file)
        if self._store is None or now != self._inode:
            if self._store is not None:
                self._store.close()
                self._store = None
            self._store, self._inode = open_store(self._start.store, create=False, steady=True), now
        return self._store


def tell(news: News) -> None:
    """Say something to who started this."""
    sys.stdout.buffer.write(msgspec.json.encode(news) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Follow until standard input ends."""
    source = sys.stdin.buffer.raw  # type: ignore[union-attr]
    held = b""
    keeper: Keeper | None = None
    while True:
        ready, _, _ = select.select([source], [], [], POLL)
        if ready:
            piece = source.read(1 << 16)
            if not piece:
                return
            *lines, held = (held + piece).split(b"\n")
            for line in lines:
                if keeper is None:
                    keeper = Keeper(msgspec.json.decode(line, type=Start))
                else:
                    keeper.follow(msgspec.json.decode(line, type=Follow))
        if keeper is not None:
            keeper.look()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, BrokenPipeError):
        main()
