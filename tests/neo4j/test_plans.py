"""The server's plans of all that can be asked: every closure prunes, and nothing is read from end to end by accident.

An operator that enumerates paths answers a small graph and never comes back from a lattice of sixty diamonds.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from begat.graph_schema.neo4j.cypher import cypher
from begat.graph_schema.store import open_store
from begat.queries.catalogue import QUESTIONS
from begat.queries.cypher.render import Closure, Rendered, render
from begat.queries.expr import AttrIs, Const, IsA, Par, Prop, Var, eq
from begat.queries.find import query as find_query
from begat.queries.lineage import closure
from begat.queries.naming import BY_ID, BY_NAMES, MEMBERS, MOMENTS
from begat.queries.plan import FLOW, C, E, Either, Has, N, Not, Opt, Query, Rows, T, W
from begat.queries.scope import Scope
from begat.queries.show import DESCRIPTIONS, ERRORS, IN, NODE, OUT, PAST, SETTINGS, TYPES
from begat.queries.status import HAPPENED
from begat.queries.where import Where

SCOPES: Final = {
    "alone": Scope(),
    "among others": Scope(contexts=(1, 4), folded=True),
    "as of": Scope(as_of=1_750_000_000_000_000),
    "with signs from far up": Scope(wide=True),
}
#: All that a caller can ask of one thing or of a list of them.
OF_ONE: Final[dict[str, Query]] = {
    **{q.name: q.query for q in QUESTIONS.values()},
    "ancestors of types": closure("ancestors", "", "up", ("Model", "urn:foreign")).query,
    "descendants": closure("descendants", "", "down", ()).query,
    "naming by id": BY_ID,
    "naming by names": BY_NAMES,
    "members": MEMBERS,
    "moments": MOMENTS,
    "status": HAPPENED,
    "show": NODE,
    "show types": TYPES,
    "show descriptions": DESCRIPTIONS,
    "show errors": ERRORS,
    "show settings": SETTINGS,
    "show out": OUT,
    "show in": IN,
    "show past": PAST,
    "closure of many": Query(
        (
            Rows("ids", "id"),
            N("x", id=Var("id")),
            C("x", FLOW, "y", "down"),
            Not((C("y", ("partOf",), "z", "up"), N("z", ("Study",)))),
            Opt((E("y", ("used",), "d"), N("d", ("Model",)))),
            Has((Either(((T("point", "y"),), (W(IsA("y", ("Model",))),))),)),
        ),
        {"x": Var("x"), "y": Var("y"), "d": Var("d")},
        ("x", "y"),
    ),
    "two bound ends": Query(
        (N("x", id=Par("id")), N("y", id=Par("thing")), Has((C("x", FLOW, "y"),)), Not((C("y", ("used",), "x"),))),
        {"x": Var("x")},
        ("x",),
    ),
}
FINDS: Final[dict[str, Query]] = {
    "find a type": find_query("Training", Where(eq(Prop("x", "name"), "train"), frozenset(("FAILED", "LOST")))),
    "find by attribute": find_query("Dataset", Where(AttrIs("x", "path", ">=", Const("/data")))),
    "lineage of a type": Query((N("x", ("Model",)), C("x", FLOW, "y")), {"x": Var("x"), "y": Var("y")}, ("x", "y")),
}
#: Operators that enumerate paths.
EXPLODE: Final = frozenset(("VarLengthExpand(All)", "VarLengthExpand(Into)", "StatefulShortestPath(All)"))
#: Operators that read all nodes, or all of a label.
SCANS: Final = frozenset(("AllNodesScan", "NodeByLabelScan", "UnionNodeByLabelsScan", "DirectedAllRelationshipsScan"))


class Explain:
    """Asks the server how it would go about a statement."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def __call__(self, query: Query, scope: Scope) -> set[str]:
        """The operators of all statements that a query takes."""
        r = render(query, scope, {"thing": "x"})
        return {op for text in statements(r) for op in self.operators(text)}

    def operators(self, text: str) -> Iterator[str]:
        todo = [self._session.run("EXPLAIN " + text).consume().plan]
        while todo:
            step = todo.pop()
            yield step["operatorType"].partition("@")[0]
            todo += step.get("children", ())


def statements(r: Rendered) -> list[str]:
    return [*(p.text for p in r.preludes), r.text]


@pytest.fixture(scope="module")
def explain(empty_neo4j: Any) -> Iterator[Explain]:
    """On a database that has begat's schema."""
    from neo4j import GraphDatabase

    address = empty_neo4j()
    open_store(address).close()
    server, _, database = address.rpartition("/")
    scheme, _, rest = server.partition("://")
    who, _, where = rest.rpartition("@")
    user, _, password = who.partition(":")
    with (
        GraphDatabase.driver(f"{scheme}://{where}", auth=(user, password), notifications_min_severity="OFF") as driver,
        driver.session(database=database) as session,
    ):
        yield Explain(session)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", [*OF_ONE, *FINDS])
def test_no_plan_enumerates_paths(name: str, scope: str, explain: Explain) -> None:
    assert not explain({**OF_ONE, **FINDS}[name], SCOPES[scope]) & EXPLODE


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", OF_ONE)
def test_what_is_asked_of_one_thing_is_found_by_index(name: str, scope: str, explain: Explain) -> None:
    assert not explain(OF_ONE[name], SCOPES[scope]) & SCANS


@pytest.mark.parametrize("scope", SCOPES)
def test_a_closure_is_walked_breadth_first(scope: str, explain: Explain) -> None:
    for name in ("impact", "how_created", "closure of many"):
        assert "VarLengthExpand(Pruning,BFS,All)" in explain(OF_ONE[name], SCOPES[scope])


@pytest.mark.parametrize("name", ["last", "since"])
def test_a_late_event_finds_its_neighbours_without_reading_on(name: str, explain: Explain) -> None:
    operators = set(explain.operators(cypher("trail", name).replace("$many", "6")))
    assert {"DirectedRelationshipIndexSeek", "PartialTop"} <= operators
    assert not operators & (SCANS | {"Top", "Sort"})


def test_a_closure_with_depths_is_one_statement_before_the_answers() -> None:
    r = render(QUESTIONS["how_created"].query, Scope(), {"thing": "x"})
    (prelude,) = r.preludes
    assert isinstance(prelude, Closure)
    assert r.text.count(f"keys(${prelude.name})") == 2  # behind the thing, and around the activities behind it
