"""What values mean is what docs/reference/values.md says: every line of its tables, on every store."""

import ast
import json
import math
import operator
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from begat.api.formats import View, as_json
from begat.capture.values import plain
from begat.graph_schema.errors import FormatError, UsageError
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import (
    AnyStatement,
    Context,
    Description,
    Point,
    Position,
    Relation,
    Started,
    canonical,
)
from begat.graph_schema.store import Batch, Range, Store
from begat.queries import ask, find, show
from begat.queries.answer import iso
from begat.queries.engine import look, run
from begat.queries.expr import Expr, Par, Var, op
from begat.queries.plan import L, Query, Rows
from begat.queries.where import time

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

PAGE: Final = (Path(__file__).parents[2] / "docs/reference/values.md").read_text(encoding="utf-8")
HERE: Final = Context()
#: The stores that are held to the naive evaluator.
KINDS: Final = ("sqlite", "neo4j")
#: A store that has a text that Neo4j by itself would put elsewhere.
FAR_UP: Final = Description(HERE, Position(1, "w", 1), "far", ("Entity",), name="\ufe0f \U0001f600")


def table(*head: str) -> list[tuple[str, ...]]:
    """The rows of the page's table with these columns; code without its ticks."""
    begin = "| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|\n"
    assert PAGE.count(begin) == 1, head
    lines = PAGE.split(begin)[1].split("\n\n")[0].splitlines()
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def code(cell: str) -> str:
    return cell[1:-1] if cell.startswith("`") else cell


def literal(text: str) -> Any:
    """A literal of the page; sums, powers, calls of float and our own words are worked out."""
    return _literal(ast.parse(text, mode="eval").body)


def _literal(tree: ast.expr) -> Any:
    match tree:
        case ast.Name(id=name):
            return {"null": None, "nan": math.nan, "inf": math.inf}[name]
        case ast.Call(ast.Name("float"), [ast.Constant(value)]):
            return float(str(value))
        case ast.UnaryOp(ast.USub(), of):
            return -_literal(of)
        case ast.BinOp(left, sign, right):
            return {ast.Add: operator.add, ast.Sub: operator.sub, ast.Pow: operator.pow}[type(sign)](
                _literal(left), _literal(right)
            )
        case ast.List(items):
            return [_literal(i) for i in items]
        case _:
            return ast.literal_eval(tree)


def sides(text: str) -> tuple[Any, str, Any]:
    """`a sign b`: a comparison or a calculation."""
    a, sign, b = re.split(r" (=|!=|<=?|>=?|in|ends|[-+*/]) ", text, maxsplit=1)
    return literal(a), sign, literal(b)


def same(a: Any, b: Any) -> bool:
    """Equal, and printed alike: 1 is not 1.0, 0.0 not -0.0."""
    return repr(a) == repr(b)


@pytest.fixture
def filled(store: Store, load: "Load") -> Store:
    return load(store, [FAR_UP])


def worked_out(store: Store, a: Any, sign: str, b: Any) -> Any:
    """An expression as the plan language has it, on a store."""
    many: Expr = Par("list")
    test: Expr = op(sign, a, many if sign == "in" else b)
    params = {"list": b} if sign == "in" else {}
    ((found,),) = run(store, Query((L("x", test),), {"x": Var("x")}, ("x",)), params, look(store)).rows
    return found


def test_comparisons(filled: Store) -> None:
    answers = {"true": 1, "false": 0, "unknown": None}
    rows = table("comparison", "answer")
    found = {c: worked_out(filled, *sides(code(c))) for c, _ in rows}
    assert found == {c: answers[a] for c, a in rows}


def test_calculations(filled: Store) -> None:
    rows = table("calculation", "result")
    found = {c: worked_out(filled, *sides(code(c))) for c, _ in rows}
    assert {c: repr(v) for c, v in found.items()} == {c: repr(literal(code(r))) for c, r in rows}


def ordered(store: Store, values: list[Any], order: str) -> list[Any]:
    query = Query((Rows("values", "x"),), {"x": Var("x")}, (order,))
    return [x for (x,) in run(store, query, {"values": values}, look(store)).rows]


def test_orders(filled: Store) -> None:
    for (line,) in table("in this order"):
        values = [literal(v) for v in re.findall(r"`([^`]*)`", line)]
        up = values if None in values else [*values, None]
        assert ordered(filled, up[::-1], "x") == up
        assert ordered(filled, up[::-1], "-x") == [*up[:-1][::-1], None]


SETTINGS: Final = table("set to", "kept as", "`find --where`")


def settings_said() -> Iterator[AnyStatement]:
    for n, (given_, _, _) in enumerate(SETTINGS, 1):
        value = plain(literal(code(given_)))
        yield Description(
            HERE, Position(n, "s", n), f"s{n}", ("Entity",), ("HyperparameterSetting",), f"s{n}", value=canonical(value)
        )
        yield Description(HERE, Position(n, "s", n), "all", ("Entity",), ("Label",), value=canonical(value))


def test_settings(store: Store, load: "Load") -> None:
    load(store, settings_said())
    for n, (_, kept, where) in enumerate(SETTINGS, 1):
        assert canonical(show(store, f"s{n}").value) == code(kept)
        if where:
            found = find(store, "HyperparameterSetting", code(where), limit=100).rows
            assert f"s{n}" in [r["id"] for r in found], where
    overruled = [h["value"] for h in show(store, "all").history]
    assert overruled == [code(kept) for _, kept, _ in SETTINGS[:-1]]  # each was another one


#: How the page writes a sign that cannot be seen; other backslashes are those of `--where`.
SIGN: Final = r"\\(t|x\w{2}|u\w{4}|U\w{8})"
ATTRIBUTES: Final = table("values", "`--where`", "holds")


def test_attributes(store: Store, load: "Load") -> None:
    said = [
        Description(HERE, Position(n, "w", n), f"e{n}", ("Entity",), ("Dataset",), attributes={"k": literal(code(v))})
        for n, (v, _, _) in enumerate(ATTRIBUTES, 1)
    ]
    load(store, said)
    for n, (_, where, holds) in enumerate(ATTRIBUTES, 1):
        text = re.sub(SIGN, lambda sign: str(ast.literal_eval(f'"{sign[0]}"')), code(where))
        found = [r["id"] for r in find(store, "Dataset", text, limit=100).rows]
        assert (f"e{n}" in found) == (holds == "true"), where


def test_series(store: Store, load: "Load") -> None:
    head = ("points", "count", "nan", "infinite", "first", "last", "min", "argmin", "max", "argmax")
    rows = table(*head)
    said: list[AnyStatement] = [Started(HERE, Position(1, "w", 1), "run")]
    for n, (points, *_) in enumerate(rows):
        for i, value in enumerate(literal(code(points)), 1):
            at = Position(1000 * n + i, "w", 1000 * n + i + 1)
            said.append(Point(HERE, at, "run", f"m{n:02}", value, step=float(i)))
    load(store, said)
    found = show(store, "run").series
    assert [s["name"] for s in found] == [f"m{n:02}" for n in range(len(rows))]
    for s, (_, *expected) in zip(found, rows, strict=True):
        for name, cell in zip(head[1:], expected, strict=True):
            assert same(s[name], literal(code(cell))), (s["name"], name)
    answer = ask(store, "loss_curve", {"thing": "run"})
    told = json.loads(as_json(answer, View("run")), parse_constant=pytest.fail)["rows"]
    assert {r["step"] for r in told} == {1, 2, 3, 4, 5}
    assert not any(isinstance(r["step"], float) for r in told)
    assert {r["value"] for r in told if isinstance(r["value"], str)} <= {"NaN", "INF", "-INF"}


def test_times(store: Store, load: "Load") -> None:
    rows = table("given", "microseconds", "told")
    for n, (text, micros, told) in enumerate(rows):
        if micros == "refused":
            with pytest.raises(UsageError):
                time(code(text))
            continue
        at = int(code(micros))
        assert not text or time(code(text)) == at
        assert iso(at) == code(told)
        run_id = f"run at {at}"
        load(store, [Started(HERE, Position(at, "w", n), run_id)])
        assert show(store, run_id).started_at == code(told)
    in_order = [r["id"] for r in find(store, "Activity", limit=100).rows]
    assert in_order == sorted(in_order, key=lambda i: -int(i.split()[-1]))


UNSTORABLE: Final[dict[str, Callable[[], AnyStatement]]] = {
    "name": lambda: Description(HERE, Position(2, "w", 2), "e", ("Entity",), name="half \ud83d here"),
    "id": lambda: Started(HERE, Position(2, "w", 2), "run\udfff"),
    "value": lambda: Description(HERE, Position(2, "w", 2), "e", ("Entity",), attributes={"k": "\ud800"}),
    "role": lambda: Relation(HERE, Position(2, "w", 2), "used", "a", "e", "\ud800"),
    "label": lambda: Point(HERE, Position(2, "w", 2), "a", "m\ud800", 1.0),
    "time": lambda: Started(HERE, Position(2**63, "w", 2), "run"),
    "step": lambda: Point(HERE, Position(2, "w", 2), "a", "m", 1.0, step=2**63),
}


@pytest.mark.parametrize("what", UNSTORABLE)
def test_what_no_store_takes_is_refused_in_a_line(what: str, filled: Store, dump: Callable[[Store], list[str]]) -> None:
    before = dump(filled)
    good = Started(HERE, Position(3, "w", 3), "good")
    with pytest.raises(FormatError) as told:
        filled.write(Batch([good, UNSTORABLE[what]()], ranges=[Range("w", 2, 3)]))
    line = str(told.value)
    assert "\n" not in line
    line.encode()  # it can be printed
    assert dump(filled) == before
    filled.write(Batch([good], ranges=[Range("w", 3, 3)]))
    assert show(filled, "good").kind == "Activity"


# -- random values: the order is total, and the same on all stores

NUMBERS: Final = st.one_of(
    st.integers(-(2**63) + 1, 2**63 - 1), st.floats(allow_nan=True), st.sampled_from((0, -0.0, 2**53, math.inf))
)
#: What sorts in several ways: below and above the surrogates, combining, right to left, beyond the first plane.
SIGNS: Final = "aZ ~é\u0301\u0308\u200d漢\u05d0\ud7fe\ud7ff\ue000\uf8ff\ufe0f\uff08\ufffd\uffff𐀀😀👩🏽\U0010ffff"
TEXTS: Final = st.text(SIGNS, max_size=4) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=8
)


def python_order(values: list[Any]) -> list[Any]:
    """As the page says, by Python's own order; of equal values one."""
    there = [v for v in values if v is not None and v == v]
    numbers = sorted({v for v in there if not isinstance(v, str)})
    texts = sorted({v for v in there if isinstance(v, str)})
    return [*numbers, *texts, *([None] if len(there) < len(values) else [])]


@given(st.lists(NUMBERS | TEXTS | st.none(), max_size=12))
@example([2**53 + 1, float(2**53)])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_values_have_one_total_order(filled: Store, values: list[Any]) -> None:
    exact = [v for v in values if not isinstance(v, float) or not 2**53 <= abs(v) < math.inf]
    assert ordered(filled, exact, "x") == python_order(exact)
    down = python_order(exact)
    assert ordered(filled, exact, "-x") == [*[v for v in down if v is not None][::-1], *[v for v in down if v is None]]


@given(st.lists(TEXTS.filter(bool), min_size=1, max_size=12, unique=True))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_two_texts_compare_alike(filled: Store, texts: list[str]) -> None:
    for a, b in pairwise(texts):
        assert [worked_out(filled, a, sign, b) for sign in ("<", "<=", "=", ">=", ">")] == [
            int(a < b), int(a <= b), int(a == b), int(a >= b), int(a > b)
        ]  # fmt: skip


def names(texts: list[str]) -> list[AnyStatement]:
    return [
        Description(HERE, Position(7, "w", n), f"e{n}", ("Entity",), ("Dataset",), t, {"k": t}, value=canonical(t))
        for n, t in enumerate(texts, 1)
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_stored_names_come_in_one_order(kind: str, seed: int, new_store: "NewStore", load: "Load") -> None:
    """Names, ids and attributes of many nodes, found by every comparison; the same rows as by the naive evaluator."""
    random = Random(seed)
    texts = list(dict.fromkeys("".join(random.choices(SIGNS, k=random.randint(1, 4))) for _ in range(80)))
    memory, other = load(MemoryStore(), names(texts)), load(new_store(kind), names(texts))
    expected = [r["name"] for r in find(memory, "Dataset", limit=200).rows]
    assert expected == sorted(texts)
    assert [r["name"] for r in find(other, "Dataset", limit=200).rows] == expected
    for bound in random.sample(texts, 12):
        quoted = json.dumps(bound, ensure_ascii=False)
        for word in ("name", "k"):
            for sign in ("<", ">=", "="):
                where = f"{word} {sign} {quoted}"
                assert find(other, "Dataset", where, limit=200) == find(memory, "Dataset", where, limit=200), where


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=10, unique=True))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_double_is_found_by_its_own_digits(new_store: "NewStore", load: "Load", values: list[float]) -> None:
    """Many doubles need seventeen digits: none is rounded on its way in or out."""
    finite = [v for v in values if math.isfinite(v)]
    said = [
        Description(c, Position(n, "w", n), f"e{n}", ("Entity",), ("Dataset",), "e", {"k": v}, value=canonical(v))
        for n, v in enumerate(finite, 1)
        for c in (HERE, Context("default", "urn:bundle"))
    ]
    store = load(new_store("sqlite"), said)
    for v in finite:
        wanted = {f"e{n}" for n, w in enumerate(finite, 1) if w == v}
        for word in ("k", "value"):
            rows = find(store, "Dataset", f"{word} = {v!r}", limit=100).rows
            assert {r["id"] for r in rows} == wanted
            assert {canonical(r["value"]) for r in rows} == {canonical(w) for w in finite if w == v}


def test_long_texts_are_whole_everywhere(store: Store, load: "Load") -> None:
    long = ["x" * 40_000 + end for end in "ab"]
    load(store, names(long))
    assert [r["name"] for r in find(store, "Dataset").rows] == long
    assert [r["value"] for r in find(store, "Dataset").rows] == long
    assert [r["id"] for r in find(store, "Dataset", f'name > "{long[0]}"').rows] == ["e2"]
    assert [r["id"] for r in find(store, "Dataset", f'k = "{long[0]}"').rows] == ["e1"]
