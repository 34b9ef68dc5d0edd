"""Counts of what is stored."""

from collections.abc import Callable
from typing import Any, Final

from begat.graph_schema.store import Stats
from begat.graph_schema.terms import TYPES

#: Bits of terms.KINDS; a node described in several contexts counts once.
COUNTS: Final = (
    "SELECT count(DISTINCT CASE WHEN kinds & 1 THEN nid END), count(DISTINCT CASE WHEN kinds & 2 THEN nid END), "
    "count(DISTINCT CASE WHEN kinds & 4 THEN nid END) FROM node"
)
BY_TYPE: Final = (
    "SELECT t.name, count(DISTINCT x.nid) FROM (SELECT nid, type FROM node WHERE type IS NOT NULL "
    "UNION ALL SELECT nid, type FROM node_type) x CROSS JOIN type t ON t.code = x.type GROUP BY t.code"
)
ONE: Final = (
    ("relations", "SELECT (SELECT count(*) FROM edge) + (SELECT count(*) FROM open_relation)"),
    ("metric_points", "SELECT coalesce(sum(count), 0) FROM series"),
    ("quarantined", "SELECT count(*) FROM quarantine"),
    ("dropped", "SELECT coalesce(sum(dropped), 0) FROM writer"),
    ("marked", "SELECT count(*) FROM mark"),
    ("commit", "SELECT coalesce(max(number), 0) FROM outbox"),
)


def stats(query: Callable[[str], list[tuple[Any, ...]]]) -> Stats:
    """The counts, by a function that runs SQL."""
    found = Stats()
    found.entities, found.activities, found.agents = query(COUNTS)[0]
    by_type = dict(query(BY_TYPE))
    found.by_type = {t: by_type[t] for t in sorted(by_type, key=lambda t: (t not in TYPES, t))}
    for field, sql in ONE:
        setattr(found, field, query(sql)[0][0])
    return found
