"""The server's plans of all that can be asked: every closure prunes, and nothing is read from end to end by accident.

An operator that enumerates paths answers a small graph and never comes back from a lattice of sixty diamonds.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from begat.graph_schema.neo4j.cypher import cypher
from begat.graph_schema.neo4j.transaction import text_of
from begat.graph_schema.statements import AnyStatement, Context, Description, Position, Relation
from begat.graph_schema.store import Batch, open_store
from begat.graph_schema.terms import RELATIONS
from begat.queries.catalogue import QUESTIONS
from begat.queries.cypher.engine import SCOPE
from begat.queries.cypher.preludes import Closure
from begat.queries.cypher.render import render
from begat.queries.expr import AttrIs, Const, Par, Var
from begat.queries.find import query as find_query
from begat.queries.naming import BY_BASENAME, BY_PATH, BY_SUFFIX, MEMBERS, MOMENTS, NAMES
from begat.queries.plan import FLOW, C, Has, N, Not, Query
from begat.queries.scope import Scope
from begat.queries.show import DESCRIPTIONS
from begat.queries.where import Where
from tests import asked
from tests.asked import statements
from tests.neo4j.explaining import SCANS, SCANS_OF_SOME, Explain, explaining

SCOPES: Final = {
    **asked.SCOPES,
    "one context of several": Scope(contexts=(1,)),
    "as of, among others": Scope(as_of=1_750_000_000_000_000, contexts=(1, 4), folded=True),
    "with signs from far up": Scope(wide=True),
}
#: Which parameters are given beside the thing.
GIVEN: Final[dict[str, dict[str, Any]]] = {"the thing alone": {}, "a depth": {"depth": 2}}
#: All that a caller can ask of one thing or of a list of them.
OF_ONE: Final[dict[str, Query]] = {
    **asked.OF_ONE,
    "members": MEMBERS,
    "moments": MOMENTS,
    "show descriptions": DESCRIPTIONS,
    "two bound ends": Query(
        (N("x", id=Par("id")), N("y", id=Par("thing")), Has((C("x", FLOW, "y"),)), Not((C("y", ("used",), "x"),))),
        {"x": Var("x")},
        ("x",),
    ),
}
FINDS: Final[dict[str, Query]] = {
    "find a type": asked.FIND,
    "find by attribute": find_query("Dataset", Where(AttrIs("x", "path", ">=", Const("/data")))),
    "find anything": find_query("Entity", Where()),
    "find a foreign type": find_query("urn:foreign", Where()),
    "find by status": find_query("Activity", Where(None, frozenset(("RUNNING",)))),
    "naming by path": BY_PATH,
    "naming by ending": BY_SUFFIX,
    "naming by last part": BY_BASENAME,
    "names": NAMES,
    "lineage of a type": Query((N("x", ("Model",)), C("x", FLOW, "y")), {"x": Var("x"), "y": Var("y")}, ("x", "y")),
}
#: Operators that enumerate paths.
EXPLODE: Final = frozenset(("VarLengthExpand(All)", "VarLengthExpand(Into)", "StatefulShortestPath(All)"))


def operators(explain: Explain, query: Query, scope: Scope) -> set[str]:
    """The operators of all statements that a query takes, whichever parameters are given."""
    texts = {text for more in GIVEN.values() for text in statements(render(query, scope, {"thing": "x", **more}))}
    return set().union(*map(explain.operators, texts))


@pytest.fixture(scope="module")
def explain(empty_neo4j: Any) -> Iterator[Explain]:
    """On a store that holds some of everything: where nothing is, reading all is as good as a seek to the server."""
    address = empty_neo4j()
    store = open_store(address)
    at = (Position(1, "w", n) for n in itertools.count())
    some: list[AnyStatement] = [Description(Context(), next(at), f"e{n}", ("Entity",)) for n in range(1000)]
    some += [Relation(Context(), next(at), r, f"e{n}", f"e{n + 1}") for r in RELATIONS for n in range(0, 1000, 20)]
    store.write(Batch(some))
    store.close()
    with explaining(address) as one:
        yield one


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", [*OF_ONE, *FINDS])
def test_no_plan_enumerates_paths_or_is_of_yesterday(name: str, scope: str, explain: Explain) -> None:
    assert not operators(explain, {**OF_ONE, **FINDS}[name], SCOPES[scope]) & EXPLODE
    assert explain.deprecated == []


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", OF_ONE)
def test_what_is_asked_of_one_thing_is_found_by_index(name: str, scope: str, explain: Explain) -> None:
    assert not operators(explain, OF_ONE[name], SCOPES[scope]) & SCANS


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", FINDS)
def test_what_is_asked_of_many_reads_no_more_than_a_label(name: str, scope: str, explain: Explain) -> None:
    assert not operators(explain, FINDS[name], SCOPES[scope]) & {"AllNodesScan", "DirectedAllRelationshipsScan"}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", [n for n, q in OF_ONE.items() if any(type(a) is N and a.id for a in q.body)])
def test_every_statement_about_one_thing_begins_with_the_index_of_ids(name: str, scope: str, explain: Explain) -> None:
    for text in statements(render(OF_ONE[name], SCOPES[scope], {"thing": "x"})):
        assert "NodeUniqueIndexSeek" in explain.operators(text)


def test_what_is_counted_is_read_no_further_than_its_label(explain: Explain) -> None:
    assert "RelationshipCountFromCountStore" in explain.operators(cypher("scan", "count", TYPE="USED"))
    for text in (SCOPE, cypher("scan", "kinds", KIND="Entity"), cypher("scan", "types"), cypher("scan", "counts")):
        assert not explain.operators(text) & (EXPLODE | {"AllNodesScan", "DirectedAllRelationshipsScan"})


@pytest.mark.parametrize("scope", SCOPES)
def test_a_closure_is_walked_breadth_first(scope: str, explain: Explain) -> None:
    for name in ("impact", "how_created", "closure of many"):
        assert "VarLengthExpand(Pruning,BFS,All)" in operators(explain, OF_ONE[name], SCOPES[scope])


@pytest.mark.parametrize("name", ["last", "since"])
def test_a_late_event_finds_its_neighbours_without_reading_on(name: str, explain: Explain) -> None:
    found = set(explain.operators(cypher("trail", name).replace("$many", "6")))
    assert {"DirectedRelationshipIndexSeek", "PartialTop"} <= found
    assert not found & (SCANS | {"Top", "Sort"})


@pytest.mark.parametrize("name", OF_ONE)
def test_no_list_stands_alone_as_a_parameter(name: str) -> None:
    """The server would plan anew for each order of magnitude of its length; in a map it knows none."""
    for text in statements(render(OF_ONE[name], Scope(), {"thing": "x"})):
        assert not re.search(r"(UNWIND|IN) \$(?!_)\w+\b(?!\.)|(UNWIND|size\() ?\$_(between|way)_\w+\b(?!\.)", text)


@pytest.mark.parametrize("subject", ["edges", "flow"])
def test_relationships_that_are_dropped_are_sought(subject: str, explain: Explain) -> None:
    assert not explain.operators(text_of(subject, "drop")) & SCANS_OF_SOME


def test_a_closure_with_depths_is_one_statement_before_the_answers() -> None:
    r = render(QUESTIONS["how_created"].query, Scope(), {"thing": "x"})
    (prelude,) = r.preludes
    assert isinstance(prelude, Closure)
    assert r.text.count(f"keys(${prelude.name})") == 2  # behind the thing, and around the activities behind it
