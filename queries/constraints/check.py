"""Whether documents are valid (PROV-CONSTRAINTS, section 7): each bundle for itself, and what is outside of all.

The work is near-linear in the number of statements, and what is kept of one is some whole numbers.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from begat.graph_schema.documents.records import Record
from begat.queries.constraints.findings import Findings, Violation
from begat.queries.constraints.impossible import impossible
from begat.queries.constraints.instance import Instance
from begat.queries.constraints.ordering import inherit, order
from begat.queries.constraints.terms import Constants
from begat.queries.constraints.types import types
from begat.queries.constraints.uniqueness import complete, unite


class Checked(msgspec.Struct):
    """What came of a check: violations in the order of the instances, at most some of each constraint in each; `counts`
    has all of them, by constraint."""

    statements: int
    instances: int
    counts: dict[int, int]
    violations: list[Violation]

    @property
    def valid(self) -> bool:
        """Whether no constraint is broken."""
        return not self.counts


class Placed(NamedTuple):
    """A statement, and the instance that it belongs to: a bundle in a project, say."""

    instance: tuple[str, str]
    record: Record


def check(records: Iterable[Record], shown: Callable[[str], str] = str) -> Checked:
    """Check a document. `shown` makes of an IRI what people read."""
    return check_placed((Placed(("", r.bundle), r) for r in records), shown)


def check_placed(statements: Iterable[Placed], shown: Callable[[str], str] = str) -> Checked:
    """Check several instances whose statements come in any order."""
    constants = Constants()
    instances: dict[tuple[str, str], Instance] = {}
    for place, record in statements:
        instance = instances.get(place)
        if instance is None:
            instance = instances[place] = Instance(constants)
        instance.add(record)
    found = Checked(0, len(instances), {}, [])
    counts: Counter[int] = Counter()
    while instances:
        place = next(iter(instances))
        instance = instances.pop(place)
        findings = _check(instance, Findings(instance, place[1], shown))
        found.statements += instance.count
        found.violations += findings.violations
        counts += findings.counts
    found.counts = dict(sorted(counts.items()))
    return found


def _check(instance: Instance, findings: Findings) -> Findings:
    unite(instance, findings)
    complete(instance, findings)
    inherit(instance)
    order(instance, findings)
    impossible(instance, findings)
    types(instance, findings)
    findings.violations.sort(key=lambda v: v.constraint)
    return findings
