"""Closures and questions on Neo4j, beside the embedded store's of the same graph in the same run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any, Final

from begat.graph_schema.statements import AnyStatement, Context, Description, Position, Relation
from begat.graph_schema.store import Batch, Store, open_store
from begat.queries.answer import Answer
from begat.queries.ask import ask
from begat.queries.engine import look, run
from begat.queries.lineage import ancestors, descendants
from benchmarks.budget import plain
from benchmarks.closures import IDS, MOST, Made, load
from benchmarks.journal import BEGINNING
from benchmarks.neo4j_server import NoServer, server
from benchmarks.scratch import scratch
from benchmarks.timing import warm_median_ms

#: Of about 10,000 nodes each, in turn of one project and another.
PIPELINES: Final = 2
PROJECTS: Final = ("ours", "theirs")
#: After all that a pipeline did.
LATER: Final = BEGINNING + 10**9
#: Runs that read one file.
HUB: Final = 100_000

Question = Callable[[Store], Answer]
Stores = dict[str, Store]


def closures() -> dict[str, Any]:
    """Two projects, 20,000 nodes."""
    return _measured(_closures)


def hub() -> dict[str, Any]:
    """A file that 100,000 runs have read."""
    return _measured(_hub)


def _measured(work: Callable[[Stores], dict[str, Any]]) -> dict[str, Any]:
    try:
        with _stores() as stores:
            return work(stores)
    except NoServer as e:
        return {"left out": {"error": str(e)}}


@contextmanager
def _stores() -> Iterator[Stores]:
    """Empty ones, of both kinds."""
    with scratch() as folder, server() as address:
        stores = {"sqlite": open_store(f"sqlite:///{folder}/graph.db"), "neo4j": open_store(address)}
        yield stores
        for store in stores.values():
            store.close()


def _closures(stores: Stores) -> dict[str, Any]:
    made = {name: load(store, PIPELINES, PROJECTS) for name, store in stores.items()}
    some = made["neo4j"][0]
    found = {"closure with ids, of two projects": _closure(stores, some)}
    for scope, more in (("of two projects", {}), ("and as of a time", {"as_of": LATER})):
        scoped: dict[str, Any] = {"project": PROJECTS[0], **more}
        found |= {f"{name}, {scope}": _beside(stores, question) for name, question in _questions(some, scoped).items()}
    return found


def _questions(some: Made, scope: dict[str, Any]) -> dict[str, Question]:
    return {
        "how_created of an early file": lambda s: ask(s, "how_created", {"thing": some.early}, limit=MOST, **scope),
        "how_created of a model": lambda s: ask(s, "how_created", {"thing": some.model}, limit=MOST, **scope),
        "how_created of a model, 1,000 rows": lambda s: ask(s, "how_created", {"thing": some.model}, **scope),
        "raw_sources of a model": lambda s: ask(s, "raw_sources", {"thing": some.model}, limit=MOST, **scope),
        "impact of a raw file": lambda s: ask(s, "impact", {"thing": some.raw}, limit=MOST, **scope),
    }


def _closure(stores: Stores, some: Made) -> dict[str, Any]:
    ms = {}
    for name, store in stores.items():
        scope = look(store, PROJECTS[0])
        ms[name] = warm_median_ms(partial(run, store, IDS, {"thing": some.model}, scope))
    return plain(ms["neo4j"], "ms", sqlite_ms=round(ms["sqlite"], 1))


def _hub(stores: Stores) -> dict[str, Any]:
    statements = list(_around_a_hub())
    for store in stores.values():
        for n in range(0, len(statements), HUB):
            store.write(Batch(statements[n : n + HUB]))
        store.settle()
    questions: dict[str, Question] = {
        "descendants of the hub": lambda s: descendants(s, "hub", limit=2 * HUB),
        "descendants of the hub, 1,000 rows": lambda s: descendants(s, "hub"),
        "ancestors of one that read it": lambda s: ancestors(s, "run 7"),
    }
    return {name: _beside(stores, question, rounds=3) for name, question in questions.items()}


def _around_a_hub() -> Iterator[AnyStatement]:
    here, at = Context(), (Position(BEGINNING + n, "urn:writer", n) for n in count(1))
    yield Description(here, next(at), "hub", ("Entity",), ("Dataset",), "hub")
    for n in range(HUB):
        yield Description(here, next(at), f"run {n}", ("Activity",), ("Training",), "run")
        yield Relation(here, next(at), "used", f"run {n}", "hub")


def _beside(stores: Stores, question: Question, rounds: int = 5) -> dict[str, Any]:
    """Milliseconds on Neo4j and on SQLite. Raises AssertionError when the answers are not the same."""
    answers = {name: question(store) for name, store in stores.items()}
    assert answers["neo4j"].rows == answers["sqlite"].rows
    ms = {name: warm_median_ms(partial(question, store), rounds, 1) for name, store in stores.items()}
    return plain(ms["neo4j"], "ms", sqlite_ms=round(ms["sqlite"], 1), rows=len(answers["neo4j"].rows))
