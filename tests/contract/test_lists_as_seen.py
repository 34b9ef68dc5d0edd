"""Lists in the order in which things were seen: on the embedded store walked in an index, no further than is asked."""

import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import AnyStatement, Context, Description, Position, Started
from begat.graph_schema.store import Batch, Store
from begat.ingest.resolve import resolve
from begat.queries import find
from begat.queries.engine import look, rendered_sql
from begat.queries.facts import Subject
from begat.queries.find import LATEST, query
from begat.queries.plan import N, Not
from begat.queries.where import Where, parse

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

SECOND: Final = 1_000_000
START: Final = 1_750_000_000 * SECOND
TYPES: Final = ("Activity", "Entity", "Agent", "Model", "Dataset", "Training", "Job")


def said(project: str) -> list[AnyStatement]:
    """Things of every kind, many of them seen at the same moment."""
    here, found = Context(project), list[AnyStatement]()
    kinds = {"run": "Activity", "epoch": "Activity", "file": "Entity", "lr": "Entity", "ada": "Agent", "both": "Entity"}
    types: dict[str, tuple[str, ...]] = {
        "run": ("Training",), "epoch": ("LearningStageSection",), "file": ("Dataset", "Model"),
        "lr": ("HyperparameterSetting",), "ada": ("Person",), "both": ("urn:own", "Checkpoint"),
    }
    for n in range(60):
        what = [*kinds][n % 6]
        at = Position(START + n // 9 * SECOND, "w", 2 * n + 1)
        time = at if n % 7 else Position(None, "", 0)
        one = f"{what} {n}"
        found.append(Description(here, time, one, (kinds[what],), types[what] if n % 5 else (), f"{what} {n % 4}"))
        if what in ("run", "epoch") and n % 4:
            found.append(Started(here, Position(START - n * SECOND, "w", 2 * n + 2), one))
    return found


@pytest.fixture
def stores(new_store: "NewStore", load: "Load") -> tuple[Store, Store]:
    """The same in memory and in a file, beside another project's."""
    both = (MemoryStore(), new_store("sqlite"))
    for store in both:
        load(store, [*said("default"), *said("theirs")[:30]])
    return both


@pytest.mark.parametrize("project", ["default", "theirs", "nobody's"])
@pytest.mark.parametrize("type_", TYPES)
def test_pages_of_a_list_are_what_the_memory_store_gives(
    stores: tuple[Store, Store], type_: str, project: str
) -> None:
    memory, sqlite = stores
    whole = find(memory, type_, project=project).rows
    assert find(sqlite, type_, project=project).rows == whole
    seen: list[dict[str, Any]] = []
    after = None
    while True:
        page = find(sqlite, type_, limit=4, after=after, project=project)
        seen += page.rows
        if not page.truncated:
            break
        after = page.next
    assert seen == whole
    assert bool(whole) == (project != "nobody's" and type_ != "Job")


@pytest.mark.parametrize("where", ['name = "run 2"', 'type = "Training"', 'kind = "Activity" and name != "epoch 1"'])
def test_conditions_are_tested_on_the_way(stores: tuple[Store, Store], where: str) -> None:
    for limit in (1, 3, 100):
        found = [find(s, "Activity", where, limit=limit) for s in stores]
        assert found[0].rows == found[1].rows
        assert found[0].truncated == found[1].truncated


def plan(store: Store, type_: str, where: str | None = None, *besides: Any) -> list[str]:
    """How SQLite goes about the first page of a list."""
    condition = parse(where, Subject("x"), {}) if where else Where()
    made = query(type_, condition, LATEST)
    made = type(made)((*made.body, *besides), made.cols, made.order)
    rendered = rendered_sql(made, look(store), {})
    steps = store.read("EXPLAIN QUERY PLAN " + rendered.text, {**rendered.params, "_limit": 11})
    return [str(step) for *_, step in steps]


NO_SECTION: Final = Not((N("x", ("LearningStageSection",)),))


@pytest.mark.parametrize(
    ("type_", "besides", "indexes"),
    [
        ("Activity", (NO_SECTION,), ["node_run"]),
        ("Activity", (), ["node_run", "node_by_type"]),
        ("Entity", (), ["node_entity", "node_by_type"]),
        ("Agent", (), ["node_agent"]),
        ("Model", (), ["node_by_type"] * 2),
    ],
)
def test_a_first_page_is_walked_in_an_index(
    new_store: "NewStore", type_: str, besides: tuple[Any, ...], indexes: list[str]
) -> None:
    """Only what was seen at the same moment is put in order, and of further types what has them."""
    store = new_store("sqlite")
    for where in (None, 'name = "x"'):
        steps = plan(store, type_, where, *besides)
        walked = [found[1] for s in steps if (found := re.match(r"SEARCH t0 USING INDEX (\w+)", s))]
        assert walked[: len(indexes)] == indexes
        assert not [s for s in steps if s.startswith("SCAN") and not re.match(r"SCAN (\(subquery|further|CONST)", s)]
        sorted_ = [s for s in steps if "TEMP B-TREE FOR ORDER BY" in s]
        assert len(sorted_) <= (0 if len(indexes) == 1 else 2), steps


def test_a_page_begins_where_the_one_before_ended(new_store: "NewStore") -> None:
    """It is looked for in the index, and not counted off from the first."""
    store = new_store("sqlite")
    condition = LATEST.after((START, "run 1", "a"))
    (first, *_) = plan(store, "Activity", None, NO_SECTION, condition)
    assert first == "SEARCH t0 USING INDEX node_run (ctx=? AND <expr><?)"


def test_a_list_goes_on_while_more_comes_in(new_store: "NewStore") -> None:
    store = new_store("sqlite")
    for n in range(3):
        start = ev.Start(seq=n + 1, at=START + n, run=f"run {n}", name=f"run {n}", types=["Training"])
        store.write(Batch(resolve(start, f"writer {n}", "default")))
    assert [r["id"] for r in find(store, "Training", limit=2).rows] == ["run 2", "run 1"]
