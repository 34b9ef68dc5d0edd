"""The rival of the Neo4j store: the same rows, written as someone would who knows Neo4j and has them all in memory.

`Rows.of` takes every node and relationship out of a graph, with labels and properties. `Rows.write` puts them into an
empty one with the same constraints and indexes: first nodes, a statement per set of labels, then relationships, a
statement per type and labels of its ends, each found by its unique key; transactions of 10,000 rows, one session, and
no statement planned twice. Rows and texts are ready before the clock starts, and nothing is looked up, folded or
checked: what is not known to be new would have to be.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

#: Labels of which each node has one, and its unique property; points have none, and are made with their relationship.
KEYS = {
    "Resource": "id",
    "Phase": "key",
    "Series": "key",
    "Context": "ctx",
    "Writer": "id",
    "Commit": "number",
    "Bookmark": "source",
    "Begat": "one",
}
ROWS = 10_000

NODES = "MATCH (n) WHERE NOT n:Points RETURN labels(n), properties(n)"
ENDS = "MATCH (s)-[r]->(d) WHERE NOT d:Points RETURN type(r), properties(r), labels(s), {0}, labels(d), {1}"
POINTS = "MATCH (s:Series)-[r:HAS_POINTS]->(p:Points) RETURN s.key, properties(p)"
COUNTS = "CALL () {{ {0} }} RETURN what, count(*) ORDER BY what"
COUNTED = (
    "MATCH (n) UNWIND labels(n) AS what RETURN what",
    "MATCH ()-[r]->() RETURN type(r) AS what",
)


class Statement(NamedTuple):
    """A text and all its rows."""

    text: str
    rows: list[dict[str, Any]]


class Rows(NamedTuple):
    """What a graph holds, ready to be written."""

    statements: list[Statement]
    counts: list[list[Any]]

    @classmethod
    def of(cls, session: Any) -> "Rows":
        """All that the session's database holds."""
        return cls([*_nodes(session), *_relationships(session)], counts(session))

    def many(self) -> int:
        """How many nodes and relationships."""
        return sum(len(s.rows) for s in self.statements)

    def write(self, session: Any) -> float:
        """Write all into an empty database; returns the seconds. Raises RuntimeError when something is missing."""
        parts = [(s.text, s.rows[i : i + ROWS]) for s in self.statements for i in range(0, len(s.rows), ROWS)]
        began = time.perf_counter()
        for text, rows in parts:
            with session.begin_transaction() as tx:
                tx.run("CYPHER replan=skip " + text, rows=rows).consume()
                tx.commit()
        took = time.perf_counter() - began
        if counts(session) != self.counts:
            raise RuntimeError("by hand it became another graph")
        return took


def counts(session: Any) -> list[list[Any]]:
    """Nodes a label, and relationships a type."""
    return [list(r.values()) for text in COUNTED for r in session.run(COUNTS.format(text))]


def _unique(labels: list[str]) -> str:
    (label,) = set(labels) & set(KEYS)
    return label


def _nodes(session: Any) -> Iterator[Statement]:
    by_labels: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for labels, properties in session.run(NODES):
        first = _unique(labels)
        by_labels[":".join(f"`{name}`" for name in (first, *sorted({*labels} - {first})))].append(properties)
    for labels, rows in by_labels.items():
        yield Statement(f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row", rows)


def _relationships(session: Any) -> Iterator[Statement]:
    by_type: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    keys = [f"coalesce({', '.join(f'{n}.{key}' for key in ('key', 'id'))})" for n in "sd"]
    for type_, properties, source, s, target, d in session.run(ENDS.format(*keys)):
        by_type[type_, _unique(source), _unique(target)].append({"s": s, "d": d, "p": properties})
    for (type_, source, target), rows in by_type.items():
        ends = f"MATCH (s:{source} {{{KEYS[source]}: row.s}}) MATCH (d:{target} {{{KEYS[target]}: row.d}})"
        yield Statement(f"UNWIND $rows AS row {ends} CREATE (s)-[r:{type_}]->(d) SET r = row.p", rows)
    points = [{"key": key, "p": p} for key, p in session.run(POINTS)]
    ends = "MATCH (s:Series {key: row.key}) CREATE (s)-[:HAS_POINTS]->(p:Points) SET p = row.p"
    yield Statement(f"UNWIND $rows AS row {ends}", points)
