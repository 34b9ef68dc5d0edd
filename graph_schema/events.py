"""What travels: the wire events of the journal, format 1.

A journal line is `crc32 (8 hex digits) <space> json <newline>`; line 1 of a segment is a Header, the last line of
a sealed one a Footer, all between are events. Each event carries its writer's sequence number `seq` (from 1, without
gaps) and `at`, microseconds since the epoch, UTC; `at` never decreases within a writer. With the writer's id from the
header these are the event's position and its identity. `run` is the activity the event belongs to.
"""

from math import isfinite, isnan
from typing import Any, Final, Literal
from zlib import crc32

import msgspec

FORMAT: Final = 1
#: A writer that has nothing to say writes a beat this often, in seconds.
BEAT: Final = 30.0

#: An attribute's value: a JSON scalar, or {"$": lexical form, "type": datatype IRI, "lang": language} as in PROV-JSON.
Value = str | int | float | bool | dict[str, str] | None
Attributes = dict[str, Value | list[Value]]
#: How an activity ended. "resumed" is said by who goes on with it: what became of the attempts before counts no more.
Outcome = Literal["finished", "failed", "killed", "resumed"]
RESUMED: Final = "resumed"


class Event(msgspec.Struct, tag_field="type", omit_defaults=True, gc=False):
    """What all events share: the writer's sequence number and the time in microseconds since the epoch, UTC."""

    seq: int
    at: int


class Start(Event, tag="start"):
    """An activity starts; again if it is resumed, then without a name it keeps the one it has.

    `parent` is the activity it is a part of; a section (epoch) names the activity that it is one of as `section_of`.
    """

    run: str
    name: str | None
    types: list[str] = []
    parent: str | None = None
    section_of: str | None = None
    experiment: str | None = None
    attributes: Attributes = {}


class End(Event, tag="end"):
    """An activity ends; `error` is the user's exception in one line, `trace` its traceback."""

    run: str
    outcome: Outcome = "finished"
    error: str | None = None
    trace: str | None = None


class Used(Event, tag="used"):
    """`run` used an entity, inside `section` if one was open."""

    run: str
    entity: str
    role: str | None = None
    section: str | None = None
    attributes: Attributes = {}


class Generated(Event, tag="generated"):
    """`run` generated an entity. With `of`, the entity depends on those entities alone (law, rule 6)."""

    run: str
    entity: str
    role: str | None = None
    section: str | None = None
    of: list[str] = []
    attributes: Attributes = {}


class Node(Event, tag="node"):
    """A description of a node of any kind. `value` is a setting's or evaluation's value, as Setting's."""

    id: str
    kind: str
    types: list[str] = []
    name: str | None = None
    attributes: Attributes = {}
    value: Any = msgspec.UNSET
    bundle: str | None = None


class Alias(Event, tag="alias"):
    """The file seen as `observation` is this `version`: statements about the one are about the other."""

    observation: str
    version: str


class Setting(Event, tag="setting"):
    """A setting of an activity or section; `value` is JSON, NaN and infinities as {"$": "NaN", "type": xsd:double}."""

    run: str
    name: str
    value: Any


class Metric(Event, tag="metric"):
    """A point of the series (run, name, context). NaN and infinities are "NaN", "INF", "-INF", as in XML Schema."""

    run: str
    name: str
    value: float | str
    step: int | float | None = None
    section: str | None = None
    context: dict[str, Any] | None = None


class Relate(Event, tag="relation"):
    """Any relation of terms.RELATIONS: PROV's further arguments by name, its own id, a role, a time, attributes."""

    relation: str
    source: str | None
    target: str | None
    role: str | None = None
    id: str | None = None
    time: int | None = None
    arguments: dict[str, str] = {}
    attributes: Attributes = {}
    bundle: str | None = None


class Beat(Event, tag="beat"):
    """The writer lives although it had nothing to say."""


class Gap(Event, tag="gap"):
    """So far `dropped` events of this writer, in all, could not be written (disk full, say, or a value that no hook
    can record): `reason`."""

    dropped: int
    reason: str


class Header(msgspec.Struct, tag_field="type", tag="journal", omit_defaults=True):
    """Line 1 of a segment: who writes, where, and what the ids of its process are (proof of death needs them)."""

    format: int
    writer: str
    segment: int
    project: str
    host: str
    boot: str
    pid: int
    pid_start: int
    pid_ns: str
    wall: int
    monotonic: int
    scheduler: dict[str, str] = {}
    begat: str = ""


class Footer(msgspec.Struct, tag_field="type", tag="footer", omit_defaults=True):
    """The last line of a sealed segment: how many events, and the crc32 of all bytes before it."""

    count: int
    crc: int


Wire = Start | End | Used | Generated | Node | Alias | Setting | Metric | Relate | Beat | Gap

encode: Final = msgspec.json.Encoder().encode

XSD_DOUBLE: Final = "http://www.w3.org/2001/XMLSchema#double"


def line(event: Wire | Header | Footer) -> bytes:
    """The journal line of an event."""
    body = encode(event)
    return b"%08x %b\n" % (crc32(body), body)


def lexical(x: float) -> float | str:
    """A float as a metric travels: itself when finite, else its XML Schema lexical form."""
    if isfinite(x):
        return x
    return "NaN" if isnan(x) else "INF" if x > 0 else "-INF"


def numeric(x: float | str) -> float:
    """The inverse of lexical. Raises ValueError for any other text."""
    if isinstance(x, str):
        if x not in ("NaN", "INF", "-INF"):
            raise ValueError(f"{x!r} is not a number: NaN, INF and -INF are the only words")
        return float(x)
    return float(x)


def tagged(x: Any) -> Any:
    """A JSON-like value with every NaN or infinity replaced by its typed literal, since JSON has none."""
    if isinstance(x, float) and not isfinite(x):
        return {"$": lexical(x), "type": XSD_DOUBLE}
    if isinstance(x, dict):
        return {k: tagged(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [tagged(v) for v in x]
    return x
