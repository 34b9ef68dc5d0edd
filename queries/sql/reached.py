"""The function that statements ask for closures, where a snapshot is there: from many starts, without depths.

A statement finds its starts in the midst of its joins, so what is behind them cannot be found before it; SQLite asks
while it runs, in the same transaction.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from begat.graph_schema.sqlite.snapshot.loaded import Snapshot
from begat.graph_schema.sqlite.snapshot.log import Read
from begat.queries.plan import Direction
from begat.queries.scope import Scope
from begat.queries.sql.flow import starts
from begat.queries.sql.frontier import Frontier, GaveUp, as_json
from begat.queries.sql.sight import Sight

#: After so many closures with fewer nodes each, SQL is faster.
MANY, SMALL = 50, 10
WAYS: Final[Mapping[str, Direction]] = {"up": "up", "down": "down"}


class Reached:
    """Answers REACHED for one statement; `read` reads the state of the store that the snapshot was refreshed to.

    What it raises SQLite swallows: it is kept in `wrong`.
    """

    def __init__(self, snapshot: Snapshot, scope: Scope, read: Read) -> None:
        self._read = read
        self._params = as_json(scope)
        self._frontiers = {name: Frontier(snapshot, scope, way, read) for name, way in WAYS.items()}
        self._seeds = {name: starts(way, Sight(scope)) for name, way in WAYS.items()}
        self._known: dict[tuple[str, str], str] = {}
        self._found = 0
        self.wrong: BaseException | None = None

    def __call__(self, direction: str, nodes: str) -> str:
        """The nodes found from all of these, as a JSON list of numbers; `nodes` is one too."""
        try:
            key = (direction, nodes)
            if key not in self._known:
                self._known[key] = self._closure(direction, nodes)
            return self._known[key]
        except BaseException as wrong:
            self.wrong = wrong
            raise

    def _closure(self, direction: str, nodes: str) -> str:
        if len(self._known) > MANY and self._found < SMALL * len(self._known):
            raise GaveUp("many small closures")
        seeds = self._read(self._seeds[direction], {**self._params, "_starts": nodes})
        found = self._frontiers[direction].found(seeds).tolist() if seeds else []
        self._found += len(found)
        return msgspec.json.encode(found).decode()
