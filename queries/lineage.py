"""Ancestors and descendants: the closure by the lineage law, as it is."""

from begat.graph_schema.store import Store
from begat.graph_schema.terms import ALIASES
from begat.queries.answer import Answer
from begat.queries.ask import ask_question
from begat.queries.columns import DEPTH, MAX_DEPTH, NODE, TIMES, VIA, node, thing, times
from begat.queries.expr import Par, Var
from begat.queries.plan import FLOW, C, Direction, N, Query
from begat.queries.question import Question


def ancestors(
    store: Store,
    of: str,
    *,
    depth: int | None = None,
    types: tuple[str, ...] = (),
    limit: int | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """What a thing depends on. `depth`: how far, in entities and activities; `types`: only these kinds or types."""
    q = closure("ancestors", "What does this depend on?", "up", types)
    return ask_question(store, q, {"thing": of, "depth": depth}, limit=limit, as_of=as_of, project=project)


def descendants(
    store: Store,
    of: str,
    *,
    depth: int | None = None,
    types: tuple[str, ...] = (),
    limit: int | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """What depends on a thing. `depth`: how far, in entities and activities; `types`: only these kinds or types."""
    q = closure("descendants", "What depends on this?", "down", types)
    return ask_question(store, q, {"thing": of, "depth": depth}, limit=limit, as_of=as_of, project=project)


def closure(name: str, sentence: str, direction: Direction, types: tuple[str, ...]) -> Question:
    """The question of a closure in one direction."""
    wanted = tuple(ALIASES.get(t, t) for t in types)
    return Question(
        name=name,
        sentence=sentence,
        parameters=(thing("an id, a file's path or a name"), MAX_DEPTH),
        columns=(*NODE, DEPTH, VIA, *TIMES),
        query=Query(
            body=(
                N("x", id=Par("thing")),
                C("x", FLOW, "y", direction, depth="depth", via="via", hi=Par("depth")),
                *((N("y", wanted),) if wanted else ()),
            ),
            cols={**node("y"), "depth": Var("depth"), "via": Var("via"), **times("y")},
            order=("depth", "started_at", "name", "id"),
        ),
        example=f"begat {name} model.pt",
        status="status",
    )
