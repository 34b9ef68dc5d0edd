"""What observations turned out to be: a commit may name one whose version was known before, and then is about that."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from importlib.resources import files
from typing import Final

import msgspec

from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import Alias
from begat.graph_schema.store import Store

_SQL: Final = files("begat.queries.sparql").joinpath("versions_of.sql").read_text(encoding="utf-8")


def versions(store: Store, ids: Collection[str]) -> Mapping[str, set[str]]:
    """By observation, of those among these ids: every version that it was ever said to be, though one counts."""
    found: dict[str, set[str]] = defaultdict(set)
    if not ids:
        return found
    match store.dialect:
        case "sqlite":
            rows = store.read(_SQL, {"ids": msgspec.json.encode(sorted(ids)).decode()})
        case "neo4j":
            from begat.graph_schema.neo4j.cypher import cypher

            rows = store.read(cypher("edges", "aliases_of"), {"ids": sorted(ids)})
        case _:
            rows = store.read(_in_memory, {"ids": set(ids)})
    for observation, version, *_ in rows:
        found[observation].add(version)
    return found


def _in_memory(store: MemoryStore, ids: set[str]) -> list[tuple[str, str]]:
    return [
        (s.observation, s.version) for s in store.statements() if isinstance(s, Alias) and s.observation in ids
    ]
