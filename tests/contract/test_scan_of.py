"""What is recorded of some nodes is what the whole store tells of them, found without reading the rest."""

from typing import TYPE_CHECKING

import pytest

from begat.graph_schema.dump import line
from begat.graph_schema.statements import (
    AnyStatement,
    Context,
    Description,
    Ended,
    Folded,
    Point,
    Position,
    Relation,
    Scanned,
    Started,
)
from begat.graph_schema.store import Store

if TYPE_CHECKING:
    from tests.contract.conftest import Load

HERE, BUNDLE, THEIRS = Context(), Context("default", "http://example.org/bundle"), Context("theirs")
LONG = "long/" * 500


def at(n: int) -> Position:
    return Position(1_750_000_000_000_000 + n, "w", n)


SAID: list[AnyStatement] = [
    Description(HERE, at(1), "data.csv", ("Entity",), ("Dataset",), "data.csv"),
    Description(BUNDLE, at(2), "data.csv", ("Entity",), (), "the data", {"note": ["elsewhere"]}),
    Started(HERE, at(3), "run"),
    Description(HERE, at(4), "run", ("Activity",), ("Training",), "run"),
    Relation(HERE, at(5), "used", "run", "data.csv", "train"),
    Point(HERE, at(6), "run", "loss", 0.5, "", 1, "epoch"),
    Point(HERE, at(7), "other", "loss", 0.7, "", 1),
    Relation(HERE, at(8), "wasGeneratedBy", "model.pt", "run"),
    Relation(HERE, at(9), "wasDerivedFrom", "model.pt", "data.csv", arguments={"activity": "run"}),
    Relation(THEIRS, at(10), "used", "run", "data.csv"),
    Relation(HERE, at(11), "used", "other", None),
    Relation(HERE, at(12), "wasAssociatedWith", None, "ada"),
    Ended(HERE, at(13), "run", "failed", "OSError: disk", "trace"),
    Description(HERE, at(14), LONG, ("Entity",), (), "long"),
    Relation(HERE, at(15), "wasDerivedFrom", LONG, "model.pt"),
    Relation(HERE, at(16), "wasDerivedFrom", "model.pt", "model.pt"),
    Description(HERE, at(17), "nul\0within", ("Entity",), (), "nul"),
    Description(HERE, at(18), "run", ("Activity",), (), "run, renamed"),
]


def tells_of(s: Scanned, ids: set[str]) -> bool:
    if isinstance(s, Relation):
        return bool({s.source, s.target} & ids)
    return (isinstance(s, Folded) and s.node in ids) or (isinstance(s, Point) and s.activity in ids)


@pytest.mark.parametrize(
    "ids",
    [
        ["run"], ["data.csv"], ["other"], ["ada"], ["model.pt"], [LONG], ["nul\0within"], ["epoch"], [], ["nobody"],
        ["run", "data.csv", "run"], ["model.pt", LONG, "nobody", "other"],
    ],
    ids=lambda ids: ",".join(ids)[:20].replace("\0", "0") or "none",
)  # fmt: skip
def test_of_some_nodes(store: Store, load: "Load", ids: list[str]) -> None:
    load(store, SAID)
    expected = sorted(line(s) for s in store.scan() if tells_of(s, set(ids)))
    assert sorted(map(line, store.scan(ids))) == expected
    assert bool(expected) == bool(set(ids) - {"nobody", "epoch"})
