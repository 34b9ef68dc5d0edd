"""The server's plans: how it would go about a statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, Final

from begat.graph_schema.neo4j.address import Address
from begat.graph_schema.neo4j.cypher import ALL_RELATIONS, TYPE_OF
from begat.graph_schema.neo4j.phases import NODE_KEY, PHASE_KEY

#: Operators that read all nodes, or all of a label.
SCANS: Final = frozenset(("AllNodesScan", "NodeByLabelScan", "UnionNodeByLabelsScan", "DirectedAllRelationshipsScan"))
#: The same, and those that read all relationships of a type, or all of an index.
SCANS_OF_SOME: Final = SCANS | {"DirectedRelationshipTypeScan", "NodeIndexScan", "DirectedRelationshipIndexScan"}
#: What stands for the names in statements, in each way they are sent.
NAMED: Final = [
    {
        "TYPE": TYPE_OF["used"], "TYPES": ALL_RELATIONS, "ALL": ALL_RELATIONS, "KIND": "Entity",
        "LABELS": "Entity:Model", "SOURCE": source, "TARGET": target,
    }
    for source, target in product((NODE_KEY, PHASE_KEY), repeat=2)
]  # fmt: skip


class Explain:
    """Asks the server how it would go about a statement."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._known: dict[str, set[str]] = {}
        #: What the server says of statements that the next one may not take.
        self.deprecated: list[tuple[str, str]] = []

    def operators(self, text: str) -> set[str]:
        """The operators of one statement's plan."""
        if text not in self._known:
            self._known[text] = set(self._planned(text))
        return self._known[text]

    def _planned(self, text: str) -> Iterator[str]:
        summary = self._session.run("EXPLAIN " + text).consume()
        told = [s for s in summary.gql_status_objects if s.raw_classification == "DEPRECATION"]
        self.deprecated += ((text, s.status_description) for s in told)
        todo = [summary.plan]
        while todo:
            step = todo.pop()
            yield step["operatorType"].partition("@")[0]
            todo += step.get("children", ())


@contextmanager
def explaining(address: str) -> Iterator[Explain]:
    """An Explain on the server at an address."""
    from neo4j import GraphDatabase

    where = Address.of(address)
    with (
        GraphDatabase.driver(
            where.server,
            auth=(where.user or "", where.password or ""),
            notifications_min_severity="INFORMATION",
            warn_notification_severity="OFF",
        ) as driver,
        driver.session(database=where.database) as session,
    ):
        # What was planned when the server held next to nothing is taken for ten seconds more.
        session.run("CALL db.clearQueryCaches()").consume()
        yield Explain(session)
