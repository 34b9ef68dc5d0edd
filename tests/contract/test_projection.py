"""The flow projection against the naive law, on random programs: whole closures, and stores equal to the oracle."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from begat.graph_schema import splice
from begat.graph_schema.law import ancestors, descendants
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import (
    NOWHERE,
    Alias,
    AnyStatement,
    Context,
    Description,
    Ended,
    Point,
    Position,
    Relation,
    Started,
)
from begat.graph_schema.store import Store, open_store

if TYPE_CHECKING:
    from tests.contract.conftest import Load, Reach

Word = Literal[
    "begin", "end", "use", "generate", "generate of", "in section", "folder", "document", "inform", "use unknown",
    "alias", "point", "describe", "begin again", "end again",
]  # fmt: skip

#: What a program does, the commonest first: examples shrink towards it.
WORDS: Final[tuple[Word, ...]] = (
    "use", "generate", "begin", "end", "use", "generate", "begin", "end", "use", "generate", "generate of",
    "in section", "folder", "document", "inform", "alias", "point", "describe", "begin again", "end again",
    "use unknown",
)  # fmt: skip
ENTITIES: Final = ("e0", "e1", "e2", "e3", "seen0", "seen1")
CONTEXTS: Final = (Context(), Context(), Context("theirs"), Context("theirs", "urn:bundle"))
VALUES: Final = (1.0, float("nan"), float("inf"), 2.5, -1.0, float("-inf"))


class Step(NamedTuple):
    """One event: `a` and `b` choose what it is about, `wait` moves its writer's clock (0: a tie)."""

    word: Word
    a: int
    b: int
    wait: int
    writer: int
    context: int


class Program(NamedTuple):
    """Steps by a number of writers, told in a number of contexts."""

    steps: list[Step]
    writers: int
    contexts: int

    def statements(self) -> list[AnyStatement]:
        return [s for step in _Machine(self).run() for s in step]


class _Machine:
    """Runs a program: activities inside activities, begun and ended at any time, or never ended."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.activities: list[str] = []
        self.clocks = [0] * program.writers
        self.seqs = [0] * program.writers

    def run(self) -> Iterator[list[AnyStatement]]:
        for step in self.program.steps:
            w = step.writer % self.program.writers
            self.clocks[w] += step.wait
            self.seqs[w] += 1
            at = Position(1_000 + self.clocks[w], "vwu"[w], self.seqs[w])
            yield list(self.say(step, CONTEXTS[step.context % self.program.contexts], at))

    def say(self, s: Step, c: Context, at: Position) -> Iterator[AnyStatement]:
        entity, other = ENTITIES[s.a % len(ENTITIES)], ENTITIES[s.b % len(ENTITIES)]
        if s.word == "begin" or not self.activities:
            yield from self.begin(s, c, at)
            return
        activity = self.activities[s.b % len(self.activities)]
        match s.word:
            case "end":
                yield Ended(c, at, activity, ("finished", "failed")[s.a % 2])
            case "use":
                yield Relation(c, at, "used", activity, entity, time=at.time, role=(None, "r")[s.a % 2])
            case "generate":
                yield Relation(c, at, "wasGeneratedBy", entity, activity, time=at.time)
            case "generate of":
                yield Relation(c, at, "wasGeneratedBy", entity, activity, time=at.time, exact=True)
                yield Relation(c, at, "wasDerivedFrom", entity, other, arguments={"activity": activity})
            case "in section":
                section = f"{activity}/epoch{s.b % 2}"
                yield Relation(c, at, "partOf", section, activity, role="section")
                yield Relation(c, at, "used", section, other)
                yield Relation(c, at, "wasGeneratedBy", entity, activity)
                yield Relation(c, at, "wasGeneratedBy", entity, section, exact=True)
            case "folder":
                yield Relation(c, at, "hadMember", entity, other)
                for made in (entity, other)[: s.b % 3]:
                    yield Relation(c, at, "wasGeneratedBy", made, activity)
            case "document":
                yield self.document(s, c, at.time if s.wait else None)
            case "inform":
                yield Relation(c, at, "wasInformedBy", activity, self.activities[s.a % len(self.activities)])
            case "use unknown":
                yield Relation(c, NOWHERE, "used", activity, None)
            case "alias":
                yield Alias(c, at, ("seen0", "seen1")[s.a % 2], entity)
            case "point":
                step = (None, 1, 2, 2.5, 1.0)[s.b % 5]
                yield Point(c, at, activity, "loss", VALUES[s.a % len(VALUES)], step=step)
            case "describe":
                types, name, value = ((), "x", None) if s.b % 2 else (("Model", "ex:thing"), "y", str(s.b % 3))
                yield Description(c, at, entity, ("Entity",), types, name, {"k": [s.b % 3]}, value)
            case "begin again":
                yield Started(c, at, activity)
            case "end again":
                yield Ended(c, at, activity)

    def document(self, s: Step, c: Context, time: int | None) -> Relation:
        """A statement of a PROV document: no writer, a time or none."""
        relation = ("wasDerivedFrom", "used", "wasGeneratedBy", "specializationOf")[s.a % 4]
        source, target = ENTITIES[s.b % len(ENTITIES)], self.activities[s.b % len(self.activities)]
        if relation == "used":
            source, target = target, source
        elif relation != "wasGeneratedBy":
            target = ENTITIES[(s.a + s.b) % len(ENTITIES)]
        return Relation(c, Position(time, "", 0), relation, source, target)

    def begin(self, s: Step, c: Context, at: Position) -> Iterator[AnyStatement]:
        new = f"a{len(self.activities)}"
        yield Description(c, at, new, ("Activity",), ("Training",), f"train {s.a % 3}")
        yield Started(c, at, new)
        if self.activities and s.a % 4:
            yield Relation(c, at, "partOf", new, self.activities[s.b % len(self.activities)], role="part")
        self.activities.append(new)


class Ranks(NamedTuple):
    """Many writers of one run: they use and make things of their own, use what others use too, and run parts inside."""

    steps: list[Step]

    def statements(self) -> list[AnyStatement]:
        clocks = [0, 0, 0]
        told: list[AnyStatement] = [Started(Context(), Position(999, "v", 0), "run")]
        running: list[str] = []
        for n, s in enumerate(self.steps, 1):
            clocks[s.writer] += s.wait
            told += self.say(n, s, Position(1_000 + clocks[s.writer], "vwu"[s.writer], n), running)
        return told

    @staticmethod
    def say(n: int, s: Step, at: Position, running: list[str]) -> Iterator[AnyStatement]:
        c = Context()
        if s.word == "use":
            yield Relation(c, at, "used", "run", f"shared{s.a}" if s.a < 3 else f"own{n}", time=at.time)
        elif s.word == "generate":
            yield Relation(c, at, "wasGeneratedBy", f"made{n}", "run", time=at.time, exact=s.a == 0)
        elif s.word == "end" and running:
            yield Ended(c, at, running.pop(s.a % len(running)))
        else:
            yield Started(c, at, f"part{n}")
            yield Relation(c, at, "partOf", f"part{n}", "run", role="part")
            running.append(f"part{n}")


small = st.integers(0, 11)
steps = st.builds(
    Step, st.sampled_from(WORDS), small, small, st.sampled_from((1, 1, 1, 0)), st.integers(0, 2), st.integers(0, 3)
)
#: Hypothesis makes lists little longer than they have to be: so their length is chosen first.
lists = st.integers(1, 50).flatmap(lambda n: st.lists(steps, min_size=n, max_size=n))
of_ranks = steps.filter(lambda s: s.word in ("use", "generate", "begin", "end"))
ranks = st.builds(Ranks, st.integers(20, 60).flatmap(lambda n: st.lists(of_ranks, min_size=n, max_size=n)))
programs = st.builds(Program, lists, st.integers(1, 3), st.sampled_from((1, 1, 4)))


class Coming(NamedTuple):
    """How a program's events come to a store: each choice is taken in turn, again and again."""

    order: Literal["in order", "reversed", "shuffled"]
    random: object
    sizes: list[int]
    repeated: list[bool]
    settled: list[bool]
    reopened: list[bool]
    ingesters: int


ways = st.builds(
    Coming,
    st.sampled_from(("in order", "reversed", "shuffled")),
    st.randoms(use_true_random=False),
    st.lists(st.sampled_from((1, 2, 5, 50)), min_size=1, max_size=5),
    *(st.lists(st.booleans(), min_size=1, max_size=7) for _ in range(3)),
    st.integers(1, 2),
)
EXAMPLES: Final = settings(
    max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], print_blob=True
)
#: A server takes about a second for what the embedded store does in a hundredth.
NEO4J_EXAMPLES: Final = int(os.environ.get("BEGAT_NEO4J_EXAMPLES", "25"))


@pytest.fixture(scope="module")
def scratch() -> Iterator[Callable[[], str]]:
    """Addresses of new databases, in memory where the machine has such a folder: every commit is synced."""
    here = Path("/dev/shm")
    folder = tempfile.mkdtemp(dir=here if here.is_dir() else None)
    numbers = count()
    yield lambda: f"sqlite:///{folder}/{next(numbers)}.db"
    shutil.rmtree(folder)


def in_memory(statements: list[AnyStatement], load: "Load") -> MemoryStore:
    return load(MemoryStore(), statements)


@EXAMPLES
@given(program=programs)
def test_closures_are_reachability(program: Program, load: "Load", reach: "type[Reach]") -> None:
    store = in_memory(program.statements(), load)
    law, found = store.history(), reach(store)
    upward = {n: ancestors(law, n) for n in law.nodes()}
    assert {n: found.ancestors(n, activity=n in law.activities) for n in upward} == upward
    inverse = {n: {o: upward[o][n] for o in upward if n in upward[o]} for n in upward}
    assert {n: found.descendants(n, law.activities) for n in upward} == inverse
    some = min(upward)
    assert descendants(law, some) == inverse[some]


def holds_what_memory_holds(
    address: str, program: Program | Ranks, way: Coming, load: "Load", dump: Callable[[Store], list[str]]
) -> None:
    """Give a program's events to an empty store in some way; then it must be equal to the oracle."""
    statements = program.statements()
    events = load.events(statements)
    if way.order == "reversed":
        events.reverse()
    elif way.order == "shuffled":
        way.random.shuffle(events)  # type: ignore[attr-defined]
    ingesters = [open_store(address) for _ in range(way.ingesters)]
    turn = count()
    while events:
        n = next(turn)
        batch = load.batch(events[: way.sizes[n % len(way.sizes)]])
        del events[: way.sizes[n % len(way.sizes)]]
        i = n % way.ingesters
        for _ in range(1 + way.repeated[n % len(way.repeated)]):
            ingesters[i].write(batch)
        if way.settled[n % len(way.settled)]:
            ingesters[-1 - i].settle()
        if way.reopened[n % len(way.reopened)]:
            ingesters[i].close()
            ingesters[i] = open_store(address)
    ingesters[0].settle()
    oracle = in_memory(statements, load)
    try:
        assert dump(ingesters[-1]) == dump(oracle)
        assert ingesters[-1].stats() == told_again(oracle, ingesters[-1])
    finally:
        for store in ingesters:
            store.close()


@contextmanager
def splicing_always() -> Iterator[None]:
    """Late events are put in wherever they can be, not only where that is worth it: these programs are too short."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splice, "TRAIL_FROM", 0)
        patch.setattr(splice, "DEARER", 0)
        yield


@EXAMPLES
@given(program=programs | ranks, way=ways, always=st.booleans())
def test_sqlite_holds_what_memory_holds(
    program: Program | Ranks,
    way: Coming,
    always: bool,
    load: "Load",
    dump: Callable[[Store], list[str]],
    scratch: Callable[[], str],
) -> None:
    address = scratch()
    with splicing_always() if always else nullcontext():
        holds_what_memory_holds(address, program, way, load, dump)
    Path(address.removeprefix("sqlite:///")).unlink()


@settings(EXAMPLES, max_examples=NEO4J_EXAMPLES, phases=[p for p in Phase if p != Phase.shrink])
@given(program=programs | ranks, way=ways, always=st.booleans())
def test_neo4j_holds_what_memory_holds(
    program: Program | Ranks,
    way: Coming,
    always: bool,
    load: "Load",
    dump: Callable[[Store], list[str]],
    empty_neo4j: Callable[[], str],
) -> None:
    with splicing_always() if always else nullcontext():
        holds_what_memory_holds(empty_neo4j(), program, way, load, dump)


def told_again(oracle: MemoryStore, store: Store) -> object:
    """The oracle's counts; how many commits there were is the store's own."""
    stats = oracle.stats()
    stats.commit = store.stats().commit
    return stats
