"""Triples follow the store: after each commit they are what an export of it says."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.errors import StoreBusy
from begat.graph_schema.statements import (
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
from begat.graph_schema.store import Batch, Range, Store, open_store
from begat.graph_schema.triples.kept import Kept, read_mark
from begat.queries.documents.export import exported
from begat.queries.sparql.feed import Feed
from begat.queries.sparql.inference import concluded

HERE, IN_BUNDLE, OTHERS = Context(), Context("default", "urn:bundle"), Context("theirs")
#: What is said, commit by commit; each takes back or adds to what was said before.
STORY: list[list[AnyStatement]] = [
    [Description(HERE, Position(1, "w", 1), "model", ("Entity",), ("Model",), "m.pt", {"size": [1]})],
    [Started(HERE, Position(2, "w", 2), "run"), Relation(HERE, Position(3, "w", 3), "used", "run", "seen", time=3)],
    [Description(HERE, Position(1, "w", 4), "seen", ("Entity",), ("Dataset",), "data.csv")],
    # A file that was only seen is found to be a version: nothing is of the observation any more.
    [
        Alias(HERE, Position(4, "w", 5), "seen", "version"),
        Description(HERE, Position(4, "w", 6), "version", ("Entity",)),
    ],
    [Relation(HERE, Position(5, "w", 7), "wasGeneratedBy", "model", "run", "out", time=5)],
    [Description(HERE, Position(5, "w", 8), "lr", ("Entity",), ("HyperparameterSetting",), "lr", {}, "0.1", 0.1)],
    # A value that is overruled, and an earlier one that comes late and is not.
    [Description(HERE, Position(7, "w", 9), "lr", ("Entity",), (), None, {}, "0.2", 0.2)],
    [Description(HERE, Position(6, "w", 10), "lr", ("Entity",), (), None, {}, "0.3", 0.3)],
    [Ended(HERE, Position(8, "w", 11), "run", "failed", "out of memory")],
    [Ended(HERE, Position(9, "w", 12), "run")],
    [Description(IN_BUNDLE, Position(9, "w", 13), "model", ("Entity",), (), "another name")],
    [Relation(IN_BUNDLE, Position(9, "w", 14), "wasDerivedFrom", "model", "version", id="urn:derivation")],
    [Description(OTHERS, Position(9, "w", 15), "secret", ("Entity",), (), "theirs")],
    [Point(HERE, Position(9, "w", n), "run", "loss", 1 / n, step=n) for n in (16, 17)],
    [Relation(HERE, Position(11, "w", 18), "wasGeneratedBy", "open", None, "x", time=11)],
    # Ids that RDF would not take for IRIs.
    [Description(HERE, Position(12, "w", 19), x, ("Entity",), (), "odd") for x in ("urn:a[b]", "a b\u00e9<>", "http://[x")],
    [Relation(HERE, Position(13, "w", 22), "used", "run", "urn:a[b]", time=13)],
]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path}/graph.db")
    yield made
    made.close()


def say(store: Store, statements: list[AnyStatement]) -> None:
    ranges = [Range(s.position.writer, s.position.seq, s.position.seq) for s in statements if s.position.writer]
    store.write(Batch(statements, ranges=ranges))
    store.settle()


def triples(folder: Path) -> set[ox.Quad]:
    mark = read_mark(folder)
    assert mark is not None
    return {*ox.Store.read_only(str(folder / mark.copy))}


def export(store: Store, inferred: bool = False) -> set[ox.Quad]:
    """What an engine that knows nothing of begat reads in an export."""
    engine = ox.Store()
    told = map(lines, exported(store, "default"))
    engine.load(b"".join(map(concluded, told) if inferred else told), ox.RdfFormat.N_QUADS)
    return {*engine}


@pytest.mark.parametrize("inferred", [False, True])
def test_after_each_commit_they_are_what_an_export_says(store: Store, tmp_path: Path, inferred: bool) -> None:
    folder = tmp_path / "triples"
    with Kept(folder, "default") as kept:
        feed = Feed(store, kept, more="prov-o" if inferred else "no")
        feed.catch_up()
        for statements in STORY:
            say(store, statements)
            assert feed.catch_up()
            assert triples(folder) == export(store, inferred)
        assert kept.mark is not None
        assert kept.mark.commit == store.head()
        assert not feed.catch_up()
    assert not [q for q in triples(folder) if "theirs" in str(q) or "seen" in str(q)]


def test_they_follow_a_server_too(neo4j: str, tmp_path: Path) -> None:
    server = open_store(neo4j)
    with Kept(tmp_path / "triples", "default") as kept:
        feed = Feed(server, kept)
        feed.catch_up()
        for statements in STORY:
            say(server, statements)
            feed.catch_up()
            assert triples(tmp_path / "triples") == export(server)
        assert kept.mark is not None
        assert kept.mark.commit == server.head()
    server.close()


def test_several_commits_at_once(store: Store, tmp_path: Path) -> None:
    with Kept(tmp_path / "triples", "default") as kept:
        Feed(store, kept).catch_up()
        for statements in STORY:
            say(store, statements)
        Feed(store, kept).catch_up()
    assert triples(tmp_path / "triples") == export(store)


def test_after_a_restart_they_go_on(store: Store, tmp_path: Path) -> None:
    said: list[str] = []
    for statements in STORY:
        say(store, statements)
        with Kept(tmp_path / "triples", "default") as kept:
            Feed(store, kept, said.append).catch_up()
    assert said == ["the triples of 'default' are made"]
    assert triples(tmp_path / "triples") == export(store)


def test_those_of_another_store_are_made_anew(store: Store, tmp_path: Path) -> None:
    folder, said = tmp_path / "triples", list[str]()
    with Kept(folder, "default") as kept:
        say(store, STORY[0])
        Feed(store, kept).catch_up()
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    say(other, STORY[5])
    with Kept(folder, "default") as kept:
        Feed(other, kept, said.append).catch_up()
    assert triples(folder) == export(other)
    other.close()
    assert len(said) == 1
    assert "another store" in said[0]


def test_damaged_ones_are_made_anew(store: Store, tmp_path: Path) -> None:
    folder, said = tmp_path / "triples", list[str]()
    with Kept(folder, "default") as kept:
        say(store, STORY[0])
        Feed(store, kept).catch_up()
    for file in (folder / "graph").iterdir():
        file.write_bytes(b"rubbish")
    with Kept(folder, "default") as kept:
        Feed(store, kept, said.append).catch_up()
    assert triples(folder) == export(store)
    assert "cannot be read" in said[0]


def test_one_process_keeps_them_and_copies_that_are_read_stay(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "triples"
    with Kept(folder, "default") as kept:
        with pytest.raises(StoreBusy):
            Kept(folder, "default")
        for statements in STORY:
            say(store, statements)
            Feed(store, kept).catch_up()
        assert len([*folder.glob("at-*.lock")]) == 2
