"""The canonical dump: two stores hold the same graph exactly when their dumps are equal.

JSON lines with sorted keys, the lines sorted: one per (node, context) with its attributes and stamped history, per
relation, alias, series point, roll-up and flow edge. Text ids, phases by name, times as integers; nothing of a store's
own (integer ids, commit numbers, ranges, outbox, marks) and nothing derived when asked (status).
`begat.graph_schema.compare` compares two dumps.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from begat.graph_schema.events import lexical
from begat.graph_schema.statements import Scanned
from begat.graph_schema.store import Store


def lines(store: Store) -> list[bytes]:
    """The dump's lines, sorted. The store must be settled."""
    return sorted(line(s) for s in store.scan())


def dump(store: Store, out: BinaryIO) -> int:
    """Write the dump; returns the number of lines."""
    found = lines(store)
    out.writelines(line + b"\n" for line in found)
    return len(found)


def line(s: Scanned) -> bytes:
    """The line of one, without a newline."""
    plain = msgspec.to_builtins(s)
    return json.dumps(_finite(plain), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _finite(x: Any) -> Any:
    """NaN and infinities by their XML Schema names, so that a dump is JSON."""
    if isinstance(x, float):
        return lexical(x)
    if isinstance(x, dict):
        return {k: _finite(v) for k, v in x.items()}
    if isinstance(x, list):
        return [_finite(v) for v in x]
    return x


def read(path: str) -> Iterator[bytes]:
    """The lines of a dump file, without newlines."""
    with open(path, "rb") as f:
        for line in f:
            yield line.rstrip(b"\n")
