"""Where the time of a workflow goes: what took how long, by stage. See questions/time_breakdown.py."""

from begat.queries.questions.time_breakdown import shares
from begat.queries.sparql.finishing.told import Finished, Told, things
from begat.queries.values import aggregate


def finish(told: Told) -> Finished:
    """Of what has ended; a stage is a type, else a name."""
    took: dict[str, list[int]] = {}
    for activity in things(told.rows["leaves_of_plan"]).values():
        if activity["started_at"] is not None and activity["ended_at"] is not None:
            stage = next(activity[c] for c in ("type", "name", "id") if activity[c] is not None)
            took.setdefault(stage, []).append(activity["ended_at"] - activity["started_at"])
    return Finished(shares([
        {"stage": stage, "activities": len(of), "total": sum(of), "p95": aggregate("p95", of)}
        for stage, of in took.items()
    ]))  # fmt: skip
