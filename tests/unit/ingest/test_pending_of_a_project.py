"""What waits to be taken in, or worked out, is told of a project without another's."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from begat.api.metrics.watcher import Told
from begat.graph_schema import events as ev
from begat.graph_schema.store import open_store
from begat.ingest.received import receive
from begat.ingest.watch.stop import Stop
from begat.ingest.watch.watcher import Watcher
from begat.queries.engine import look

if TYPE_CHECKING:
    from tests.unit.ingest.conftest import NewJournal


def test_events_that_are_not_taken_in(tmp_path: Path, spool: Path, journal: "NewJournal") -> None:
    for project, beats in (("wells", 2), ("rivers", 3)):
        journal(project, project).write(*(ev.Beat(0, 0) for _ in range(beats)))
    (spool / "lab").mkdir()
    (spool / "lab/odd.0001.open").write_bytes(b"no header\n")
    watcher = Watcher(f"sqlite:///{tmp_path}/graph.db", (spool,), Stop())
    watcher.following.look()
    told = Told(watcher)
    assert [told.lag(p).events for p in ("wells", "rivers", "nobody's")] == [2, 3, 0]
    assert told.lag().events == 5
    assert told.health("wells")[1]["pending_events"] == 2


def test_nodes_whose_lineage_is_not_worked_out(tmp_path: Path, journal: "NewJournal") -> None:
    _marked(f"sqlite:///{tmp_path}/graph.db", journal)


def test_the_same_on_neo4j(neo4j: str, journal: "NewJournal") -> None:
    _marked(neo4j, journal)


def _marked(address: str, journal: "NewJournal") -> None:
    store = open_store(address)
    for project in ("wells", "rivers"):
        w, late = journal(project, project), journal(f"{project}-late", project)
        w.write(ev.Start(0, 0, project, "train"), ev.Node(0, 0, f"{project}-x", "Entity"))
        w.write(ev.Generated(0, 0, project, f"{project}-x"))
        late.write(ev.Used(0, 0, project, f"{project}-y"))
        for j in (w, late) if project == "rivers" else (w,):
            receive(store, io.BytesIO(j.path.read_bytes()))
    assert store.stats().marked > 0
    assert look(store, "wells").marked == 0
    assert look(store, "rivers").marked == store.stats().marked
    store.close()
