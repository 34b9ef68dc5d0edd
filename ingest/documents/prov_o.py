"""PROV-O (https://www.w3.org/TR/prov-o/) as records.

A relation is told by an edge, by a node that qualifies it, or by both, which is one relation then. What is said of a
thing and is no relation is an attribute of it, in whatever vocabulary. What PROV-O gives no class is of the class that
its relations ask for, else an entity.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from msgspec.structs import replace

from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.iris import kind_of_iri, type_of_iri
from begat.graph_schema.documents.qualified import (
    AMBIGUOUS,
    DEPENDS_ON,
    EDGES,
    INFLUENCERS,
    INFLUENCES,
    NAMELESS,
    QUALIFIED,
    QUALIFIES,
    TOLD_BY_TYPE,
    Edge,
    Qualified,
)
from begat.graph_schema.documents.records import QUALIFIED_NAME, REQUIRED, Heading, Record, Related, Thing
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Value
from begat.graph_schema.terms import KINDS, PROV, RDF, RDFS, RELATIONS, XSD, kind_of
from begat.graph_schema.xsd_time import is_datetime
from begat.ingest.documents.rdf import BLANK, Graph, Name, Object, triples

BASIC: Final = ("Entity", "Activity", "Agent")
_TYPE: Final = RDF + "type"
_AT_TIME: Final = PROV + "atTime"
_TIMES: Final = {PROV + "startedAtTime": "start", PROV + "endedAtTime": "end"}
#: Times of an entity that PROV-O lets stand without the activity (section 3.2).
_EVENTS: Final = {PROV + "generatedAtTime": "wasGeneratedBy", PROV + "invalidatedAtTime": "wasInvalidatedBy"}
_KEYS: Final = {
    _TYPE: r.TYPE, RDFS + "label": r.LABEL, PROV + "atLocation": r.LOCATION, PROV + "hadRole": r.ROLE,
}  # fmt: skip
_TIME_TYPE: Final = XSD + "dateTime"
#: By the class of the nodes that qualify a relation, the relation in PROV-O.
_BY_CLASS: Final = {
    **{q.influence: q.relation for q in QUALIFIED.values() if not q.told_by_type},
    **dict.fromkeys(QUALIFIED["wasDerivedFrom"].subproperties, "wasDerivedFrom"),
}
#: Of what kind the further arguments of relations are.
_ARGUMENTS: Final = {
    "activity": "Activity", "starter": "Activity", "ender": "Activity", "plan": "Entity", "bundle": "Entity",
}  # fmt: skip

_BESIDE: Final = frozenset(iri for how in QUALIFIED.values() for iri in how.beside.values())
#: A node is of one relation. What it says is told again for each other one, so there is an end to that: so often, and
#: so often more for each triple.
_REPEATED: Final = 1_000_000
_PER_TRIPLE: Final = 4

Triple = tuple[str, str, Name]


def read(data: bytes, form: str) -> Iterator[Heading | Record]:
    """The records of a document in one of the forms of RDF. Raises FormatError before the first record."""
    found = triples(data, form)
    records = {bundle: _Graph(bundle, graph, found.lost).records() for bundle, graph in found.graphs.items()}
    yield Heading("", found.prefixes, [f"{number:,} {what}" for what, number in found.lost.items()])
    for bundle, these in records.items():
        if bundle:
            yield Heading(bundle)
        yield from these


class _Graph:
    """What is in a document or bundle. `lost` counts what cannot be kept."""

    def __init__(self, bundle: str, said: Graph, lost: Counter[str]) -> None:
        self._bundle, self._said, self._lost = bundle, said, lost
        self._relations: list[Related] = []
        #: Triples that relations tell again, and times of entities that they have.
        self._explained: set[Triple] = set()
        self._timed: set[tuple[str, str, str]] = set()
        #: Nodes that qualify a relation, and are nothing else.
        self._nodes: set[str] = set()
        self._beside: dict[str, dict[str, list[Name]]] = {}
        #: How much may be told again of nodes of more than one relation.
        self._left = _REPEATED + _PER_TRIPLE * sum(map(len, said.values()))
        #: Nodes that something led to.
        self._linked: set[str] = set()
        #: How often an IRI is the object of something.
        self._named: Counter[str] = Counter()
        self._kinds: dict[str, set[str]] = defaultdict(set)

    def records(self) -> list[Record]:
        self._relate()
        things = [t for subject, held in self._said.items() if subject not in self._nodes
                  for t in self._thing(subject, held)]  # fmt: skip
        return [*things, *self._relations]

    def _relate(self) -> None:
        """Find the relations: nodes first, since they tell more than edges; of edges those that tell more first."""
        edges: list[tuple[Edge, Triple]] = []
        links: list[tuple[Edge, Triple]] = []
        for subject, held in self._said.items():
            held[:] = _once(held)
            for predicate, told in held:
                if isinstance(told, Name):
                    self._named[told] += 1
                    triple = (subject, predicate, told)
                    if predicate in QUALIFIES:
                        links.append((QUALIFIES[predicate], triple))
                    elif predicate in EDGES:
                        edges.append((EDGES[predicate], triple))
        for edge, triple in links:
            self._link(edge, triple)
        for node, held in self._said.items():
            if node not in self._linked:
                self._unlinked(node, held)
        for edge, triple in sorted(edges, key=lambda found: found[0].type is None):
            self._edge(edge, triple)
        self._events()
        for relation in self._relations:
            self._expects(relation)

    def _edge(self, edge: Edge, triple: Triple) -> None:
        subject, predicate, target = triple
        if triple in self._explained:
            return
        how = QUALIFIED[edge.relation]
        self._explained.add((subject, how.property, target))
        self._explained.add(triple)
        if predicate == DEPENDS_ON:
            self._lost["edges begat:dependsOn, which are derived"] += 1
            return
        relation, arguments = edge.relation, {"source": subject, "target": str(target)}
        if how.beside:
            beside = {field: self._of(subject).get(iri, []) for field, iri in how.beside.items()}
            if all(len(found) == 1 for found in beside.values()):
                arguments |= {field: str(found[0]) for field, found in beside.items()}
                self._explained |= {(subject, how.beside[field], found[0]) for field, found in beside.items()}
            else:
                relation = "specializationOf"
        attributes = [] if edge.type is None else [(r.TYPE, _value(Name(edge.type)))]
        self._relations.append(Related(relation, arguments, None, None, attributes, self._bundle))

    def _of(self, subject: str) -> dict[str, list[Name]]:
        """The names that a subject has by the properties that stand beside edges."""
        if subject not in self._beside:
            found: dict[str, list[Name]] = defaultdict(list)
            for predicate, told in self._said[subject]:
                if predicate in _BESIDE and isinstance(told, Name):
                    found[predicate].append(told)
            self._beside[subject] = found
        return self._beside[subject]

    def _link(self, edge: Edge, triple: Triple) -> None:
        """The relations of a node; one that lacks what they must have, and has no class of theirs, stays what it is."""
        subject, _, node = triple
        held = self._said.get(str(node), [])
        types = [str(told) for p, told in held if p == _TYPE and isinstance(told, Name)]
        relation = _by_type(edge.relation, types)
        how = QUALIFIED[relation]
        # Nodes without an id: ours by their prefix, others' where nothing but this link names them.
        nameless = str(node).startswith((NAMELESS, BLANK)) and self._named[str(node)] == 1
        found = Related(relation, {"source": subject}, None if nameless else str(node), None, [], self._bundle)
        targets = self._filled(found, how, held)
        again = str(node) in self._linked
        self._linked.add(str(node))
        self._left -= (len(held) if again else 0) + max(len(targets) - (not again), 0) * (1 + len(found.attributes))
        if self._left < 0:
            raise FormatError(f"<{node}> qualifies too many relations for what it says of them")
        if edge.type is not None and edge.type not in types:
            found.attributes.append((r.TYPE, _value(Name(edge.type))))
            types.append(edge.type)
        lacking = any(a.field not in found.arguments for a in REQUIRED[relation] if a.field != "target" or not targets)
        if lacking and _BY_CLASS.keys().isdisjoint(types):
            return
        self._nodes.add(str(node))
        self._explained.add(triple)
        edges = [how.property, *(how.subproperties[t] for t in types if t in how.subproperties)]
        for target in targets:
            self._explained |= {(subject, iri, Name(target)) for iri in edges}
            beside = {how.beside[field]: iri for field, iri in found.arguments.items() if field in how.beside}
            self._explained |= {(subject, iri, Name(value)) for iri, value in beside.items()}
            ends = {**found.arguments, "target": target}
            self._relations.append(Related(relation, ends, found.id, found.time, found.attributes, self._bundle))
        if not targets:
            self._relations.append(found)

    def _unlinked(self, node: str, held: list[tuple[str, Object]]) -> None:
        """A relation whose source nobody tells: of a node of the class of such nodes that nothing led to."""
        types = [str(told) for p, told in held if p == _TYPE and isinstance(told, Name)]
        known = next((_BY_CLASS[t] for t in types if t in _BY_CLASS), None)
        if known is None:
            return
        how = QUALIFIED[_by_type(known, types)]
        nameless = node.startswith((NAMELESS, BLANK)) and not self._named[node]
        found = Related(how.relation, {}, None if nameless else node, None, [], self._bundle)
        targets = self._filled(found, how, held)
        if targets or found.arguments:
            self._nodes.add(node)
            ends = [{"target": target} for target in targets] or [{}]
            self._relations += [replace(found, arguments=found.arguments | end) for end in ends]

    def _filled(self, found: Related, how: Qualified, held: list[tuple[str, Object]]) -> list[str]:
        """Put into a relation what its node tells; the targets."""
        targets: dict[str, None] = {}
        any_kind = how.influencer == PROV + "influencer"
        influencers = INFLUENCERS if any_kind else (how.influencer, PROV + "influencer")
        further = {iri: field for field, iri in how.further.items()}
        for predicate, told in held:
            name = isinstance(told, Name)
            if name and predicate == _TYPE and (told in INFLUENCES or told in (how.influence, how.property)):
                continue
            if name and predicate in influencers:
                targets[str(told)] = None
            elif name and predicate in further and further[predicate] not in found.arguments:
                found.arguments[further[predicate]] = str(told)
            elif predicate == _AT_TIME and found.time is None and (at := _time(told)) is not None:
                found.time = at
            else:
                found.attributes.append((_KEYS.get(predicate, predicate), _value(told)))
        return [*targets]

    def _events(self) -> None:
        """An entity's own times of generation and invalidation: of the only one that it has, or of one by itself."""
        known: dict[tuple[str, str], list[Related]] = defaultdict(list)
        times: set[tuple[str, str, str | None]] = set()
        for x in self._relations:
            source = x.arguments.get("source", "")
            known[x.relation, source].append(x)
            times.add((x.relation, source, x.time))
        for subject, held in self._said.items():
            for predicate, told in held:
                at = _time(told) if predicate in _EVENTS else None
                if at is None or subject in self._nodes:
                    continue
                self._timed.add((subject, predicate, at))
                name = _EVENTS[predicate]
                these = known[name, subject]
                if (name, subject, at) in times:
                    continue
                if len(these) == 1 and these[0].time is None:
                    these[0].time = at
                else:
                    self._relations.append(Related(name, {"source": subject}, None, at, [], self._bundle))

    def _expects(self, related: Related) -> None:
        """Of which kind the things of a relation are, if nobody says it (PROV-O: domain and range)."""
        known = RELATIONS.get(related.relation)
        ends = {"source": known.domain, "target": known.range} if known else {}
        for field, iri in related.arguments.items():
            kind = (_ARGUMENTS | ends).get(field, "Resource")
            if kind != "Resource":
                self._kinds[iri].add(kind if kind in BASIC else "Entity")
        # An edge that is a type too: instanceOf.
        for key, value in related.attributes:
            if key == r.TYPE and isinstance(value, dict) and value["$"] in AMBIGUOUS:
                source, target = (related.arguments.get(field, "") for field in ("source", "target"))
                self._explained.add((source, value["$"], Name(target)))

    def _thing(self, subject: str, held: list[tuple[str, Object]]) -> Iterator[Thing]:
        kinds: list[str] = []
        types: list[str] = []
        times: dict[str, list[str]] = {"start": [], "end": []}
        attributes: list[tuple[str, Value]] = []
        for predicate, told in held:
            if isinstance(told, Name):
                if (subject, predicate, told) in self._explained:
                    continue
                if predicate == _TYPE:
                    if told in _BY_IRI:
                        kinds.append(_BY_IRI[told])
                        continue
                    types.append(str(told))
            elif (at := _time(told)) is not None:
                if predicate in _TIMES:
                    times[_TIMES[predicate]].append(at)
                    continue
                if (subject, predicate, at) in self._timed:
                    continue
            attributes.append((_KEYS.get(predicate, predicate), _value(told)))
        is_timed = any(times.values())
        if not (kinds or attributes or is_timed):
            return
        kinds = [k for k in BASIC if k in kinds] or self._kinds_of(subject, types, is_timed)
        if is_timed and "Activity" not in kinds:
            kinds.append("Activity")
        spans = [*zip_longest(times["start"], times["end"])]
        for kind in kinds:
            start, end = spans.pop(0) if kind == "Activity" and spans else (None, None)
            yield Thing(kind, subject, attributes, start, end, self._bundle)
            attributes = []
        for start, end in spans:
            yield Thing("Activity", subject, [], start, end, self._bundle)

    def _kinds_of(self, subject: str, types: list[str], is_timed: bool) -> list[str]:
        """The kinds of what nobody says a kind of: of its types, of its relations, else it is an entity."""
        by_type = [_kind_of_type(t) for t in types]
        found = {k for k in by_type if k is not None} or ({"Activity"} if is_timed else self._kinds.get(subject, set()))
        if not found:
            self._lost["things without a class of PROV-O, kept as entities"] += 1
        return [k for k in BASIC if k in found] or ["Entity"]


_BY_IRI: Final = {KINDS[name].iri: name for name in BASIC}


def _by_type(relation: str, types: list[str]) -> str:
    """The relation of a node of these types: an influence may stand for one that PROV-O has no node for."""
    return next((TOLD_BY_TYPE[t] for t in types if t in TOLD_BY_TYPE and relation == "wasInfluencedBy"), relation)


def _kind_of_type(iri: str) -> str | None:
    kind = kind_of_iri(iri)
    if kind is not None:
        return KINDS[kind].within
    return "Entity" if iri == PROV + "EmptyCollection" else kind_of(type_of_iri(iri))


def _time(told: Object) -> str | None:
    """A time that a record has a place for; any other stays an attribute."""
    if isinstance(told, dict) and told.get("type") == _TIME_TYPE and is_datetime(told["$"]):
        return told["$"]
    return None


def _value(told: Object) -> Value:
    return {"$": str(told), "type": QUALIFIED_NAME} if isinstance(told, Name) else told


def _once(held: list[tuple[str, Object]]) -> list[tuple[str, Object]]:
    """Each triple of a subject once, as a graph is a set; an IRI and a text of the same signs are two."""
    if len(held) == 1:
        return held
    keyed = {(p, isinstance(o, Name), str(o) if isinstance(o, dict) else (type(o), o)): (p, o) for p, o in held}
    return [*keyed.values()]
