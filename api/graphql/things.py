"""Nodes read in batches: by their ids, a page of those of a type, or what a relation leads to from many at once.

Each function asks one statement, however many things it is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from begat.api.graphql.cut import Cut, Ends, Key, is_null
from begat.api.graphql.relations import Link
from begat.graph_schema.store import Store
from begat.graph_schema.terms import subtypes
from begat.queries import paging
from begat.queries.answer import isos, shown
from begat.queries.engine import run
from begat.queries.expr import Expr, Prop, Var
from begat.queries.find import happened
from begat.queries.kept import Kept
from begat.queries.plan import Agg, Atom, Group, L, N, Query, Rows, Top
from begat.queries.properties import PROPERTIES
from begat.queries.result import Row
from begat.queries.scope import Scope
from begat.queries.sorting import Key as SortKey
from begat.queries.sorting import Sorting
from begat.queries.status import statuses
from begat.queries.where import Where

#: Plans that are kept of each sort.
PLANS: Final = 512
_OF: Final = (Rows("ids", "id"), N("x", id=Var("id")))
#: What is read of a node where all of it is.
EVERY: Final = ("id", "name", "kind", "type", "value", "started", "ended", "seen")
#: What its type in the schema is found by.
TYPED: Final = ("kind", "type")
JOBS: Final = frozenset(subtypes("Job"))
SECTIONS: Final = frozenset(subtypes("LearningStageSection"))
MODELS: Final = frozenset(subtypes("Model"))
DATASETS: Final = frozenset(subtypes("Dataset"))
#: What a node is of whose kind is another than where it stands asks for, or is not known.
PLAIN: Final = {"Entity": "OtherEntity", "Activity": "Run", "Agent": "Agent", "Thing": "OtherEntity"}
_TYPED_AS: Final = {
    "Entity": ((MODELS, "Model"), (DATASETS, "Dataset")),
    "Activity": ((JOBS, "Job"), (SECTIONS, "Section")),
    "Agent": (),
}


def typename(kind: str | None, type_: str | None, family: str) -> str:
    """The object type of a node that stands where one of `family` is asked for."""
    if kind is None or (family != "Thing" and kind != family):
        return PLAIN[family]
    return next((name for types, name in _TYPED_AS[kind] if type_ in types), PLAIN[kind])


class At(NamedTuple):
    """Where is asked: a store, and what is seen of it."""

    store: Store
    scope: Scope


class Batch:
    """Rows of nodes: `places` tells in which place of a row a property stands, `keys` those that they are ordered by.

    `family` is the kind that is asked for, or the one object type that all are of.
    """

    __slots__ = ("_written", "at", "family", "keys", "mark", "memo", "places", "rows")

    def __init__(self, at: At, family: str, rows: Sequence[Row], places: Mapping[str, int]) -> None:
        self.at, self.family, self.rows, self.places = at, family, rows, places
        self.keys: tuple[int, ...] = ()
        self.mark = b""
        #: What was read besides, for who asks one thing at a time.
        self.memo: dict[Any, Any] = {}
        self._written: list[tuple[list[int | None], list[str | None]]] = []

    def column(self, prop: str) -> list[Any]:
        """The values of a property as stored."""
        place = self.places[prop]
        return [r[place] for r in self.rows]

    def shown(self, prop: str) -> list[Any]:
        """The same as answers show them."""
        kind = PROPERTIES.get(prop, "text")
        held = self.column(prop)
        if kind == "time":
            return self._times(held)
        return held if kind in ("id", "text") else [None if v is None else shown(v, kind) for v in held]

    def _times(self, held: list[int | None]) -> list[str | None]:
        """Written once where two columns are the same: most things were seen when they started."""
        for known, texts in self._written:
            if known == held:
                return texts
        self._written.append((held, isos(held)))
        return self._written[-1][1]

    def typenames(self) -> list[str]:
        """The object type of each."""
        if self.family not in PLAIN:
            return [self.family] * len(self.rows)
        kind, type_ = self.places["kind"], self.places["type"]
        known: dict[tuple[Any, Any], str] = {}
        found = []
        for r in self.rows:
            key = (r[kind], r[type_])
            name = known.get(key)
            if name is None:
                name = known[key] = typename(*key, self.family)
            found.append(name)
        return found

    def cursor(self, place: int) -> str:
        """Where a page goes on that comes after this row."""
        row = self.rows[place]
        return paging.cursor(self.mark, [row[k] for k in self.keys])

    def some(self, places: Iterable[int]) -> "Batch":
        """Only these rows."""
        part = Batch(self.at, self.family, [self.rows[p] for p in places], self.places)
        part.keys, part.mark = self.keys, self.mark
        return part


def _props(var: str, props: Iterable[str]) -> dict[str, Expr]:
    return {p: Var(var) if p == "id" else Prop(var, p) for p in props}


def by_ids(at: At, ids: Iterable[str], props: Sequence[str]) -> Batch:
    """Those of some ids that are there, in no order."""
    query = _by_ids(tuple(props))
    rows = run(at.store, query, {"ids": sorted(set(ids))}, at.scope).rows
    return Batch(at, "Thing", rows, {c: i for i, c in enumerate(query.cols)})


# The same plan for the same selection: what it is rendered to is kept (kept.py of queries/).
@lru_cache(maxsize=PLANS)
def _by_ids(props: tuple[str, ...]) -> Query:
    return Query(_OF, _props("x", dict.fromkeys(("id", *props))), ("id",))


class Choice(NamedTuple):
    """Which things a page is of: a kind or type, what else must hold, in which order. `name` is the field's.

    `family` as in Batch, `said` what tells the order and the conditions from others, for cursors.
    """

    name: str
    type: str
    family: str
    extra: tuple[Atom, ...]
    where: Where
    order: Sorting
    said: tuple[Any, ...] = ()

    def body(self) -> tuple[Atom, ...]:
        """What binds `x` to each."""
        status = () if self.where.statuses is None else (happened(self.where.statuses),)
        return (N("x", (self.type,)), *self.extra, *status, *self.where.body())


def _named(key: SortKey, i: int) -> str:
    """The column of a key: a property has the same one whether it is a key or asked for."""
    return key.value.name if isinstance(key.value, Prop) else f"key{i}"


#: What a key of the order may be.
_SORTS: Final[dict[str, paging.Sort]] = {"text": (str,), "id": (str,), "json": (str,)}


def page(at: At, choice: Choice, cut: Cut, props: Sequence[str]) -> tuple[Batch, bool]:
    """Things of a choice as they are cut, and whether there are more where it is.

    Raises UsageError for a cursor that is none, or one of another choice.
    """
    keys = [_named(k, i) for i, k in enumerate(choice.order.keys)]
    mark = paging.mark(choice.name, *choice.said, at.scope.as_of, at.scope.project)
    ends, given = cut.read(mark, [_SORTS.get(PROPERTIES.get(c, "number"), (int, float)) for c in keys])
    query = _PAGES.of(choice, (tuple(props), ends), lambda: _page(choice, keys, ends, props))
    rows, more = _with_status(at, query, given, choice.where, cut.most)
    if cut.back:
        rows = rows[::-1]
    places = {c: i for i, c in enumerate(query.cols)}
    batch = Batch(at, choice.family, rows, places)
    batch.keys, batch.mark = tuple(places[c] for c in keys), mark
    return batch, more


def _page(choice: Choice, keys: Sequence[str], ends: Ends, props: Sequence[str]) -> Query:
    by = choice.order
    cols = {c: k.value for c, k in zip(keys, by.keys, strict=True)} | _props("x", props)
    cols["id"] = Var("x")
    order = [f"{'-' if k.down else ''}{c}" for c, k in zip(keys, by.keys, strict=True)]
    if ends.back:
        # An id is never null.
        cols |= {f"null_{c}": is_null(k.value) for c, k in zip(keys, by.keys, strict=True) if c != "id"}
        order = [o for c in order for o in (f"-null_{c.removeprefix('-')}", _turned(c)) if o != "-null_id"]
    return Query((*choice.body(), *by.atoms(), *ends.tests(by.by())), cols, tuple(order))


def _turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _with_status(
    at: At, query: Query, given: Mapping[str, Any], where: Where, limit: int
) -> tuple[list[Row], bool]:
    """Rows; where a status is asked for, it is derived until there are enough that have it."""
    fetch = limit if where.statuses is None else 4 * limit
    place = list(query.cols).index("id")
    while True:
        result = run(at.store, query, given, at.scope, fetch)
        if where.statuses is None:
            return result.rows, result.truncated
        found = statuses(at.store, at.scope, [r[place] for r in result.rows])
        kept = [r for r in result.rows if found.get(r[place]) in where.statuses]
        if not result.truncated or len(kept) > limit:
            return kept[:limit], len(kept) > limit
        fetch *= 4


def count(at: At, choice: Choice) -> int:
    """How many things a choice has."""
    if choice.where.statuses is not None:
        query = _COUNTS.of(choice, "ids", lambda: Query(choice.body(), {"id": Var("x")}, ("id",)))
        rows, _ = _with_status(at, query, {}, choice.where, 1 << 40)
        return len(rows)
    group = Group((), {"n": Agg("count", Var("x"))}, ("x",))
    query = _COUNTS.of(choice, "n", lambda: Query((*choice.body(), group), {"n": Var("n")}, ("n",)))
    rows = run(at.store, query, {}, at.scope).rows
    return int(rows[0][0]) if rows else 0


#: Plans of pages and counts, by the choice that they are of, and by the link.
_PAGES: Final[Kept[Query]] = Kept()
_COUNTS: Final[Kept[Query]] = Kept()
_LINKED: Final[Kept[Query]] = Kept()
#: The place of a link's things for one parent in the batch of all, and whether there are more.
Span = tuple[int, int, bool]
#: How things that a relation leads to are ordered.
_BY_NAME: Final[list[Key]] = [(Prop("y", "name"), False), (Prop("y", "id"), False)]


def linked(
    at: At, link: Link, ids: Iterable[str], cut: Cut, props: Sequence[str], stated: bool
) -> tuple[Batch, dict[str, Span]]:
    """What a link leads to from each of some things, by name, cut for each. `stated`: with `roles` and `at`."""
    mark = paging.mark(link.name, at.scope.as_of, at.scope.project)
    ends, given = cut.read(mark, [(str,), (str,)])
    form = (cut.most, ends, tuple(props), stated)
    query = _LINKED.of(link, form, lambda: _linked(link, cut.most, ends, props, stated))
    rows = run(at.store, query, {"ids": sorted(set(ids)), **given}, at.scope).rows
    places = {c: i for i, c in enumerate(query.cols)}
    kept, spans = _cut(rows, cut)
    batch = Batch(at, link.to, kept, places)
    batch.keys, batch.mark = (places["name"], places["id"]), mark
    return batch, spans


def _linked(link: Link, most: int, ends: Ends, props: Sequence[str], stated: bool) -> Query:
    body: list[Atom] = [*_OF, *link.body, *ends.tests(_BY_NAME)]
    told: tuple[str, ...] = ("roles", "at") if stated and link.stated else ()
    if told:
        both = {"roles": Agg("collect", Var("role")), "at": Agg("min", Var("at"))}
        body.append(Group(("x", "y"), both, ("role", "at")))
    body.append(L("named", Prop("y", "name")))
    if ends.back:
        body.append(L("nameless", is_null(Var("named"))))
        body.append(Top(most + 1, ("x",), ("y", "named", "nameless", *told), ("-nameless", "-named", "-y")))
    else:
        body.append(Top(most + 1, ("x",), ("y", "named", *told), ("named",)))
    cols: dict[str, Expr] = {"of": Var("x"), "name": Var("named"), "id": Var("y"), **{t: Var(t) for t in told}}
    cols |= {p: e for p, e in _props("y", props).items() if p not in cols}
    return Query(tuple(body), cols, ("of", "name", "id"))


def _cut(rows: Sequence[Row], cut: Cut) -> tuple[list[Row], dict[str, Span]]:
    """Rows by what their first column says, at most so many of each: the first of them, or the last."""
    kept: list[Row] = []
    spans: dict[str, Span] = {}
    start = 0
    while start < len(rows):
        of, end = rows[start][0], start + 1
        while end < len(rows) and rows[end][0] == of:
            end += 1
        begin = len(kept)
        kept += rows[max(start, end - cut.most) : end] if cut.back else rows[start : min(end, start + cut.most)]
        spans[of] = (begin, len(kept), end - start > cut.most)
        start = end
    return kept, spans


def links_counted(at: At, link: Link, ids: Iterable[str]) -> dict[str, int]:
    """To how many things a link leads from each of some; nothing of those that it leads nowhere from."""
    query = _LINKED.of(link, "count", lambda: _links_counted(link))
    return dict(run(at.store, query, {"ids": sorted(set(ids))}, at.scope).rows)


def _links_counted(link: Link) -> Query:
    body = (*_OF, *link.body, Group(("x",), {"n": Agg("count", Var("y"))}, ("y",)))
    return Query(body, {"of": Var("x"), "n": Var("n")}, ("of",))


def latest(at: At, link: Link, ids: Iterable[str], props: Sequence[str]) -> tuple[Batch, dict[str, int]]:
    """The last thing that a stated link leads to from each of some, by the time of the statement; and where it is."""
    query = _LINKED.of(link, ("last", tuple(props)), lambda: _latest(link, props))
    rows = run(at.store, query, {"ids": sorted(set(ids))}, at.scope).rows
    return Batch(at, link.to, rows, {c: i for i, c in enumerate(query.cols)}), {r[0]: i for i, r in enumerate(rows)}


def _latest(link: Link, props: Sequence[str]) -> Query:
    body = (*_OF, *link.body, Top(1, ("x",), ("y", "at"), ("-at",)))
    return Query(body, {"of": Var("x"), **_props("y", dict.fromkeys(("id", *props)))}, ("of",))
