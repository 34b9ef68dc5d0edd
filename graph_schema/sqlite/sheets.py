"""Sheets: all settings of an activity as one text, so that a table of many runs need not look up each.

A sheet may be missing; one that is there holds what the settings say. So whatever changes a setting, its name or whose
it is takes the sheet away in the same transaction, and the end of the pass makes it anew. An activity that a batch
begins with has its sheet at once, from what the batch says.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from begat.graph_schema.sqlite.edges import Edge
from begat.graph_schema.sqlite.nodes import Row
from begat.graph_schema.terms import RELATIONS

HAS_SETTING: Final = RELATIONS["hasSetting"].code
#: Larger ones are not made: of an activity that is given settings again and again each would be written anew.
MOST_SETTINGS: Final = 1000
MOST_CHARACTERS: Final = 100_000

HOLDERS: Final = (
    f"SELECT e.s FROM json_each(?) j CROSS JOIN edge e INDEXED BY edge_back ON e.d = j.value AND e.rel = {HAS_SETTING}"
)
TOLD: Final = (
    "SELECT e.s, e.ctx, e.d, n.name, n.value FROM json_each(?) j "
    f"CROSS JOIN edge e ON e.s = j.value AND e.rel = {HAS_SETTING} "
    "CROSS JOIN node n ON n.nid = e.d AND n.ctx = e.ctx WHERE n.name IS NOT NULL AND n.value IS NOT NULL"
)
PUT: Final = "INSERT OR REPLACE INTO sheet (nid, ctx, names, cells) VALUES (?, ?, ?, ?)"

#: Name and value (JSON) of each setting, by activity and context.
Told = dict[tuple[int, int], dict[int, tuple[str, str]]]


class Sheets:
    """Makes sheets, and takes away those that a batch makes wrong."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._changed: set[int] = set()

    def add(
        self, edges: Iterable[Edge], moved: Iterable[Edge], rows: Mapping[tuple[int, int], Row], first_new: int
    ) -> None:
        """A batch has told these relations, moved those, and folded the nodes in `rows`."""
        told: Told = defaultdict(dict)
        changed = {e.s for e in moved if e.rel == HAS_SETTING}
        for e in edges:
            if e.rel != HAS_SETTING:
                continue
            row = rows.get((e.d, e.ctx))
            if e.s < first_new or (row is None and e.d < first_new):
                changed.add(e.s)
            elif row is not None and row.name is not None and row.value is not None:
                told[e.s, e.ctx][e.d] = row.name, row.value
        self._put(told)
        old = [r.nid for r in rows.values() if r.nid < first_new and r.value is not None and r.revalued()]
        if old:
            changed.update(s for (s,) in self._db.execute(HOLDERS, (_json(old),)))
        self._db.executemany("DELETE FROM sheet WHERE nid = ?", [(nid,) for nid in changed])
        self._changed |= changed

    def settle(self) -> None:
        """Make the sheets of what has changed."""
        if self._changed:
            told: Told = defaultdict(dict)
            for nid, ctx, setting, name, value in self._db.execute(TOLD, (_json(sorted(self._changed)),)):
                told[nid, ctx][setting] = name, value
            self._put(told)
            self._changed.clear()

    def _put(self, told: Told) -> None:
        """None for an activity that has two settings of one name: which one counts is not for a text to say."""
        rows = []
        for key, settings in told.items():
            names, values = zip(*settings.values(), strict=True)
            if len(names) <= MOST_SETTINGS and len(set(names)) == len(names):
                texts = _json(names), f"[{','.join(values)}]"
                if sum(map(len, texts)) <= MOST_CHARACTERS:
                    rows.append((*key, *texts))
        self._db.executemany(PUT, rows)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
