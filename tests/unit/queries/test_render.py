"""The SQL of every question: as written down, and with a plan that reads by index only."""

import re
from pathlib import Path
from typing import Final

import pytest

from begat.graph_schema.sqlite.store import SqliteStore
from begat.queries.expr import Const, IsA, Par, Prop, Var, eq
from begat.queries.plan import FLOW, C, E, N, Query, W
from begat.queries.scope import Scope
from begat.queries.show import ROLLUPS
from begat.queries.sql.flow import REACHED
from begat.queries.sql.render import Rendered, render
from tests.asked import FIND, GIVEN, GOLDEN, OF_ONE, SCOPES, WRITTEN, as_written_down, statements

HERE: Final = Path(__file__).parent / "golden"
#: Each must be answered by index.
QUERIES: Final = {**OF_ONE, "find a type": FIND}
#: Names that the renderer gives to stored tables; CTEs have others.
TABLE: Final = re.compile(
    r"SCAN (node|edge|flow|ident|phase|series|point|node_type|node_history|writer|[mfhgkyp]|[neab]\d+|t0)( |$)"
)
PARAMETERS: Final = {
    **GIVEN, "thing": "x", "other": "y", "depth": None, "id": "x", "ids": "[]", "names": "[]", "from": 1, "to": None,
    "measure": "loss", "splits": "[]", "words": "[]", "greatest": 0,
    "_context": 1, "features": "[]", "featured": "[]", "numbers": "[]", "others": "[]", "used": "[]", "asked": 0,
    "activities": "[]",
}  # fmt: skip


def rendered(query: Query, scope: Scope) -> Rendered:
    return render(query, scope, {"thing": "x", "splits": []})


@pytest.mark.parametrize("name", GOLDEN)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_question_is_rendered_as_written_down(name: str, scope: str, tmp_path: Path) -> None:
    golden = HERE / f"{name} {scope}.sql".replace(" ", "-")
    as_written_down(rendered(WRITTEN[name], SCOPES[scope]), golden, tmp_path / golden.name)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    return SqliteStore(str(tmp_path_factory.mktemp("store") / "graph.db"))


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", QUERIES)
def test_no_table_is_read_from_end_to_end(name: str, scope: str, store: SqliteStore) -> None:
    r = rendered(QUERIES[name], SCOPES[scope])
    values = {**PARAMETERS, **{k: "[]" if isinstance(v, list) else v for k, v in r.params.items()}}
    values |= {"_root": "x", "_limit": 1, **{p.name: "[]" for p in r.preludes}}
    for text in (*statements(r), *filter(None, [r.quick])):
        with store.answering(REACHED, lambda direction, nodes: "[]"):
            plan = [str(row[3]) for row in store.read("EXPLAIN QUERY PLAN " + text, values)]
        assert not [step for step in plan if "BLOOM" in step or TABLE.match(step)], "\n".join(plan)
        assert not [step for step in plan if "AUTOMATIC" in step and not re.match(r"SEARCH [cp]\d+ ", step)]


def test_the_types_of_a_node_are_read_at_the_node(store: SqliteStore) -> None:
    """By the index of types each node would be looked for among all of its type."""
    body = (
        N("x", id=Par("thing")),
        W(IsA("x", ("Dataset",))),
        E("a", ("used",), "x"),
        N("a", ("Training",)),
        N("s", ("Model",), name=Const("m")),
    )
    r = rendered(Query(body, {"a": Var("a"), "s": Var("s")}, ("a", "s")), Scope())
    plan = store.read("EXPLAIN QUERY PLAN " + r.text, {**PARAMETERS, **r.params, "_limit": 1})
    assert not [step for *_, step in plan if "by_type" in step]


def test_rollups_are_read_by_index(store: SqliteStore) -> None:
    r = rendered(ROLLUPS, Scope())
    plan = store.read("EXPLAIN QUERY PLAN " + r.text, {**PARAMETERS, **r.params, "_limit": 1})
    assert not [step for *_, step in plan if TABLE.match(step)]


def test_what_a_caller_says_is_never_text_of_the_statement() -> None:
    nasty = "x'; DROP TABLE node; --"
    query = Query(
        (N("x", (nasty,), name=Const(nasty)), W(eq(Prop("x", "value"), nasty)), C("x", FLOW, "y", hi=Par("depth"))),
        {"id": Var("y")},
        ("id",),
    )
    with pytest.raises(ValueError, match="bound by a parameter"):
        rendered(query, Scope())
    r = rendered(Query(query.body[:2], {"id": Var("x")}, ("id",)), Scope())
    assert nasty not in r.text
    assert list(r.params.values()).count(nasty) >= 3


def test_what_asks_only_whether_there_is_anything_ends_at_the_first_row() -> None:
    """Nothing is put in order, and nothing is made distinct."""
    query = Query((N("s", name=Const("lr")), E("a", ("hasSetting",), "s")), {"any": Const(1)}, ())
    for scope in SCOPES.values():
        text = render(query, scope, {}).text
        assert text.endswith("LIMIT 1")
        assert not re.search("DISTINCT|ORDER BY \"any\"", text)


def test_what_decides_no_order_is_looked_up_for_the_given_rows() -> None:
    """The model, of which each row has another, is there before rows are counted; the data is not."""
    inner, _, outer = render(WRITTEN["best_model_for_class"], Scope(), GIVEN).text.rpartition("LIMIT :_limit")
    shown = inner.rpartition("SELECT * FROM (SELECT DISTINCT ")
    assert "SELECT id FROM ident WHERE nid = n_on" in shown[0].rpartition("\n")[2]
    assert "n_on" in shown[2]
    assert 'v_m) AS "col_model"' in shown[2]
    assert "col_on" not in outer


def test_what_holds_in_one_of_several_ways_is_tested_at_each_binding() -> None:
    """Each training once: no set of all starts is made, to take from it those that ended."""
    text = render(WRITTEN["running_now"], Scope(), {**GIVEN, "thing": None}).text
    assert "EXCEPT" not in text
    assert " AS (SELECT" not in text


def test_a_closure_goes_through_its_edges_once() -> None:
    text = render(WRITTEN["of each place"], Scope(), {"thing": "x"}).text
    assert len(re.findall("CROSS JOIN flow", text)) == 1
