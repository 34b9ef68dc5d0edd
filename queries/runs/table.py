"""`runs`: the wide table."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from fnmatch import fnmatchcase
from operator import itemgetter
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
from begat.queries.runs.cells import AROUND, METRICS, PARAMS, cells, columns
from begat.queries.runs.facts import Facts, Wanted
from begat.queries.runs.pivot import pivoted
from begat.queries.runs.select import Choice, experiments
from begat.queries.scope import Scope
from begat.queries.sorting import Sorting, bare, sorting
from begat.queries.sources import Sources
from begat.queries.status import statuses
from begat.queries.where import Where, bare_names, parse

_NUMBERS: Final = frozenset((int, float, type(None)))


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
    ids = choice.ids(condition, order, keys, most + 1)
    with _uncollected():
        rows, held = _table(store, scope, ids[:most], only)
        held = chosen(held, only)
        rows = filled(rows, held)
    given: dict[str, Any] = {"experiment": experiment, "where": where, "types": list(types), "sort": sort}
    given |= {"after": after, "columns": list(only), "pivot": list(pivot), "steps": steps}
    answer = Answer(
        question="runs",
        params={k: v for k, v in given.items() if v},
        columns=[_typed(c, rows) if c.name.startswith(PARAMS) else c for c in held],
        rows=rows,
        truncated=len(ids) > most,
        as_of=None if as_of is None else iso(as_of),
        pending=scope.marked,
        notes=notes,
        next=ids[most - 1] if len(ids) > most else None,
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


def _table(
    store: Store, scope: Scope, ids: Sequence[str], only: Sequence[str]
) -> tuple[list[dict[str, Any]], list[Column]]:
    """The cells of these runs in their order, and all columns there are."""
    facts, well = _facts(store, scope, ids, _wanted(only))
    rest = set(ids).difference(well)
    status: dict[str, str] = dict.fromkeys(well, "FINISHED") | (dict(statuses(store, scope, rest)) if rest else {})
    found = cells(facts, ids, status)
    rows = [found[i] for i in ids if i in found]
    return rows, columns(rows)


def _facts(store: Store, scope: Scope, ids: Sequence[str], wanted: Wanted) -> tuple[Facts, list[str]]:
    if quick.suits(store, scope):
        return quick.read(store, scope, ids, wanted)
    return generic.read(store, scope, ids, wanted), []


def _wanted(only: Sequence[str]) -> Wanted:
    """What has to be read for these columns."""
    if not only:
        return Wanted()
    near = {c.name for c in AROUND} | {"experiment"}
    return Wanted(
        any(_may_match(p, PARAMS) for p in only),
        any(_may_match(p, METRICS) for p in only),
        any(fnmatchcase(n, p) for p in only for n in near),
    )


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
        pattern = word.replace("[", "[[]")  # brackets are part of a measure's name
        held = [n for n in names if fnmatchcase(n, pattern)]
        if not held and "*" not in word:
            near = get_close_matches(word, names, 3, 0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UsageError(f"no run has a column {word!r}{hint}")
        found |= {n: names[n] for n in held}
    return list(found.values())


def filled(rows: Iterable[dict[str, Any]], held: Sequence[Column]) -> list[dict[str, Any]]:
    """Rows with a cell for each column and no others."""
    names = [c.name for c in held]
    empty: dict[str, Any] = dict.fromkeys(names)
    known = empty.keys()
    return [empty | row if row.keys() <= known else {n: row.get(n) for n in names} for row in rows]


def _typed(column: Column, rows: Sequence[dict[str, Any]]) -> Column:
    """A setting that is a number wherever it is given has a column of numbers."""
    if set(map(type, map(itemgetter(column.name), rows))) <= _NUMBERS:
        return Column(column.name, "number", column.help)
    return column
