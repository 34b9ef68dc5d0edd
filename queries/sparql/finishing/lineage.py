"""Edges of begat:dependsOn as steps, which reach.py and walk.py search: least depths, the node before, a least way."""

from collections.abc import Iterable, Mapping, Set
from typing import Any, Final

from begat.graph_schema.projection import MADE
from begat.graph_schema.terms import RELATIONS
from begat.queries.plan import LINEAGE
from begat.queries.question import Row, Rows
from begat.queries.reach import Step
from begat.queries.sparql.finishing.told import grouped
from begat.queries.walk import Ways

ACTIVITY: Final = "Activity"
#: What a step is where no one relation tells it: from a whole to a part, say.
NOT_SAID: Final[Rows] = [{"relation": None, "role": None}]
#: The codes of relations that a step may be.
_STEPS: Final = frozenset(RELATIONS[name].code for name in (*LINEAGE, "partOf"))


def behind(edges: Rows, start: str, things: Mapping[str, Row]) -> list[Step]:
    """The steps from a thing to what it depends on. A thing made several times is what it was made the last time."""
    owners = _owners(edges)
    last = _last(start, (phase for phase, owner in owners.items() if owner == start))
    seeds = [p for p, owner in owners.items() if owner == start and (last is None or p == last or _acts(start, things))]
    steps = [(e["from"], e["to"], _cost(e), e["to_thing"], 1) for e in edges]
    return _led_to([*_seeds(seeds, start, things), *steps])


def after(edges: Rows, starts: Set[str], things: Mapping[str, Row], made: Mapping[str, list[str]]) -> list[Step]:
    """The steps from things to what depends on them; `made`: phases of entities that were made several times. Of these
    only what hangs on as it was made the last time is told."""
    owners = _owners(edges)
    last = {thing: _last(thing, phases) for thing, phases in made.items()}
    steps: list[Step] = [
        (e["to"], e["from"], _cost(e), e["from_thing"], int(last.get(e["from_thing"]) in (None, e["from"])))
        for e in edges
    ]
    seeds = [s for p, owner in owners.items() if owner in starts for s in _seeds([p], owner, things)]
    return _led_to([*seeds, *steps])


def _led_to(steps: list[Step]) -> list[Step]:
    """Without those that no way from the seeds goes by."""
    near = Ways(steps).distances()
    return [step for step in steps if step[0] is None or step[0] in near]


def relating(relations: Rows) -> dict[tuple[Any, ...], Rows]:
    """Of the rows of relations_behind.rq those that may be steps, by both ends."""
    return grouped([r for r in relations if r["relation"] in _STEPS], "via", "id")


def _cost(edge: Row) -> int:
    """Between two phases of an activity nothing; an entity that was made from itself is a step away."""
    thing = edge["from_thing"]
    generations = all(edge[end] == thing or edge[end].startswith(f"{thing} {MADE} ") for end in ("from", "to"))
    return int(thing != edge["to_thing"] or generations)


def _owners(edges: Rows) -> dict[str, str]:
    return {e[end]: e[f"{end}_thing"] for e in edges for end in ("from", "to")}


def _seeds(phases: Iterable[str], start: str, things: Mapping[str, Row]) -> list[Step]:
    counted = int(not _acts(start, things))  # an activity is never behind itself
    return [(None, phase, 0, start, counted) for phase in phases]


def _acts(thing: str, things: Mapping[str, Row]) -> bool:
    return thing in things and things[thing]["kind"] == ACTIVITY


def _last(thing: str, phases: Iterable[str]) -> str | None:
    """The phase that an entity's last generation begins, where there is more than one."""
    begin = f"{thing} {MADE} "
    return max((p for p in phases if p.startswith(begin)), key=lambda p: _position(p[len(begin) :]), default=None)


def _position(written: str) -> tuple[int, str, int]:
    """What a phase is named by (projection.phase_name): time, writer, number."""
    time, _, rest = written.partition(" ")
    writer, _, number = rest.rpartition(" ")
    return int(time), writer, int(number)
