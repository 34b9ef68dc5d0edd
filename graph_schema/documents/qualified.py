"""How PROV-O writes relations: as an edge, and as a node that qualifies it.

From https://www.w3.org/TR/prov-o/, sections 3.3 and 4.3: what follows stands in its tables.
"""

from typing import Final, NamedTuple

from begat.graph_schema.documents.records import FORMS
from begat.graph_schema.terms import BEGAT, PROV, RDF, RELATIONS

#: What stands before the hash of what a qualified node says, where the relation has no id of its own.
NAMELESS: Final = "https://w3id.org/begat/q/"


class Qualified(NamedTuple):
    """A relation in PROV-O, all in IRIs. `property` is the edge from source to target; `qualifies` leads from the
    source to a node of class `influence`, which has the target as `influencer` and PROV's further arguments by
    `further`. `subproperties`: what the edge is as well where the relation is of a type, by the type; `beside`:
    arguments that the source has at once, beside the edge. `told_by_type`: PROV-O has no such node; of an influence
    that has the relation as a type, too.
    """

    relation: str
    property: str
    qualifies: str
    influence: str
    influencer: str
    further: dict[str, str]
    subproperties: dict[str, str]
    beside: dict[str, str]
    told_by_type: bool


def _qualified(
    relation: str,
    influencer: str,
    further: dict[str, str] | None = None,
    subproperties: dict[str, str] | None = None,
    beside: dict[str, str] | None = None,
) -> Qualified:
    known = RELATIONS[relation].qualified if relation in RELATIONS else None
    influence = known or "Influence"
    return Qualified(
        relation, PROV + relation, f"{PROV}qualified{influence}", PROV + influence, PROV + influencer,
        {field: PROV + name for field, name in (further or {}).items()}, subproperties or {},
        {field: PROV + name for field, name in (beside or {}).items()}, known is None,
    )  # fmt: skip


#: prov:hadPlan leads from an association to a plan in PROV-O, so it cannot lead from an activity.
_OWN: Final = {PROV + "hadPlan": BEGAT + "hadPlan"}
#: Kinds of influence that PROV has no relation for, by the type that an influence has then: an edge of their own.
#: `dependsOn` is an edge of the lineage law's projection.
DEPENDS_ON: Final = BEGAT + "dependsOn"
_INFLUENCES: Final = {
    **{r.iri: _OWN.get(r.iri, r.iri) for r in RELATIONS.values() if r.name not in FORMS},
    DEPENDS_ON: DEPENDS_ON,
}
_DERIVATIONS: Final = {
    PROV + "Revision": PROV + "wasRevisionOf",
    PROV + "Quotation": PROV + "wasQuotedFrom",
    PROV + "PrimarySource": PROV + "hadPrimarySource",
}
#: Edges that say something else too, so that only the node tells the relation: rdf:type gives a thing a type.
AMBIGUOUS: Final = frozenset((RDF + "type",))

#: By the name of the relation.
QUALIFIED: Final = {
    q.relation: q
    for q in (
        _qualified("wasGeneratedBy", "activity"),
        _qualified("used", "entity"),
        _qualified("wasInformedBy", "activity"),
        _qualified("wasStartedBy", "entity", {"starter": "hadActivity"}),
        _qualified("wasEndedBy", "entity", {"ender": "hadActivity"}),
        _qualified("wasInvalidatedBy", "activity"),
        _qualified(
            "wasDerivedFrom", "entity",
            {"activity": "hadActivity", "generation": "hadGeneration", "usage": "hadUsage"}, _DERIVATIONS,
        ),
        _qualified("wasAttributedTo", "agent"),
        _qualified("wasAssociatedWith", "agent", {"plan": "hadPlan"}),
        _qualified("actedOnBehalfOf", "agent", {"activity": "hadActivity"}),
        _qualified("wasInfluencedBy", "influencer", None, _INFLUENCES),
        _qualified("specializationOf", "influencer"),
        # PROV-LINKS (https://www.w3.org/TR/prov-links/), section 3: an entity mentions one other at most.
        _qualified("mentionOf", "influencer", {"bundle": "asInBundle"}, beside={"bundle": "asInBundle"}),
        _qualified("alternateOf", "influencer"),
        _qualified("hadMember", "influencer"),
    )
}  # fmt: skip


class Edge(NamedTuple):
    """What an edge or a link to a node tells: a relation, and its type where it is one of a kind."""

    relation: str
    type: str | None = None


#: By the IRI of the edge; an edge that says something else too is none.
EDGES: Final = {
    **{q.property: Edge(q.relation) for q in QUALIFIED.values()},
    **{
        edge: Edge(q.relation, type_)
        for q in QUALIFIED.values()
        for type_, edge in q.subproperties.items()
        if edge not in AMBIGUOUS
    },
}
#: By the IRI of the property that leads to the node.
QUALIFIES: Final = {
    **{q.qualifies: Edge(q.relation) for q in QUALIFIED.values() if not q.told_by_type},
    **{type_.replace(PROV, PROV + "qualified"): Edge("wasDerivedFrom", type_) for type_ in _DERIVATIONS},
}
#: By its type, the relation that an influence stands for, as PROV-O has no other node for it.
TOLD_BY_TYPE: Final = {q.property: q.relation for q in QUALIFIED.values() if q.told_by_type}
#: Classes that a qualified node of any relation may have besides its own (PROV-O, sections 3.3 and 4.3).
INFLUENCES: Final = frozenset(
    PROV + name
    for name in ("Influence", "EntityInfluence", "ActivityInfluence", "AgentInfluence", "InstantaneousEvent")
)
#: What leads from a qualified node to the target, whatever that is.
INFLUENCERS: Final = tuple(PROV + name for name in ("influencer", "entity", "activity", "agent"))
