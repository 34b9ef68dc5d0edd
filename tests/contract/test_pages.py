"""Pages: walking them gives the whole answer, row by row, on every store, also while events come in between them."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.api.demo.study import study
from begat.graph_schema.errors import BegatError, UsageError
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.store import Store
from begat.queries import QUESTIONS, ask, find, runs
from begat.queries.answer import Answer
from tests.asked import GIVEN
from tests.contract.conftest import STORES, batch_of, events_of, few
from tests.contract.test_same_rows import CLOCKED, NODES, PROJECTS, Graph
from tests.contract.thirty.sheet import moment
from tests.contract.thirty.test_thirty import CASES, STATEMENTS

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

#: Graphs a store; a server plans a statement anew for each form of a place.
SEEDS: Final = {"memory": range(4), "sqlite": range(8), "neo4j": range(1)}
GRAPHS: Final = [(kind, seed) for kind in STORES for seed in SEEDS[kind]]
#: More pages than any answer here has.
MANY: Final = 500


def walked(page: Callable[..., Answer], between: Callable[[], None] = lambda: None) -> Iterator[Answer]:
    """The pages of an answer, one after the other."""
    after = None
    for _ in range(MANY):
        answer = page(after=after)
        yield answer
        after = answer.next
        if after is None:
            return
        between()
    raise AssertionError("pages without end")


def rows_of(pages: Iterator[Answer]) -> list[str]:
    return [told(r) for p in pages for r in p.rows]


def told(row: dict[str, Any]) -> str:
    """A row, as text."""
    return json.dumps(row, sort_keys=True)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_pages_of_the_study_are_the_whole(store: Store, load: "Load", size: int) -> None:
    load(store, STATEMENTS)
    for sheet, asked in few(CASES, store, 9, size):
        as_of = None if asked.as_of is None else moment(asked.as_of)
        page = partial(ask, store, sheet.name, asked.params, as_of=as_of)
        whole = page()
        assert whole.next is None
        pages = list(walked(partial(page, limit=size)))
        assert [r for p in pages for r in p.rows] == whole.rows, sheet.name
        assert [p.truncated for p in pages] == [True] * (len(pages) - 1) + [False]
        assert {len(p.rows) for p in pages[:-1]} <= {size}


def questions_about(node: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for q in QUESTIONS.values():
        if q.name not in CLOCKED:
            yield q.name, {p.name: GIVEN[p.name] for p in q.parameters if p.required} | {"thing": node}


@pytest.mark.parametrize(("kind", "seed"), GRAPHS)
def test_the_pages_of_anything_are_the_whole(kind: str, seed: int, new_store: "NewStore", load: "Load") -> None:
    graph = Graph(seed, timed=seed % 3 > 0)
    store = load(new_store(kind), graph.said)
    for project in PROJECTS:
        for as_of in (None, graph.moment()) if graph.timed else (None,):
            for n, node in enumerate(graph.random.sample(NODES, 1 if kind == "neo4j" else 4)):
                for name, given in few(questions_about(node), store, 5, n):
                    page = partial(ask, store, name, given, project=project, as_of=as_of)
                    try:
                        whole = page()
                    except BegatError:
                        continue
                    pages = walked(partial(page, limit=graph.random.choice((1, 2))))
                    assert rows_of(pages) == [told(r) for r in whole.rows], (name, node)


@pytest.mark.parametrize(("kind", "seed"), GRAPHS)
def test_what_comes_in_between_moves_nothing(kind: str, seed: int, new_store: "NewStore") -> None:
    """A row that is in the answer all the time is told once; no row is told twice."""
    graph = Graph(seed, timed=True)
    events = events_of(graph.said)
    Random(seed).shuffle(events)
    store, known = new_store(kind), len(events) // 2

    def write(some: list[Any]) -> None:
        store.write(batch_of(some))
        store.settle()

    write(events[:known])
    rest = iter(events[known:])
    for project in PROJECTS:
        for n, node in enumerate(graph.random.sample(NODES, 2)):
            for name, given in few(questions_about(node), store, 7, n):
                page = partial(ask, store, name, given, project=project)
                try:
                    always = {told(r) for r in page().rows}

                    def more(page: Callable[..., Answer] = page) -> None:
                        nonlocal always
                        if (event := next(rest, None)) is not None:
                            write([event])
                            always &= {told(r) for r in page().rows}

                    found = Counter(rows_of(walked(partial(page, limit=1), more)))
                except BegatError:
                    continue
                assert max(found.values(), default=1) == 1, (name, node)
                assert always <= set(found), (name, node)


@pytest.fixture(scope="module")
def remembered(load: "Load") -> Store:
    return load(MemoryStore(), [s for teller in study() for s in teller.statements()])


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_pages(name: str) -> None:
    q = QUESTIONS[name]
    assert q.order or not q.whole, "a whole answer needs an order"
    assert not {"after", "limit", "time_limit", "as_of", "format", "output", "no_fold"} & {p.name for p in q.parameters}


@pytest.mark.parametrize(
    "wrong", ["", "x", "%", "ä", "kQ", "' OR 1=1 --", "k" * 10_000, "impact", "/etc/passwd", "wA", "3f____8"]
)
def test_what_is_no_place(remembered: Store, wrong: str) -> None:
    with pytest.raises(UsageError, match=r"--after: .* is no place in an answer"):
        ask(remembered, "impact", {"thing": "levels.csv"}, after=wrong)


def test_the_place_of_another_answer(remembered: Store) -> None:
    place = ask(remembered, "impact", {"thing": "levels.csv"}, limit=1).next
    assert place is not None
    others: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("impact", {"thing": "rain.csv@1"}, {}),
        ("impact", {"thing": "levels.csv", "depth": 3}, {}),
        ("how_created", {"thing": "levels.csv"}, {}),
        ("impact", {"thing": "levels.csv"}, {"as_of": moment("16:00")}),
    ]
    for name, params, how in others:
        with pytest.raises(UsageError, match="in another answer"):
            ask(remembered, name, params, after=place, **how)
    # The same thing by its path, and another number of rows, are no other answer.
    assert ask(remembered, "impact", {"thing": "data/levels.csv"}, after=place, limit=7).rows


@pytest.mark.parametrize("asked", [partial(find, type="Entity"), partial(find, type="Model", sort="-name"), runs])
def test_what_is_found_has_pages_too(remembered: Store, asked: Callable[..., Answer]) -> None:
    page = partial(asked, remembered)
    found = [r["id"] for p in walked(partial(page, limit=2)) for r in p.rows]
    assert found == [r["id"] for r in page().rows]


def test_a_depth_that_cuts_is_told_on_every_page(remembered: Store) -> None:
    pages = list(walked(partial(ask, remembered, "how_created", {"thing": "ens.pt", "depth": 2}, limit=2)))
    assert len(pages) > 1
    assert all(p.truncated for p in pages)
