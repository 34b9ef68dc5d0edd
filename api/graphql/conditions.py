"""`where` and `orderBy`: typed conditions, read into the language of `begat find --where`, whose meaning they have."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final, get_args

import strawberry

from begat.api.graphql.scalars import DateTime, Json, Number
from begat.graph_schema.errors import UsageError
from begat.queries.answer import iso
from begat.queries.facts import Subject
from begat.queries.status import Status as StatusName
from begat.queries.where import Where, parse

Given = Mapping[str, Any]


def _given(help: str, name: str | None = None) -> Any:
    return strawberry.field(description=help, name=name, default=strawberry.UNSET)


@strawberry.enum(description="What became of an activity.")
class Status(Enum):
    FAILED = "FAILED"
    KILLED = "KILLED"
    LOST = "LOST"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"


@strawberry.enum(description="Which value of a measure is compared.")
class Which(Enum):
    LAST = "last"
    MIN = "min"
    MAX = "max"
    FIRST = "first"


@strawberry.enum(description="The least first, or the greatest.")
class Direction(Enum):
    ASC = ""
    DESC = "-"


@strawberry.enum(description="A property to order by. SEEN is its start, else when its name was last said.")
class Order(Enum):
    SEEN = "seen"
    NAME = "name"
    TYPE = "type"
    STARTED_AT = "started_at"
    ENDED_AT = "ended_at"
    ID = "id"


@strawberry.input(description="A condition on a text. All that is given must hold.")
class TextIs:
    equals: str | None = _given("It is this.")
    one_of: list[str] | None = _given("It is one of these.", "in")
    starts_with: str | None = _given("It begins with this, letter by letter.")


@strawberry.input(description="A condition on a time. All that is given must hold.")
class TimeIs:
    since: DateTime | None = _given("Then or later.")
    until: DateTime | None = _given("Before then.")


@strawberry.input(description="A condition on a setting or an attribute. All that is given must hold of one value.")
class SettingIs:
    name: str = strawberry.field(description="Its name.")
    equals: Json | None = _given("A text, a number or a truth value.")
    less_than: Number | None = _given("Less than this.")
    at_most: Number | None = _given("This or less.")
    at_least: Number | None = _given("This or more.")
    more_than: Number | None = _given("More than this.")


@strawberry.input(description="A condition on a measure. All that is given must hold.")
class MetricIs:
    name: str = strawberry.field(description="Its name.")
    context: str | None = _given("Only of the series with this context: split=val,fold=1.")
    which: Which | None = _given("Which of its values: the last, unless told.")
    equals: Number | None = _given("Exactly this.")
    less_than: Number | None = _given("Less than this.")
    at_most: Number | None = _given("This or less.")
    at_least: Number | None = _given("This or more.")
    more_than: Number | None = _given("More than this.")


@strawberry.input(description="Conditions on a node. All that are given must hold.")
class AgentWhere:
    name: TextIs | None = _given("Of its name; a file's is its path.")
    types: list[str] | None = _given("It is of one of these types, subtypes included.")
    attributes: list[SettingIs] | None = _given("Of its attributes.")


@strawberry.input(description="Conditions on an entity. All that are given must hold.")
class EntityWhere(AgentWhere):
    settings: list[SettingIs] | None = _given("Of the settings of what made it.")
    metrics: list[MetricIs] | None = _given("Of its evaluations, and of the measures of what made it.")
    about: str | None = _given("A concept, by id or name: what it, or what made it, is about, or lies within.")


@strawberry.input(description="Conditions on an activity. All that are given must hold.")
class ActivityWhere(AgentWhere):
    started_at: TimeIs | None = _given("Of its start.")
    ended_at: TimeIs | None = _given("Of its end.")
    status: list[Status] | None = _given("What became of it is one of these.")
    settings: list[SettingIs] | None = _given("Of its settings.")
    metrics: list[MetricIs] | None = _given("Of its measures, and of evaluations that it made.")
    about: str | None = _given("A concept, by id or name: what it is about, or lies within.")


@strawberry.input(description="What things are ordered by: a property, a setting or a measure. Ids decide ties.")
class OrderBy:
    field: Order | None = _given("A property.")
    setting: str | None = _given("The name of a setting whose values are numbers.")
    metric: str | None = _given("The name of a measure, as in `begat find --sort`: loss, loss.min, loss[split=val].")
    direction: Direction = strawberry.field(
        description="What comes first. What has no value comes last both ways.", default=Direction.ASC
    )


#: Nothing holds it: an id is never less than the empty text.
NOTHING: Final = 'id < ""'
_SIGNS: Final = {"equals": "=", "lessThan": "<", "atMost": "<=", "atLeast": ">=", "moreThan": ">"}
#: The last sign of all, and those that are half a character.
_LAST, _HALF, _AFTER_HALF = "\U0010ffff", "\ud800", "\ue000"


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _literal(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _text(value)
        case _:
            raise UsageError("where: a setting is compared with a text, a number, true or false")


def _within(prefix: str, name: str, forbidden: str = "`") -> str:
    if any(sign in name for sign in forbidden):
        raise UsageError(f"where: {name!r} holds one of {forbidden!r}, and cannot be looked for")
    return f"{prefix}.`{name}`"


def _any(tests: list[str]) -> str:
    return f"({' or '.join(tests)})" if tests else NOTHING


def _beginning(what: str, start: str) -> str:
    """Texts that begin so lie from it to the least text above all of them."""
    tests = [f"{what} >= {_text(start)}"]
    if head := start.rstrip(_LAST):
        following = chr(ord(head[-1]) + 1)
        tests.append(f"{what} < {_text(head[:-1] + (_AFTER_HALF if following == _HALF else following))}")
    return " and ".join(tests)


def _named(given: Given) -> Iterator[str]:
    if (exactly := given.get("equals")) is not None:
        yield f"name = {_text(exactly)}"
    if (among := given.get("in")) is not None:
        yield _any([f"name = {_text(n)}" for n in among])
    if (start := given.get("startsWith")) is not None:
        yield _beginning("name", start)


def _time(what: str) -> Callable[[Given], Iterator[str]]:
    def read(given: Given) -> Iterator[str]:
        for key, sign in (("since", ">="), ("until", "<")):
            if (when := given.get(key)) is not None:
                yield f'{what} {sign} "{iso(when)}"'

    return read


def _compared(what: str, given: Given) -> Iterator[str]:
    tests = [f"{what} {sign} {_literal(given[key])}" for key, sign in _SIGNS.items() if given.get(key) is not None]
    if not tests:
        raise UsageError(f"where: {given['name']!r}: say what it is compared with: {', '.join(_SIGNS)}")
    yield from tests


def _settings(prefix: str) -> Callable[[list[Given]], Iterator[str]]:
    def read(several: list[Given]) -> Iterator[str]:
        for given in several:
            yield from _compared(_within(prefix, given["name"]), given)

    return read


def _metrics(several: list[Given]) -> Iterator[str]:
    for given in several:
        labels = given.get("context")
        if labels is not None and "]" in labels:
            raise UsageError(f"where: the context {labels!r} holds a bracket, and cannot be looked for")
        which = given.get("which")
        what = _within("metrics", given["name"]) + (f"[{labels}]" if labels is not None else "")
        yield from _compared(f"{what}.{which.value}" if which is not None else what, given)


def _statuses(wanted: list[Any]) -> Iterator[str]:
    """A status can only be joined by "and": those that it is not."""
    names = {s.value for s in wanted}
    yield from (f"status != {_text(s)}" for s in get_args(StatusName) if s not in names)


#: The fields of a `where`, each with what reads it.
READ: Final[dict[str, Callable[[Any], Iterator[str]]]] = {
    "name": _named,
    "types": lambda types: iter([_any([f"type = {_text(t)}" for t in types])]),
    "attributes": _settings("attributes"),
    "settings": _settings("params"),
    "metrics": _metrics,
    "about": lambda concept: iter([f"about = {_text(concept)}"]),
    "startedAt": _time("started"),
    "endedAt": _time("ended"),
    "status": _statuses,
}


def expression(given: Given | None) -> str:
    """A typed condition as `begat find --where` takes it."""
    return " and ".join(test for key, value in (given or {}).items() if value is not None for test in READ[key](value))


def condition(text: str, who: Subject) -> Where:
    """What the store filters by. Raises UsageError."""
    return parse(text, who, flag="where") if text else Where()


def ordered_by(given: Given | None) -> str:
    """An order as `begat find --sort` takes it; empty where none is given. Raises UsageError."""
    if given is None:
        return ""
    field = given.get("field")
    keys = [] if field is None else [field.value]
    for key, prefix in (("setting", "params"), ("metric", "metrics")):
        if (name := given.get(key)) is not None:
            if "," in name:
                raise UsageError(f"orderBy: {name!r} holds a comma, and cannot be ordered by")
            keys.append(f"{prefix}.{name}")
    if len(keys) != 1:
        raise UsageError("orderBy: give one of field, setting and metric")
    return f"{given['direction'].value}{keys[0]}"
