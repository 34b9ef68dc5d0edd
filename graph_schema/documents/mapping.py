"""Records of a document as statements of the store, and back.

What the store has a place for goes there: labels to names, types to types, roles and times to theirs. All else stays an
attribute, as it was written, so that it comes out as it went in. A relation that PROV has no record for is an influence
of that type.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

import msgspec

from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.iris import (
    BASE,
    id_of_iri,
    iri_of_id,
    iri_of_key,
    iri_of_type,
    key_of_iri,
    kind_of_iri,
    type_of_iri,
)
from begat.graph_schema.documents.once import AGAIN
from begat.graph_schema.documents.records import FORMS, QUALIFIED_NAME, Record, Related, Thing
from begat.graph_schema.events import Attributes, Value
from begat.graph_schema.statements import (
    NOWHERE,
    AnyStatement,
    Context,
    Description,
    Ended,
    Folded,
    Position,
    Relation,
    Scanned,
    Started,
    valued,
)
from begat.graph_schema.terms import KINDS, RDF, RELATIONS, TIMED, XSD, kind_of
from begat.graph_schema.xsd_time import is_iso, iso, micros, micros_of

#: The kinds that records are of; the others are types of an entity.
BASIC: Final = ("Entity", "Activity", "Agent")
JSON: Final = RDF + "JSON"
_DATETIME: Final = XSD + "dateTime"
#: A mention is stored as the specialization that it is (PROV-LINKS, section 2), its bundle as a further argument.
MENTION: Final = "mentionOf"
SPECIALIZATION: Final = "specializationOf"
#: Types whose prov:value is what questions compare.
_MEASURED: Final = frozenset(("HyperparameterSetting", "ModelEvaluation"))
_VALUE: Final = "prov:value"
#: The attribute of a generation whose entity depends on its derivations alone (law, rule 6).
_EXACT: Final = "exact"
_BY_IRI: Final = {x.iri: x.name for x in RELATIONS.values()}


def statements(record: Record, project: str, base: str = BASE) -> Sequence[AnyStatement]:
    """What a record says."""
    here = _context(project, record.bundle, base)
    return _of_thing(record, here, base) if isinstance(record, Thing) else (_of_related(record, here, base),)


@lru_cache(1 << 8)
def _context(project: str, bundle: str, base: str) -> Context:
    return Context(project, id_of_iri(bundle, base) if bundle else "")


class _Moment(NamedTuple):
    """A time of a document: its position, and whether that says how it is written, too."""

    position: Position
    is_all: bool


@lru_cache(1 << 12)
def _moment(text: str) -> _Moment:
    """The time at which something ends is often that at which it makes something."""
    at = micros_of(text)
    return _Moment(NOWHERE, False) if at is None else _Moment(Position(at, "", 0), is_iso(text, at))


class _Class(NamedTuple):
    """What a type makes of a thing: one of a narrower kind, or of a type of begat's, or of somebody else's."""

    kind: str | None = None
    type: str | None = None


@lru_cache(1 << 12)
def _class(named: str, kind: str) -> _Class:
    """A type that things of another kind have would make it one of these: that is for who draws conclusions."""
    narrower = kind_of_iri(named)
    if narrower is not None:
        return _Class(kind=narrower) if KINDS[narrower].within == kind else _Class()
    type_ = type_of_iri(named)
    return _Class(type=type_) if kind_of(type_) in (None, kind) else _Class()


def _of_thing(thing: Thing, here: Context, base: str) -> list[AnyStatement]:
    id_ = id_of_iri(thing.id, base)
    kinds, types, labels = [thing.kind], [], []
    rest: dict[str, list[Value]] = {}
    for iri, value in thing.attributes:
        if iri == r.TYPE and (named := _named(value)) is not None:
            kind, type_ = _class(named, thing.kind)
            if kind is not None:
                kinds.append(kind)
                continue
            if type_ is not None:
                types.append(type_)
                continue
        elif iri == r.LABEL and type(value) is str:
            labels.append(value)
            continue
        rest.setdefault(key_of_iri(iri), []).append(value)
    name = min(labels) if labels else None
    if len(labels) > 1 and len(set(labels)) > 1:
        rest.setdefault("prov:label", []).extend(x for x in labels if x != name)
    told: list[AnyStatement] = []
    if thing.start is not None:
        position, is_all = _moment(thing.start)
        if not is_all:
            rest["prov:startTime"] = [_time(thing.start)]
        if position is not NOWHERE:
            told.append(Started(here, position, id_))
    if thing.end is not None:
        position, is_all = _moment(thing.end)
        if not is_all:
            rest["prov:endTime"] = [_time(thing.end)]
        if position is not NOWHERE:
            told.append(Ended(here, position, id_, *_outcome(rest)))
    value, number = _measured(types, rest) if types else (None, None)
    several = tuple(dict.fromkeys(types)) if len(types) > 1 else tuple(types)
    told.append(Description(here, NOWHERE, id_, tuple(kinds), several, name, cast(Attributes, rest), value, number))
    return told


def _outcome(rest: dict[str, list[Value]]) -> tuple[Any, Any]:
    """How an activity that did not go well ended, and the error; taken out of the rest."""
    outcomes = rest.get("outcome", [])
    if len(outcomes) != 1 or outcomes[0] not in ("failed", "killed"):
        return "finished", None
    errors = rest.get("error", [])
    error = errors[0] if len(errors) == 1 and isinstance(errors[0], str) else None
    if error is not None:
        del rest["error"]
    return rest.pop("outcome")[0], error


def _measured(types: Sequence[str], rest: dict[str, list[Value]]) -> tuple[str | None, float | None]:
    """The value of a setting or an evaluation, which questions compare, and its number; taken out of the rest."""
    values = rest.get(_VALUE, [])
    if len(values) != 1 or _MEASURED.isdisjoint(types):
        return None, None
    (value,) = rest.pop(_VALUE)
    if isinstance(value, dict) and value.get("type") == JSON:
        with suppress(msgspec.DecodeError):  # it is a text then, as it is written
            return valued(msgspec.json.decode(value["$"]))
    return valued(value)


def _of_related(related: Related, here: Context, base: str) -> Relation:
    relation, source, target, role = related.relation, None, None, None
    given: dict[str, str] = {}
    for field, iri in related.arguments.items():
        if field == "source":
            source = id_of_iri(iri, base)
        elif field == "target":
            target = id_of_iri(iri, base)
        else:
            given[field] = id_of_iri(iri, base)
    rest: dict[str, list[Value]] = {}
    for iri, value in related.attributes:
        named = _named(value) if iri == r.TYPE else None
        if named in _BY_IRI and _BY_IRI[named] not in FORMS and relation == "wasInfluencedBy":
            relation = _BY_IRI[named]
        else:
            rest.setdefault(key_of_iri(iri), []).append(value)
    if roles := rest.get("prov:role"):
        role = min((x for x in roles if type(x) is str), default=None)
        if others := [x for x in roles if x != role]:
            rest["prov:role"] = others
        else:
            del rest["prov:role"]
    position, is_all = (NOWHERE, True) if related.time is None else _moment(related.time)
    if AGAIN in rest and relation == "wasGeneratedBy":
        again = rest[AGAIN]
        at = micros(again[0]) if position is NOWHERE and len(again) == 1 else None
        position = position if at is None else Position(at, "", 0)
    if related.time is not None and (not is_all or AGAIN in rest):
        rest["prov:time"] = [_time(related.time)]
    if relation == MENTION:
        relation = SPECIALIZATION
    exact = relation == "wasGeneratedBy" and rest.get(_EXACT) == [True]
    if exact:
        del rest[_EXACT]
    own = None if related.id is None else id_of_iri(related.id, base)
    attributes = cast(Attributes, rest)
    return Relation(here, position, relation, source, target, role, own, position.time, given, attributes, exact)


def _named(value: Value) -> str | None:
    return value["$"] if isinstance(value, dict) and value.get("type") == QUALIFIED_NAME else None


def _time(text: str) -> Value:
    return {"$": text, "type": _DATETIME}


def told(scanned: Scanned, base: str = BASE) -> Iterator[Record]:
    """The records of what a store holds; what is derived has none."""
    if isinstance(scanned, Folded):
        yield from _things(scanned, base)
    elif isinstance(scanned, Relation):
        yield _related(scanned, base)


def _things(node: Folded, base: str) -> Iterator[Thing]:
    bundle = node.context.bundle and iri_of_id(node.context.bundle, base)
    id_ = iri_of_id(node.node, base)
    rest = dict(node.attributes)
    is_activity = "Activity" in node.kinds
    start, *starts = _times(_taken(rest, "prov:startTime", is_activity), [p.time for p in node.starts])
    end, *ends = _times(_taken(rest, "prov:endTime", is_activity), [s.position.time for s in node.ends])
    names = [n for n in (node.name, *(o.value for o in node.history if o.key == "name")) if n is not None]
    attributes: list[tuple[str, Value]] = [(r.LABEL, n) for n in dict.fromkeys(names)]
    attributes += [(r.TYPE, _name(KINDS[k].iri)) for k in node.kinds if k not in BASIC]
    attributes += [(r.TYPE, _name(iri_of_type(t))) for t in node.types]
    if node.value is not None:
        attributes.append((r.VALUE, value_of(node.value)))
    attributes += [(iri_of_key(key), value) for key, values in rest.items() for value in values]
    if node.ends and (last := node.ends[-1]).outcome in ("failed", "killed"):
        attributes.append((iri_of_key("outcome"), last.outcome))
        attributes += [(iri_of_key("error"), last.error)] if last.error is not None else []
    for kind in BASIC:
        if kind in node.kinds:
            timed = kind == "Activity"
            yield Thing(kind, id_, attributes, start if timed else None, end if timed else None, bundle)
            attributes = []
    for more in starts:
        yield Thing("Activity", id_, start=more, bundle=bundle)
    for more in ends:
        yield Thing("Activity", id_, end=more, bundle=bundle)


def value_of(text: str) -> Value:
    """The value of a setting or an evaluation, of its JSON. It may be a list or an object: as a document has no such
    value, it is JSON there."""
    value = msgspec.json.decode(text)
    if isinstance(value, list) or (isinstance(value, dict) and "$" not in value):
        return {"$": msgspec.json.encode(value).decode(), "type": JSON}
    found: Value = value
    return found


def _taken(rest: dict[str, list[Value]], key: str, is_timed: bool) -> list[Value]:
    """Times as they were written, taken out of the rest; what has that name and is no time stays."""
    values = rest.get(key, [])
    times: list[Value] = [v for v in values if isinstance(v, dict) and v.get("type") == _DATETIME] if is_timed else []
    if times:
        rest[key] = [v for v in values if v not in times]
    return times


def _times(as_written: Sequence[Any], at: Sequence[int | None]) -> list[str | None]:
    """Times as they were written, and those that were not written otherwise."""
    texts = [str(v["$"]) for v in as_written]
    known = {micros_of(t) for t in texts}
    every = texts + [iso(t) for t in at if t is not None and t not in known]
    return [*every] or [None]


def _related(relation: Relation, base: str) -> Related:
    name, attributes = relation.relation, []
    if name == SPECIALIZATION and "bundle" in relation.arguments:
        name = MENTION
    if name not in FORMS:
        attributes.append((r.TYPE, _name(RELATIONS[name].iri)))
        name = "wasInfluencedBy"
    if relation.role is not None:
        attributes.append((r.ROLE, relation.role))
    rest: dict[str, list[Value]] = {key: _several(values) for key, values in relation.attributes.items()}
    written = _taken(rest, "prov:time", name in TIMED)
    # The time of what was made again stands in an attribute, as PROV has one time for both.
    (time,) = _times(written, [None if AGAIN in rest else relation.time])[:1]
    attributes += [(iri_of_key(key), v) for key, values in rest.items() for v in values]
    if relation.exact:
        attributes.append((iri_of_key(_EXACT), True))
    ends = {"source": relation.source, "target": relation.target, **relation.arguments}
    return Related(
        name, {field: iri_of_id(id_, base) for field, id_ in ends.items() if id_ is not None},
        None if relation.id is None else iri_of_id(relation.id, base), time, attributes,
        relation.context.bundle and iri_of_id(relation.context.bundle, base),
    )  # fmt: skip


def _several(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [] if values is None else [values]


def _name(iri: str) -> Value:
    return {"$": iri, "type": QUALIFIED_NAME}
