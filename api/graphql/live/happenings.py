"""What happens in a run, one thing at a time: as the store's changes tell it, and what a store has of it already."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from begat.api.graphql.series import Row, row_of
from begat.api.graphql.things import At, by_ids
from begat.graph_schema.events import lexical
from begat.graph_schema.statements import AnyStatement, Description, Ended, Point, Relation, Started
from begat.graph_schema.terms import PART, RELATIONS, SECTION
from begat.queries.answer import iso, shown
from begat.queries.engine import run
from begat.queries.expr import Const, Prop, Var
from begat.queries.plan import EACH, E, Either, L, Query, T

#: Relations that have a word of their own here.
_WORD: Final = {"used": "USED", "wasGeneratedBy": "GENERATED", "hasSetting": "SETTING"}
#: Of what happened at one time, in which order it is told.
_RANK: Final = {"STARTED": 0, "METRIC": 2, "ENDED": 3}


class Happening(msgspec.Struct, gc=False):
    """`moment` in microseconds; `number` is a point's value, `value` as it is shown. See the schema for the rest."""

    kind: str
    moment: int | None
    activity: str
    name: str | None = None
    type: str | None = None
    value: Any = None
    number: float | None = None
    step: int | float | None = None
    labels: str = ""
    thing: str | None = None
    relation: str | None = None
    role: str | None = None
    outcome: str | None = None
    error: str | None = None

    @property
    def at(self) -> str | None:
        return None if self.moment is None else iso(self.moment)

    @property
    def context(self) -> Any:
        return msgspec.json.decode(self.labels) if self.labels else None

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for the same happening, whether a change told it or the store."""
        what = (self.name, self.labels, self.value, self.step) if self.kind == "METRIC" else ()
        return (self.kind, self.moment, self.activity, self.thing, self.relation, self.role, self.outcome, *what)


def point(moment: int | None, activity: str, name: str, labels: str, step: Any, number: float) -> Happening:
    """A point of a series."""
    return Happening(
        "METRIC", moment, activity, name, value=lexical(number), number=number, step=shown(step, "number"),
        labels=labels,
    )  # fmt: skip


#: Points by name and context.
BySeries = dict[tuple[str, str], list[Row]]


def by_series(happened: Iterable[Happening]) -> BySeries:
    """The points among what happened, in order."""
    found: BySeries = {}
    for h in happened:
        if h.kind == "METRIC" and h.name is not None:
            found.setdefault((h.name, h.labels), []).append(row_of(h.moment, h.step, h.number))
    return found


def _related(moment: int | None, run_id: str, relation: str, thing: str, role: str | None) -> Happening:
    return Happening(_WORD.get(relation, "RELATED"), moment, run_id, thing=thing, relation=relation, role=role)


Named = Callable[[Iterable[str]], dict[str, tuple[str | None, str | None, Any]]]


def heard(statements: Sequence[AnyStatement], of: str, members: set[str]) -> list[Happening]:
    """What statements tell of a run, in their order. `members`, its sections and parts, grow with what they tell."""
    found: list[Happening] = []
    names: dict[str, Description] = {}
    for s in statements:
        if type(s) is Description:
            names[s.node] = s
        elif type(s) is Relation and s.relation == "partOf" and s.target == of and s.role in (PART, SECTION):
            members.add(s.source or of)
    for s in statements:
        moment = s.position.time
        match s:
            case Started(node=node) if node == of or node in members:
                found.append(Happening("STARTED", moment, node))
            case Ended(node=node) if node == of or node in members:
                found.append(Happening("ENDED", moment, node, outcome=s.outcome, error=s.error))
            case Point(activity=activity) if activity == of:
                found.append(point(moment, of, s.name, s.labels, s.step, s.value))
            case Relation(source=source, target=target) if of in (source, target) and not _is_member(s, of):
                other = target if source == of else source
                if other is not None:
                    found.append(_related(moment, of, s.relation, other, s.role))
            case _:
                pass
    for h in found:
        if h.kind != "METRIC" and (said := names.get(h.thing or h.activity)) is not None:
            h.name, h.type = said.name, next(iter(said.types), None)
            h.value = msgspec.json.decode(said.value) if h.kind == "SETTING" and said.value else None
    return found


def _is_member(s: Relation, of: str) -> bool:
    """What is told as the start of a section or part."""
    return s.relation == "partOf" and s.target == of and s.role in (PART, SECTION)


def name_all(at: At, found: Iterable[Happening]) -> None:
    """Names and types of what has none yet: in one statement."""
    nameless = [h for h in found if h.kind != "METRIC" and h.name is None and h.type is None]
    if nameless:
        batch = by_ids(at, {h.thing or h.activity for h in nameless}, ("name", "type"))
        columns = (batch.column("id"), batch.column("name"), batch.column("type"))
        known = {i: (name, type_) for i, name, type_ in zip(*columns, strict=True)}
        for h in nameless:
            h.name, h.type = known.get(h.thing or h.activity, (None, None))


_MEMBERS: Final = Query((*EACH, E("y", ("partOf",), "a", with_role=(PART, SECTION))), {"id": Var("y")}, ("id",))
_NAMED: Final = {"name": Prop("a", "name"), "type": Prop("a", "type")}
_TIMES: Final = Query(
    (
        *EACH,
        Either(
            (
                (T("start", "a", {"at": "at"}), L("outcome", Const(None)), L("error", Const(None))),
                (T("end", "a", {"at": "at", "outcome": "outcome", "error": "error"}),),
            )
        ),
    ),
    {"id": Var("a"), **_NAMED, "at": Var("at"), "outcome": Var("outcome"), "error": Var("error")},
    ("-at", "id", "outcome", "error"),
)
_ALL: Final = tuple(r for r in RELATIONS if r != "partOf")
_RELATIONS: Final = Query(
    (
        *EACH,
        Either(
            (
                (E("a", (*_ALL, "partOf"), "y", rel="rel", role="role", at="at"),),
                (E("y", _ALL, "a", rel="rel", role="role", at="at"),),
            )
        ),
    ),
    {
        "rel": Var("rel"), "id": Var("y"), "role": Var("role"), "at": Var("at"), "name": Prop("y", "name"),
        "type": Prop("y", "type"), "value": Prop("y", "value"),
    },
    ("-at", "id", "rel", "role"),
)  # fmt: skip
_POINTS: Final = Query(
    (
        *EACH,
        T("point", "a", {"name": "name", "labels": "labels", "at": "at", "step": "step", "value": "value",
                         "nan": "nan"}),
    ),
    {c: Var(c) for c in ("at", "name", "labels", "step", "value", "nan")},
    ("-at", "name", "labels", "step", "value", "nan"),
)  # fmt: skip


def members_of(at: At, of: str) -> set[str]:
    """The sections and parts of a run."""
    return {i for (i,) in run(at.store, _MEMBERS, {"ids": [of]}, at.scope).rows}


class Told(NamedTuple):
    """What has happened by now, in order; `more` did before."""

    happenings: list[Happening]
    more: bool


def told(at: At, of: str, last: int) -> Told:
    """The last so many things that have happened in a run."""
    ids = sorted({of, *members_of(at, of)})
    found = []
    for node, name, type_, moment, outcome, error in run(at.store, _TIMES, {"ids": ids}, at.scope, last + 1).rows:
        kind = "STARTED" if outcome is None else "ENDED"
        found.append(Happening(kind, moment, node, name, type_, outcome=outcome, error=error))
    for rel, thing, role, moment, name, type_, value in run(
        at.store, _RELATIONS, {"ids": [of]}, at.scope, last + 1
    ).rows:
        h = _related(moment, of, shown(rel, "relation"), thing, role)
        h.name, h.type, h.value = name, type_, shown(value, "json") if h.kind == "SETTING" else None
        found.append(h)
    for moment, name, labels, step, value, nan in run(at.store, _POINTS, {"ids": [of]}, at.scope, last + 1).rows:
        found.append(point(moment, of, name, labels or "", step, float("nan") if nan else value))
    found.sort(key=lambda h: (h.moment or 0, _RANK.get(h.kind, 1)))
    return Told(found[-last:] if last else [], len(found) > last)
