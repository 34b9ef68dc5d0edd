"""The type constraints (section 6.3, 50), and what they are for: an entity is no activity (55), and an empty collection
has no members (56)."""

from typing import Final

from begat.queries.constraints.findings import Findings
from begat.queries.constraints.instance import ACTIVITY, ENTITY, PLACES, STEP, Instance

_ENTITY, _ACTIVITY = 1, 2
#: Which arguments of a relation are entities, and which activities. That others are agents excludes nothing.
TYPED: Final = {
    "used": {"source": _ACTIVITY, "target": _ENTITY},
    "wasGeneratedBy": {"source": _ENTITY, "target": _ACTIVITY},
    "wasInformedBy": {"source": _ACTIVITY, "target": _ACTIVITY},
    "wasStartedBy": {"source": _ACTIVITY, "target": _ENTITY, "starter": _ACTIVITY},
    "wasEndedBy": {"source": _ACTIVITY, "target": _ENTITY, "ender": _ACTIVITY},
    "wasInvalidatedBy": {"source": _ENTITY, "target": _ACTIVITY},
    "wasDerivedFrom": {"source": _ENTITY, "target": _ENTITY, "activity": _ACTIVITY},
    "wasAttributedTo": {"source": _ENTITY},
    "wasAssociatedWith": {"source": _ACTIVITY, "plan": _ENTITY},
    "actedOnBehalfOf": {"activity": _ACTIVITY},
    "specializationOf": {"source": _ENTITY, "target": _ENTITY},
    "alternateOf": {"source": _ENTITY, "target": _ENTITY},
    "hadMember": {"source": _ENTITY, "target": _ENTITY},
}


def types(instance: Instance, findings: Findings) -> None:
    """Tell of what is both an entity and an activity, and of members of empty collections."""
    entities, activities = set(instance.entities), set(instance.activities[0])
    for name, typed in TYPED.items():
        for field, type_ in typed.items():
            held = entities if type_ == _ENTITY else activities
            held.update(term for _, term in instance.rows(name, PLACES[name][field]) if term > 0)
    both = entities & activities
    if both:
        _disjoint(instance, findings, both)
    if instance.empty:
        for said, collection, member in instance.rows("hadMember", 1, 2):
            if collection in instance.empty:
                why = findings.entity(collection, instance.empty_by)
                what = f"{findings.term(collection)} is an empty collection, and {findings.term(member)} is in it"
                findings.add(56, what, [said, *why], (21,) if len(why) > 1 else ())


def _disjoint(instance: Instance, findings: Findings, both: set[int]) -> None:
    """Tell of each with the first statement that makes it an entity, and the first that makes it an activity."""
    why: dict[tuple[int, int], int] = {}
    for id_ in both & instance.entities - instance.entities_by.keys():
        why[id_, _ENTITY] = id_ * STEP + ENTITY
    for row, id_ in enumerate(instance.activities[0]):
        if id_ in both:
            why.setdefault((id_, _ACTIVITY), row * STEP + ACTIVITY)
    stated = set(why)
    for name, typed in TYPED.items():
        for field, type_ in typed.items():
            for said, term in instance.rows(name, PLACES[name][field]):
                if term in both:
                    why.setdefault((term, type_), said)
    for id_ in sorted(both):
        through = () if {(id_, _ENTITY), (id_, _ACTIVITY)} <= stated else (50,)
        references = [why[id_, _ENTITY], why[id_, _ACTIVITY]]
        findings.add(55, f"{findings.term(id_)} is an entity and an activity", references, through)
