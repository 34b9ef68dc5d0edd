"""Runs as JSON by a function made by hand for just that: one statement, a struct a row, one encoding."""

from importlib.resources import files
from typing import Any, Final

import msgspec

from begat.graph_schema.store import Store
from begat.queries.answer import iso

#: The document that asks for these rows.
QUERY: Final = """query ($n: Int!) { runs(first: $n) { nodes {
  id name type kind startedAt endedAt seenAt __typename called: name } } }"""
STATEMENTS: Final = {
    dialect: files("benchmarks").joinpath(f"graphql_rows.{ending}").read_text()
    for dialect, ending in (("sqlite", "sql"), ("neo4j", "cypher"))
}


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


def read(store: Store, n: int) -> list[tuple[Any, ...]]:
    """The latest runs: id, name, type, kind, times as microseconds."""
    rows = store.read(STATEMENTS[store.dialect], {"n": n})
    # From Neo4j they come as one list: as records they would take the driver many times as long.
    return rows if store.dialect == "sqlite" else rows[0][0]


def by_hand(store: Store, n: int) -> bytes:
    """The response of a route that knows no other question."""
    shown = [
        Row(i, name, type_, kind, iso_or_none(started), iso_or_none(ended), iso_or_none(seen), "Run", name)
        for i, name, type_, kind, started, ended, seen in read(store, n)
    ]
    return msgspec.json.encode({"data": {"runs": {"nodes": shown}}})


def iso_or_none(micros: int | None) -> str | None:
    """A time as the response has it."""
    return None if micros is None else iso(micros)
