"""One least path of lineage from a thing to another: see questions/how_connected.py."""

from itertools import pairwise
from typing import Final

from begat.queries.paging import ordered
from begat.queries.question import Rows
from begat.queries.reach import Step
from begat.queries.sparql.finishing.lineage import NOT_SAID, behind, relating
from begat.queries.sparql.finishing.told import Finished, Told, things
from begat.queries.walk import shortest

#: Which of several relations between two things is shown.
_FIRST: Final = ("relation", "role")
_SEED: Final = "seed"


def finish(told: Told) -> Finished:
    """The things on the way, none where there is no way."""
    known, said = things(told.rows["things_behind"]), relating(told.rows["relations_behind"])
    steps = behind(told.rows["edges_behind"], told.values["thing"], known)
    way: list[str] = shortest(_departed(steps), told.values["other"], lambda found: {id_: id_ for id_ in found})
    joined: Rows = [ordered(said.get(two, NOT_SAID), _FIRST)[0] for two in pairwise(way)]
    hops = [*NOT_SAID, *joined]
    return Finished([
        {**known[id_], "step": step, "relation": hop["relation"], "role": hop["role"]}
        for step, (id_, hop) in enumerate(zip(way, hops, strict=False))
    ])  # fmt: skip


def _departed(steps: list[Step]) -> list[Step]:
    """The same with seeds that nothing leads to: so what lies on a cycle is some steps behind itself, and not none."""
    seeds = {step[1] for step in steps if step[0] is None}
    found = [step for step in steps if step[0] is not None]
    for source, target, cost, owner, counted in steps:
        if source is None:
            found.append((None, (_SEED, target), cost, owner, counted))
        elif source in seeds:
            found.append(((_SEED, source), target, cost, owner, counted))
    return found
