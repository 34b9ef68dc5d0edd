"""The one reader of a store's changes, for all who subscribed: a thread, as long as there is somebody.

Several times a second it asks whether there is a new commit, reads what it says once, and tells whoever follows a run
what is about that run. Subscribers have buffers of their own (buffers.py), so none waits for another.
"""

import asyncio
import logging
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from begat.api.graphql.live.buffers import OfRun
from begat.api.graphql.live.happenings import BySeries, Happening, by_series, heard, members_of, name_all
from begat.api.graphql.things import At
from begat.graph_schema.backoff import Backoff
from begat.graph_schema.errors import BegatError, StoreAway
from begat.graph_schema.statements import Alias, AnyStatement, Point, Relation
from begat.graph_schema.store import Store
from begat.queries.engine import look
from begat.queries.status import statuses

#: Seconds from one look at the store to the next.
POLL: Final = 0.25
#: Seconds after which it is looked again whether what runs is still at work: who was killed does not say so.
ALIVE: Final = 5.0
#: Seconds that its end waits for what is asked of the store.
PATIENCE: Final = 5.0
REPLACED: Final = "the store is another one, or an older copy of it: subscribe again"

_log: Final = logging.getLogger(__name__)
Key = tuple[str, str]


class Topic:
    """A run of a project that somebody follows. `started`: who begins to is sure to be told all later commits."""

    def __init__(self, project: str, run: str) -> None:
        self.project, self.run = project, run
        self.buffers: set[OfRun] = set()
        self.started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        #: Its sections and parts, once the feed has looked for them.
        self.members: set[str] = set()
        self.known = self.over = False


class Feed:
    """`store` gives the store that is open now, and raises StoreError where none is."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._turn = threading.Condition()
        self._topics: dict[Key, Topic] = {}
        #: What is to be called of a project's changes, in the loop.
        self._listeners: dict[Hashable, tuple[str, Callable[[], None]]] = {}
        self._thread: threading.Thread | None = None
        self._closed = self._fresh = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._held: Store | None = None
        self._position = 0
        self._looked = 0.0
        self._backoff = Backoff()

    # -- in the loop

    @asynccontextmanager
    async def following(self, project: str, run: str, buffer: OfRun) -> AsyncIterator[None]:
        """Within, a buffer gets what each later commit tells of a run, and its end. Raises StoreError."""
        key = (project, run)
        with self._turn:
            topic = self._topics.get(key)
            if topic is None or topic.over:
                topic = self._topics[key] = Topic(project, run)
            topic.buffers.add(buffer)
            self._begin()
        try:
            await asyncio.shield(topic.started)
            yield
        finally:
            with self._turn:
                topic.buffers.discard(buffer)
                if not topic.buffers and self._topics.get(key) is topic:
                    del self._topics[key]

    @asynccontextmanager
    async def listening(self, project: str, told: Callable[[], None]) -> AsyncIterator[None]:
        """Within, something is called in the loop after each look that found changes of a project."""
        key = object()
        with self._turn:
            self._listeners[key] = (project, told)
            self._begin()
        try:
            yield
        finally:
            with self._turn:
                del self._listeners[key]

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._closed:
            raise StoreAway("the service is ending: subscribe again at the next one")
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="begat-feed", daemon=True)
            self._thread.start()
        self._fresh = True
        self._turn.notify_all()

    def close(self) -> None:
        """End the thread, which a store that does not answer may keep a while; nobody is told anything any more."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    # -- in the thread

    def _run(self) -> None:
        while True:
            with self._turn:
                while not (self._topics or self._listeners or self._closed):
                    self._held = None  # the next one begins anew
                    self._turn.wait()
                if self._closed:
                    return
                self._fresh = False
                topics, listeners = list(self._topics.values()), list(self._listeners.values())
            if time.monotonic() >= self._backoff.due:
                self._looked_at(topics, listeners)
            with self._turn:
                self._turn.wait_for(lambda: self._closed or self._fresh, POLL)

    def _looked_at(self, topics: list[Topic], listeners: list[tuple[str, Callable[[], None]]]) -> None:
        try:
            self._look(topics, listeners)
            self._backoff.worked()
        except BegatError as e:
            self._backoff.failed(time.monotonic())
            self._post(_not_started, topics, e)
        except Exception:  # a fault of ours: it is told to all who would wait for nothing
            if self._closed:  # so is the store
                return
            _log.exception("changes could not be told")
            self._backoff.failed(time.monotonic())
            self._post(_failed, topics, BegatError("the service failed, and has logged why"))

    def _look(self, topics: list[Topic], listeners: list[tuple[str, Callable[[], None]]]) -> None:
        store = self._store()
        head = store.head()
        if store is not self._held or head < self._position:
            if self._held is not None:
                self._post(_failed, [t for t in topics if t.known], StoreAway(REPLACED))
                topics = [t for t in topics if not t.known]
            self._held, self._position = store, head
        for topic in topics:
            if not topic.known:
                topic.members = members_of(_at(store, topic.project), topic.run)
                topic.known = True
                self._post(_started, topic)
        by_project: dict[str, list[Topic]] = defaultdict(list)
        for topic in topics:
            by_project[topic.project].append(topic)
        changed: set[str] = set()
        ended: set[Topic] = set()
        for change in store.changes(self._position) if head > self._position else ():
            for project, index in _index(change.statements).items():
                changed.add(project)
                ended |= self._tell(store, change.commit, index, by_project.get(project, ()))
            self._position = change.commit
        now = time.monotonic()
        if now - self._looked > ALIVE:
            self._looked = now
            ended = set(topics)
        self._ended(store, ended)
        for project, told in listeners:
            if project in changed:
                self._post(told)

    def _tell(
        self, store: Store, commit: int, index: Mapping[str, Sequence[AnyStatement]], topics: Sequence[Topic]
    ) -> set[Topic]:
        """Tell who follows a run what a commit says of it; those are returned of which it says an end."""
        told: list[tuple[Topic, list[Happening]]] = []
        for topic in topics:
            if topic.run in index or not index.keys().isdisjoint(topic.members):
                own = _of(index, topic)
                if found := heard(own, topic.run, topic.members):
                    told.append((topic, found))
        if told:
            name_all(_at(store, topics[0].project), [h for _, found in told for h in found])
        for topic, found in told:
            self._post(_put, topic, commit, found, by_series(found))
        return {t for t, found in told if any(h.kind == "ENDED" for h in found)}

    def _ended(self, store: Store, topics: set[Topic]) -> None:
        by_project: dict[str, dict[str, Topic]] = defaultdict(dict)
        for topic in topics:
            by_project[topic.project][topic.run] = topic
        for project, runs in by_project.items():
            found = statuses(store, look(store, project), runs)
            for run, topic in runs.items():
                if found.get(run) != "RUNNING" and not topic.over:
                    topic.over = True
                    self._post(_over, topic)

    def _post(self, call: Callable[..., None], *given: Any) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(call, *given)
        except RuntimeError:  # the loop has ended: so has everybody who would be told
            self._closed = True


def _at(store: Store, project: str) -> At:
    return At(store, look(store, project))


def _index(statements: Sequence[AnyStatement]) -> dict[str, dict[str, list[AnyStatement]]]:
    """Statements by project, and by the nodes that they are about."""
    found: dict[str, dict[str, list[AnyStatement]]] = defaultdict(lambda: defaultdict(list))
    for s in statements:
        index = found[s.context.project]
        if isinstance(s, Relation):
            for node in {s.source, s.target} - {None}:
                index[str(node)].append(s)
        elif isinstance(s, Point):
            index[s.activity].append(s)
        elif isinstance(s, Alias):
            continue
        else:
            index[s.node].append(s)
    return found


def _of(index: Mapping[str, Sequence[AnyStatement]], topic: Topic) -> list[AnyStatement]:
    """What is about a run, its sections and parts, those among it that begin just now, and the things it names."""
    own = list(index.get(topic.run, ()))
    nodes = topic.members & index.keys()
    for s in own:
        if isinstance(s, Relation):
            nodes |= {n for n in (s.source, s.target) if n is not None and n != topic.run}
    for node in sorted(nodes):
        own += [s for s in index.get(node, ()) if not (isinstance(s, Relation) and topic.run in (s.source, s.target))]
    own.sort(key=lambda s: (s.position.time or 0, s.position.writer, s.position.seq))
    return own


# -- posted to the loop


def _started(topic: Topic) -> None:
    if not topic.started.done():
        topic.started.set_result(None)


def _not_started(topics: Sequence[Topic], wrong: BegatError) -> None:
    """Who begins just now is told; who follows already waits until the store is back."""
    for topic in topics:
        if not topic.started.done():
            topic.over = True
            topic.started.set_exception(wrong)
            topic.started.exception()


def _failed(topics: Sequence[Topic], wrong: BegatError) -> None:
    for topic in topics:
        topic.over = True
        for buffer in topic.buffers:
            buffer.fail(wrong)


def _put(topic: Topic, commit: int, happened: list[Happening], points: BySeries) -> None:
    for buffer in topic.buffers:
        buffer.put(commit, happened, points)


def _over(topic: Topic) -> None:
    for buffer in topic.buffers:
        buffer.finish()
