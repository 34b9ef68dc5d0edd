"""What was read of the nodes of both sides, whatever their number by the same few plans."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from begat.queries.diff import plans
from begat.queries.diff.facts import Asked, Fact, merge

#: A setting's values: JSON text; several are those of sections, in the order in which these began.
Values = list[str]
#: A setting of an activity: the name of the sections it was set in, none for the activity itself, and its own name.
Setting = tuple[str | None, str]


class Known(msgspec.Struct):
    """`roles` are by (activity, entity), `changes` what differs from the commit of code, `machines` of activities."""

    facts: dict[str, Fact]
    settings: dict[str, dict[Setting, Values]]
    roles: dict[tuple[str, str], set[str]]
    changes: dict[str, list[Fact]]
    machines: dict[str, list[Fact]]


def read(asked: Asked, nodes: Iterable[str]) -> Known:
    """Read it of some nodes."""
    facts = asked.facts(nodes)
    activities = [f.id for f in facts.values() if f.kind == "Activity"]
    settings: dict[str, dict[Setting, Values]] = {}
    for row in asked.rows(plans.SETTINGS, activities):
        settings.setdefault(row["id"], {}).setdefault((row["section"], row["name"]), []).append(row["value"])
    roles: dict[tuple[str, str], set[str]] = {}
    for row in asked.rows(plans.USES, activities):
        held = roles.setdefault((row["id"], row["entity"]), set())
        if row["role"] is not None:
            held.add(row["role"])
    changes = _parts(asked.rows(plans.CHANGES, [f.id for f in facts.values() if f.type == "Code"]), "part")
    machines = _parts(asked.rows(plans.MACHINES, activities), "node")
    return Known(facts, settings, roles, changes, machines)


def _parts(rows: Iterable[Mapping[str, Any]], column: str) -> dict[str, list[Fact]]:
    """Of each node, the nodes that a column names, with their attributes."""
    found: dict[str, dict[str, Fact]] = {}
    for row in rows:
        fact = found.setdefault(row["id"], {}).setdefault(row[column], Fact(row[column], row.get("name")))
        merge(fact.attributes, row["attrs"])
    return {n: list(parts.values()) for n, parts in found.items()}
