"""GraphQL: 10,000 rows of 9 fields, compiled, by strawberry, and by a function made by hand for just that; and 10 rows.

Store to bytes, on the runs of `runs_table.py`. All three give the same rows, which is checked; by hand it is one
statement (graphql_rows.sql), a msgspec struct a row and one encoding.
"""

from functools import partial
from importlib.resources import files
from typing import Any, Final

import msgspec

from begat.api.graphql.asking import Asking, Context
from begat.api.graphql.execute import Request, execute
from begat.api.graphql.schema import SCHEMA
from begat.graph_schema.store import Store, open_store
from begat.queries.answer import iso
from benchmarks.budget import at_least, at_most, plain
from benchmarks.runs_table import RUNS, load
from benchmarks.scratch import scratch
from benchmarks.timing import Times, warm_in_turn

FEW: Final = 10
HAND: Final = 1.5
STRAWBERRY: Final = 8
OVERHEAD_MS: Final = 0.3
QUERY: Final = """query ($n: Int!) { runs(first: $n) { nodes {
  id name type kind startedAt endedAt seenAt __typename called: name } } }"""
BY_HAND: Final = files("benchmarks").joinpath("graphql_rows.sql").read_text()


class Row(msgspec.Struct, rename={"started": "startedAt", "ended": "endedAt", "seen": "seenAt", "made": "__typename"}):
    """A row as the response has it."""

    id: str
    name: str | None
    type: str | None
    kind: str
    started: str | None
    ended: str | None
    seen: str | None
    made: str
    called: str | None


def sqlite() -> dict[str, Any]:
    """On the embedded store, by the CPU that each takes."""
    with scratch() as folder:
        store = open_store(f"sqlite:///{folder}/graph.db")
        found = _measured(store)
        store.close()
    return found


def _measured(store: Store) -> dict[str, Any]:
    load(store)
    told: dict[str, Any] = {}
    for n, rounds in ((RUNS, 7), (FEW, 30)):
        works = [partial(work, store, n) for work in (by_hand, compiled, by_strawberry)]
        bodies = [work() for work in works]
        assert bodies[0] == bodies[1] == bodies[2]
        hand, quick, slow = warm_in_turn(*works, rounds=rounds)
        told |= _rows(n, len(bodies[0]), hand, quick, slow)
    return told


def _rows(n: int, size: int, hand: Times, quick: Times, slow: Times) -> dict[str, Any]:
    shown = {"by_hand_ms": round(hand.median, 2), "compiled_ms": round(quick.median, 2), "bytes": size}
    if n == FEW:
        return {f"{n} rows, beyond by hand": at_most(quick.cpu - hand.cpu, OVERHEAD_MS, "ms", **shown)}
    return {
        f"{n} rows, of by hand": at_most(quick.cpu / hand.cpu, HAND, "times", **shown),
        f"{n} rows, faster than strawberry": at_least(
            slow.cpu / quick.cpu, STRAWBERRY, "times", strawberry_ms=round(slow.median, 2)
        ),
        f"{n} rows, a row": plain(quick.cpu / n * 1000, "us"),
    }


def compiled(store: Store, n: int) -> bytes:
    """As the service answers."""
    return execute(Request(QUERY, variables={"n": n}), Context(store)).body


def by_strawberry(store: Store, n: int) -> bytes:
    """As strawberry answers on its own: parsed and validated each time, resolved field by field."""
    result = SCHEMA.execute_sync(QUERY, variable_values={"n": n}, context_value=Asking(Context(store)))
    assert result.errors is None, result.errors
    return msgspec.json.encode({"data": result.data})


def by_hand(store: Store, n: int) -> bytes:
    """As somebody would who needs no other rows than these."""
    rows = store.read(BY_HAND, {"n": n})
    shown = [
        Row(i, name, type_, kind, _iso(started), _iso(ended), _iso(seen), "Run", name)
        for i, name, type_, kind, started, ended, seen in rows
    ]
    return msgspec.json.encode({"data": {"runs": {"nodes": shown}}})


def _iso(micros: int | None) -> str | None:
    return None if micros is None else iso(micros)
