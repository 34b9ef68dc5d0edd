"""What a service tells of itself: a line of log a request, counts for Prometheus, and whether all is well."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Final

from begat import __version__
from begat.api.metrics.text import Family, Sample, family
from begat.api.metrics.watcher import Told, of_process
from begat.api.service.state import State
from begat.graph_schema.errors import BegatError
from begat.ingest.watch.log import Log
from begat.queries.engine import look

#: Seconds for which it is taken for granted that the store is as it was when it was last asked.
FRESH: Final = 1.0


class Observed:
    """Counts requests by route and status. `told`: the watcher that runs in this process, if one does."""

    def __init__(self, log: Log | None = None, told: Told | None = None) -> None:
        self.log, self.told = log, told
        self.began = time.monotonic()
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        #: WebSockets that are open now, and subscriptions on them.
        self.sockets = self.subscriptions = 0
        self._well: tuple[float, bool] = (0.0, False)

    def request(self, method: str, path: str, route: str, status: int, seconds: float, sent: int, who: str) -> None:
        """One was answered. `route` is the path as it is declared, so that there are few of them; a query is not
        told: it may hold what somebody would not have in a log."""
        self.requests[method, route, status] += 1
        self.seconds[route] += seconds
        if self.log is not None:
            self.log.say(
                "request", "warning" if status >= 500 else "info", method=method, path=path, status=status,
                ms=round(1000 * seconds, 1), bytes=sent, who=who,
            )  # fmt: skip

    def socket(self, seconds: float, who: str) -> None:
        """A WebSocket has ended."""
        if self.log is not None:
            self.log.say("websocket", seconds=round(seconds, 1), who=who)

    def pending(self, project: str | None = None) -> int:
        """Events of a project (None: any) that the watcher has not taken in yet, as of a moment ago; 0 where none runs
        here."""
        return 0 if self.told is None else self.told.lag(project).events

    async def health(self, state: State, project: str | None = None) -> tuple[bool, dict[str, Any]]:
        """Whether the store can be asked, and the watcher, if there is one, is at work. How far that is behind is told
        of a project alone, of None for all."""
        if self.told is not None:
            well, told = self.told.health(project)
            if not well:
                return False, told
        else:
            told = {"status": "ok"}
        when, well = self._well
        if time.monotonic() - when > FRESH:
            try:
                await state.threads.do(lambda: look(state.store.store(), state.project))
                well = True
            except BegatError:
                well = False
            self._well = (time.monotonic(), well)
        return well, told if well else told | {"status": "store away"}


def families(state: State) -> Iterator[Family]:
    """All that is told to Prometheus: of requests, and of the watcher in this process."""
    seen = state.observed
    if seen.told is not None:
        yield from seen.told.families()
    else:
        yield Family("begat_build_info", "gauge", "The version of begat.", (Sample(1, {"version": __version__}),))
        yield from of_process(seen.began)
    by_status = tuple(
        Sample(n, {"method": method, "route": route, "status": str(status)})
        for (method, route, status), n in sorted(seen.requests.items())
    )
    yield Family("begat_http_requests_total", "counter", "Requests answered.", by_status)
    samples = []
    counts: Counter[str] = Counter()
    for (_, route, _), n in seen.requests.items():
        counts[route] += n
    for route, n in sorted(counts.items()):
        samples += [Sample(seen.seconds[route], {"route": route}, "_sum"), Sample(n, {"route": route}, "_count")]
    yield Family("begat_http_request_seconds", "summary", "Seconds until a request was answered.", tuple(samples))
    yield family("begat_http_questions_running", "Questions that are asked or wait to be.", state.threads.busy)
    yield family("begat_websockets", "WebSockets that are open.", seen.sockets)
    yield family("begat_subscriptions", "GraphQL subscriptions that are served.", seen.subscriptions)
