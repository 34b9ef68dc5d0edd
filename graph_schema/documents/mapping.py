"""Records of a document as statements of the store, and back.

What the store has a place for goes there: labels to names, types to types, roles and times to theirs. All else stays an
attribute, as it was written, so that it comes out as it went in. A relation that PROV has no record for is an influence
of that type.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

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
from begat.graph_schema.events import Value
from begat.graph_schema.statements import (
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
from begat.graph_schema.xsd_time import iso, micros, micros_of

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


def statements(record: Record, project: str, base: str = BASE) -> Iterator[AnyStatement]:
    """What a record says."""
    if isinstance(record, Thing):
        yield from _of_thing(record, Context(project, _id(record.bundle, base)), base)
    else:
        yield _of_related(record, Context(project, _id(record.bundle, base)), base)


def _id(iri: str, base: str) -> str:
    return id_of_iri(iri, base) if iri else ""


def _of_thing(thing: Thing, here: Context, base: str) -> Iterator[AnyStatement]:
    id_ = id_of_iri(thing.id, base)
    kinds, types, labels = [thing.kind], [], []
    rest: dict[str, list[Value]] = {}
    for iri, value in thing.attributes:
        named = _named(value) if iri == r.TYPE else None
        kind = None if named is None else kind_of_iri(named)
        # A type that things of another kind have would make it one of these: that is for who draws conclusions.
        if kind is not None and KINDS[kind].within == thing.kind:
            kinds.append(kind)
        elif named is not None and kind is None and kind_of(type_of_iri(named)) in (None, thing.kind):
            types.append(type_of_iri(named))
        elif iri == r.LABEL and type(value) is str:
            labels.append(value)
        else:
            rest.setdefault(key_of_iri(iri), []).append(value)
    name = min(labels, default=None)
    if len(set(labels)) > 1:
        rest.setdefault("prov:label", []).extend(x for x in labels if x != name)
    for key, text, said in (("prov:startTime", thing.start, Started), ("prov:endTime", thing.end, Ended)):
        if text is not None:
            at = micros_of(text)
            if at is None or iso(at) != text:
                rest[key] = [_time(text)]
            if at is not None and said is Started:
                yield Started(here, Position(at, "", 0), id_)
            elif at is not None:
                yield Ended(here, Position(at, "", 0), id_, *_outcome(rest))
    value, number = _measured(types, rest)
    position = Position(None, "", 0)
    yield Description(
        here, position, id_, tuple(kinds), tuple(dict.fromkeys(types)), name, {**rest}, value, number
    )


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
    given = {field: id_of_iri(iri, base) for field, iri in related.arguments.items()}
    relation, role = related.relation, None
    rest: dict[str, list[Value]] = {}
    for iri, value in related.attributes:
        named = _named(value) if iri == r.TYPE else None
        if named in _BY_IRI and _BY_IRI[named] not in FORMS and relation == "wasInfluencedBy":
            relation = _BY_IRI[named]
        else:
            rest.setdefault(key_of_iri(iri), []).append(value)
    roles = rest.get("prov:role", [])
    plain = sorted(x for x in roles if type(x) is str)
    if plain:
        role = str(plain[0])
        if others := [x for x in roles if x != role]:
            rest["prov:role"] = others
        else:
            del rest["prov:role"]
    at = None if related.time is None else micros_of(related.time)
    if relation == "wasGeneratedBy" and at is None and len(again := rest.get(AGAIN, [])) == 1:
        at = micros(again[0])
    if related.time is not None and (at is None or iso(at) != related.time or AGAIN in rest):
        rest["prov:time"] = [_time(related.time)]
    if relation == MENTION:
        relation = SPECIALIZATION
    source, target = given.pop("source", None), given.pop("target", None)
    exact = relation == "wasGeneratedBy" and rest.get(_EXACT) == [True]
    if exact:
        del rest[_EXACT]
    own = None if related.id is None else id_of_iri(related.id, base)
    return Relation(here, Position(at, "", 0), relation, source, target, role, own, at, given, {**rest}, exact)


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
