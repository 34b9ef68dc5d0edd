"""The server takes every statement of the store, and calls none deprecated: the next server will take it too."""

from collections.abc import Callable
from importlib.resources import files
from itertools import product
from typing import Final

import pytest

from begat.graph_schema.neo4j.cypher import ALL_RELATIONS, ours, statements
from begat.graph_schema.store import open_store

#: What @NAME@ places stand for, in each way that a statement is sent.
NAMES: Final = [
    {"@TYPE@": "USED", "@ALL@": ALL_RELATIONS, "@KIND@": "Entity", "@SOURCE@": source, "@TARGET@": target}
    for source, target in product(("Resource {id", "Phase {key"), repeat=2)
]
SUBJECTS: Final = sorted(
    f.name.removesuffix(".cypher")
    for f in files("begat.graph_schema.neo4j").iterdir()
    if f.name.endswith(".cypher") and f.name != "schema.cypher"  # a schema is not explained: opening a store sends it
)


def filled(text: str) -> set[str]:
    found = set()
    for names in NAMES:
        one = text
        for place, name in names.items():
            one = one.replace(place, name)
        found.add(one)
    return found


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_statement_is_deprecated(subject: str, empty_neo4j: Callable[[], str]) -> None:
    from neo4j import GraphDatabase

    address = empty_neo4j()
    open_store(address).close()
    server, _, database = address.rpartition("/")
    scheme, _, rest = server.partition("://")
    who, _, where = rest.rpartition("@")
    user, _, password = who.partition(":")
    told: list[tuple[str, str]] = []
    asked = 0
    with (
        GraphDatabase.driver(
            f"{scheme}://{where}",
            auth=(user, password),
            notifications_min_severity="INFORMATION",
            warn_notification_severity="OFF",
        ) as driver,
        driver.session(database=database) as session,
    ):
        for text in (one for unfilled in statements(subject) for one in filled(unfilled)):
            summary = session.run(ours("EXPLAIN " + text)).consume()
            asked += 1
            told += (
                (text, status.status_description)
                for status in summary.gql_status_objects
                if status.raw_classification == "DEPRECATION"
            )
    assert asked
    assert told == []
