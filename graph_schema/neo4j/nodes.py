"""A batch's descriptions, starts and ends, folded into node rows. See fold.py for the rules."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

import msgspec

from begat.graph_schema.fold import NodeFold
from begat.graph_schema.neo4j.rows import KNOWN, columns_of, fold_of, labels, past_of, without_nulls
from begat.graph_schema.neo4j.transaction import Row, Transaction
from begat.graph_schema.statements import Context, Description, Ended, Started

#: Nodes written at a time: the server makes some while the next are folded.
TOGETHER: Final = 500
#: Nodes with the same labels, from which a statement of their own pays.
COMMON: Final = 50

#: A statement about a node, with the number of its context.
Described = tuple[int, Description | Started | Ended]


class Held(msgspec.Struct, gc=False):
    """A node in one context while a batch is folded into it."""

    node: str
    ctx: int
    context: Context
    fold: NodeFold
    facet: bool = False
    stored: bool = False
    past: list[tuple[Row, str]] = []  # as stored: the row and its element
    told: bool = False  # the batch has a start or an end of it
    starts_before: bool = False  # it had a start before this batch, or has several
    started_again: bool = False  # and this batch has another
    ends_before: bool = False  # it had an end before the one of this batch


class Nodes:
    """Folds into the nodes of one transaction."""

    def __init__(self, tx: Transaction, contexts: dict[int, Context]) -> None:
        self._tx = tx
        self._contexts = contexts
        self.rows: dict[tuple[str, int], Held] = {}
        self._first: dict[str, int] = {}  # the context of each node's own description

    def fold(self, statements: Iterable[Described], new: set[str]) -> None:
        """Fold statements and write the rows. Of their nodes `new` are not there; those that are have been loaded."""
        by_node: dict[str, list[Described]] = {}
        for ctx, s in statements:
            by_node.setdefault(s.node, []).append((ctx, s))
        groups = list(by_node.values())
        for i in range(0, len(groups), TOGETHER):
            self._fold(chain.from_iterable(groups[i : i + TOGETHER]), new)

    def _fold(self, items: Iterable[Described], new: set[str]) -> None:
        """Fold all statements of some nodes, and write these."""
        touched: dict[tuple[str, int], Held] = {}
        for ctx, s in items:
            where = (s.node, ctx)
            held = self.rows.get(where)
            if held is None:
                held = self.rows[where] = Held(s.node, ctx, self._contexts[ctx], NodeFold())
                held.facet = self._first.setdefault(s.node, ctx) != ctx
            touched[where] = held
            self._tell(held, s)
        self._write(list(touched.values()), new)

    def load(self, nodes: Iterable[str]) -> None:
        """Read the descriptions of nodes that have some."""
        for node, facet, p, past in self._tx.many("nodes", "load", sorted(nodes), of="ids"):
            elements = [h.pop("element") for h in past]
            fold = fold_of(p, past)
            held = Held(node, p["ctx"], self._contexts[p["ctx"]], fold, facet, True)
            held.past = list(zip(past, elements, strict=True))
            held.starts_before, held.ends_before = bool(fold.starts), bool(fold.ends)
            self.rows[node, held.ctx] = held
            if not facet:
                self._first[node] = held.ctx

    @staticmethod
    def _tell(held: Held, s: Description | Started | Ended) -> None:
        fold = held.fold
        if isinstance(s, Description):
            fold.add(s)
            return
        held.told = True
        starts, ends = len(fold.starts), len(fold.ends)
        fold.add(s)
        if starts and len(fold.starts) > starts:
            held.starts_before = held.started_again = True
        if ends and len(fold.ends) > ends:
            held.ends_before = True

    def _create(self, rows: list[Row]) -> None:
        """Make nodes; many of one kind by a statement that has their labels, which costs the server less."""
        kinds: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows:
            kinds[tuple(row["labels"])].append(row)
        rare: list[Row] = []
        for names, some in kinds.items():
            if len(some) < COMMON or not KNOWN.issuperset(names):
                rare += some
            else:
                self._tx.put("nodes", "create_alike", [row["p"] for row in some], {"LABELS": ":".join(names)})
        self._tx.put("nodes", "create", rare)

    def _write(self, touched: list[Held], new: set[str]) -> None:
        created: list[Row] = []
        changed: list[Row] = []
        facets: list[Row] = []
        past: list[Row] = []
        gone: list[str] = []
        for held in touched:
            folded = held.fold.folded(held.context, held.node)
            p = columns_of(folded, held.ctx)
            row: dict[str, Any] = {"id": held.node, "labels": labels(folded.kinds, folded.types), "p": p}
            if held.facet:
                facets.append(row)
            elif held.node in new:
                created.append({"labels": row["labels"], "p": {"id": held.node, **without_nulls(p)}})
            else:
                changed.append(row)
            now = [without_nulls(h) for h in past_of(folded)]
            before = [h for h, _ in held.past]
            past += ({"id": held.node, "ctx": held.ctx, "p": h} for h in now if h not in before)
            gone += (element for h, element in held.past if h not in now)
        self._create(created)
        self._tx.put("nodes", "put", changed)
        self._tx.put("nodes", "put_facets", facets)
        self._tx.put("nodes", "drop_past", gone, of="elements")
        self._tx.put("nodes", "put_past", past)
