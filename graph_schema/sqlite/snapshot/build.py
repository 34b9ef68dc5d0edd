"""Taking a snapshot: read in one transaction, written beside the store, then named in the store as the one that counts.

Nobody waits for it: it reads as any reader does, and holds the write lock only to set up the log and to name the file.
Whoever dies in it leaves what counted before. One process builds at a time, the others are told so.
"""

import time
import uuid
from contextlib import suppress
from typing import Any, Final, NamedTuple

import numpy as np

from begat.graph_schema.errors import StoreBusy, StoreError
from begat.graph_schema.sqlite.connection import errors, open_reader
from begat.graph_schema.sqlite.snapshot import log
from begat.graph_schema.sqlite.snapshot.beside import building, estimate, reading, room, tidy, writing
from begat.graph_schema.sqlite.snapshot.file import Array, write

#: How many changes the log takes: a part of the edges, and never less than this.
LEAST_ROOM: Final = 100_000
#: No time: always.
ALWAYS: Final = -(2**63)

_EDGES: Final = f"SELECT s, d, ctx, coalesce(t, {ALWAYS}), step FROM flow ORDER BY s, d, ctx"
_EDGE: Final = np.dtype([("s", "i8"), ("d", "i8"), ("ctx", "i8"), ("t", "i8"), ("step", "i8")])
_PHASES: Final = "SELECT p, nid, kind = 3 FROM phase ORDER BY p"
_PHASE: Final = np.dtype([("p", "i8"), ("nid", "i8"), ("made", "i8")])
_IN_ORDER: Final = "SELECT nid FROM ident ORDER BY id"


class Built(NamedTuple):
    """A snapshot that was taken: how much is in it, how large its file is in bytes, and how long it took in seconds."""

    nodes: int
    edges: int
    bytes: int
    seconds: float


def build(path: str) -> Built:
    """Take a snapshot of a store, and have it count. Raises StoreBusy while another process does, and StoreError."""
    began = time.monotonic()
    with building(path):
        edges = _prepare(path)
        token = uuid.uuid4().hex
        file = log.place(path, token)
        try:
            last, arrays = _arrays(path)
            write(file, token, last.number, edges, arrays)
            size = file.stat().st_size
            _publish(path, token, last, edges)
        except BaseException as wrong:
            for left in (file, file.with_name(file.name + ".half")):
                with suppress(OSError):  # what went wrong first is told; the next build removes it
                    left.unlink(missing_ok=True)
            if isinstance(wrong, OSError):
                raise StoreError(f"the snapshot of {path} cannot be written: {wrong.strerror or wrong}") from wrong
            raise
        tidy(path, token)
    return Built(len(arrays["nodes"]), len(arrays["up_to"]), size, time.monotonic() - began)


def _prepare(path: str) -> int:
    """Have the log told from now on, with room for what comes in meanwhile. Returns how many edges there are."""
    size = estimate(path)
    room(path, size)
    with writing(path) as db:
        state = log.state(reading(db))
        if state is None:
            log.drop(db.execute)
            log.make(db.execute)
            state = log.state(reading(db))
        assert state is not None
        if not state.current:  # what is told from here on does not follow on what a snapshot of before holds
            db.execute("UPDATE flow_snapshot SET token = NULL, mark = ?", (state.last,))
            db.execute("DELETE FROM flow_log WHERE number < ?", (state.last,))
        log.begin(db.execute)
        # However often a build comes to nothing, the log has room for two at most.
        most = (state.mark if state.current else state.last) + 2 * _room(size.edges)
        db.execute(
            "UPDATE flow_snapshot SET room = max(room, min(?, ?))", (state.last + _room(size.edges), most)
        )
    return size.edges


def _room(edges: int) -> int:
    return max(LEAST_ROOM, edges // 4)


def _publish(path: str, token: str, last: log.Row, edges: int) -> None:
    with writing(path) as db:
        state = log.state(reading(db))
        if state is None or not log.holds(reading(db), last):
            raise StoreBusy(f"{path} was replaced, or its snapshot switched off, while one was taken: try again")
        if state.full:
            raise StoreBusy(f"more came into {path} than the log of its snapshot takes: try again when less does")
        told = (token, last.number, state.last + _room(edges))
        db.execute("UPDATE flow_snapshot SET token = ?, mark = ?, room = ?", told)
        db.execute("DELETE FROM flow_log WHERE number < ?", (last.number,))


def _arrays(path: str) -> tuple[log.Row, dict[str, Array]]:
    """The flow edges as arrays, and the log's last row that is in them."""
    db = open_reader(path)
    try:
        with errors(path):
            db.execute("BEGIN")
            last = log.last(reading(db))
            if last is None:
                raise StoreBusy(f"the snapshot of {path} was switched off while it was taken: try again")
            edges = np.fromiter(db.execute(_EDGES), _EDGE)
            phases = np.fromiter(db.execute(_PHASES), _PHASE)
            order = np.fromiter((nid for (nid,) in db.execute(_IN_ORDER)), np.int64)
    finally:
        db.close()
    return last, _packed(path, edges, phases, order)


def _packed(path: str, edges: Array, phases: Array, order: Array) -> dict[str, Array]:
    if (edges["step"] != (edges["ctx"] != 0)).any():
        raise StoreError(f"{path} has flow edges of no known kind: `begat rebuild` makes it anew")
    nodes = np.unique(np.concatenate([edges["s"], edges["d"]]))
    owner = nodes >> 2
    positional = np.flatnonzero(nodes & 3 == 3)
    at = np.searchsorted(phases["p"], owner[positional])
    if (at == len(phases)).any() or (phases["p"][at] != owner[positional]).any():
        raise StoreError(f"{path} has flow edges of phases that are not there: `begat rebuild` makes it anew")
    owner[positional] = phases["nid"][at]
    owners, who = np.unique(owner, return_inverse=True)
    again = np.isin(owners, phases["nid"][phases["made"] != 0])
    # The place of each owner's id among those of all owners, and back: the lesser of two ids is the lesser of these.
    own = order[np.isin(order, owners)]
    by_rank = np.searchsorted(owners, own).astype(np.int32)
    rank = np.empty(len(owners), np.int32)
    rank[by_rank] = np.arange(len(owners), dtype=np.int32)
    small: Any = np.min_scalar_type(int(edges["ctx"].max(initial=0)))
    s = np.searchsorted(nodes, edges["s"]).astype(np.int32)
    d = np.searchsorted(nodes, edges["d"]).astype(np.int32)
    back = np.argsort(d, kind="stable")
    return {
        "nodes": nodes,
        "who": who.astype(np.int32),
        "owners": owners,
        "again": again.astype(np.uint8),
        "rank": rank,
        "by_rank": by_rank,
        "up_at": _at(s, len(nodes)),
        "up_to": d,
        "up_ctx": edges["ctx"].astype(small),
        "up_t": np.ascontiguousarray(edges["t"]),
        "down_at": _at(d, len(nodes)),
        "down_to": s[back],
        "down_ctx": edges["ctx"][back].astype(small),
        "down_t": edges["t"][back],
    }


def _at(known: Array, nodes: int) -> Array:
    """Where the edges of each node begin, in edges sorted by node; at the end, how many there are."""
    return np.concatenate([[0], np.cumsum(np.bincount(known, minlength=nodes))]).astype(np.int64)
