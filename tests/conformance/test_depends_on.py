"""begat:dependsOn in an export: what came before, and only that, is one property path away."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.statements import AnyStatement, Context, Ended, Position, Relation, Started
from begat.graph_schema.store import Batch, Store, open_store
from begat.queries.documents.export import exported

ID = "https://w3id.org/begat/id/"
ASKED = "SELECT DISTINCT ?x { <%s> <https://w3id.org/begat/ns#dependsOn>+ ?x }"
#: Train, evaluate, then write the report; in another project another run.
STORY = """
start train; used train data.csv; generated train model.pt; used train test.csv; generated train my report.md
start other in else; used other data.csv in else; generated other theirs.pt in else
"""


def told() -> Iterator[AnyStatement]:
    for n, sentence in enumerate(s.strip() for line in STORY.splitlines() for s in line.split(";") if s.strip()):
        sentence, _, project = sentence.partition(" in ")
        verb, run, *thing = sentence.split(" ", 2)
        here, at = Context(project or "default"), Position(n, "w", n)
        if verb == "start":
            yield Started(here, at, run)
        elif verb == "used":
            yield Relation(here, at, "used", run, thing[0])
        else:
            yield Relation(here, at, "wasGeneratedBy", thing[0], run)
    yield Ended(Context(), Position(99, "w", 99), "train")


@pytest.fixture(params=["memory:", "sqlite:///{}/graph.db"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = open_store(request.param.format(tmp_path))
    store.write(Batch(list(told())))
    store.settle()
    yield store
    store.close()


def graph(store: Store, project: str | None, only: set[str] | None = None) -> ox.Store:
    found = ox.Store()
    found.load(b"".join(map(lines, exported(store, project, only, depends_on=True))), ox.RdfFormat.N_QUADS)
    return found


def before(graph: ox.Store, thing: str) -> set[str]:
    """What came before a thing; phases left out."""
    rows = graph.query(ASKED % (ID + thing))
    assert isinstance(rows, ox.QuerySolutions)
    found = {row["x"].value.removeprefix(ID) for row in rows if isinstance(row["x"], ox.NamedNode)}
    return found & {"train", "data.csv", "model.pt", "test.csv", "my%20report.md", "other", "theirs.pt"}


def test_the_model_does_not_depend_on_its_test_set_and_the_report_does(store: Store) -> None:
    found = graph(store, None)
    assert before(found, "model.pt") == {"train", "data.csv"}
    assert before(found, "my%20report.md") >= {"train", "data.csv", "test.csv"}
    assert before(found, "theirs.pt") == {"other", "data.csv"}


def test_only_of_the_project(store: Store) -> None:
    assert before(graph(store, "default"), "theirs.pt") == set()
    assert before(graph(store, "default"), "model.pt") == {"train", "data.csv"}
    assert b"other" not in b"".join(map(lines, exported(store, "default", depends_on=True)))


def test_only_among_some_things(store: Store) -> None:
    assert before(graph(store, None, {"train", "model.pt"}), "model.pt") == {"train"}


def test_it_is_there_only_on_request(store: Store) -> None:
    assert b"dependsOn" not in b"".join(map(lines, exported(store, None)))
