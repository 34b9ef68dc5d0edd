"""What is read of runs, as plans: on every store, of every project and time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from begat.graph_schema.store import Store
from begat.graph_schema.terms import MEMBER_OF_EXPERIMENT, PART
from begat.queries.engine import run
from begat.queries.expr import Expr, Prop, Var, any_of, eq, op
from begat.queries.plan import C, E, Either, L, N, Opt, Query, Rows, T, W
from begat.queries.runs.facts import Base, Facts, Key, Near, Series, Settings, Wanted
from begat.queries.scope import Scope
from begat.queries.series import POINTS, rolled_up

X: Final = (Rows("ids", "id"), N("x", id=Var("id")))
#: Relations to what stands around a run.
NEAR: Final = ("used", "wasAssociatedWith", "ranOn", "submittedAs")

BASE: Final = Query(
    (*X, Opt((T("end", "x", {"at": "at", "outcome": "outcome", "error": "error"}),))),
    {
        "id": Var("x"), "name": Prop("x", "name"), "type": Prop("x", "type"), "kind": Prop("x", "kind"),
        "started": Prop("x", "started"), "ended": Prop("x", "ended"),
        "outcome": Var("outcome"), "error": Var("error"), "at": Var("at"),
    },
    ("id", "at"),
)  # fmt: skip
SETTINGS: Final = Query(
    (*X, E("x", ("hasSetting",), "s")),
    {"id": Var("x"), "name": Prop("s", "name"), "value": Prop("s", "value"), "s": Var("s")},
    ("id", "name", "s"),
)
_ROLLUP: Final = ("name", "labels", "count", "last", "min", "max")
ROLLUPS: Final = Query(
    (*X, T("rollup", "x", {c: c for c in _ROLLUP})), {"id": Var("x"), **{c: Var(c) for c in _ROLLUP}}, ("id", "name")
)
EVALUATIONS: Final = Query(
    (
        *X,
        E("v", ("wasGeneratedBy",), "x", at="at"),
        N("v", ("ModelEvaluation",)),
        Opt((T("description", "v", {"attrs": "attrs"}),)),
    ),
    {
        "id": Var("x"), "name": Prop("v", "name"), "attrs": Var("attrs"), "number": Prop("v", "number"),
        "at": Var("at"), "v": Var("v"),
    },
    ("id", "name", "at"),
)  # fmt: skip
#: Runs, and what they are parts of.
_WHOLES: Final = Either(((L("w", Var("x")),), (C("x", ("partOf",), "w", "up", with_role=PART),)))
WHOLES: Final = Query(
    (*X, _WHOLES, E("w", ("partOf",), "above", with_role=PART)), {"part": Var("w"), "whole": Var("above")}, ("part",)
)
_THERE: Final[dict[str, Expr]] = {
    "run": Var("w"), "relation": Var("relation"), "role": Var("role"), "id": Var("y"), "name": Prop("y", "name"),
    "type": Prop("y", "type"), "attrs": Var("attrs"),
}  # fmt: skip
AROUND: Final = Query(
    (
        *X,
        _WHOLES,
        Either(
            (
                (E("w", NEAR, "y", rel="relation", role="role"),),
                (
                    E("w", ("partOf",), "y", rel="relation", role="role"),
                    W(any_of(op("isnull", Var("role")), eq(Var("role"), MEMBER_OF_EXPERIMENT))),
                ),
            )
        ),
        Opt((T("description", "y", {"attrs": "attrs"}),)),
    ),
    _THERE,
    ("run", "relation", "id"),
)


def read(store: Store, scope: Scope, ids: Sequence[str], wanted: Wanted) -> Facts:
    """The facts of these runs, in a bounded number of queries."""
    given = {"ids": list(ids)}
    held = {row[0]: row[:8] for row in run(store, BASE, given, scope).rows}
    there = [i for i in ids if i in held]
    facts = Facts(Base(there, *zip(*(held[i] for i in there), strict=True)) if there else Base())
    if wanted.settings:
        facts.settings = _settings(run(store, SETTINGS, given, scope).rows)
    if wanted.series:
        facts.series += _series(store, scope, given)
        facts.series += _evaluations(store, scope, given)
    if wanted.near:
        facts.wholes += [(part, whole) for part, whole in run(store, WHOLES, given, scope).rows]
        facts.near = _near(store, scope, given)
    return facts


def _settings(rows: Iterable[tuple[Any, ...]]) -> list[Settings]:
    told: dict[str, dict[str, Any]] = defaultdict(dict)
    for id_, name, value, _ in rows:
        if name is not None and value is not None:
            told[id_][name] = msgspec.json.decode(value)
    return [Settings(tuple(held), [id_], [tuple(held.values())]) for id_, held in told.items()]


def _series(store: Store, scope: Scope, given: dict[str, Any]) -> list[Series]:
    if scope.as_of is None:
        return [*run(store, ROLLUPS, given, scope).rows]
    return [r[:-1] for r in rolled_up(run(store, POINTS, given, scope).rows)]


def _evaluations(store: Store, scope: Scope, given: dict[str, Any]) -> list[Series]:
    """Of several evaluations by one name and split the last counts."""
    found: dict[tuple[Key, str, str], float | None] = {}
    for id_, name, attrs, number, _, _ in run(store, EVALUATIONS, given, scope).rows:
        if name is not None:
            found[id_, name, split_of(first(attrs, "split"))] = number
    return [(*key, 1, number, number, number) for key, number in found.items()]


def split_of(split: Any) -> str:
    """An evaluation's split as a series' labels."""
    return "" if split is None else msgspec.json.encode({"split": split}).decode()


def _near(store: Store, scope: Scope, given: dict[str, Any]) -> dict[Key, list[Near]]:
    found: dict[tuple[str, int, str], Near] = {}
    for run_, relation, _, id_, name, type_, attrs in run(store, AROUND, given, scope).rows:
        digest, commit = first(attrs, "digest"), first(attrs, "commit")
        known = found.get((run_, relation, id_))
        if known is not None:  # described in several bundles
            digest, commit = known.digest or digest, known.commit or commit
        found[run_, relation, id_] = Near(relation, id_, name, type_, digest, commit)
    near: dict[Key, list[Near]] = defaultdict(list)
    for (run_, _, _), n in found.items():
        near[run_].append(n)
    return near


def first(attrs: str | None, key: str) -> Any:
    """The first value of an attribute."""
    values = msgspec.json.decode(attrs).get(key) if attrs else None
    return values[0] if values else None
