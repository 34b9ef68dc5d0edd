"""The Cypher of every question, as written down. What the server makes of it is in tests/neo4j/test_plans.py."""

import re
from pathlib import Path
from typing import Final

import pytest

from begat.queries.cypher.preludes import Closure, Reached
from begat.queries.cypher.render import Rendered, render
from begat.queries.expr import AttrIs, Const, IsA, Par, Prop, Var, eq
from begat.queries.plan import FLOW, C, E, Either, L, N, Opt, Query, Top, W
from begat.queries.plan import Path as Between
from begat.queries.scope import Scope
from tests.asked import GOLDEN, SCOPES, WRITTEN, as_written_down, statements

HERE: Final = Path(__file__).parent / "golden"
#: Var-length patterns with a bound on their length; ours have none.
BOUNDED: Final = re.compile(r"\*\d*\.\.")


def rendered(query: Query, scope: Scope) -> Rendered:
    return render(query, scope, {"thing": "x", "splits": []})


@pytest.mark.parametrize("name", GOLDEN)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_question_is_rendered_as_written_down(name: str, scope: str, tmp_path: Path) -> None:
    golden = HERE / f"{name} {scope}.cypher".replace(" ", "-")
    as_written_down(rendered(WRITTEN[name], SCOPES[scope]), golden, tmp_path / golden.name)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_walked_stands_alone_and_is_distinct(name: str, scope: str) -> None:
    """Else the server enumerates paths."""
    for text in statements(rendered(WRITTEN[name], SCOPES[scope])):
        assert not BOUNDED.search(text)
        lines = [line.strip() for line in text.split("\n")]
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
            if ")*" in line:
                assert before.startswith("CALL (")
                assert after.startswith("RETURN DISTINCT")


@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_question_has_the_same_text_whatever_it_is_asked_of(name: str) -> None:
    """So that the server plans it once: of what is asked only whether it is given may matter."""
    query = WRITTEN[name]
    of = ({"thing": "x", "depth": 1}, {"thing": "another's", "depth": 99})
    for some, others in (
        (Scope(as_of=1), Scope(as_of=1_750_000_000_000_000)),
        (Scope("ours", 5, (1,)), Scope("theirs", 7, (2,))),
        (Scope("ours", None, (1, 4), folded=True), Scope("theirs", None, (2, 3, 5), folded=True)),
    ):
        assert statements(render(query, some, of[0])) == statements(render(query, others, of[1]))


@pytest.mark.parametrize("scope", SCOPES)
def test_lineage_from_one_thing_is_one_statement_for_all_questions(scope: str) -> None:
    """So that the server plans it once: what stands around it names nothing in it."""
    found = [p for q in WRITTEN.values() for p in rendered(q, SCOPES[scope]).preludes]
    causes = [p.text for p in found if isinstance(p, Reached)]
    assert len(causes) > 3
    assert len(set(causes)) == 1
    with_depths = [p.text for p in found if isinstance(p, Closure) and ":FLOW" in p.text]
    assert len(with_depths) > 3
    assert len(set(with_depths)) == 2  # causes and effects


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("scope", SCOPES)
def test_rows_are_one_list(name: str, scope: str) -> None:
    """A record for each is what the driver takes longest for."""
    for text in statements(rendered(WRITTEN[name], SCOPES[scope])):
        assert [line[:15] for line in text.split("\n") if line.startswith("RETURN")] == ["RETURN collect("]


def test_what_no_order_asks_for_is_looked_up_for_the_rows_that_are_given() -> None:
    query = Query(
        (N("x", ("Model",)), E("x", ("about",), "y")),
        {"id": Var("x"), "name": Prop("x", "name"), "type": Prop("x", "type"), "up": Prop("y", "name")},
        ("name", "id"),
    )
    before, _, after = rendered(query, SCOPES["among others"]).text.partition("LIMIT")
    assert "AS col_name" in before
    assert "AS col_up" in before  # no order tells by which `y` rows come first
    assert ".types" not in before.partition("ORDER BY")[0].rpartition("WITH DISTINCT")[2]
    assert ".type" in after


def test_what_a_caller_says_is_never_text_of_the_statement() -> None:
    nasty = "x'}) DETACH DELETE n //"
    body = (
        N("x", (nasty,), name=Const(nasty)),
        W(eq(Var("x"), nasty)),
        W(AttrIs("x", nasty, "=", Const(nasty))),
        W(IsA("x", (nasty,))),
        Opt((E("x", ("used",), "y", with_role=nasty),)),
    )
    for scope in SCOPES.values():
        r = rendered(Query(body, {"id": Var("x")}, ("id",)), scope)
        assert nasty not in r.text
        assert sum(nasty in str(v) for v in r.params.values()) >= 5


def test_depths_need_a_start_that_is_given() -> None:
    query = Query((N("x", name=Const("m")), C("x", FLOW, "y", hi=Par("depth"))), {"id": Var("y")}, ("id",))
    with pytest.raises(ValueError, match="bound by a parameter"):
        rendered(query, Scope())


@pytest.mark.parametrize("atom", [Top(1, ("x",), ("y",), ("y",)), Between("x", "y", "n")], ids=["top", "path"])
def test_what_takes_all_bindings_together_stands_in_no_optional_body(atom: Top | Between) -> None:
    inner = Opt((E("x", ("used",), "y"), atom, L("z", Var("y"))))
    query = Query((N("x", id=Par("thing")), inner), {"id": Var("x"), "z": Var("z")}, ("id",))
    with pytest.raises(ValueError, match="inside a subquery"):
        rendered(query, Scope())


def test_a_closure_in_one_of_two_bodies_is_searched_once_a_start() -> None:
    """Not once for each of the bindings so far: those are taken together."""
    bodies = Either(((C("x", FLOW, "y"),), (E("x", ("used",), "y"),)))
    r = rendered(Query((N("x", ("Model",)), E("x", ("about",), "z"), bodies), {"y": Var("y")}, ("y",)), Scope())
    assert "WITH collect(DISTINCT {x: x, z: z}) AS" in r.text
    assert "WITH DISTINCT x" in r.text
