"""Subscriptions over every store: who comes late is told the same as who was there, once each."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest
from graphql import execute

from begat.api.graphql.asking import Asking, Context
from begat.api.graphql.errors import Refused, TooSlow
from begat.api.graphql.execute import Operation, Request
from begat.api.graphql.live import buffers
from begat.api.graphql.live.feed import Feed
from begat.api.graphql.live.happenings import Happening, by_series
from begat.api.graphql.live.subscribe import Subscription
from begat.api.graphql.live.trouble import Troubles
from begat.api.graphql.schema import CORE
from begat.graph_schema import events as ev
from begat.graph_schema.errors import BegatError, NotFound, UsageError
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import AnyStatement
from begat.graph_schema.store import Store
from begat.ingest.resolve import resolve

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

START: Final = 1_800_000_000_000_000
#: Seconds in which a feed surely has told what there is.
LONG: Final = 300
EVENTS: Final = (
    "subscription ($run: String!, $last: Int! = 1000) { runEvents(run: $run, last: $last) {"
    " kind at activity thing relation role name type value step context outcome error } }"
)
METRICS: Final = (
    "subscription ($run: String!, $names: [String!], $max: Int! = 500) { metrics(run: $run, names: $names, max: $max) {"
    " name labels count thinned points { step value at } } }"
)


class Script:
    """Says events, each a microsecond after the one before, of one project."""

    def __init__(self, writer: str = "w", project: str = "default") -> None:
        self.said: list[AnyStatement] = []
        self._writer, self._project, self._count = writer, project, 0

    def __call__(self, kind: type[ev.Wire], /, **given: Any) -> None:
        self._count += 1
        event = kind(seq=self._count, at=START + self._count, **given)
        self.said += resolve(event, self._writer, self._project)


def training(run: str = "train", writer: str = "w", project: str = "default") -> Script:
    """Two epochs, a part, a setting, data, measures of which one is no number, a model; another run beside it."""
    say = Script(writer, project)
    say(ev.Start, run=run, name="train", types=["Training"], experiment="digits")
    say(ev.Setting, run=run, name="lr", value=0.1)
    say(ev.Node, id="rain.csv", kind="Entity", types=["Dataset"], name="rain.csv")
    say(ev.Used, run=run, entity="rain.csv", role="train")
    say(ev.Start, run=f"{run} other", name="other")
    for n in range(2):
        epoch = f"{run} epoch {n}"
        say(ev.Start, run=epoch, name=f"epoch {n}", types=["LearningStageSection"], section_of=run)
        say(ev.Metric, run=run, name="loss", value="NaN" if n else 1.5, step=n, section=epoch)
        say(ev.Metric, run=run, name="rmse", value=2.0 + n, step=n, context={"split": "val"})
        say(ev.Used, run=run, entity="rain.csv", role="again", section=epoch)
        say(ev.Metric, run=f"{run} other", name="loss", value=0.0)
        say(ev.End, run=epoch)
    say(ev.Start, run=f"{run} part", name="part", parent=run)
    say(ev.End, run=f"{run} part", outcome="failed", error="ValueError: no")
    say(ev.Node, id="model.pt", kind="Entity", types=["Model"], name="model.pt")
    say(ev.Generated, run=run, entity="model.pt")
    say(ev.End, run=run)
    return say


def subscription(store: Store, query: str, project: str = "default", **given: Any) -> Subscription:
    context = Context(store, project)
    return Subscription(Operation.of(Request(query, variables=given), context), lambda: context)


@contextmanager
def feeding(store: Store) -> Iterator[tuple[Feed, Troubles]]:
    feed = Feed(lambda: store)
    yield feed, Troubles(feed)
    feed.close()


async def do(work: Callable[[], Any]) -> Any:
    return await asyncio.to_thread(work)


async def values(found: Subscription, feed: Feed, troubles: Troubles) -> AsyncIterator[Any]:
    """The values of a subscription's field; each is written as strawberry writes it."""
    async for value in found.values(feed, troubles, do):
        yield json.loads(msgspec.json.encode(found.data(value)))


async def all_of(store: Store, query: str, project: str = "default", **given: Any) -> list[Any]:
    """All values of a subscription to a run that has ended."""
    with feeding(store) as (feed, troubles):
        found = subscription(store, query, project, **given)
        return [next(iter(v.values())) async for v in values(found, feed, troubles)]


async def while_it_happens(store: Store, load: "Load", parts: list[list[AnyStatement]], query: str) -> list[Any]:
    """What is told to somebody who comes after the first part, the others being committed one after the other."""
    load(store, parts[0])
    told: list[Any] = []

    async def follow() -> None:
        async for v in values(subscription(store, query, run="train"), feed, troubles):
            told.append(next(iter(v.values())))

    with feeding(store) as (feed, troubles):
        following = asyncio.create_task(follow())
        for part in parts[1:]:
            await asyncio.sleep(0.05)
            load(store, part)
        await asyncio.wait_for(following, LONG)
    return told


def parts_of(load: "Load", statements: list[AnyStatement], many: int) -> list[list[AnyStatement]]:
    events = load.events(statements)
    bounds = [len(events) * n // many for n in range(many + 1)]
    return [[s for e in events[a:b] for s in e] for a, b in pairwise(bounds)]


def in_order(told: list[Any]) -> list[str]:
    return sorted(json.dumps(t, sort_keys=True) for t in told)


@pytest.mark.parametrize("many", [2, 5])
def test_who_comes_early_is_told_what_who_comes_late_is(store: Store, load: "Load", many: int) -> None:
    early = asyncio.run(while_it_happens(store, load, parts_of(load, training().said, many), EVENTS))
    late = asyncio.run(all_of(store, EVENTS, run="train"))
    assert in_order(early) == in_order(late)
    assert [(h["kind"], h["name"]) for h in late] == [
        ("STARTED", "train"), ("RELATED", "digits"), ("SETTING", "lr"), ("USED", "rain.csv"), ("STARTED", "epoch 0"),
        ("METRIC", "loss"), ("METRIC", "rmse"), ("USED", "rain.csv"), ("ENDED", "epoch 0"), ("STARTED", "epoch 1"),
        ("METRIC", "loss"), ("METRIC", "rmse"), ("USED", "rain.csv"), ("ENDED", "epoch 1"), ("STARTED", "part"),
        ("ENDED", "part"), ("GENERATED", "model.pt"), ("ENDED", "train"),
    ]  # fmt: skip
    by_name = {(h["kind"], h["name"]): h for h in late}
    assert by_name["SETTING", "lr"]["value"] == 0.1
    assert by_name["METRIC", "loss"]["value"] == "NaN"
    assert by_name["METRIC", "rmse"]["context"] == {"split": "val"}
    assert (by_name["ENDED", "part"]["outcome"], by_name["ENDED", "part"]["error"]) == ("failed", "ValueError: no")
    assert by_name["GENERATED", "model.pt"]["type"] == "Model"


def test_points_come_by_series(store: Store, load: "Load") -> None:
    early = asyncio.run(while_it_happens(store, load, parts_of(load, training().said, 4), METRICS))
    (late,) = asyncio.run(all_of(store, METRICS, run="train"))
    assert [(s["name"], s["labels"], s["count"], [p["value"] for p in s["points"]]) for s in late] == [
        ("loss", {}, 2, [1.5, "NaN"]), ("rmse", {"split": "val"}, 2, [2.0, 3.0]),
    ]  # fmt: skip
    for series in late:
        points = [p for told in early for s in told if s["name"] == series["name"] for p in s["points"]]
        assert points == series["points"]
    (only,) = asyncio.run(all_of(store, METRICS, run="train", names=["rmse"]))
    assert [s["name"] for s in only] == ["rmse"]


def test_the_last_of_what_has_happened(store: Store, load: "Load") -> None:
    load(store, training().said)
    assert [h["kind"] for h in asyncio.run(all_of(store, EVENTS, run="train", last=2))] == ["GENERATED", "ENDED"]
    assert asyncio.run(all_of(store, EVENTS, run="train", last=0)) == []


def test_another_projects_run_is_not_there(store: Store, load: "Load") -> None:
    load(store, training("theirs", project="theirs").said)
    with pytest.raises(NotFound):
        asyncio.run(all_of(store, EVENTS, run="theirs"))
    assert asyncio.run(all_of(store, EVENTS, "theirs", run="theirs"))


@pytest.mark.parametrize("wrong", [{"run": "rain.csv"}, {"run": "train", "last": -1}, {"run": "train", "last": 10**6}])
def test_what_cannot_be_followed(wrong: dict[str, Any], load: "Load") -> None:
    store = load(MemoryStore(), training().said)
    with pytest.raises(UsageError):
        asyncio.run(all_of(store, EVENTS, **wrong))
    with pytest.raises(UsageError):
        asyncio.run(all_of(store, METRICS, run="train", max=1))


def test_each_is_written_as_strawberry_writes_it(load: "Load") -> None:
    """Aliases, fragments, directives and `__typename` too."""
    query = """subscription ($yes: Boolean!) { x: runEvents(run: "train") { ...F kind @skip(if: $yes) when: at }}
        fragment F on RunEvent { __typename value @include(if: $yes) step name k: name }"""
    store = load(MemoryStore(), training().said)
    context = Context(store)
    asked: list[tuple[str, dict[str, Any]]] = [
        (query, {"yes": True}), (EVENTS, {"run": "train"}), (METRICS, {"run": "train", "max": 4}),
    ]  # fmt: skip

    async def compared() -> int:
        count = 0
        with feeding(store) as (feed, troubles):
            for text, given in asked:
                operation = Operation.of(Request(text, variables=given), context)
                found = Subscription(operation, lambda: context)
                async for value in found.values(feed, troubles, do):
                    by_strawberry: Any = execute(
                        CORE, operation.document.node, value, Asking(context), variable_values=given
                    )
                    assert by_strawberry.errors is None
                    assert msgspec.json.encode(found.data(value)) == msgspec.json.encode(by_strawberry.data)
                    count += 1
        return count

    assert asyncio.run(compared()) == 18 + 18 + 1


def test_a_subscription_is_one_field() -> None:
    context = Context(MemoryStore())
    for wrong in (
        "subscription { a: inTrouble { next } b: inTrouble { next } }",
        "subscription { __typename }",
        "subscription { inTrouble @skip(if: true) { next } }",
    ):
        with pytest.raises(Refused):
            Operation.of(Request(wrong), context)


TROUBLE: Final = "subscription { inTrouble(window: 2) { rows { id trouble } } }"


def test_who_is_in_trouble_is_told_when_it_changes(store: Store, load: "Load", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("begat.api.graphql.live.trouble.LEAST", 0.1)
    monkeypatch.setattr("begat.api.graphql.live.trouble.EVERY", 0.3)
    say = Script()
    say(ev.Start, run="a", name="a", types=["Training"])
    say(ev.Metric, run="a", name="loss", value=1.0, step=0)
    load(store, say.said)
    before = len(say.said)
    say(ev.Metric, run="a", name="loss", value="NaN", step=1)
    worse, before = say.said[before:], len(say.said)
    say(ev.End, run="a")
    ended = say.said[before:]

    async def follow() -> list[list[tuple[str, str]]]:
        told: list[list[tuple[str, str]]] = []
        left = [worse, ended]
        with feeding(store) as (feed, troubles):
            async for v in values(subscription(store, TROUBLE), feed, troubles):
                told.append([(r["id"], r["trouble"]) for r in v["inTrouble"]["rows"] if r["trouble"] == "diverging"])
                if not left:
                    break
                load(store, left.pop(0))
        return told

    assert asyncio.run(asyncio.wait_for(follow(), LONG)) == [[], [("a", "diverging")], []]


# -- buffers


def happening(n: int, name: str = "loss") -> Happening:
    return Happening("METRIC", n, "run", name, value=float(n), number=float(n), step=n)


async def taken(buffer: buffers.Buffer) -> list[Any]:
    return await asyncio.wait_for(buffer.next(), 1)


def put(buffer: buffers.OfRun, commit: int, *happened: Happening) -> None:
    buffer.put(commit, list(happened), by_series(happened))


def test_what_the_store_has_told_is_not_told_again() -> None:
    async def story() -> None:
        buffer, points = buffers.Happenings(), buffers.Points(None, None)
        for each in (buffer, points):
            put(each, 1, happening(1))
            put(each, 2, happening(2), happening(3))
            each.begin(1, 2, [happening(1), happening(2)])  # commit 2 came in while the store was asked
        assert await taken(buffer) == [happening(3)]
        ((waited,),) = await taken(points)
        assert [value for _, _, value, _ in waited.rows] == [3.0]
        put(buffer, 2, happening(4))
        put(buffer, 3, happening(2))  # later: it is another one that looks the same
        assert await taken(buffer) == [happening(4), happening(2)]
        buffer.finish()
        assert await taken(buffer) == []

    asyncio.run(story())


def test_who_reads_too_slowly_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffers, "MOST", 10)

    async def story() -> None:
        slow, quick, early = buffers.Happenings(), buffers.Happenings(), buffers.Happenings()
        for buffer in (slow, quick):
            buffer.begin(0, 0, [])
        for n in range(1, 12):
            for buffer in (slow, quick, early):
                put(buffer, n, happening(n))
            assert await taken(quick) == [happening(n)]
        for buffer in (slow, early):
            with pytest.raises(TooSlow, match="11 things wait to be read, the limit is 10"):
                await taken(buffer)

    asyncio.run(story())


def test_points_of_who_reads_slowly_are_fewer_and_counted() -> None:
    async def story() -> None:
        buffer = buffers.Points(["loss"], None)
        buffer.begin(0, 0, [])
        for n in range(30):
            put(buffer, n + 1, *(happening(m) for m in range(1000 * n, 1000 * (n + 1))), happening(n, "rmse"))
        ((waited,),) = await taken(buffer)
        assert waited.many == 30_000
        assert 10_000 <= len(waited.rows) <= 20_000
        assert waited.rows[-1][2] == 29_999
        put(buffer, 31, happening(1))
        assert await taken(buffer) == [[("loss", "", [(1, 1, 1.0, 0)], 1)]]

    asyncio.run(story())


def test_many_points_at_once_are_thinned(load: "Load") -> None:
    say = Script()
    say(ev.Start, run="train", name="train", types=["Training"])
    start = list(say.said)
    for n in range(5_000):
        say(ev.Metric, run="train", name="loss", value=1.0 / (n + 1), step=n)
    say(ev.End, run="train")
    told = asyncio.run(while_it_happens(MemoryStore(), load, [start, say.said[len(start) :]], METRICS))
    assert sum(s["count"] for value in told for s in value) == 5_000
    assert all(len(s["points"]) <= 500 for value in told for s in value)
    assert {s["thinned"] for value in told for s in value if s["count"] > 500} <= {"LTTB"}


# -- stores that go away


class Away(BegatError):
    retryable = True


def test_a_store_that_is_away_for_a_while_loses_nothing(load: "Load", new_store: "NewStore") -> None:
    store = new_store("sqlite")
    parts = parts_of(load, training().said, 3)
    load(store, parts[0])
    away = False

    def open_() -> Store:
        if away:
            raise Away("away")
        return store

    async def story() -> list[Any]:
        nonlocal away
        feed = Feed(open_)
        told: list[Any] = []

        async def follow() -> None:
            async for v in values(subscription(store, EVENTS, run="train"), feed, Troubles(feed)):
                told.append(v["runEvents"])

        following = asyncio.create_task(follow())
        while not told:
            await asyncio.sleep(0.01)
        away = True
        load(store, parts[1])
        await asyncio.sleep(0.5)
        away = False
        load(store, parts[2])
        await asyncio.wait_for(following, LONG)
        feed.close()
        return told

    assert in_order(asyncio.run(story())) == in_order(asyncio.run(all_of(store, EVENTS, run="train")))


def test_another_store_in_its_place_ends_what_was_followed(load: "Load", new_store: "NewStore") -> None:
    parts = parts_of(load, training().said, 2)
    stores = [load(new_store("sqlite"), parts[0]) for _ in range(2)]
    now = stores[0]

    async def story() -> None:
        nonlocal now
        feed = Feed(lambda: now)
        count = 0
        async for _ in values(subscription(stores[0], EVENTS, run="train"), feed, Troubles(feed)):
            count += 1
            now = stores[1]

    with pytest.raises(BegatError, match="another one, or an older copy"):
        asyncio.run(asyncio.wait_for(story(), LONG))
