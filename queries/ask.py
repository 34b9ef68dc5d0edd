"""Asking a question of the catalogue: parameters are checked, things are found by name, the plan is run."""

import time
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from math import isnan
from os import PathLike
from typing import Any, Final, NamedTuple

from begat.graph_schema.errors import TookTooLong, UsageError
from begat.graph_schema.store import Store
from begat.queries import paging
from begat.queries.answer import Answer, iso, shown
from begat.queries.catalogue import question
from begat.queries.clock import stopped, within
from begat.queries.engine import look, run
from begat.queries.kept import Kept, form
from begat.queries.naming import find_thing
from begat.queries.plan import Query, expand, lists, nodes
from begat.queries.question import NOW, PRESENT, Parameter, Question, Rows, as_asked
from begat.queries.result import storable
from begat.queries.scope import Scope
from begat.queries.sorts import TEXT, sorts_of
from begat.queries.status import statuses

#: Rows an answer has at most, unless asked for more.
LIMIT: Final = 1000
#: Rows of a plan at most of which a question makes its own.
WHOLE: Final = 200_000
ACTIVITY: Final = "Activity"


def ask(
    store: Store,
    name: str,
    params: Mapping[str, Any] | None = None,
    *,
    after: str | None = None,
    limit: int | None = None,
    time_limit: float | None = None,
    as_of: int | None = None,
    project: str = "default",
    depth: int | None = None,
) -> Answer:
    """Answer a question. `as_of` in microseconds since the epoch, UTC; `limit` in rows (default LIMIT).

    `after`: what the page before had as `next`. `time_limit` in seconds (default clock.SECONDS): an answer that takes
    longer is truncated and has no rows. Raises NotFound for an unknown question or thing, Ambiguous for a name
    of several, UsageError for a parameter that is unknown, missing or of the wrong type.
    """
    given = dict(params or {})
    if depth is not None:
        given["depth"] = depth
    return ask_question(
        store, question(name), given, after=after, limit=limit, time_limit=time_limit, as_of=as_of, project=project
    )


def ask_question(
    store: Store,
    q: Question,
    given: Mapping[str, Any],
    *,
    after: str | None = None,
    limit: int | None = None,
    time_limit: float | None = None,
    as_of: int | None = None,
    project: str = "default",
) -> Answer:
    """The same for a question at hand."""
    scope = look(store, project, as_of)
    answer = Answer(
        question=q.name,
        params={p.name: given[p.name] for p in q.parameters if given.get(p.name) is not None},
        columns=list(q.columns),
        rows=[],
        as_of=None if scope.as_of is None else iso(scope.as_of),
        pending=scope.marked,
        way=q.way,
    )
    with within(time_limit):
        try:
            _fill(answer, store, q, given, after, at_most(limit), scope)
        except TookTooLong:
            answer.truncated = True
            answer.notes.append(stopped(time_limit))
    return answer


def _fill(
    answer: Answer, store: Store, q: Question, given: Mapping[str, Any], after: str | None, most: int, scope: Scope
) -> None:
    values = _bound(store, q, given, scope, answer.notes)
    of = paging.mark(q.name, [values[p.name] for p in q.parameters], scope.as_of, scope.project)
    if q.derive is not None:
        values |= q.derive(values)
    pages = _pages(q, values)
    held = None if after is None else _held(q, pages, after, of)
    query = paging.page_of(q.query, pages.keys, held) if pages.stored and held is not None else q.query
    top = None if q.first is None else min(values[q.first], WHOLE)
    result = run(store, query, values, scope, (most if pages.stored else WHOLE) if top is None else top)
    rows = [dict(zip(q.query.cols, r, strict=True)) for r in result.rows]
    drawn = [] if q.curves is None else list(dict.fromkeys(r[q.curves] for r in rows))
    if q.whole:
        rows = paging.ordered(_finished(store, scope, q, rows, values), pages.keys)
    page = _page(rows, pages.keys, None if pages.stored else held, most)
    more = len(page.rows) < page.of or (result.more and top is None)
    rows = page.rows if q.whole else _finished(store, scope, q, page.rows, values)
    if q.way is not None:
        answer.starts = [values[p.name] for p in q.parameters if p.main and p.type == "thing"]
    answer.starts += drawn
    answer.rows = [{c.name: shown(r[c.name], c.type) for c in q.columns} for r in rows]
    answer.truncated = result.deeper or more
    answer.next = paging.cursor(of, page.last) if more and page.last else None


class _Pages(NamedTuple):
    """How an answer is cut in pages: by which keys (none: it is not), what these may be, and whether the store does."""

    keys: tuple[str, ...]
    sorts: tuple[paging.Sort, ...]
    stored: bool


#: How the answers of questions are cut.
PAGES: Final[Kept[_Pages]] = Kept()


def _pages(q: Question, values: Mapping[str, Any]) -> _Pages:
    return PAGES.of(q, form(values), lambda: _cut(q, values))


def _cut(q: Question, values: Mapping[str, Any]) -> _Pages:
    if q.whole:
        return _Pages(q.order, (paging.ANY,) * len(q.order), stored=False)
    keys = paging.keys_of(q.query, lists(q.query.body), nodes(q.query.body))
    found = sorts_of(expand(q.query.body, values), q.query.cols, values)
    sorts = [found[k.removeprefix("-")] for k in keys]
    types = tuple(tuple(t for s in sorted(one) for t in _TYPES[s]) for one in sorts)
    return _Pages(keys, types, stored=q.first is None and not any(one > TEXT for one in sorts))


#: What texts and numbers are in Python.
_TYPES: Final[dict[str, paging.Sort]] = {"text": (str,), "whole": (int, float), "float": (int, float)}


def _held(q: Question, pages: _Pages, after: str, of: bytes) -> list[Any]:
    if not pages.keys:
        raise UsageError(f"--after: {q.name} has no pages: raise --limit")
    return paging.read(after, of, pages.sorts)


class _Page(NamedTuple):
    """Some rows, the keys of the last, and of how many they are."""

    rows: Rows
    last: list[Any]
    of: int


def _page(rows: Rows, keys: tuple[str, ...], held: list[Any] | None, most: int) -> _Page:
    """The first rows, after a place if there is one."""
    rest = rows if held is None else paging.rest(rows, keys, held)
    found = rest[:most]
    return _Page(found, paging.held_by(found[-1], keys) if found else [], len(rest))


def _finished(store: Store, scope: Scope, q: Question, rows: Rows, values: Mapping[str, Any]) -> Rows:
    """Rows with their status and their lists, and what the question makes of them."""
    if q.status is not None:
        found = statuses(store, scope, {r[q.key] for r in rows if r.get("kind", ACTIVITY) == ACTIVITY} - {None})
        for r in rows:
            r[q.status] = found.get(r[q.key])
        if q.only:
            rows = [r for r in rows if r[q.status] in q.only]
    beside = {**values, **{name: _ids(rows, column) for name, column in q.beside.items()}}
    for name, details in q.details.items():
        _add(store, scope, rows, q.key, name, details, beside)
    return rows if q.finish is None else q.finish(rows)


def _add(
    store: Store, scope: Scope, rows: Rows, key: str, name: str, details: Query, values: Mapping[str, Any]
) -> None:
    """Give each row its own list of a plan's rows."""
    wanted = _ids(rows, key)
    found: dict[str, Rows] = {of: [] for of in wanted}
    _, *names = details.cols
    for of, *one in run(store, details, {**values, "ids": wanted}, scope).rows if wanted else ():
        found[of].append(dict(zip(names, one, strict=True)))
    for r in rows:
        r[name] = found.get(r[key], [])


def _ids(rows: Rows, column: str) -> list[str]:
    """What stands in a column, each once."""
    return sorted({r[column] for r in rows if r[column] is not None})


def at_most(limit: int | None) -> int:
    """The number of rows an answer may have. Raises UsageError below 1."""
    if limit is None:
        return LIMIT
    if limit < 1:
        raise UsageError(f"limit is {limit}: give a number of rows from 1")
    return limit


def _bound(
    store: Store, q: Question, given: Mapping[str, Any], scope: Scope, notes: list[str]
) -> dict[str, Any]:
    """The parameters' values, things by id; `notes` takes how things were found."""
    known = [p.name for p in q.parameters]
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, 1, 0.4)
            hint = f"; did you mean {near[0]}?" if near else f": it takes {', '.join(known)}"
            raise UsageError(f"{q.name} has no parameter {name!r}{hint}")
    values: dict[str, Any] = {NOW: time.time_ns() // 1000 if scope.as_of is None else scope.as_of}
    if scope.as_of is None:
        values[PRESENT] = 1
    for p in q.parameters:
        value = given.get(p.name, p.default)
        if value is None and p.required:
            raise UsageError(f"{q.name} needs {p.name}: {p.help}")
        values[p.name] = None if value is None else _value(store, p, value, scope, notes)
        if p.type == "thing" and value is not None:
            values[as_asked(p.name)] = str(value)
    return values


def _value(store: Store, p: Parameter, value: Any, scope: Scope, notes: list[str]) -> Any:
    if p.type == "thing":
        thing = find_thing(store, str(value), scope)
        notes += thing.notes
        return thing.id
    return converted(p, value)


def converted(p: Parameter, value: Any) -> Any:
    """The value of a parameter that is no thing. Raises UsageError where it is of another type or beyond its bounds."""
    try:
        found = CONVERT[p.type](value)
    except (TypeError, ValueError, OverflowError):
        raise UsageError(f"{p.name} is {value!r}: give {_ARTICLE[p.type]}") from None
    if isinstance(found, float) and isnan(found):
        raise UsageError(f"{p.name} is {value!r}: give {_ARTICLE[p.type]}")
    if p.words and found not in p.words:
        raise UsageError(f"{p.name} is {value!r}: give {' or '.join(p.words)}")
    if p.least is not None and found < p.least:
        raise UsageError(f"{p.name} is {value!r}: give {_ARTICLE[p.type]} from {p.least}")
    if p.most is not None and found > p.most:
        raise UsageError(f"{p.name} is {value!r}: give {_ARTICLE[p.type]} up to {p.most}")
    return found


def _integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise TypeError
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError
    return float(value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | PathLike):
        raise TypeError
    return str(storable(str(value)))


def _texts(value: Any) -> list[str]:
    """One text is a list of it."""
    if isinstance(value, Mapping | bytes):
        raise TypeError
    return [_text(v) for v in ([value] if isinstance(value, str) else value)]


CONVERT: Final[dict[str, Callable[[Any], Any]]] = {
    "integer": _integer, "number": _number, "text": _text, "texts": _texts, "time": _integer,
}  # fmt: skip


_ARTICLE: Final = {
    "integer": "a whole number",
    "number": "a number",
    "text": "text",
    "texts": "texts",
    "time": "microseconds since the epoch",
}
