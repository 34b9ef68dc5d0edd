"""begat diff: two runs, or two models or datasets, and what is different between them.

Code, environment, settings and input data of the two and of all that is behind them, by the lineage law; what came
out; and the first upstream cause. A fixed number of statements, whatever there is to compare.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries import engine
from begat.queries.answer import Answer, iso
from begat.queries.ask import at_most
from begat.queries.diff.cause import causes
from begat.queries.diff.code import code
from begat.queries.diff.data import data
from begat.queries.diff.environment import environment
from begat.queries.diff.facts import Asked, Fact
from begat.queries.diff.results import results
from begat.queries.diff.row import ASPECTS, COLUMNS, Row
from begat.queries.diff.settings import settings
from begat.queries.diff.side import Side, look
from begat.queries.naming import find_thing

TOLD: Final[Mapping[str, Callable[[Side, Side, Asked], Iterable[Row]]]] = {
    "code": lambda a, b, _: code(a, b),
    "environment": lambda a, b, _: environment(a, b),
    "settings": lambda a, b, _: settings(a, b),
    "data": lambda a, b, _: data(a, b),
    "results": results,
    "cause": lambda a, b, _: causes(a, b),
}


def diff(
    store: Store,
    a: str,
    b: str,
    *,
    only: Iterable[str] = (),
    depth: int | None = None,
    limit: int | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """What is different between two runs, or between two entities: ids, paths or names.

    `only`: some of row.ASPECTS; `depth`: how far up to look, in entities and activities. A row whose change is "noted"
    is no difference. Raises NotFound, Ambiguous, and UsageError for a run against something that is none.
    """
    wanted = _aspects(only)
    most = at_most(limit)
    if depth is not None and depth < 1:
        raise UsageError(f"depth is {depth}: give a whole number from 1")
    scope = engine.look(store, project, as_of)
    found = [find_thing(store, name, scope) for name in (a, b)]
    asked = Asked(store, scope)
    notes = [note for thing in found for note in thing.notes]
    rows: list[Row] = []
    cut = False
    facts = asked.facts(thing.id for thing in found)
    _comparable(*((name, facts[thing.id]) for name, thing in zip((a, b), found, strict=True)))
    if found[0].id == found[1].id:
        notes.append(f"{a} and {b} are the same thing, {found[0].id}")
    else:
        left, right, cut = look(asked, (found[0].id, found[1].id), depth)
        rows = [row for aspect in wanted for row in TOLD[aspect](left, right, asked)]
    return Answer(
        question="diff",
        params={"a": a, "b": b} | ({"only": list(wanted)} if only else {}) | ({"depth": depth} if depth else {}),
        columns=list(COLUMNS),
        rows=[{c.name: getattr(row, c.name) for c in COLUMNS} for row in rows[:most]],
        truncated=cut or len(rows) > most,
        as_of=None if as_of is None else iso(as_of),
        pending=scope.marked,
        notes=list(dict.fromkeys(notes)),
    )


def differs(answer: Answer) -> bool:
    """Whether a comparison found a difference, or more than it could look at."""
    return answer.truncated or any(row["change"] != "noted" for row in answer.rows)


def _aspects(only: Iterable[str]) -> tuple[str, ...]:
    given = (only,) if isinstance(only, str) else tuple(only)
    for name in given:
        if name not in ASPECTS:
            raise UsageError(f"there is no {name!r} to compare: give some of {', '.join(ASPECTS)}")
    return tuple(x for x in ASPECTS if not given or x in given)


def _comparable(*given: tuple[str, Fact]) -> None:
    told = [f"{name} is {_article(fact.type or fact.kind or 'thing')}" for name, fact in given]
    kinds = {_kind(fact) for _, fact in given}
    if "Agent" in kinds or len(kinds) > 1:
        raise UsageError(f"{', '.join(told)}: compare two runs, or two models, datasets or other entities")


def _kind(fact: Fact) -> Any:
    return fact.kind or "Entity"


def _article(word: str) -> str:
    return f"{'an' if word[:1] in 'AEIOU' else 'a'} {word}"
