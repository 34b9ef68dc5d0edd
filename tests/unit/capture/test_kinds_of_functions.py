"""Whatever can be called can be an activity, and behaves as before."""

import asyncio
import contextlib
import copy
import functools
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest

import begat
from begat.capture import problems
from begat.graph_schema.events import End, Metric, Setting, Start, Used

Told = Callable[[], Any]


#: As a decorator of what type checkers would not have decorated.
anything: Any = begat.activity


class Trainer:
    rate = 0.5

    @begat.activity
    def fit(self, epochs: int, *, shuffle: bool = False) -> int:
        return epochs

    @begat.activity
    @classmethod
    def made(cls, rate: float = 0.1) -> str:
        return cls.__name__

    @classmethod
    @begat.activity(type="Preparation")
    def again(cls, rate: float = 0.1) -> str:
        return cls.__name__

    @begat.activity
    @staticmethod
    def scaled(x: float, by: float = 2.0) -> float:
        return x * by

    loss = anything(property(lambda self: self.rate))

    def plain(self, x: int) -> int:
        return x

    quick = anything(functools.partialmethod(plain, 1))


class Stage:
    """A stage that is called, and keeps count."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, x: int, y: int = 2) -> int:
        self.calls += 1
        return x + y


class AsyncStage:
    async def __call__(self, x: int) -> int:
        await asyncio.sleep(0)
        return x


def fail(error: Exception) -> None:
    raise error


def settings(events: Any) -> list[tuple[str, dict[str, Any]]]:
    """Each activity that was given something, with it."""
    names = events.names()
    found: dict[str, dict[str, Any]] = {}
    for s in events.of(Setting):
        found.setdefault(s.run, {})[s.name] = s.value
    return [(names[run], given) for run, given in found.items()]


def test_methods_of_all_kinds(told: Told) -> None:
    """Elsewhere a decorated staticmethod is handed `self`, and a classmethod cannot be called at all."""
    t = Trainer()
    with begat.run("r"):
        assert (t.fit(3, shuffle=True), Trainer.made(0.2), t.again(), Trainer.scaled(2.0), t.scaled(2.0, by=3.0)) == (
            3, "Trainer", "Trainer", 4.0, 6.0
        )  # fmt: skip
        assert (t.loss, t.quick()) == (0.5, 1)
    events = told()
    assert [s.name for s in events.of(Start)] == ["r", "fit", "made", "again", "scaled", "scaled", "<lambda>", "plain"]
    assert settings(events) == [
        ("fit", {"epochs": 3, "shuffle": True}),
        ("made", {"cls": f"{__name__}.Trainer", "rate": 0.2}),
        ("again", {"cls": f"{__name__}.Trainer", "rate": 0.1}),
        ("scaled", {"x": 2.0, "by": 2.0}),
        ("scaled", {"x": 2.0, "by": 3.0}),
        ("plain", {"x": 1}),
    ]


def test_a_bound_method_is_asked_for_its_own_parameters(told: Told) -> None:
    plain = begat.activity(Trainer().plain)
    with begat.run("r"):
        assert plain(7) == 7
    assert settings(told()) == [("plain", {"x": 7})]


def test_a_partial_tells_what_it_was_given_before(told: Told) -> None:
    """Elsewhere it is called "partial", and what it holds is not recorded."""

    def train(data: int, rate: float = 0.1, epochs: int = 3) -> float:
        return data * rate * epochs

    half = begat.activity(functools.partial(train, 4, rate=0.5))
    with begat.run("r"):
        assert half(epochs=1) == 2.0
    assert settings(told()) == [("train", {"data": 4, "rate": 0.5, "epochs": 1})]


def test_an_object_that_is_called(told: Told) -> None:
    stage = Stage()
    step, later = begat.activity(stage), begat.activity(AsyncStage())
    with begat.run("r"):
        assert step(1) == 3
        assert asyncio.run(later(5)) == 5
    assert stage.calls == 1
    events = told()
    assert settings(events) == [("Stage", {"x": 1, "y": 2}), ("AsyncStage", {"x": 5})]


def test_a_class_stays_a_class(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    """Elsewhere the name stands for a function afterwards, and isinstance raises."""
    kept = begat.activity(Stage)
    assert kept is Stage
    assert "is no function and stays as it is" in capsys.readouterr().err
    told()


def test_a_builtin_and_one_that_hides(told: Told) -> None:
    class Hidden:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

        def __call__(self) -> int:
            return 1

    with begat.run("r"):
        assert begat.activity(len)([1, 2]) == 2
        assert begat.activity(Hidden())() == 1
    told()


def test_a_context_manager_is_an_activity_as_long_as_its_block(told: Told) -> None:
    """Elsewhere it has ended before the block begins."""
    asked: list[str] = []

    @begat.activity(type="Preparation")
    @contextlib.contextmanager
    def opened(name: str) -> Iterator[int]:
        asked.append(name)
        try:
            yield 7
        except KeyError:
            asked.append("caught")

    with begat.run("r"):
        with opened("a") as seven:
            begat.metric("m", seven)
        with opened("b"):
            fail(KeyError())
        error = ValueError("mine")
        with pytest.raises(ValueError, match="mine") as caught, opened("c"):
            fail(error)
        assert caught.value is error
        begat.metric("m", 0)
    assert asked == ["a", "b", "caught", "c"]
    events = told()
    names = events.names()
    assert [(names[m.run], m.value) for m in events.of(Metric)] == [("opened", 7), ("r", 0)]
    assert [e.outcome for e in events.of(End)] == ["finished", "finished", "failed", "finished"]


def test_an_asynchronous_context_manager(told: Told) -> None:
    @begat.activity
    @contextlib.asynccontextmanager
    async def opened(n: int) -> AsyncIterator[int]:
        await asyncio.sleep(0)
        yield n

    async def main() -> None:
        async with opened(3) as n:
            begat.metric("m", n)

    with begat.run("r"):
        asyncio.run(main())
    events = told()
    assert [events.names()[m.run] for m in events.of(Metric)] == ["opened"]
    assert len(events.of(End)) == 2


def test_asynchronous_generators(told: Told) -> None:
    """Elsewhere they are not recorded, or end when they are made."""
    got: list[Any] = []

    @begat.activity
    async def batches(n: int) -> AsyncIterator[Any]:
        for i in range(n):
            begat.metric("made", i)
            await asyncio.sleep(0)
            try:
                got.append((yield i))
            except KeyError:
                got.append("thrown")
                yield -1

    async def main() -> None:
        async for i in batches(2):
            begat.metric("taken", i)
        made: Any = batches(5)
        assert await anext(made) == 0
        assert await made.asend("sent") == 1
        assert await made.athrow(KeyError()) == -1
        await made.aclose()

    assert inspect.isasyncgenfunction(batches)
    with begat.run("r"):
        asyncio.run(main())
    assert got == [None, None, "sent", "thrown"]
    events = told()
    names = events.names()
    where = [(names[m.run], m.name) for m in events.of(Metric)]
    assert where == [("batches", "made"), ("r", "taken")] * 2 + [("batches", "made")] * 2
    assert [e.outcome for e in events.of(End)] == ["finished"] * 3


def test_an_asynchronous_generator_that_fails(told: Told) -> None:
    error = ValueError("bad")

    @begat.activity
    async def batches() -> AsyncIterator[int]:
        yield 1
        raise error

    async def main() -> None:
        async for _ in batches():
            pass

    with pytest.raises(ValueError, match="bad") as caught, begat.run("r"):
        asyncio.run(main())
    assert caught.value is error
    assert [e.outcome for e in told().of(End)] == ["failed", "failed"]


def test_a_generator_that_is_not_run_to_its_end(told: Told) -> None:
    """Elsewhere it stays RUNNING for ever, or the GeneratorExit makes it FAILED."""
    closed: list[str] = []

    @begat.activity
    def batches() -> Iterator[int]:
        try:
            yield from range(10)
        finally:
            closed.append("closed")

    with begat.run("r"):
        for i in batches():
            if i == 3:
                break
        made: Any = batches()
        assert next(made) == 0
        made.close()
        batches()  # never begun: never an activity
    assert closed == ["closed", "closed"]
    assert [e.outcome for e in told().of(End)] == ["finished"] * 3


class Table: ...


def test_a_generator_keeps_its_arguments_as_they_were_at_the_call(told: Told) -> None:
    """Its own code begins with the first item; elsewhere its arguments are those of that moment."""

    @begat.activity
    def batches(config: dict[str, Any], data: Any, names: Any = ()) -> Iterator[int]:
        yield from range(config["n"])

    @begat.activity
    async def streams(config: dict[str, Any], data: Any, names: Any = ()) -> AsyncIterator[int]:
        for i in range(config["n"]):
            yield i

    async def taken(stream: Any) -> list[int]:
        return [i async for i in stream]

    for make in (batches, streams):
        config, names = {"n": 1, "lr": 0.1}, ["a"]
        with begat.run("r"):
            made: Any = make(config, Table(), names)
            config.update(n=2, lr=99)
            names.append("b")
            got = list(made) if make is batches else asyncio.run(taken(made))
            assert got == [0, 1], "the function itself sees what is there when it begins"
    events = told()
    held = {"config.n": 1, "config.lr": 0.1, "names": ["a"]}
    assert settings(events) == [("batches", held), ("streams", held)]
    story = events.story()
    assert story[:4] == ["start r", "start batches", "batches used data", "end batches"]
    assert events.names()[events.all(Used, role=None)[-1].entity] == "data"


def test_what_generators_and_context_managers_give_is_made_by_them(told: Told) -> None:
    """Elsewhere only what is returned counts: a batch that was yielded comes from nowhere."""

    @begat.activity
    def batches(data: Any) -> Iterator[Any]:
        yield 1
        yield Table(), {"labels": Table()}

    @begat.activity
    async def streams(data: Any) -> AsyncIterator[Any]:
        yield Table()

    @begat.activity
    @contextlib.contextmanager
    def opened(data: Any) -> Iterator[Any]:
        yield Table()

    @begat.activity
    @contextlib.asynccontextmanager
    async def opened_late(data: Any) -> AsyncIterator[Any]:
        yield Table()

    @begat.activity
    def use(thing: Any) -> None: ...

    async def main() -> None:
        async for part in streams(data):
            use(part)
        async with opened_late(data) as part:
            use(part)

    with begat.run("r"):
        data = Table()
        for item in batches(data):
            use(item)
        with opened(data) as part:
            use(part)
        asyncio.run(main())
    story = told().story()
    assert [line for line in story if line.startswith("use used")] == [
        "use used batches()[0]", "use used opened()", "use used streams()", "use used opened_late()",
    ]  # fmt: skip
    assert story.index("opened generated opened()") < story.index("use used opened()") < story.index("end opened")
    for name in ("batches", "opened", "streams", "opened_late"):
        assert f"{name} used data" in story


def test_a_generator_function_stays_what_it_was(told: Told) -> None:
    class Loader:
        size = 2

        @begat.activity
        def batches(self, n: int = 3) -> Iterator[int]:
            """Some batches."""
            yield from range(n * self.size)

    made: Any = Loader.batches
    assert inspect.isgeneratorfunction(made)
    assert inspect.isgeneratorfunction(Loader().batches)
    assert (made.__name__, made.__doc__, str(inspect.signature(Loader().batches))) == (
        "batches", "Some batches.", "(n: int = 3) -> collections.abc.Iterator[int]"
    )  # fmt: skip
    assert copy.copy(module_batches) is copy.deepcopy([module_batches])[0] is module_batches
    with begat.run("r"):
        assert list(Loader().batches(1)) == [0, 1]
        assert list(Loader.batches(Loader(), n=1)) == [0, 1]
        assert list(begat.activity(functools.partial(Loader().batches, n=1))()) == [0, 1]
    assert settings(told()) == [("batches", {"n": 1})] * 4


@begat.activity
def module_batches() -> Iterator[int]:
    yield 1


def test_a_generator_takes_what_is_sent_and_returns(told: Told) -> None:
    @begat.activity
    def total() -> Any:
        n = 0
        while (x := (yield n)) is not None:
            n += x
        return n

    with begat.run("r"):
        made = total()
        assert [next(made), made.send(2), made.send(3)] == [0, 2, 5]
        with pytest.raises(StopIteration) as stop:
            made.send(None)
        assert stop.value.value == 5
    told()


def test_tasks_nest_in_what_started_them(told: Told) -> None:
    """Elsewhere, with one stack for all, a task's parent is whatever another task opened last."""

    @begat.activity
    async def outer(n: int) -> None:
        await asyncio.gather(inner(n), inner(n))

    @begat.activity
    async def inner(n: int) -> None:
        await asyncio.sleep(0.001)
        begat.metric("n", n)

    async def main() -> None:
        await asyncio.gather(*(outer(i) for i in range(5)))
        await asyncio.gather(*(asyncio.to_thread(begat.metric, "t", i) for i in range(5)))

    with begat.run("r") as run:
        asyncio.run(main())
    events = told()
    starts = {s.run: s for s in events.of(Start)}
    for m in events.all(Metric, name="n"):
        assert starts[m.run].name == "inner"
        parent = starts[m.run].parent
        assert starts[parent].name == "outer"
        assert {s.value for s in events.of(Setting) if s.run == parent} == {m.value}
    assert {m.run for m in events.all(Metric, name="t")} == {run.id}
    assert len(events.of(End)) == 16


def test_one_block_in_several_tasks(told: Told) -> None:
    block = begat.activity("step")

    async def one(i: int) -> None:
        with block as a:
            await asyncio.sleep(0.001 * (5 - i))
            a.metric("m", i)
            begat.metric("m", i)

    async def main() -> None:
        await asyncio.gather(*map(one, range(5)))

    with begat.run("r"):
        asyncio.run(main())
    events = told()
    ended: set[str] = set()
    for e in events.of(Metric, End):
        assert e.run not in ended, "a block was ended by another task"
        if isinstance(e, End):
            ended.add(e.run)
    assert len(ended) == 6


def test_threads_that_open_their_own(told: Told) -> None:
    barrier = threading.Barrier(4)

    @begat.activity
    def work(n: int) -> int:
        barrier.wait()
        with begat.activity("part"):
            begat.metric("n", n)
        return n

    with begat.run("r") as run, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [0, 1, 2, 3]
    events = told()
    starts = {s.run: s for s in events.of(Start)}
    for m in events.of(Metric):
        part = starts[m.run]
        assert part.name == "part"
        assert {s.value for s in events.of(Setting) if s.run == part.parent} == {m.value}
        assert starts[part.parent].parent == run.id


def test_recursion_nests_and_its_limit_loses_nothing(told: Told) -> None:
    """Elsewhere the activities at the limit have no end, and are RUNNING for ever."""

    @begat.activity
    def down(n: int) -> int:
        return down(n - 1) if n else 0

    @begat.activity
    def deeper() -> None:
        deeper()

    with begat.run("r"):
        assert down(3) == 0
        with pytest.raises(RecursionError):
            deeper()
    events = told()
    chain = [s for s in events.of(Start) if s.name == "down"]
    assert [s.parent for s in chain[1:]] == [s.run for s in chain[:-1]]
    ends = events.of(End)
    assert sorted(s.run for s in events.of(Start)) == sorted(e.run for e in ends)
    names = events.names()
    assert {e.outcome for e in ends if names[e.run] == "deeper"} == {"failed"}
    assert problems.count() == 0, "told by then"


def test_functions_of_one_name_in_two_modules_are_told_apart(told: Told) -> None:
    """Elsewhere the second `load` takes the place of the first."""
    one, two = ModuleType("one"), ModuleType("two")
    for module in (one, two):
        exec("def load(): return __name__", vars(module))  # noqa: S102
    first, second = begat.activity(one.load), begat.activity(two.load)
    with begat.run("r"):
        assert (first(), second(), first()) == ("one", "two", "one")
    starts = told().all(Start, name="load")
    assert [s.attributes["function"] for s in starts] == ["one.load", "two.load", "one.load"]
    assert len({s.run for s in starts}) == 3


def test_threads_do_not_belong_to_a_generator_that_waits(told: Told) -> None:
    """They belong to what runs in the main thread: the generator while it makes an item, its consumer in between."""

    def in_a_thread(name: str) -> None:
        thread = threading.Thread(target=lambda: begat.metric(name, 1))
        thread.start()
        thread.join()

    @begat.activity
    def batches() -> Iterator[int]:
        in_a_thread("made")
        yield 1
        in_a_thread("made")

    with begat.run("r") as run:
        for _ in batches():
            in_a_thread("taken")
        in_a_thread("after")
        with begat.activity("part"), run:
            in_a_thread("joined")
    events = told()
    names = events.names()
    assert [(names[m.run], m.name) for m in events.of(Metric)] == [
        ("batches", "made"), ("r", "taken"), ("batches", "made"), ("r", "after"), ("r", "joined"),
    ]  # fmt: skip
