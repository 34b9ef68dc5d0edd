"""The words: every PROV, PROV-ML and ML-Schema name that begat uses is spelt here and nowhere else.

Tables, not code. Kinds are PROV-DM's (https://www.w3.org/TR/prov-dm/), types follow PROV-ML and ML-Schema
(http://www.w3.org/ns/mls#); what has no public IRI lives in begat's own namespace. A relation points from
effect to cause, as in PROV. Codes are stored: never renumber one, only append.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

PROV: Final = "http://www.w3.org/ns/prov#"
MLS: Final = "http://www.w3.org/ns/mls#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
BEGAT: Final = "https://w3id.org/begat/ns#"


class Kind(NamedTuple):
    """A PROV-DM kind. `bit` is its place in a stored set of kinds; `within` the kind it specialises."""

    name: str
    iri: str
    bit: int
    within: str | None = None


class Type(NamedTuple):
    """A subclass of a kind. `parent` names the begat type it specialises, if any."""

    name: str
    kind: str
    iri: str
    code: int
    parent: str | None = None


class Relation(NamedTuple):
    """One row of the relation table; `lineage` says that the lineage law follows it (section 3 of the law)."""

    name: str
    iri: str
    qualified: str | None
    domain: str
    range: str
    inverse: str
    code: int
    lineage: bool = False


KINDS: Final = {
    k.name: k
    for k in (
        Kind("Entity", PROV + "Entity", 1),
        Kind("Activity", PROV + "Activity", 2),
        Kind("Agent", PROV + "Agent", 4),
        Kind("Bundle", PROV + "Bundle", 8, "Entity"),
        Kind("Collection", PROV + "Collection", 16, "Entity"),
        Kind("Plan", PROV + "Plan", 32, "Entity"),
    )
}

TYPES: Final = {
    t.name: t
    for t in (
        Type("Study", "Entity", MLS + "Study", 1),
        Type("LearningExperiment", "Entity", MLS + "Experiment", 2),
        Type("Dataset", "Entity", MLS + "Dataset", 3),
        Type("LearningDataset", "Entity", BEGAT + "LearningDataset", 4, "Dataset"),
        Type("FeatureSet", "Entity", BEGAT + "FeatureSet", 5),
        Type("Feature", "Entity", MLS + "Feature", 6),
        Type("Label", "Entity", BEGAT + "Label", 7),
        Type("Model", "Entity", MLS + "Model", 8),
        Type("Checkpoint", "Entity", BEGAT + "Checkpoint", 9, "Model"),
        Type("ModelEvaluation", "Entity", MLS + "ModelEvaluation", 10),
        Type("HyperparameterSetting", "Entity", MLS + "HyperParameterSetting", 11),
        Type("Code", "Entity", BEGAT + "Code", 12),
        Type("Environment", "Entity", BEGAT + "Environment", 13),
        Type("JobSpec", "Entity", BEGAT + "JobSpec", 14),
        Type("Prediction", "Entity", BEGAT + "Prediction", 15),
        Type("Publication", "Entity", BEGAT + "Publication", 16),
        Type("Curation", "Activity", BEGAT + "Curation", 17),
        Type("Preparation", "Activity", BEGAT + "Preparation", 18),
        Type("FeatureExtraction", "Activity", BEGAT + "FeatureExtraction", 19),
        Type("Training", "Activity", BEGAT + "Training", 20),
        Type("LearningStageSection", "Activity", BEGAT + "LearningStageSection", 21),
        Type("Validation", "Activity", BEGAT + "Validation", 22),
        Type("Evaluation", "Activity", BEGAT + "Evaluation", 23),
        Type("Inference", "Activity", BEGAT + "Inference", 24),
        Type("Explanation", "Activity", BEGAT + "Explanation", 25),
        Type("Monitoring", "Activity", BEGAT + "Monitoring", 26),
        Type("Job", "Activity", BEGAT + "Job", 27),
        Type("Serving", "Activity", BEGAT + "Serving", 28),
        Type("Person", "Agent", PROV + "Person", 29),
        Type("SoftwareAgent", "Agent", PROV + "SoftwareAgent", 30),
        Type("Organization", "Agent", PROV + "Organization", 31),
        Type("Node", "Agent", BEGAT + "Node", 32),
        Type("DomainConcept", "Entity", BEGAT + "DomainConcept", 33),
        Type("DomainEntity", "Entity", BEGAT + "DomainEntity", 34),
    )
}

#: Codes 0-5 are the relations that lineage follows, so that "is lineage" is one range in an index.
RELATIONS: Final = {
    r.name: r
    for r in (
        Relation("used", PROV + "used", "Usage", "Activity", "Entity", "wasUsedBy", 0, True),
        Relation("wasGeneratedBy", PROV + "wasGeneratedBy", "Generation", "Entity", "Activity", "generated", 1, True),
        Relation("wasDerivedFrom", PROV + "wasDerivedFrom", "Derivation", "Entity", "Entity", "hadDerivation", 2, True),
        Relation("wasInformedBy", PROV + "wasInformedBy", "Communication", "Activity", "Activity", "informed", 3, True),
        Relation(
            "specializationOf", PROV + "specializationOf", None, "Entity", "Entity", "generalizationOf", 4, True
        ),
        Relation("hadMember", PROV + "hadMember", None, "Collection", "Entity", "wasMemberOf", 5, True),
        Relation("alternateOf", PROV + "alternateOf", None, "Entity", "Entity", "alternateOf", 6),
        Relation(
            "wasInvalidatedBy", PROV + "wasInvalidatedBy", "Invalidation", "Entity", "Activity", "invalidated", 7
        ),
        Relation("wasStartedBy", PROV + "wasStartedBy", "Start", "Activity", "Entity", "started", 8),
        Relation("wasEndedBy", PROV + "wasEndedBy", "End", "Activity", "Entity", "ended", 9),
        Relation(
            "wasAttributedTo", PROV + "wasAttributedTo", "Attribution", "Entity", "Agent", "contributed", 10
        ),
        Relation(
            "wasAssociatedWith", PROV + "wasAssociatedWith", "Association", "Activity", "Agent", "wasAssociateFor", 11
        ),
        Relation(
            "actedOnBehalfOf", PROV + "actedOnBehalfOf", "Delegation", "Agent", "Agent", "hadDelegate", 12
        ),
        Relation(
            "wasInfluencedBy", PROV + "wasInfluencedBy", "Influence", "Resource", "Resource", "influenced", 13
        ),
        Relation("hadPlan", PROV + "hadPlan", None, "Activity", "Plan", "wasPlanOf", 14),
        Relation("partOf", BEGAT + "partOf", None, "Resource", "Resource", "hasPart", 15),
        Relation("hasSetting", BEGAT + "hasSetting", None, "Activity", "Entity", "settingOf", 16),
        Relation("evaluationOf", BEGAT + "evaluationOf", None, "Entity", "Entity", "hasEvaluation", 17),
        Relation("onData", BEGAT + "onData", None, "Entity", "Entity", "dataOf", 18),
        Relation("hasFeature", BEGAT + "hasFeature", None, "Entity", "Entity", "featureOf", 19),
        Relation("ranOn", BEGAT + "ranOn", None, "Activity", "Agent", "hosted", 20),
        Relation("submittedAs", BEGAT + "submittedAs", None, "Activity", "Activity", "submissionOf", 21),
        Relation("about", BEGAT + "about", None, "Resource", "Entity", "subjectOf", 22),
        Relation("locatedIn", BEGAT + "locatedIn", None, "Entity", "Entity", "locationOf", 23),
        Relation("broader", BEGAT + "broader", None, "Entity", "Entity", "narrower", 24),
        Relation("measuredBy", BEGAT + "measuredBy", None, "Entity", "Entity", "measures", 25),
        Relation("excluded", BEGAT + "excluded", None, "Activity", "Entity", "wasExcludedBy", 26),
        Relation("instanceOf", RDF + "type", None, "Entity", "Entity", "hasInstance", 27),
    )
}

#: The relations that have a time among PROV-DM's arguments.
TIMED: Final = frozenset({"used", "wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy"})

#: The relations that may hold for a time only, and the attributes that say so: microseconds since the epoch, UTC, from
#: inclusive, to exclusive; an end that is missing is unbounded.
WINDOWED: Final = frozenset({"about", "excluded"})
FROM: Final = "from"
TO: Final = "to"

#: The role of a partOf statement. Only "part" (activity in activity) carries lineage, by the law's rules 2 to 4.
PART: Final = "part"
SECTION: Final = "section"
MEMBER_OF_EXPERIMENT: Final = "experiment"
MEMBER_OF_STUDY: Final = "study"
ATTEMPT: Final = "attempt"

SECTION_TYPE: Final = "LearningStageSection"

#: Shorthand accepted wherever a person writes a type, and the name stored for it.
ALIASES: Final = {"Epoch": "LearningStageSection", "Software": "SoftwareAgent", "Setting": "HyperparameterSetting"}


def kind_of(name: str) -> str | None:
    """The kind a kind or type name stands for, or None if the name is not begat's."""
    if name in KINDS:
        return name
    known = TYPES.get(ALIASES.get(name, name))
    return known.kind if known else None


def subtypes(name: str) -> tuple[str, ...]:
    """The type and every type below it, in the order of the table; a foreign type has only itself."""
    name = ALIASES.get(name, name)
    if name not in TYPES:
        return (name,)
    return tuple(t.name for t in TYPES.values() if t.name == name or name in supertypes(t.name))


def supertypes(name: str) -> tuple[str, ...]:
    """The types above a type, nearest first; a foreign type has none."""
    above: list[str] = []
    known = TYPES.get(name)
    while known and known.parent:
        above.append(known.parent)
        known = TYPES.get(known.parent)
    return tuple(above)


def kind_bits(kinds: Iterable[str]) -> int:
    """A set of kinds as stored: one bit a kind, with the bit of the kind it specialises."""
    bits = 0
    for name in kinds:
        kind = KINDS[name]
        bits |= kind.bit
        if kind.within:
            bits |= KINDS[kind.within].bit
    return bits


@cache
def kinds_in(bits: int) -> tuple[str, ...]:
    """The inverse of kind_bits, in the order of the table."""
    return tuple(k.name for k in KINDS.values() if bits & k.bit)
