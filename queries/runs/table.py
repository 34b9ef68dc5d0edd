"""`runs`: the wide table."""

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, Final

from begat.graph_schema.errors import Ambiguous, NotFound, UsageError
from begat.graph_schema.store import Store
from begat.queries.answer import Answer, Column, iso
from begat.queries.ask import at_most
from begat.queries.engine import look, run
from begat.queries.expr import Par, Var
from begat.queries.facts import Subject
from begat.queries.find import keys_of
from begat.queries.kinds import kinds_or_types
from begat.queries.naming import find_thing
from begat.queries.plan import N, Query
from begat.queries.runs import generic, quick
from begat.queries.runs.cells import AROUND, EXPERIMENT, METRICS, PARAMS, Table, table
from begat.queries.runs.facts import Wanted
from begat.queries.runs.pivot import pivoted
from begat.queries.runs.select import Choice, experiments
from begat.queries.scope import Scope
from begat.queries.sorting import Sorting, bare, sorting
from begat.queries.sources import Sources
from begat.queries.status import statuses
from begat.queries.where import Where, bare_names, parse

_WILD: Final = re.compile(r"[*?]")
_ENDS: Final = re.compile(r"[.\[]")
#: A store reads all series where more names are asked for.
MOST_PATTERNS: Final = 50


def runs(
    store: Store,
    *,
    experiment: str | None = None,
    where: str | None = None,
    types: tuple[str, ...] = (),
    sort: str | None = None,
    after: str | None = None,
    only: tuple[str, ...] = (),
    pivot: tuple[str, ...] = (),
    steps: bool = False,
    limit: int | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """One row a run, the latest first: settings as `params.lr`, measures as `metrics.loss` (the last value; `.min` and
    `.max` where there are several), status, times, data versions, code, people, machine.

    `experiment`: only its runs and their parts. `where` and `sort` as for find. `only`: these columns, with `*` for any
    text. `pivot`: three or four words, see pivot.py. `steps`: also parts that have no type (calls of functions).
    Raises NotFound, Ambiguous and UsageError.
    """
    scope = look(store, project, as_of)
    most = at_most(limit)
    within = None if experiment is None else _experiment(store, scope, experiment)
    choice = Choice(store, scope, within, kinds_or_types(store, types, scope), steps)
    condition, order, notes = _asked(store, scope, choice, where, sort)
    keys = None if after is None else _keys(store, scope, order, after)
    with _uncollected():
        wanted = _wanted(only)
        found, truncated = _found(choice, condition, order, keys, most, wanted)
        if wanted.measures and any(not fitting(found.columns, word) for word in only):  # the nearest has to be told
            found, truncated = _found(choice, condition, order, keys, most, wanted._replace(measures=()))
        held = chosen(found.columns, only)
        rows = by_row(found.cells, held)
    given: dict[str, Any] = {"experiment": experiment, "where": where, "types": list(types), "sort": sort}
    given |= {"after": after, "columns": list(only), "pivot": list(pivot), "steps": steps}
    answer = Answer(
        question="runs",
        params={k: v for k, v in given.items() if v},
        columns=held,
        rows=rows,
        truncated=truncated,
        as_of=None if as_of is None else iso(as_of),
        pending=scope.marked,
        notes=notes,
        next=found.cells["id"][-1] if truncated and found.cells["id"] else None,
    )
    return pivoted(answer, pivot) if pivot else answer


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is built holds no cycles, and the garbage collector would go through it again and again: a third of all."""
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()


def _asked(
    store: Store, scope: Scope, choice: Choice, where: str | None, sort: str | None
) -> tuple[Where, Sorting | None, list[str]]:
    who = Subject("x", "Activity", scope.as_of is not None)
    names = (*(bare_names(where) if where else ()), *(bare(sort) if sort else ()))
    sources = Sources(store, scope, choice.body, who, choice.params)
    told = sources.of(names)
    condition = parse(where, who, told) if where else Where()
    return condition, None if sort is None else sorting(sort, who, told), sources.notes


def _experiment(store: Store, scope: Scope, name: str) -> str:
    """An experiment by its name, or by its id."""
    named = experiments(store, scope, name)
    if len(named) > 1:
        raise Ambiguous(name, tuple((i, f"{name} [LearningExperiment]") for i in named))
    if named:
        return named[0]
    is_one = Query((N("x", ("LearningExperiment", "Study"), id=Par("id")),), {"id": Var("x")}, ("id",))
    thing = find_thing(store, name, scope)
    if not run(store, is_one, {"id": thing.id}, scope, 1).rows:
        raise NotFound(f"{name!r} is no experiment: begat find LearningExperiment lists them")
    return thing.id


def _keys(store: Store, scope: Scope, order: Sorting | None, after: str) -> tuple[Any, ...]:
    return keys_of(store, scope, "Activity", order, after)


def _found(
    choice: Choice, where: Where, order: Sorting | None, after: tuple[Any, ...] | None, most: int, wanted: Wanted
) -> tuple[Table, bool]:
    """The table of the runs that were chosen, and whether there are more of them."""
    store, scope = choice.store, choice.scope
    if not quick.suits(store, scope):
        ids = choice.ids(where, order, after, most + 1)
        facts = generic.read(store, scope, ids[:most], wanted)
        return table(facts, {**statuses(store, scope, facts.base.ids)}), len(ids) > most
    found = choice.rows(where, order, after, most + 1, wanted)
    facts, status = quick.read(store, scope, found[:most], wanted)
    return table(facts, status | statuses(store, scope, set(facts.base.ids) - status.keys())), len(found) > most


def _wanted(only: Sequence[str]) -> Wanted:
    """What has to be read for these columns."""
    if not only:
        return Wanted()
    near = {c.name for c in (EXPERIMENT, *AROUND)}
    return Wanted(
        any(_may_match(p, PARAMS) for p in only),
        any(_may_match(p, METRICS) for p in only),
        any(fnmatchcase(n, p) for p in only for n in near),
        _measures([p for p in only if _may_match(p, METRICS)]),
    )


def _measures(words: Sequence[str]) -> tuple[str, ...]:
    """Patterns for the names of series that may have these columns; none where any may."""
    found: set[str] = set()
    for word in words:
        plain = _WILD.split(word)[0]
        if not plain.startswith(METRICS):
            return ()
        name = plain.removeprefix(METRICS)
        # What follows a dot or bracket may be a name's own, or say which value of which series.
        found |= {name + "*" * (plain != word), *(name[: m.start()] for m in _ENDS.finditer(name))}
    return tuple(sorted(found)) if len(found) <= MOST_PATTERNS else ()


def _may_match(pattern: str, prefix: str) -> bool:
    plain = pattern.partition("*")[0]
    return plain.startswith(prefix) or ("*" in pattern and prefix.startswith(plain))


def chosen(all_: Sequence[Column], only: Sequence[str]) -> list[Column]:
    """The asked columns in the asked order. Raises UsageError for one that no run has, with the nearest."""
    if not only:
        return list(all_)
    names = {c.name: c for c in all_}
    found: dict[str, Column] = {}
    for word in only:
        held = fitting(all_, word)
        if not held and "*" not in word:
            near = get_close_matches(word, names, 3, 0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UsageError(f"no run has a column {word!r}{hint}")
        found |= {n: names[n] for n in held}
    return list(found.values())


def fitting(all_: Sequence[Column], word: str) -> list[str]:
    """The names of the columns that a word stands for."""
    pattern = word.replace("[", "[[]")  # brackets are part of a measure's name
    return [c.name for c in all_ if fnmatchcase(c.name, pattern)]


def by_row(cells: Mapping[str, Sequence[Any]], held: Sequence[Column]) -> list[dict[str, Any]]:
    """Rows with a cell for each column and no others."""
    names = [c.name for c in held]
    size = len(cells["id"])
    if not names:
        return [{} for _ in range(size)]
    rows: list[dict[str, Any]] = []
    empty: dict[str, Any] = dict.fromkeys(names)
    for values in zip(*(cells[n] for n in names), strict=True):
        row = empty.copy()  # of its size from the first: faster than one that grows
        row.update(zip(names, values, strict=True))
        rows.append(row)
    return rows
