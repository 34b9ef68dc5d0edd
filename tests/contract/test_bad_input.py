"""What nobody should ask: a clear error in one line, or a finite right answer; and nothing is changed by it.

The questions come from the catalogue, and each parameter is given everything in the table of its type.
"""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.graph_schema.errors import Ambiguous, BegatError, NotFound, UsageError
from begat.graph_schema.store import Store
from begat.queries import QUESTIONS, ancestors, ask, descendants, find, path, runs, show, subgraph
from begat.queries.answer import Answer
from begat.queries.diff import diff
from begat.queries.question import Parameter, Question
from tests.contract.conftest import few
from tests.contract.test_same_rows import CLOCKED
from tests.contract.thirty.test_thirty import CASES, STATEMENTS

if TYPE_CHECKING:
    from tests.contract.conftest import Load

#: Texts that would mean something in another language, and those that hardly are texts.
TEXTS: Final = (
    "' OR 1=1 --", "x'; DROP TABLE node; --", '") OR ("1"="1', "%", "_", "*", ":thing", "$thing", "?1", "{{7*7}}",
    "x'}) MATCH (n) DETACH DELETE n //", "`) DETACH DELETE n //", "\\u0027 OR 1=1 --", "'||(SELECT id FROM ident)||'",
    "", " ", "\x00", "a\x00' OR 1=1", "\ud800", "\U0001f600", "../../etc/passwd", "-1", "null", "--limit",
    "a" * 100_000, "[" * 5_000, '{"$":"1","type":"xsd:integer"}', "lr=' OR 1=1 --", "lr=[[[", "=", "lr=" + "9" * 400,
)  # fmt: skip
HUGE: Final = (10**6, 10**30, -(10**30))
#: What a parameter of each type is given, beside its default.
TABLE: Final[dict[str, tuple[Any, ...]]] = {
    "thing": (*TEXTS, 7, 0.5, True, [], {}),
    "text": (*TEXTS, 7, True, [], {}, b"x", object),
    "texts": ((), [], *([t] for t in TEXTS), list(TEXTS), 7, {}, b"x", [None], [["x"]], [{}]),
    "integer": (0, -1, 1.5, True, "x", "1 OR 1=1", "", [], {}, float("nan"), float("inf"), *HUGE),
    "number": (0, -1, True, "x", "1e999", "", [], {}, float("nan"), float("inf"), -0.0, *HUGE),
    "time": (0, -1, 1.5, True, "x", "2024-03-01' --", [], {}, float("nan"), float("inf"), *HUGE),
}
#: Values that no parameter of the type takes.
REFUSED: Final[dict[str, tuple[Any, ...]]] = {
    "text": (True, [], {}, b"x"),
    "texts": (7, {}, b"x", [None], [["x"]], [{}]),
    "integer": (1.5, True, "x", "1 OR 1=1", "", [], {}, float("nan"), float("inf")),
    "number": (True, "x", "", [], {}, float("nan")),
    "time": (1.5, True, "x", "2024-03-01' --", [], {}, float("nan"), float("inf")),
}
#: Of each question an asking that has an answer.
ASKED: Final = {sheet.name: asked.params for sheet, asked in reversed(CASES) if asked.as_of is None and asked.rows}


@pytest.fixture
def told(store: Store, load: "Load") -> Store:
    return load(store, STATEMENTS)


def well(call: Callable[[], object]) -> object:
    """An answer, or the error that was told: one line of people's words, and for several things a line each."""
    try:
        return call()
    except BegatError as e:
        told = e
    assert isinstance(told, Ambiguous) or "\n" not in str(told)
    assert len(str(told)) < 5000
    assert told.exit_code in (2, 3)
    return told


def parameters() -> Iterator[tuple[Question, Parameter]]:
    for q in QUESTIONS.values():
        for p in q.parameters:
            yield q, p


def test_every_type_of_parameter_has_its_table() -> None:
    assert {p.type for _, p in parameters()} == set(TABLE)
    assert set(ASKED) | {"running_now", "in_trouble"} >= set(QUESTIONS)


def test_anything_given_to_any_parameter(told: Store, dump: Callable[[Store], list[str]]) -> None:
    before = dump(told)
    for n, (q, p) in enumerate(parameters()):
        for value in few(TABLE[p.type], told, 5, n % 5):
            found = well(lambda: ask(told, q.name, ASKED.get(q.name, {}) | {p.name: value}))  # noqa: B023
            if isinstance(found, Answer):
                assert len(found.rows) < 200, (q.name, p.name, value)
                json.dumps(found.rows)
            if any(value is r for r in REFUSED.get(p.type, ())):
                assert isinstance(found, UsageError), (q.name, p.name, value)
                assert p.name in str(found)
            if p.type == "thing" and isinstance(value, str):
                assert isinstance(found, NotFound), (q.name, p.name, value)
    assert dump(told) == before


def test_what_no_question_takes(told: Store) -> None:
    for name in few(QUESTIONS, told, 5):
        asked = ASKED.get(name, {})
        for wrong in ("x", "", "thing' --", "as_of", "ids", "now", "present"):
            with pytest.raises(UsageError, match=f"{name} has no parameter"):
                ask(told, name, asked | {wrong: 1})
        for limit in (0, -1):
            with pytest.raises(UsageError, match=f"limit is {limit}: give a number of rows from 1"):
                ask(told, name, asked, limit=limit)
        whole = ask(told, name, asked)
        for limit in (len(whole.rows) + 1, 10**9, 10**30):
            found = ask(told, name, asked, limit=limit)
            assert found.rows == whole.rows or (name in CLOCKED and len(found.rows) == len(whole.rows))
        for as_of in (0, -(10**15), 2**62):
            well(lambda: ask(told, name, asked, as_of=as_of))  # noqa: B023


def test_what_a_question_needs(told: Store) -> None:
    for q in QUESTIONS.values():
        for p in (p for p in q.parameters if p.required):
            given = {k: v for k, v in ASKED[q.name].items() if k != p.name}
            for nothing in ({}, {p.name: None}):
                with pytest.raises(UsageError, match=f"{q.name} needs {p.name}: "):
                    ask(told, q.name, given | nothing)


def test_a_depth_of_a_million_is_all_there_is(told: Store) -> None:
    deep = [q.name for q in QUESTIONS.values() if any(p.name == "depth" for p in q.parameters)]
    assert deep
    for name in deep:
        whole = ask(told, name, {"thing": "levels.csv"})
        assert ask(told, name, {"thing": "levels.csv"}, depth=10**6).rows == whole.rows
        with pytest.raises(UsageError, match="depth is 0: give a whole number from 1"):
            ask(told, name, {"thing": "levels.csv"}, depth=0)
    for f in (ancestors, descendants, subgraph):
        whole = f(told, "a.pt")
        assert f(told, "a.pt", depth=10**6).rows == f(told, "a.pt", depth=10**30).rows == whole.rows
        for depth in (0, -1):
            with pytest.raises(UsageError, match=f"depth is {depth}"):
                f(told, "a.pt", depth=depth)


def test_any_text_anywhere_else(told: Store, dump: Callable[[Store], list[str]]) -> None:
    before = dump(told)
    for text in few(TEXTS, told, 4):
        for call in (
            lambda t: find(told, t), lambda t: find(told, "Model", t), lambda t: find(told, "Model", f"name = '{t}'"),
            lambda t: find(told, "Model", sort=t), lambda t: find(told, "Model", after=t),
            lambda t: find(told, "Model", f"params.`{t}` = 1"),
            lambda t: find(told, "Model", f"about = {json.dumps(t)}"),
            lambda t: runs(told, experiment=t), lambda t: runs(told, where=t), lambda t: runs(told, only=(t,)),
            lambda t: runs(told, pivot=(t, t, t)), lambda t: runs(told, types=(t,)), lambda t: runs(told, after=t),
            lambda t: path(told, t, "levels.csv"), lambda t: path(told, "a.pt", "levels.csv", relations=(t,)),
            lambda t: subgraph(told, t), lambda t: ancestors(told, "a.pt", types=(t,)),
            lambda t: ancestors(told, "a.pt", stop=(t,)), lambda t: descendants(told, "a.pt", relations=(t,)),
            lambda t: diff(told, t, "a.pt"), lambda t: diff(told, "a.pt", "b.pt", only=(t,)), lambda t: show(told, t),
            lambda t: ask(told, t), lambda t: ask(told, "running_now", project=t),
        ):  # fmt: skip
            found = well(lambda: call(text))  # noqa: B023
            if isinstance(found, Answer):
                assert len(found.rows) < 200
    assert dump(told) == before
