"""The server's plans of what a batch takes: each thing is found by its index, from the first batch on."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from begat.graph_schema.neo4j.cypher import texts
from begat.graph_schema.neo4j.transaction import text_of
from begat.graph_schema.store import open_store
from tests.neo4j.explaining import NAMED, SCANS_OF_SOME, Explain, explaining

#: Subjects whose statements a batch takes, but for those that read all of a label or one relationship of a type, and
#: those whose plan is not kept.
WRITING: Final = {
    "store": {"strangers", "contexts", "writers", "bookmarks", "quarantined"},
    "nodes": set[str](),
    "edges": {"any_alias", "drop"},
    "series": set[str](),
    "flow": {"marked", "drop"},
    "trail": set[str](),
}
STATEMENTS: Final = [(subject, n) for subject, left in WRITING.items() for n in texts(subject) if n not in left]


@pytest.fixture(scope="module")
def explain(empty_neo4j: Any) -> Iterator[Explain]:
    address = empty_neo4j()
    open_store(address).close()
    with explaining(address) as one:
        yield one


@pytest.mark.parametrize(("subject", "name"), STATEMENTS)
def test_what_a_batch_takes_is_found_by_index_from_the_first_on(subject: str, name: str, explain: Explain) -> None:
    """Its plan is kept however the graph grows: it must be the right one when nothing is there yet."""
    for names in NAMED:
        operators = set(explain.operators(text_of(subject, name, names)))
        assert not operators & SCANS_OF_SOME
