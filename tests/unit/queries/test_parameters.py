"""What a question takes: each parameter by its type, and one clear line for what it cannot take."""

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries.answer import Column
from begat.queries.ask import ask_question
from begat.queries.expr import Par, Var
from begat.queries.plan import N, Query, Rows
from begat.queries.question import Parameter, Question

if TYPE_CHECKING:
    from tests.unit.queries.conftest import Shelf


QUESTION = Question(
    name="echo",
    sentence="What was asked?",
    parameters=(
        Parameter("words", "texts", "some words", main=True),
        Parameter("way", "text", "a way", words=("up", "down")),
        Parameter("many", "integer", "how many", default=3, least=1, most=9),
        Parameter("much", "number", "how much"),
    ),
    columns=(Column("id", "id"), Column("twice", "integer")),
    query=Query((Rows("words", "word"), N("x", name=Var("word"))), {"id": Var("x"), "twice": Par("twice")}, ("id",)),
    example="begat ask echo",
    derive=lambda values: {"words": values["words"] or [], "twice": values["many"] * 2},
)


def said(store: Store, **params: Any) -> list[tuple[str, int]]:
    return [(r["id"], r["twice"]) for r in ask_question(store, QUESTION, params).rows]


def test_defaults_and_what_follows_from_them(shelf: "Shelf") -> None:
    for name in ("a", "b", "c"):
        shelf.put(name, name)
    assert said(shelf.store) == []
    assert said(shelf.store, words=["a", "c", "nothing"]) == [("a", 6), ("c", 6)]
    assert said(shelf.store, words="b", many=9) == [("b", 18)]


def test_an_answer_made_of_all_rows_is_cut_when_it_is_made(shelf: "Shelf") -> None:
    for name in ("a", "b", "c"):
        shelf.put(name, name)
    backwards = msgspec.structs.replace(QUESTION, whole=True, finish=lambda rows: rows[::-1])
    answer = ask_question(shelf.store, backwards, {"words": ["a", "b", "c"]}, limit=2)
    assert [r["id"] for r in answer.rows] == ["c", "b"]
    assert answer.truncated


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"way": "sideways"}, "way is 'sideways': give up or down"),
        ({"many": 0}, "many is 0: give a whole number from 1"),
        ({"many": 10}, "many is 10: give a whole number up to 9"),
        ({"many": "x"}, "many is 'x': give a whole number"),
        ({"many": float("inf")}, "many is inf: give a whole number"),
        ({"much": "a lot"}, "much is 'a lot': give a number"),
        ({"much": float("nan")}, "much is nan: give a number"),
        ({"words": 7}, "words is 7: give texts"),
        ({"wrods": "x"}, "echo has no parameter 'wrods'; did you mean words?"),
    ],
)
def test_what_it_cannot_take(shelf: "Shelf", params: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask_question(shelf.store, QUESTION, params)
    assert str(caught.value) == told
