"""begat's questions as Python functions: `begat.ask(...)`. The same as on the command line, the answer as an object."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from begat.api.fresh import fresh
from begat.api.settings import load
from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries import ask as ask_store
from begat.queries.answer import Answer
from begat.queries.catalogue import question
from begat.queries.diff import diff as diff_store
from begat.queries.where import time

Moment = str | datetime | int | None
#: What stands over the settings: the address of a store, a spool and a project.
Place = tuple[str | None, str | None, str | None]
#: How people call the thing that a question is about, whatever its parameter is called.
ENTITY: Final = "entity"


class Opened(NamedTuple):
    """A store for one call, with the project that is asked about and how many events are not in it yet."""

    store: Store
    project: str
    pending: int


@contextmanager
def opened(store: str | None = None, spool: str | None = None, project: str | None = None) -> Iterator[Opened]:
    """The store as the settings say, what is pending taken in first, if that is quickly done."""
    settings = load({"store": store, "spool": spool, "project": project})
    with fresh(settings) as found:
        yield Opened(found.store, settings.project, found.pending)


def asked(place: Place, question: Callable[..., Answer], *what: Any, **how: Any) -> Answer:
    """What a function of `queries` answers of the store at a place; `what` and `how` are its arguments."""
    with opened(*place) as found:
        answer = question(found.store, *what, project=found.project, **how)
    answer.pending = found.pending
    return answer


def ask(
    name: str,
    main: Any = None,
    /,
    *,
    after: str | None = None,
    limit: int | None = None,
    time_limit: float | None = None,
    as_of: Moment = None,
    store: str | None = None,
    spool: str | None = None,
    project: str | None = None,
    **params: Any,
) -> Answer:
    """Answer a question: `begat.ask("how_created", "model.pt")`, or `begat.ask("how_created", entity="model.pt")`.

    The names are those of `begat questions`; parameters are the question's own. `limit` in rows (default 1000);
    `after`: the `next` of the page before; `time_limit` in seconds (default 60). Times, `as_of` among them, are
    datetimes, texts in ISO 8601 or microseconds since the epoch. `store`, `spool` and `project` stand over the
    settings. The answer has `rows`, and `.to_pandas()`.

    Raises the errors of begat.graph_schema.errors.
    """
    q = question(name)
    known = [p.name for p in q.parameters]
    first = next((p.name for p in q.parameters if p.main), None)
    if main is not None:
        if first is None:
            raise UsageError(f"{name} takes no parameter without a name: it takes {', '.join(known) or 'none'}")
        if first in params:
            raise UsageError(f"{name} was given {first} twice")
        params[first] = main
    elif first is not None and ENTITY in params and ENTITY not in known:
        params[first] = params.pop(ENTITY)
    params |= {p.name: moment(params[p.name]) for p in q.parameters if p.type == "time" and p.name in params}
    how: dict[str, Any] = {"after": after, "limit": limit, "time_limit": time_limit, "as_of": moment(as_of)}
    return asked((store, spool, project), ask_store, name, params, **how)


def diff(
    a: str,
    b: str,
    /,
    *,
    only: Iterable[str] = (),
    depth: int | None = None,
    limit: int | None = None,
    as_of: Moment = None,
    store: str | None = None,
    spool: str | None = None,
    project: str | None = None,
) -> Answer:
    """What is different between two runs, or two models or datasets: a row for each difference.

    `only`: some of code, environment, settings, data, results and cause; `depth`: how far up to look. The rest is as
    for ask. A row whose change is "noted" (a duration) is no difference.
    """
    how: dict[str, Any] = {"only": only, "depth": depth, "limit": limit, "as_of": moment(as_of)}
    return asked((store, spool, project), diff_store, a, b, **how)


def moment(when: Moment) -> int | None:
    """Microseconds since the epoch. A datetime without a zone is in UTC, as everywhere in begat."""
    if isinstance(when, datetime):
        aware = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
        return time(aware.isoformat())
    return time(when) if isinstance(when, str) else when
