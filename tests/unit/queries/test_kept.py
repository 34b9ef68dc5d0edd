"""Rendered plans are kept: nobody can tell, but by the time."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from begat.queries.cypher.render import render as cypher
from begat.queries.kept import Kept, Render, Text, form, rendered
from begat.queries.plan import Query
from begat.queries.question import PRESENT
from begat.queries.scope import Scope
from begat.queries.sql.render import render as sql
from tests.asked import GIVEN, OF_ONE

#: Few, so that plans are forgotten and rendered again.
FEW: Final = 3
MOMENT: Final = 1_750_000_000_000_000

Each = list[tuple[Query, Scope, Mapping[str, Any]]]

_words = st.sampled_from(("", "loss", "lauter 'quotes'"))
_numbers = st.integers(-1, 3) | st.sampled_from((0.0, 0.5, -1e300))
_values = st.none() | _words | _numbers | st.booleans()
_lists = st.lists(_words, max_size=3) | st.lists(_values, max_size=3)
#: Parameters that hold lists; `ids` holds pairs where a plan has two variables for it.
LISTS: Final = ("splits", "words", "names", "features", "featured", "numbers", "others", "used", "paths", "among")
PAIRS: Final = ("ids",)
NAMES: Final = sorted({*GIVEN, *LISTS, *PAIRS, "other", "since", "until", PRESENT})
GIVENS: Final[Mapping[str, Any]] = {name: [] if name in LISTS + PAIRS else 1 for name in NAMES}


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Other values of some parameters; most are as before, so that what is kept is asked for."""
    values: dict[str, st.SearchStrategy[Any]] = {**dict.fromkeys(NAMES, _values), **dict.fromkeys(LISTS, _lists)}
    values |= dict.fromkeys(PAIRS, st.lists(st.tuples(_words, _values), max_size=3))
    some = draw(st.lists(st.sampled_from((*PAIRS * 10, *NAMES)), max_size=2))
    return {name: draw(values[name]) for name in some}


_now = st.none() | st.just(MOMENT) | st.just(MOMENT + 1)
_contexts = st.none() | st.just((1,)) | st.just((2, 3))
_rarely = st.integers(0, 3).map(lambda n: n == 0)
scopes = st.builds(Scope, as_of=_now, contexts=_contexts, folded=_rarely, wide=_rarely)


@st.composite
def asked(draw: st.DrawFn) -> Each:
    """Two plans, asked again and again."""
    plans = [OF_ONE[n] for n in ("lists given", draw(st.sampled_from(sorted(OF_ONE))))]
    values = changes().map(lambda changed: {**GIVENS, **changed})
    return draw(st.lists(st.tuples(st.sampled_from(plans), scopes, values), max_size=9))


def outcome(render: Render[Any], *asked: Any) -> object:
    """What is made, or what was wrong."""
    try:
        return render(*asked)
    except (TypeError, ValueError) as e:  # a list of what is drawn may be none that the plan can read
        return str(e)


def alike(render: Render[Text], each: Each) -> None:
    kept: Kept[Text] = Kept(FEW)
    for one in each:
        fresh = outcome(render, *one)
        assert outcome(partial(rendered, kept, render), *one) == fresh
    assert len(kept) <= FEW


@settings(max_examples=60)
@given(asked())
def test_what_is_kept_is_what_would_be_rendered_as_sql(each: Each) -> None:
    alike(sql, each)


@settings(max_examples=60)
@given(asked())
def test_what_is_kept_is_what_would_be_rendered_as_cypher(each: Each) -> None:
    alike(cypher, each)


def test_values_do_not_matter_nor_how_many() -> None:
    one = {"thing": "a", "top": 1, "ids": ["a"], "depth": None}
    other = {"thing": "b", "top": 9, "ids": ["a", "b"], "depth": None}
    assert form(one) == form(other)
    kept: Kept[Any] = Kept()
    query = OF_ONE["impact"]
    first = rendered(kept, sql, query, Scope(as_of=MOMENT, contexts=(1, 2)), one)
    second = rendered(kept, sql, query, Scope(as_of=MOMENT + 1, contexts=(3,)), other)
    assert kept.made == 1
    assert first.text is second.text
    assert [first.params[k] for k in ("_as_of", "_contexts")] == [MOMENT, [0, 1, 2]]
    assert [second.params[k] for k in ("_as_of", "_contexts")] == [MOMENT + 1, [0, 3]]


def test_a_plan_made_for_one_question_leaves_nothing_to_the_next_in_its_place() -> None:
    """A plan that is gone may leave its identity to another."""
    kept: Kept[str] = Kept(FEW)
    for n in range(50):
        assert kept.of(Query((), {}, ()), (), partial(str, n)) == str(n)
    assert len(kept) == FEW


def test_what_was_asked_for_last_stays() -> None:
    kept: Kept[str] = Kept(2)
    a, b, c = object(), object(), object()
    for thing in (a, b, a, c, a):
        kept.of(thing, (), lambda: "made")
    assert kept.made == 3
    kept.of(b, (), lambda: "made again")
    assert kept.made == 4


def test_many_threads_share_what_is_kept() -> None:
    kept: Kept[object] = Kept(FEW)
    things = [object() for _ in range(2 * FEW)]

    def ask(n: int) -> bool:
        thing = things[n % len(things)]
        return kept.of(thing, (), lambda: (thing,)) == (thing,)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(4000)))
    assert len(kept) == FEW


def test_the_types_in_a_list_matter() -> None:
    """Numbers come before texts where there are both."""
    kept: Kept[Any] = Kept()
    query = OF_ONE["lists given"]
    texts = [rendered(kept, cypher, query, Scope(), {"ids": ids}).text for ids in ([("a", 1)], [("a", 1), ("b", "x")])]
    assert texts == [cypher(query, Scope(), {"ids": ids}).text for ids in ([("a", 1)], [("b", "x"), ("a", 2)])]
    assert texts[0] != texts[1]
