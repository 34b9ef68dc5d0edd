"""Looking around as Python functions: `begat.find(...)`, `begat.ancestors(...)`. The same as on the command line.

`store`, `spool` and `project` stand over the settings. `limit` in rows (default 1000); `as_of`, `since` and `until` are
datetimes, texts in ISO 8601 or microseconds since the epoch. An answer has `rows`, and `.to_pandas()`. All raise the
errors of begat.graph_schema.errors.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from begat import queries
from begat.api.library import Moment, asked, moment
from begat.queries.answer import Answer

Several = str | Iterable[str]


def find(
    type: str,
    where: str | None = None,
    *,
    sort: str | None = None,
    after: str | None = None,
    limit: int | None = None,
    as_of: Moment = None,
    store: str | None = None,
    spool: str | None = None,
    project: str | None = None,
) -> Answer:
    """Things of a kind or type: `begat.find("Model", "accuracy > 0.95 and lr <= 0.1", sort="-accuracy")`.

    `where` is the expression of `begat find --where`. `after`: the `next` of the page before, the id of its last row.
    """
    place = (store, spool, project)
    return asked(place, queries.find, type, where, sort=sort, after=after, limit=limit, as_of=moment(as_of))


def ancestors(
    of: str,
    *,
    depth: int | None = None,
    types: Several = (),
    relations: Several = (),
    stop: Several = (),
    since: Moment = None,
    until: Moment = None,
    limit: int | None = None,
    as_of: Moment = None,
    store: str | None = None,
    spool: str | None = None,
    project: str | None = None,
) -> Answer:
    """What a thing depends on: `begat.ancestors("model.pt", types="Dataset")`.

    `depth` counts entities and activities. `types`: only these kinds or types. `relations`: along these stored
    relations instead of by the lineage law. `stop`: types or conditions to go no further than. `since`, `until`: only
    what was at work or made then.
    """
    how = _walk(depth, types, relations, stop, since, until, limit, as_of)
    return asked((store, spool, project), queries.ancestors, of, **how)


def descendants(
    of: str,
    *,
    depth: int | None = None,
    types: Several = (),
    relations: Several = (),
    stop: Several = (),
    since: Moment = None,
    until: Moment = None,
    limit: int | None = None,
    as_of: Moment = None,
    store: str | None = None,
    spool: str | None = None,
    project: str | None = None,
) -> Answer:
    """What depends on a thing; as `ancestors`."""
    how = _walk(depth, types, relations, stop, since, until, limit, as_of)
    return asked((store, spool, project), queries.descendants, of, **how)


def subgraph(
    of: str,
    *,
    side: Literal["both", "up", "down"] = "both",
    depth: int | None = None,
    types: Several = (),
    relations: Several = (),
    stop: Several = (),
    since: Moment = None,
    until: Moment = None,
    limit: int | None = None,
    as_of: Moment = None,
    store: str | None = None,
    spool: str | None = None,
    project: str | None = None,
) -> Answer:
    """What lies around a thing: rows with part "node" are nodes, rows with part "edge" the relations among them."""
    how = _walk(depth, types, relations, stop, since, until, limit, as_of)
    return asked((store, spool, project), queries.subgraph, of, side=side, **how)


def path(
    effect: str,
    cause: str,
    *,
    relations: Several = (),
    as_of: Moment = None,
    store: str | None = None,
    spool: str | None = None,
    project: str | None = None,
) -> Answer:
    """A shortest way from a thing to one it depends on; no rows where there is none, and a note that says so."""
    place = (store, spool, project)
    return asked(place, queries.path, effect, cause, relations=_several(relations), as_of=moment(as_of))


def runs(
    experiment: str | None = None,
    *,
    where: str | None = None,
    types: Several = (),
    sort: str | None = None,
    after: str | None = None,
    columns: Several = (),
    pivot: Sequence[str] = (),
    steps: bool = False,
    limit: int | None = None,
    as_of: Moment = None,
    store: str | None = None,
    spool: str | None = None,
    project: str | None = None,
) -> Answer:
    """One row a run: `begat.runs("digits", where="status = 'FINISHED'", sort="-accuracy").to_pandas()`.

    Settings are columns `params.lr`, measures `metrics.loss` (the last value), `.min` and `.max`. `columns`: only
    these, with `*` for any text. `pivot`: a cross table of three columns, `("params.lr", "params.layers",
    "metrics.loss.min")`, and a fourth word for what is shown of several runs (mean, median, min, max, sum, count).
    `steps`: also calls of functions.
    """
    return asked(
        (store, spool, project), queries.runs, experiment=experiment, where=where, types=_several(types), sort=sort,
        after=after, only=_several(columns), pivot=tuple(pivot), steps=steps, limit=limit, as_of=moment(as_of),
    )  # fmt: skip


def _walk(
    depth: int | None, types: Several, relations: Several, stop: Several, since: Moment, until: Moment,
    limit: int | None, as_of: Moment,
) -> dict[str, Any]:  # fmt: skip
    return {
        "depth": depth, "types": _several(types), "relations": _several(relations), "stop": _several(stop),
        "since": moment(since), "until": moment(until), "limit": limit, "as_of": moment(as_of),
    }  # fmt: skip


def _several(words: Several) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)
