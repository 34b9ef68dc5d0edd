"""The server takes every statement of the store, and calls none deprecated: the next server will take it too."""

from collections.abc import Callable
from importlib.resources import files
from typing import Final

import pytest

from begat.graph_schema.neo4j.cypher import cypher, texts
from begat.graph_schema.store import open_store
from tests.neo4j.explaining import NAMED, explaining

SUBJECTS: Final = sorted(
    f.name.removesuffix(".cypher")
    for f in files("begat.graph_schema.neo4j").iterdir()
    if f.name.endswith(".cypher") and f.name != "schema.cypher"  # a schema is not explained: opening a store sends it
)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_statement_is_deprecated(subject: str, empty_neo4j: Callable[[], str]) -> None:
    address = empty_neo4j()
    open_store(address).close()
    with explaining(address) as explain:
        asked = [explain.operators(cypher(subject, name, **names)) for name in texts(subject) for names in NAMED]
        assert asked
        assert explain.deprecated == []
