"""Lineage as it is: ancestors and descendants of a thing, by the lineage law or along relations that the asker names.

One search in the steps of a closure (steps.py, reach.py), then one query for what is told of the nodes nearest first:
of a closure of a million only those are looked at that the answer holds.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec

from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries.accelerated import by_sql, closed
from begat.queries.answer import Answer, iso, shown
from begat.queries.ask import at_most
from begat.queries.columns import DEPTH, NODE, TIMES, VIA, node, times
from begat.queries.engine import ids_of, look, run
from begat.queries.evaluator import in_order
from begat.queries.expr import Const, Expr, Prop, Var, all_of, any_of, op
from begat.queries.facts import Subject
from begat.queries.kinds import kind_or_type, kinds_or_types, relations_named
from begat.queries.naming import find_thing
from begat.queries.plan import FLOW, Atom, Direction, E, Either, Has, N, Not, Query, Rows, W
from begat.queries.reach import reach
from begat.queries.scope import Scope
from begat.queries.status import statuses
from begat.queries.steps import steps
from begat.queries.walk import halted
from begat.queries.where import parse

COLUMNS: Final = (*NODE, DEPTH, VIA, *TIMES)
_NAMES: Final = tuple(c.name for c in COLUMNS)
#: Nodes that are looked at together, nearest first, until there are enough.
TOGETHER: Final = 2_000

#: A node's id, its least depth, and the node before it on a least way.
Reached = tuple[str, int, str]


class Filter(msgspec.Struct, frozen=True):
    """What of a walk is told: only `types` (kinds or types), only what happened from `since` up to `until`.

    `stop`: types or conditions; the walk goes to what they hold for, and no further. `relations`: walk along these
    stored relations, from effect to cause, instead of by the lineage law. Times in microseconds since the epoch, UTC.
    """

    types: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None

    def told(self) -> dict[str, Any]:
        """As parameters of the answer."""
        given = {"types": self.types, "relations": self.relations, "stop": self.stop}
        moments = {"since": self.since, "until": self.until}
        shown_ = {k: iso(v) for k, v in moments.items() if v is not None}
        return {k: list(v) for k, v in given.items() if v} | shown_


ALL: Final = Filter()


def ancestors(
    store: Store,
    of: str,
    *,
    depth: int | None = None,
    types: tuple[str, ...] = (),
    relations: tuple[str, ...] = (),
    stop: tuple[str, ...] = (),
    since: int | None = None,
    until: int | None = None,
    limit: int | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """What a thing depends on. `depth`: how far, in entities and activities; the others are Filter's.

    Raises NotFound and Ambiguous for the thing and for types, UsageError for what cannot be read.
    """
    kept = Filter(types, relations, stop, since, until)
    return closure(store, "ancestors", of, "up", kept, depth, limit, look(store, project, as_of))


def descendants(
    store: Store,
    of: str,
    *,
    depth: int | None = None,
    types: tuple[str, ...] = (),
    relations: tuple[str, ...] = (),
    stop: tuple[str, ...] = (),
    since: int | None = None,
    until: int | None = None,
    limit: int | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """What depends on a thing; as `ancestors`."""
    kept = Filter(types, relations, stop, since, until)
    return closure(store, "descendants", of, "down", kept, depth, limit, look(store, project, as_of))


def closure(
    store: Store, name: str, of: str, direction: Direction, kept: Filter, depth: int | None, limit: int | None,
    scope: Scope,
) -> Answer:  # fmt: skip
    """The answer of a closure in one direction."""
    most = at_most(limit)
    thing = find_thing(store, of, scope)
    found, cut = walk(store, scope, thing.id, direction, kept, depth)
    rows, more = described(store, scope, found, kept, most)
    return Answer(
        question=name,
        params={"thing": of} | ({} if depth is None else {"depth": depth}) | kept.told(),
        columns=list(COLUMNS),
        rows=[{c.name: shown(r[c.name], c.type) for c in COLUMNS} for r in rows],
        truncated=cut or more,
        as_of=None if scope.as_of is None else iso(scope.as_of),
        pending=scope.marked,
        notes=thing.notes,
        starts=[thing.id],
        way=direction,
    )


def walk(
    store: Store, scope: Scope, start: str, direction: Direction, kept: Filter, depth: int | None
) -> tuple[list[Reached], bool]:
    """All that a walk reaches, nearest first, and whether something lies deeper than asked for."""
    if depth is not None and depth < 1:
        raise UsageError(f"depth is {depth!r}: give a whole number from 1")
    rels = relations_named(kept.relations) if kept.relations else FLOW
    stops = [_stop(store, text, scope) for text in kept.stop]
    quick = closed(store, scope, start, direction, depth) if rels == FLOW and not stops else None
    if quick is not None:
        rows = quick.rows()
        name = ids_of(store, {n for row in rows for n in (row[0], row[2])})
        return sorted(((name[n], far, name[via]) for n, far, via in rows), key=lambda r: r[1]), quick.truncated
    with by_sql(store):
        walked = steps(store, scope, start, direction, rels)
    ways = walked.steps
    owners = {owned_by for _, _, _, owned_by, _ in ways}
    id_of = walked.ids(owners)
    if stops:
        holding = _holding(store, scope, list(id_of.values()), stops)
        ways = halted(ways, {owner for owner, n in id_of.items() if n in holding})
    found = reach(ways, depth)
    reached = [(id_of[n], r.depth, min(id_of[v] for v in r.vias)) for n, r in found.found.items()]
    return sorted(reached, key=lambda r: r[1]), found.truncated


def _stop(store: Store, text: str, scope: Scope) -> tuple[Atom, ...]:
    """A type's name, or else a condition."""
    if text.isidentifier() or not any(sign in text for sign in "=<>"):
        return (N("y", (kind_or_type(store, text, scope),)),)
    where = parse(text, Subject("y", None, scope.as_of is not None), flag="--stop")
    if where.statuses is not None:
        raise UsageError(f"--stop {text!r}: a walk cannot stop at a status")
    if not where.body():
        raise UsageError(f"--stop {text!r} says nothing")
    return where.body()


def _holding(store: Store, scope: Scope, ids: list[str], stops: Sequence[tuple[Atom, ...]]) -> set[str]:
    """The nodes at which a walk ends."""
    found: set[str] = set()
    for stop in stops:
        query = Query((Rows("ids", "id"), N("y", id=Var("id")), *stop), {"id": Var("y")}, ("id",))
        found.update(n for (n,) in run(store, query, {"ids": ids}, scope).rows)
    return found


def described(
    store: Store, scope: Scope, reached: Sequence[Reached], kept: Filter, limit: int
) -> tuple[list[dict[str, Any]], bool]:
    """What is told of reached nodes, nearest first, at most `limit` of them; and whether there are more."""
    query = telling(kinds_or_types(store, kept.types, scope), kept.since, kept.until)
    rows: list[tuple[Any, ...]] = []
    for nearest in _by_depth(reached):
        at = {n: (depth, via) for n, depth, via in nearest}
        told = run(store, query, {"ids": list(at)}, scope).rows
        rows += [(*r[: len(NODE)], *at[r[0]], None, *r[len(NODE) :]) for r in told]
        if len(rows) > limit:
            break
    held = in_order(rows, list(_NAMES), ("depth", "started_at", "name", "id"))
    answer = [dict(zip(_NAMES, r, strict=True)) for r in held[:limit]]
    status = statuses(store, scope, [r["id"] for r in answer if r["kind"] == "Activity"])
    for row in answer:
        row["status"] = status.get(row["id"])
    return answer, len(rows) > limit


@lru_cache(64)
def telling(types: tuple[str, ...], since: int | None = None, until: int | None = None) -> Query:
    """The plan: of some nodes those of these types and this time, with what is told of them."""
    body: list[Atom] = [Rows("ids", "id"), N("y", id=Var("id"))]
    if types:
        body.append(N("y", types))
    if since is not None or until is not None:
        body.append(Has((Either(_within(since, until)),)))
    return Query(tuple(body), {**node("y"), **times("y")}, ("id",))


def _within(since: int | None, until: int | None) -> tuple[tuple[Atom, ...], ...]:
    """Activities at work then, what was made then, and what nobody made but somebody used then."""
    if since is not None and until is not None and since >= until:
        raise UsageError(f"from {iso(since)} to {iso(until)} is no time at all: --since comes before --until")
    started, ended, t = Prop("y", "started"), Prop("y", "ended"), Var("t")
    begun = op("not", op("isnull", started)) if until is None else op("<", started, Const(until))
    unended = () if since is None else (any_of(op("isnull", ended), op(">=", ended, Const(since))),)
    moment = W(all_of(*_bounds(t, since, until)))
    made = "wasGeneratedBy"
    return (
        (N("y", ("Activity",)), W(all_of(begun, *unended))),
        (E("y", (made,), "maker", at="t"), moment),
        (Not((E("y", (made,), "any"),)), E("user", ("used",), "y", at="t"), moment),
    )


def _bounds(t: Expr, since: int | None, until: int | None) -> Iterator[Expr]:
    if since is not None:
        yield op(">=", t, Const(since))
    if until is not None:
        yield op("<", t, Const(until))


def _by_depth(reached: Sequence[Reached]) -> Iterator[list[Reached]]:
    """Parts of whole depths, each some thousand nodes or more."""
    part: list[Reached] = []
    for r in reached:
        if len(part) >= TOGETHER and r[1] != part[-1][1]:
            yield part
            part = []
        part.append(r)
    if part:
        yield part
