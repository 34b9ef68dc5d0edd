"""The impossibility constraints that are about single statements and their ids (section 6.4, 51 to 54)."""

from typing import Final

from begat.queries.constraints.cycles import Edges, components, graph
from begat.queries.constraints.findings import Findings
from begat.queries.constraints.instance import ACTIVITY, AGENT, CODES, DISJOINT, IDENTIFIED, STEP, Instance
from begat.queries.constraints.terms import PLACEHOLDER

_DISJOINT: Final = frozenset(CODES[name] for name in DISJOINT)


def impossible(instance: Instance, findings: Findings) -> None:
    """Tell of what breaks constraints 51 to 54."""
    _unspecified(instance, findings)
    _reflexive(instance, findings)
    _overlaps(instance, findings)


def _unspecified(instance: Instance, findings: Findings) -> None:
    for said, activity, generation, usage in instance.rows("wasDerivedFrom", 3, 4, 5):
        if activity == PLACEHOLDER and (generation != PLACEHOLDER or usage != PLACEHOLDER):
            what = " and ".join(w for w, t in (("generation", generation), ("usage", usage)) if t != PLACEHOLDER)
            findings.add(51, f"a derivation names its {what}, and not its activity", [said])


def _reflexive(instance: Instance, findings: Findings) -> None:
    """Also by way of others: what specializes is transitive (19)."""
    nodes: dict[int, int] = {}
    edges = Edges()
    for said, specific, general in instance.rows("specializationOf", 1, 2):
        edges.add(nodes.setdefault(specific, len(nodes)), nodes.setdefault(general, len(nodes)), said)
    component = components(graph(edges, len(nodes)), len(nodes))
    circles: dict[int, list[int]] = {}
    for source, target, said in zip(edges.sources, edges.targets, edges.marks, strict=True):
        if component[source] == component[target]:
            circles.setdefault(component[source], []).append(said)
    for circle in circles.values():
        row = circle[0] // STEP
        _, specific, general = (column[row] for column in instance.tables["specializationOf"])
        through = () if specific == general else (19,)
        findings.add(52, f"{findings.term(specific)} is a specialization of itself", circle, through)


def _overlaps(instance: Instance, findings: Findings) -> None:
    """Ids of more than one relation (53), and of a relation and a thing (54)."""
    first: dict[int, int] = {}
    activities: dict[int, int] = {}
    for row, id_ in enumerate(instance.activities[0]):
        activities.setdefault(id_, row)
    for name in IDENTIFIED:
        code, seen = CODES[name], set[int]()
        for said, id_ in instance.rows(name, 0):
            if id_ <= 0 or id_ in seen:
                continue
            seen.add(id_)
            if code in _DISJOINT and (one := first.setdefault(id_, said)) != said:
                findings.add(53, f"{findings.term(id_)} is the id of two relations", [one, said])
            why = findings.entity(id_, instance.entities_by) if id_ in instance.entities else []
            why += [activities[id_] * STEP + ACTIVITY] if id_ in activities else []
            why += [id_ * STEP + AGENT] if id_ in instance.agents else []
            if why:
                findings.add(54, f"{findings.term(id_)} is the id of a relation and of a thing", [said, *why])
