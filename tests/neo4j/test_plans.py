"""The server's plans of all that can be asked: every closure prunes, and nothing is read from end to end by accident.

An operator that enumerates paths answers a small graph and never comes back from a lattice of sixty diamonds.
"""

import itertools
from collections.abc import Iterator
from typing import Any, Final

import pytest

from begat.graph_schema.neo4j.cypher import cypher
from begat.graph_schema.statements import AnyStatement, Context, Description, Position, Relation
from begat.graph_schema.store import Batch, open_store
from begat.graph_schema.terms import RELATIONS
from begat.queries.catalogue import QUESTIONS
from begat.queries.cypher.engine import SCOPE
from begat.queries.cypher.render import Closure, Rendered, render
from begat.queries.expr import AttrIs, Const, IsA, Par, Prop, Var, eq
from begat.queries.find import query as find_query
from begat.queries.lineage import closure
from begat.queries.naming import BY_BASENAME, BY_ID, BY_NAMES, BY_PATH, BY_SUFFIX, MEMBERS, MOMENTS, NAMES
from begat.queries.plan import FLOW, C, E, Either, Has, N, Not, Opt, Query, Rows, T, W
from begat.queries.scope import Scope
from begat.queries.show import DESCRIPTIONS, ERRORS, IN, NODE, OUT, PAST, SETTINGS, TYPES
from begat.queries.status import HAPPENED
from begat.queries.where import Where

SCOPES: Final = {
    "alone": Scope(),
    "among others": Scope(contexts=(1, 4), folded=True),
    "one context of several": Scope(contexts=(1,)),
    "as of": Scope(as_of=1_750_000_000_000_000),
    "as of, among others": Scope(as_of=1_750_000_000_000_000, contexts=(1, 4), folded=True),
    "with signs from far up": Scope(wide=True),
}
#: Which parameters are given beside the thing.
GIVEN: Final[dict[str, dict[str, Any]]] = {"the thing alone": {}, "a depth": {"depth": 2}}
#: All that a caller can ask of one thing or of a list of them.
OF_ONE: Final[dict[str, Query]] = {
    **{q.name: q.query for q in QUESTIONS.values()},
    "ancestors": closure("ancestors", "", "up", ()).query,
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
#: Operators that read all nodes, or all of a label.
SCANS: Final = frozenset(("AllNodesScan", "NodeByLabelScan", "UnionNodeByLabelsScan", "DirectedAllRelationshipsScan"))


class Explain:
    """Asks the server how it would go about a statement."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._known: dict[str, set[str]] = {}
        #: What the server says of statements that the next one may not take.
        self.deprecated: list[tuple[str, str]] = []

    def __call__(self, query: Query, scope: Scope) -> set[str]:
        """The operators of all statements that a query takes, whichever parameters are given."""
        texts = {text for more in GIVEN.values() for text in statements(render(query, scope, {"thing": "x", **more}))}
        return set().union(*map(self.operators, texts))

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


def statements(r: Rendered) -> list[str]:
    return [*(p.text for p in r.preludes), r.text]


@pytest.fixture(scope="module")
def explain(empty_neo4j: Any) -> Iterator[Explain]:
    """On a store that holds some of everything: where nothing is, reading all is as good as a seek to the server."""
    from neo4j import GraphDatabase

    address = empty_neo4j()
    store = open_store(address)
    at = (Position(1, "w", n) for n in itertools.count())
    some: list[AnyStatement] = [Description(Context(), next(at), f"e{n}", ("Entity",)) for n in range(1000)]
    some += [Relation(Context(), next(at), r, f"e{n}", f"e{n + 1}") for r in RELATIONS for n in range(0, 1000, 20)]
    store.write(Batch(some))
    store.close()
    server, _, database = address.rpartition("/")
    scheme, _, rest = server.partition("://")
    who, _, where = rest.rpartition("@")
    user, _, password = who.partition(":")
    with (
        GraphDatabase.driver(
            f"{scheme}://{where}",
            auth=(user, password),
            notifications_min_severity="INFORMATION",
            warn_notification_severity="OFF",
        ) as driver,
        driver.session(database=database) as session,
    ):
        yield Explain(session)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", [*OF_ONE, *FINDS])
def test_no_plan_enumerates_paths_or_is_of_yesterday(name: str, scope: str, explain: Explain) -> None:
    assert not explain({**OF_ONE, **FINDS}[name], SCOPES[scope]) & EXPLODE
    assert explain.deprecated == []


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", OF_ONE)
def test_what_is_asked_of_one_thing_is_found_by_index(name: str, scope: str, explain: Explain) -> None:
    assert not explain(OF_ONE[name], SCOPES[scope]) & SCANS


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", FINDS)
def test_what_is_asked_of_many_reads_no_more_than_a_label(name: str, scope: str, explain: Explain) -> None:
    assert not explain(FINDS[name], SCOPES[scope]) & {"AllNodesScan", "DirectedAllRelationshipsScan"}


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
