"""Question 22: the people and programs behind a thing, in which role, and for whom they acted.

An agent acts for another in one activity, or, where none is named, in all. Who that other acts for stands behind it.
"""

from typing import Any, Final

from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Par, Prop, Var, any_of, op
from begat.queries.plan import FLOW, C, E, N, Query, W
from begat.queries.plan import Rows as Each
from begat.queries.question import Question, Rows


def _behalf(rows: Rows) -> Rows:
    """A row for each that the agent acted for in that activity, at its least number of steps."""
    found = []
    for r in rows:
        chain = _steps(r["agent"], [d for d in r["delegations"] if d["activity"] in (None, r["activity"])])
        found += [{**r, "step": step, "behalf": b, "behalf_name": name} for b, (step, name) in chain.items()]
        if not chain:
            found.append({**r, "step": None, "behalf": None, "behalf_name": None})
    return found


def _steps(agent: str, delegations: list[dict[str, Any]]) -> dict[str, tuple[int, str | None]]:
    """Whom an agent acted for: the number of steps and the name, by id; nearest first, then by name."""
    found: dict[str, tuple[int, str | None]] = {}
    here, step = {agent}, 0
    while here:
        step += 1
        onward = {d["behalf"]: d["name"] for d in delegations if d["agent"] in here}
        new = sorted((b for b in onward if b != agent and b not in found), key=lambda b: (onward[b] or "", b))
        found |= {b: (step, onward[b]) for b in new}
        here = set(new)
    return found


QUESTION: Final = Question(
    name="who",
    sentence="Who was responsible for this, or contributed to it, in which role and on whose behalf?",
    parameters=(thing("a model, another thing or an activity: an id, a path or a name"),),
    columns=(
        Column("agent", "id"),
        Column("agent_name", "text"),
        Column("agent_type", "text"),
        Column("role", "text", "in that activity"),
        Column("activity", "id", "an activity behind the thing, or the thing itself"),
        Column("activity_name", "text"),
        Column("started_at", "time", "the activity's"),
        Column("step", "integer", "how many times on behalf of; null where the agent acted for itself"),
        Column("behalf", "id", "whom the agent acted for"),
        Column("behalf_name", "text"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            C("x", FLOW, "a", "up", lo=0),
            E("a", ("wasAssociatedWith",), "p", role="role"),
        ),
        cols={
            "agent": Var("p"),
            "agent_name": Prop("p", "name"),
            "agent_type": Prop("p", "type"),
            "role": Var("role"),
            "activity": Var("a"),
            "activity_name": Prop("a", "name"),
            "started_at": Prop("a", "started"),
        },
        order=("agent_name", "agent", "started_at", "activity", "role"),
    ),
    key="agent",
    beside={"activities": "activity"},
    whole=True,
    order=("agent_name", "agent", "started_at", "activity", "role", "step", "behalf_name", "behalf"),
    details={
        "delegations": Query(
            (
                Each("ids", "id"),
                N("p", id=Var("id")),
                C("p", ("actedOnBehalfOf",), "q", lo=0),
                E("q", ("actedOnBehalfOf",), "o", args={"activity": "for"}),
                W(any_of(op("isnull", Var("for")), op("in", Var("for"), Par("activities")))),
            ),
            {"of": Var("p"), "agent": Var("q"), "behalf": Var("o"), "name": Prop("o", "name"), "activity": Var("for")},
            ("of", "agent", "behalf", "activity"),
        )
    },
    finish=_behalf,
    example="begat ask who models/base.pt",
)
