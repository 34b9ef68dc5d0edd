"""The same facts as begat's typed graph and as generic PROV: five questions asked of both, with the same rows.

What came of it: docs/explanation/representation.md. The generic form is made of what begat's store holds (generic/),
its statements are written by hand, and all around them (naming, details, status, finishing) is begat's own code. Times
are taken in turn: of the whole answer, and of its statements alone, asked again as they were.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, Final

from begat.graph_schema.store import Store, open_store
from begat.queries.answer import Answer
from begat.queries.ask import ask
from begat.queries.engine import look
from begat.queries.naming import find_thing
from benchmarks import kept
from benchmarks.asked import ASKED, EXPERIMENT, question
from benchmarks.budget import plain
from benchmarks.generic.engine import QUESTIONS
from benchmarks.generic.form import Form, form_of
from benchmarks.generic.neo4j import GenericNeo4j
from benchmarks.generic.sqlite import GenericSqlite
from benchmarks.neo4j_server import NoServer, session
from benchmarks.scratch import scratch
from benchmarks.timing import warm_in_turn

Found = dict[str, Any]
Generic = GenericSqlite | GenericNeo4j
#: What is asked: the five questions as they are timed elsewhere, and the best models by a measure of their trainings.
COMPARED: Final[Mapping[str, Mapping[str, Any]]] = {
    **{name: asked.params for name, asked in ASKED.items() if question(name) in QUESTIONS},
    "best_model_settings by a series": {"thing": EXPERIMENT, "measure": "loss", "split": "validation", "top": 10},
}


def medium() -> Found:
    """Set M on the embedded store."""
    return _on_sqlite("M")


def small() -> Found:
    """Set S on the embedded store."""
    return _on_sqlite("S")


def unnamed() -> Found:
    """The same, where the generic form has no index on names and values."""
    return _on_sqlite("S", names=False)


def neo4j_small() -> Found:
    """Set S on Neo4j."""
    return _on_neo4j("S")


def neo4j_medium() -> Found:
    """Set M on Neo4j."""
    return _on_neo4j("M")


def _on_sqlite(size: str, names: bool = True) -> Found:
    with scratch() as folder:
        typed = open_store(f"sqlite:///{folder}/typed.db")
        took = kept.filled(typed, folder / "spool", size)
        generic = GenericSqlite(folder / "generic.db", typed)
        loaded = _loaded(typed, generic)
        if not names:
            generic.forget_names()
        told = _typed(typed, took)
        told["typed"]["mib"] = sum(f.stat().st_size for f in folder.glob("typed.db*")) >> 20
        ((outbox,),) = typed.read("SELECT sum(length(statements)) FROM outbox", {})
        told["typed"]["of_that_outbox_mib"] = outbox >> 20
        loaded["generic"]["mib"] = (folder / "generic.db").stat().st_size >> 20
        found = compared(typed, generic)
        generic.close()
        typed.close()
    return told | loaded | found


def _on_neo4j(size: str) -> Found:
    try:
        with kept.neo4j(size) as graph:
            typed = open_store(graph.address)
            told = _typed(typed, graph.took)
            with session(graph.address) as one:
                told["typed"]["nodes_there"] = one.run("MATCH (n) RETURN count(n)").single()[0]
                told["typed"]["relationships_there"] = one.run("MATCH ()-[r]->() RETURN count(r)").single()[0]
            with closing(GenericNeo4j(graph.address, typed)) as generic:
                loaded = _loaded(typed, generic)
                found = compared(typed, generic)
            typed.close()
    except NoServer as e:
        return {"left out": {"error": str(e)}}
    return told | loaded | found


def _typed(store: Store, took: float) -> Found:
    stats = store.stats()
    nodes = stats.entities + stats.activities + stats.agents
    counts = {"nodes": nodes, "relations": stats.relations, "points": stats.metric_points}
    return {"typed": plain(took, "s to take in its journals", **counts)}


def _loaded(typed: Store, generic: Generic) -> Found:
    form: Form = form_of(typed.scan())
    began = time.perf_counter()
    generic.load(form)
    took = time.perf_counter() - began
    counts = {"nodes": len(form.things), "relations": len(form.links), "references": len(form.references)}
    return {"generic": plain(took, "s to load from memory", **counts)}


def compared(typed: Store, generic: Any) -> Found:
    """Each question on both. Raises RuntimeError where the rows differ, or where there are none."""
    return {name: _beside(name, named(typed, params), typed, generic) for name, params in COMPARED.items()}


def named(typed: Store, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with the thing by its id: how a name is understood is not compared."""
    thing = params.get("thing")
    return {**params, "thing": find_thing(typed, thing, look(typed)).id} if thing else {**params}


def _beside(name: str, params: dict[str, Any], typed: Store, generic: Any) -> Found:
    stores = [Recording(typed), Recording(generic)]
    rows, others = (_asking(store, question(name), params)().rows for store in stores)
    if not rows or rows != others:
        raise RuntimeError(f"{name} of {params}: {len(rows)} rows of the typed graph, {len(others)} of the generic one")
    answers = [_asking(store, question(name), params) for store in (typed, generic)]
    whole, whole_g, alone, alone_g = warm_in_turn(*answers, *(store.replay for store in stores))
    return plain(
        whole_g.median / whole.median,
        "times the time of the typed graph's answer",
        statements_alone=round(alone_g.median / alone.median, 2),
        cpu=round(whole_g.cpu / whole.cpu, 2),
        statements_cpu=round(alone_g.cpu / alone.cpu, 2),
        rows=len(rows),
        ms={"typed": round(whole.median, 2), "generic": round(whole_g.median, 2)},
        statements_ms={"typed": round(alone.median, 2), "generic": round(alone_g.median, 2)},
        cpu_ms={"typed": round(whole.cpu, 2), "generic": round(whole_g.cpu, 2)},
        statements_cpu_ms={"typed": round(alone.cpu, 2), "generic": round(alone_g.cpu, 2)},
        statements={"typed": len(stores[0].said), "generic": len(stores[1].said)},
    )


def _asking(store: Any, name: str, params: Mapping[str, Any]) -> Callable[[], Answer]:
    return lambda: ask(store, name, params)


class Recording:
    """A store that remembers what it was asked, so that it can be asked again without all that lies around it."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.said: list[tuple[Any, ...]] = []

    def read(self, *said: Any) -> Any:
        self.said.append(said)
        return self._store.read(*said)

    def replay(self) -> None:
        """Ask all of it again."""
        for said in self.said:
            self._store.read(*said)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
