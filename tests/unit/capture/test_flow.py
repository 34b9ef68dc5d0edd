"""What flows from one captured function to the next: by identity, in containers and attributes, one level deep."""

import dataclasses
import gc
import logging
import weakref
from collections import ChainMap, OrderedDict, UserDict
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from sklearn.utils import Bunch

import begat
from begat.capture import objects
from begat.graph_schema.events import Node, Relate, Setting

Told = Callable[[], Any]


class Frame: ...


class Split:
    """What people return when they return several things."""

    def __init__(self) -> None:
        self.train, self.test, self.rows = Frame(), Frame(), 3
        self._cache, self.log = Frame(), logging.getLogger("split")


@dataclasses.dataclass
class Data:
    train: Frame
    rows: int = 3


@dataclasses.dataclass(slots=True)
class Slots:
    """It cannot be referred to weakly, so it has no identity itself."""

    train: Frame
    rows: int = 3


class Frames(list[Frame]):
    """A list of the user's own, which has an identity, as a dictionary of a library's own has (Bunch, DatasetDict)."""


class Pair(NamedTuple):
    train: Frame
    test: Frame


@begat.activity
def use(thing: Any) -> None: ...


def causes(events: Any, function: str) -> set[str]:
    """The functions whose results a function has used, followed over what things were derived from."""
    names = events.names()
    made_by = {}
    for line in events.story():
        if " generated " in line:
            who, _, what = line.partition(" generated ")
            made_by[what.split(" of ")[0]] = who
    used = {line.split(" used ")[1] for line in events.story() if line.startswith(f"{function} used ")}
    for relation in events.all(Relate, relation="wasDerivedFrom"):
        if names[relation.source] in used:
            used.add(names[relation.target])
    return {made_by[what] for what in used if what in made_by}


@pytest.mark.parametrize(
    ("make", "take"),
    [
        (lambda: (Frame(), 1), lambda made: made[0]),
        (lambda: [Frame()], lambda made: made[0]),
        (lambda: {"train": Frame()}, lambda made: made["train"]),
        (Split, lambda made: made.train),
        (lambda: Data(Frame()), lambda made: made.train),
        (lambda: Slots(Frame()), lambda made: made.train),
        (lambda: Pair(Frame(), Frame()), lambda made: made.test),
        (Frame, lambda made: made),
        (Frame, lambda made: (1, made)),
        (Frame, lambda made: [made]),
        (Frame, lambda made: {"frame": made, "rows": 3}),
        (Frame, Data),
        (Frame, Slots),
        (lambda: Data(Frame()), lambda made: made),
        (lambda: Bunch(train=Frame(), rows=3), lambda made: made.train),
        (lambda: OrderedDict(train=Frame()), lambda made: made["train"]),
        (lambda: UserDict(train=Frame()), lambda made: made["train"]),
        (lambda: ChainMap({"train": Frame()}), lambda made: made),
        (lambda: MappingProxyType({"train": Frame()}), lambda made: made["train"]),
        (lambda: Frames([Frame()]), lambda made: made[0]),
        (Frame, lambda made: Frames([made])),
        (Frame, lambda made: Bunch(train=made)),
        (Frame, lambda made: MappingProxyType({"train": made})),
    ],
)
def test_a_thing_is_followed_into_and_out_of_what_holds_it(told: Told, make: Any, take: Any) -> None:
    """By value, as noWorkflow and Flowcept compare, two empty frames would be one; by container, none would flow."""

    @begat.activity
    def load() -> Any:
        return make()

    with begat.run("r"):
        held = load()
        use(take(held))
    assert causes(told(), "use") == {"load"}


def test_hooks_know_the_attributes_of_what_was_returned(told: Told) -> None:
    @begat.activity
    def split() -> Split:
        return Split()

    with begat.run("r") as run:
        made = split()
        run.used(made.train, name="train part")
        run.generated(made.test, name="test part")
    events = told()
    owner = events.id_of("split()")
    for name in ("train part", "test part"):
        assert events.one(Relate, relation="wasDerivedFrom", source=events.id_of(name)).target == owner


def test_what_was_not_there_when_a_function_returned_is_not_linked(told: Told) -> None:
    """Not seen: two levels deep, put there later, private, and means such as a logger."""

    @begat.activity
    def split() -> Any:
        return {"deep": [Frame()], "split": Split()}

    with begat.run("r"):
        made = split()
        made["split"].train = Frame()
        use(made["deep"][0])
        use(made["split"].train)
        use(made["split"]._cache)
        use(made["split"].log)
    events = told()
    assert causes(events, "use") == set()
    assert events.of(Setting)[0].name == "thing"


def test_an_attribute_that_nobody_uses_is_not_recorded(told: Told) -> None:
    @begat.activity
    def split() -> Split:
        return Split()

    with begat.run("r"):
        split()
    assert [n.name for n in told().of(Node) if n.name.startswith("split")] == ["split()"]


def test_a_method_uses_what_its_object_was_given(told: Told) -> None:
    class Trainer:
        def __init__(self, data: Frame) -> None:
            self.data = data

        @begat.activity
        def fit(self) -> None: ...

    @begat.activity
    def load() -> Frame:
        return Frame()

    with begat.run("r"):
        Trainer(load()).fit()
    assert causes(told(), "fit") == {"load"}


def test_settings_beside_things_are_kept(told: Told) -> None:
    """A dict of a frame and two numbers: the frame is used, the numbers are settings."""
    with begat.run("r"):
        use({"frame": Frame(), "lr": 0.1, "net": {"size": 3}})
        use(Data(Frame()))
    events = told()
    assert [(s.name, s.value) for s in events.of(Setting)] == [
        ("thing.lr", 0.1), ("thing.net.size", 3), ("thing.rows", 3),
    ]  # fmt: skip
    used = [line for line in events.story() if "use used" in line]
    assert used == ["use used thing['frame']", "use used thing", "use used thing.train"]


def test_a_reused_address_links_nothing(told: Told) -> None:
    """An id that comes back after garbage collection is the commonest false edge of tools that keep id(x)."""

    @begat.activity
    def make() -> Split:
        return Split()

    addresses: set[int] = set()
    with begat.run("r"):
        for _ in range(200):
            made = make()
            addresses.update((id(made), id(made.train)))
            del made
            gc.collect(0)
            fresh = Frame()
            addresses.add(id(fresh))
            use(fresh)
            del fresh
    assert len(addresses) < 600, "no address was used again: nothing was tested"
    events = told()
    assert causes(events, "use") == set()
    assert not events.all(Relate, relation="wasDerivedFrom")


def test_nothing_is_kept_alive_and_memory_is_bounded(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "MOST", 10)

    @begat.activity
    def make() -> Split:
        return Split()

    with begat.run("r"):
        kept = [make() for _ in range(50)]
        assert len(objects._known) <= 10
        assert len(objects._held) <= 10
        alive = [weakref.ref(thing.train) for thing in kept]
        del kept
        gc.collect()
        assert not any(one() for one in alive)
        assert not objects._held


def test_equal_content_links_nothing(told: Told) -> None:
    import numpy

    @begat.activity
    def load() -> Any:
        return numpy.zeros(3)

    with begat.run("r"):
        load()
        use(numpy.zeros(3))
    assert causes(told(), "use") == set()
