"""PROV-CONSTRAINTS on documents of a million statements, as records: seconds, and the memory that it takes."""

import resource
import time
from collections.abc import Iterable, Iterator
from itertools import chain, count, islice
from typing import Any

from begat.graph_schema.documents.records import Record, Related, Thing
from begat.queries.constraints.check import check
from benchmarks.budget import at_most, plain

MANY = 1_000_000
EX = "https://w3id.org/begat/id/0192f0c0-0000-7000-8000-"
ADA = EX + "ada"


def constraints() -> dict[str, Any]:
    """A graph of runs that build on each other; a circle; what was left out, and is known from elsewhere.

    Memory is the process's at its most, so far: the first document comes first.
    """
    return {
        "runs": _checked(islice(chain.from_iterable(map(_run, count())), MANY), {}, 60),
        "one circle": _checked(_circle(), {42: 1}, 60),
        "left out": _checked(_left_out(), {}, 60),
    }


def _checked(records: Iterable[Record], counts: dict[int, int], limit: float) -> dict[str, Any]:
    began = time.perf_counter()
    found = check(records)
    took = time.perf_counter() - began
    if found.counts != counts:
        raise RuntimeError(f"violations are {found.counts}, and not {counts}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return at_most(took, limit, "s", statements=found.statements, memory=plain(memory, "MB"))


def _run(n: int) -> Iterator[Record]:
    """A run that uses what one made earlier: eight statements."""
    run, made, used = f"{EX}{n:012x}", f"{EX}e{n:011x}", f"{EX}e{max(n - 7, 0):011x}"
    time = f"2024-01-01T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}Z"
    yield Thing("Activity", run, [], time, time)
    yield Thing("Entity", made)
    yield Related("used", {"source": run, "target": used}, time=time)
    yield Related("wasGeneratedBy", {"source": made, "target": run}, time=time)
    yield Related("wasStartedBy", {"source": run, "target": used}, time=time)
    yield Related("wasAssociatedWith", {"source": run, "target": ADA})
    yield Related("wasAttributedTo", {"source": made, "target": ADA})
    if made != used:
        yield Related("wasDerivedFrom", {"source": made, "target": used, "activity": run})


def _circle() -> Iterator[Record]:
    """Half of them are entities, each derived from the one before, the first from the last."""
    many = MANY // 2
    for n in range(many):
        yield Thing("Entity", f"{EX}{n:012x}")
        yield Related("wasDerivedFrom", {"source": f"{EX}{n:012x}", "target": f"{EX}{(n - 1) % many:012x}"})


def _left_out() -> Iterator[Record]:
    """Generations without an activity, which others of their id tell, so that each is one with two more."""
    for n in range(MANY // 4):
        made, run, own = f"{EX}e{n // 2:011x}", f"{EX}{n // 2:012x}", f"{EX}9{n:011x}"
        yield Related("wasGeneratedBy", {"source": made}, own if n % 2 else None)
        yield Related("wasGeneratedBy", {"source": made, "target": run}, own if n % 2 else None)
        yield Related("wasGeneratedBy", {"source": made, "target": run})
        yield Related("wasGeneratedBy", {"source": made, "target": run}, time="2024-01-01T00:00:00Z")
