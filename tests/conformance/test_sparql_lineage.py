"""begat:dependsOn of SPARQL: the edges follow the store, whatever comes when, and their closure is lineage."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from begat.api.demo.study import study
from begat.graph_schema.documents.iris import iri_of_id
from begat.graph_schema.documents.n_triples import iri
from begat.graph_schema.documents.qualified import DEPENDS_ON
from begat.graph_schema.law import History
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.projection import flow_statements, project
from begat.graph_schema.statements import Alias, Folded, Relation
from begat.graph_schema.store import Batch, Range, Store, open_store
from begat.graph_schema.triples.kept import Kept
from begat.queries import ancestors
from begat.queries.sparql.feed import Feed
from begat.queries.sparql.lineage import PHASE_OF, WORDS
from tests.conformance.test_sparql_feed import HERE, STORY, export, triples
from tests.contract.conftest import batch_of, events_of
from tests.contract.test_projection import Coming, Program, Ranks, programs, ranks, ways

Pair = tuple[str, str]


def pairs(graph: set[ox.Quad], word: str) -> set[Pair]:
    return {(str(q.subject), str(q.object)) for q in graph if q.predicate.value == word}


def expected(store: MemoryStore) -> set[Pair]:
    """The edges of the project's own statements, as the oracle has them, with the versions that all projects say."""
    others = (s for s in store.statements() if not isinstance(s, Relation | Alias))
    history = History.of(s for s in (*store.relations(), *others) if s.context.project == "default")
    flow = flow_statements(edge for node in history.nodes() for edge in project(history, node).edges)
    return {(iri(iri_of_id(edge.source)), iri(iri_of_id(edge.target))) for edge in flow}


def follows(store: MemoryStore, folder: Path) -> None:
    """Edges, and whose phases they go through, are as they should be."""
    found = triples(folder)
    edges = pairs(found, DEPENDS_ON)
    assert edges == expected(store)
    phases = pairs(found, PHASE_OF)
    assert {phase for phase, _ in phases} == {end for edge in edges for end in edge if "%20" in end}
    assert all(phase.startswith(thing.removesuffix(">") + "%20") for phase, thing in phases)


@settings(
    max_examples=40, deadline=None, phases=[p for p in Phase if p != Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(program=programs | ranks, way=ways)
@pytest.mark.parametrize("url", ["sqlite:///{}/graph.db", "memory:"])
def test_they_follow_whatever_comes_when(url: str, program: Program | Ranks, way: Coming) -> None:
    """In any order, some of it late, with restarts in between, and others at work on the same things."""
    events = events_of(program.statements())
    if way.order == "reversed":
        events.reverse()
    elif way.order == "shuffled":
        way.random.shuffle(events)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as scratch:
        told = Told(open_store(url.format(scratch)), Path(scratch) / "triples")
        try:
            for n in count():
                told.say(batch_of(events[: way.sizes[n % len(way.sizes)]]))
                if way.settled[n % len(way.settled)]:
                    told.store.settle()
                if way.reopened[n % len(way.reopened)]:
                    told.reopen()
                del events[: way.sizes[n % len(way.sizes)]]
                if not events:
                    break
        finally:
            told.close()


class Told:
    """A store, what follows it, and the oracle."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.oracle = MemoryStore()
        self.open()

    def open(self) -> None:
        self.kept = Kept(self.folder, "default")
        self.feed = Feed(self.store, self.kept, more="depends-on")

    def reopen(self) -> None:
        self.kept.close()
        self.open()

    def say(self, batch: Batch) -> None:
        self.store.write(batch)
        self.oracle.write(batch)
        self.feed.catch_up()
        follows(self.oracle, self.folder)
        recorded = {q for q in triples(self.folder) if q.predicate.value not in WORDS}
        assert recorded == export(self.store)

    def close(self) -> None:
        self.kept.close()
        self.store.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path}/graph.db")
    yield made
    made.close()


def test_after_each_commit_of_a_story(store: Store, tmp_path: Path) -> None:
    told = Told(store, tmp_path / "triples")
    for statements in STORY:
        ranges = [Range(s.position.writer, s.position.seq, s.position.seq) for s in statements]
        told.say(Batch(statements, ranges=ranges))
    assert not [q for q in triples(told.folder) if "theirs" in str(q)]
    told.kept.close()


def test_their_closure_is_lineage(store: Store, tmp_path: Path) -> None:
    """Of everything in the study, as the page has it: phases count as their activities."""
    store.write(Batch([s for teller in study() for s in teller.statements()]))
    store.settle()
    with Kept(tmp_path / "triples", "default") as kept:
        Feed(store, kept, more="depends-on").catch_up()
    graph = ox.Store()
    graph.extend(triples(tmp_path / "triples"))
    text = (
        "PREFIX begat: <https://w3id.org/begat/ns#> SELECT DISTINCT ?x { BIND (<%s> AS ?thing) "
        "?thing begat:dependsOn+/begat:phaseOf? ?x FILTER NOT EXISTS { ?x begat:phaseOf ?y } FILTER (?x != ?thing) }"
    )
    seen = 0
    for s in store.scan():
        if isinstance(s, Folded) and "Entity" in s.kinds and s.context == HERE:
            answer = graph.query(text % iri_of_id(s.node))
            assert isinstance(answer, ox.QuerySolutions)
            found = {str(row["x"]) for row in answer}
            assert found == {f"<{iri_of_id(row['id'])}>" for row in ancestors(store, s.node, limit=10_000).rows}, s.node
            seen += bool(found)
    assert seen > 10
