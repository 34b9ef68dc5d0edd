"""Snapshots in this process's memory: each loaded once, for all its stores and threads, with what changed since.

A node is *dirty* in a direction once the log names it there: then its edges are read from the store, not from the
arrays. More dirty nodes than need be cost time, never an answer, so threads whose transactions see different moments
share one set of marks.
"""

import os
import threading
from typing import Final, NamedTuple

import numpy as np

from begat.graph_schema.sqlite.snapshot import log
from begat.graph_schema.sqlite.snapshot.file import Array, read
from begat.graph_schema.sqlite.snapshot.head import Damaged

#: How many stores' snapshots a process keeps.
MOST: Final = 4
_SINCE: Final = "SELECT number, s, d, lot FROM flow_log WHERE number >= :since ORDER BY number"
_OWNERS: Final = "SELECT p, nid FROM phase WHERE p IN (SELECT value FROM json_each(:phases))"


class Side(NamedTuple):
    """The edges in one direction: of node i they are at[i] .. at[i + 1]; `dirty` marks nodes whose are not."""

    at: Array
    to: Array
    ctx: Array
    t: Array
    dirty: Array


class Snapshot:
    """The arrays of a file (see build.py), and what of them is out of date."""

    def __init__(self, token: str, mark: int, arrays: dict[str, Array]) -> None:
        self.token = token
        self.nodes = arrays["nodes"]
        self.who = arrays["who"]
        self.owners = arrays["owners"]
        self.rank, self.by_rank = arrays["rank"], arrays["by_rank"]
        #: Owners that were made several times, or may have been.
        self.again = arrays["again"].copy()
        self.made_since: set[int] = set()
        #: Flow nodes that the arrays do not have, and the log names.
        self.new: set[int] = set()
        self.up = self._side("up", arrays)
        self.down = self._side("down", arrays)
        #: A phase's number was given to another node: what the arrays say of it is wrong.
        self.spoilt = False
        #: Another store, or one from before, has taken the place of the one that this is of.
        self.other = False
        self.changes = 0
        #: The last row of the log that was taken in: its number, and its lot once that is known.
        self.seen, self._lot = mark, None if mark else 0
        self._turn = threading.Lock()

    def _side(self, name: str, arrays: dict[str, Array]) -> Side:
        at, to, ctx, t = (arrays[f"{name}_{part}"] for part in ("at", "to", "ctx", "t"))
        return Side(at, to, ctx, t, np.zeros(len(self.nodes), np.bool_))

    def index(self, numbers: Array) -> tuple[Array, Array]:
        """Where flow nodes are in the arrays, and which of them are there at all."""
        at = np.searchsorted(self.nodes, numbers)
        at[at == len(self.nodes)] = 0
        return at, (self.nodes[at] == numbers) if len(self.nodes) else np.zeros(len(at), np.bool_)

    def refresh(self, read: log.Read, last: int) -> bool:
        """Take in what the log told since; in the transaction in which edges are read, and the log ends with `last`.

        False where the transaction is of a moment before others' that has been taken in, or the store is another one.
        """
        with self._turn:
            if last <= self.seen and self._lot is not None:
                same = last == self.seen and (last == 0 or read(_SINCE, {"since": last})[0][3] == self._lot)
                self.other |= last == self.seen and not same
                return same and not self.spoilt
            rows = read(_SINCE, {"since": self.seen})
            if self.seen and (not rows or rows[0][0] != self.seen or self._lot not in (None, rows[0][3])):
                self.other = True
                return False
            new = rows[1:] if self.seen else rows
            if new:
                self._take(np.array([r[1:3] for r in new], np.int64), read)
            if rows:
                self.seen, self._lot = rows[-1][0], rows[-1][3]
            return not self.spoilt

    def _take(self, told: Array, read: log.Read) -> None:
        again = told[:, 0] == -1
        for nid in told[again, 1].tolist():
            self._made_again(nid)
        edges = told[~again]
        for side, numbers in ((self.up, edges[:, 0]), (self.down, edges[:, 1])):
            at, there = self.index(numbers)
            side.dirty[at[there]] = True
            self.new.update(numbers[~there].tolist())
        self.changes += len(edges)
        self._check_owners(np.unique(edges), read)

    def _made_again(self, nid: int) -> None:
        at = int(np.searchsorted(self.owners, nid))
        if at < len(self.owners) and self.owners[at] == nid:
            self.again[at] = 1
        self.made_since.add(nid)

    def _check_owners(self, numbers: Array, read: log.Read) -> None:
        """The number of a phase that is gone may be given to another."""
        phases = numbers[numbers & 3 == 3]
        at, there = self.index(phases)
        if not there.any():
            return
        held = dict(zip((phases[there] >> 2).tolist(), self.owners[self.who[at[there]]].tolist(), strict=True))
        now = read(_OWNERS, {"phases": str(list(held))})
        self.spoilt |= any(held[p] != nid for p, nid in now)


_turn = threading.Lock()
_held: dict[tuple[str, str], Snapshot] = {}
#: Files that could not be read, with the reason.
_refused: dict[tuple[str, str], str] = {}


def held(path: str, token: str) -> bool:
    """Whether this process has the snapshot of this name already."""
    return (os.path.abspath(path), token) in _held


def load(path: str, token: str) -> Snapshot | None:
    """The snapshot of this name, read if need be; None where it cannot be, or is no good any more."""
    key = (os.path.abspath(path), token)
    with _turn:
        found = _held.get(key)
        if found is None or found.other:
            if key in _refused:
                return None
            try:
                mark, arrays = read(log.place(path, token), token)
                found = Snapshot(token, mark, arrays)
            except (Damaged, OSError, KeyError) as wrong:
                _refused[key] = str(wrong)
                return None
            for old in [k for k in _held if k[0] == key[0]] or list(_held)[: 1 - MOST]:
                del _held[old]
            _held[key] = found
        return None if found.spoilt else found


def forget() -> None:
    """Let go of all snapshots; those in use stay until they are not."""
    with _turn:
        _held.clear()
        _refused.clear()
