"""Nodes and pages of them, compiled: what is selected, read and written for a whole batch at once.

Of nodes of several types each type has its own selection. What several types select alike is asked of all of them
together: a statement belongs to a field of the document, whatever nodes there are.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from graphql import FieldNode, GraphQLObjectType, get_named_type

from begat.api.graphql import fields, things
from begat.api.graphql.cut import Cut
from begat.api.graphql.derived import DERIVED
from begat.api.graphql.plain import Column, Plain, Run, rows, struct
from begat.api.graphql.relations import Link
from begat.api.graphql.schema import CORE
from begat.api.graphql.series import series
from begat.api.graphql.sources import PROPERTY
from begat.api.graphql.things import TYPED, Batch, Span
from begat.queries.answer import iso

Build = Callable[[Run, Batch], Column]


class Part:
    """One field of nodes: the properties that it reads, and its values for a batch."""

    def __init__(self, props: Iterable[str], build: Build) -> None:
        self.props, self.build = frozenset(props), build


class Shape:
    """What is selected of the nodes of one type or interface."""

    def __init__(self, compiler: Any, nodes: Sequence[FieldNode], name: str) -> None:
        named: Any = CORE.type_map[name]
        types = [named] if isinstance(named, GraphQLObjectType) else CORE.get_possible_types(named)
        parts: dict[Any, Part] = {}
        variants: dict[Any, tuple[Callable[..., Any], list[Part]]] = {}
        self._variant: dict[str, Any] = {}
        for one in types:
            selected = compiler.beneath(nodes, one)
            known = tuple((key, *map(id, held)) for key, held in selected.items())
            if known not in variants:
                made = [self._part(compiler, parts, one, held, len(types) > 1) for held in selected.values()]
                variants[known] = (struct(tuple(selected)), made)
            self._variant[one.name] = variants[known]
        self._only = next(iter(variants.values())) if len(variants) == 1 else None
        self.props = frozenset[str]().union(*(p.props for p in parts.values()))
        if self._only is None:
            self.props |= set(TYPED)

    @staticmethod
    def _part(
        compiler: Any, parts: dict[Any, Part], of: GraphQLObjectType, nodes: list[FieldNode], several: bool
    ) -> Part:
        key = tuple(map(id, nodes))
        if key not in parts:
            parts[key] = part(compiler, of, nodes, several)
        return parts[key]

    def build(self, run: Run, batch: Batch) -> list[Any]:
        """An object for each row."""
        many = len(batch.rows)
        if not many:
            return []
        if self._only is not None:
            make, parts = self._only
            return rows(make, [p.build(run, batch) for p in parts], many)
        variants = [self._variant[name] for name in batch.typenames()]
        places: dict[Part, list[int]] = {}
        for place, (_, parts) in enumerate(variants):
            for p in parts:
                places.setdefault(p, []).append(place)
        held = {p: dict(zip(at, p.build(run, batch.some(at)), strict=True)) for p, at in places.items()}
        return [make(*(held[p][place] for p in parts)) for place, (make, parts) in enumerate(variants)]


def part(compiler: Any, of: GraphQLObjectType, nodes: list[FieldNode], several: bool) -> Part:
    """A field of nodes."""
    name = nodes[0].name.value
    if name == "__typename":
        if several:
            return Part(TYPED, lambda run, batch: batch.typenames())
        return Part((), lambda run, batch: [of.name] * len(batch.rows))
    field = of.fields[name]
    told = field.extensions["strawberry-definition"]
    match getattr(told, "how", None):
        case fields.Linked(link):
            return Part(("id",), _Linked(compiler, link, field, nodes).build)
        case fields.Last(link):
            return Part(("id",), _last(compiler, link, field, nodes))
        case fields.Derived(what):
            return Part(("id",), _derived(what))
        case fields.SeriesOf():
            return Part(("id",), _series(compiler, field, nodes))
        case _:
            prop = PROPERTY[told.python_name]
            return Part((prop,), lambda run, batch: batch.shown(prop))


def _derived(name: str) -> Build:
    how = DERIVED[name]

    def build(run: Run, batch: Batch) -> Column:
        ids = batch.column("id")
        found = how.read(batch.at, ids)
        return [found[i] if i in found else how.none() for i in ids]

    return build


def _series(compiler: Any, field: Any, nodes: list[FieldNode]) -> Build:
    of: Any = get_named_type(field.type)
    below = Plain(compiler, of, compiler.beneath(nodes, of))

    def build(run: Run, batch: Batch) -> Column:
        ids = batch.column("id")
        found = series(batch.at, ids, run.given(field, nodes[0]))
        held = {i: below.build(run, several) for i, several in found.items()}
        return [held.get(i, []) for i in ids]

    return build


def _last(compiler: Any, link: Link, field: Any, nodes: list[FieldNode]) -> Build:
    shape = Shape(compiler, nodes, get_named_type(field.type).name)

    def build(run: Run, batch: Batch) -> Column:
        ids = batch.column("id")
        reached, places = things.latest(batch.at, link, ids, sorted(shape.props))
        built = shape.build(run, reached)
        return [built[places[i]] if i in places else None for i in ids]

    return build


class _Linked:
    """A relation: a page for each node."""

    def __init__(self, compiler: Any, link: Link, field: Any, nodes: list[FieldNode]) -> None:
        self._link, self._field, self._node = link, field, nodes[0]
        self._pages = Pages(compiler, nodes, get_named_type(field.type))

    def build(self, run: Run, batch: Batch) -> Column:
        ids, at = batch.column("id"), batch.at
        wanted = list(dict.fromkeys(ids))
        given = run.given(self._field, self._node)
        cut, pages = run.asking.cut(given), self._pages
        if pages.rows or cut.somewhere:
            reached, spans = things.linked(at, self._link, wanted, cut, pages.props, pages.stated)
        else:
            reached, spans = Batch(at, self._link.to, (), {}), {}
        counts = things.links_counted(at, self._link, wanted) if pages.counted else {}
        held = [spans.get(i, (0, 0, False)) for i in wanted]
        built = pages.build(run, reached, held, cut, [counts.get(i, 0) for i in wanted])
        found = dict(zip(wanted, built, strict=True))
        return [found[i] for i in ids]


class Pages:
    """What is selected of a connection. `rows`: of its nodes, too; `counted`: how many there are on all pages."""

    def __init__(self, compiler: Any, nodes: Sequence[FieldNode], of: Any) -> None:
        selected = compiler.beneath(nodes, of)
        names = {held[0].name.value for held in selected.values()}
        self.rows = bool(names & {"nodes", "edges", "pageInfo"})
        self.counted = "totalCount" in names
        self.stated = False
        self._make = struct(tuple(selected))
        self._shapes: list[Shape] = []
        self._columns = [self._column(compiler, of, held) for held in selected.values()]
        self.props = sorted(frozenset[str]().union(*(s.props for s in self._shapes)))

    def build(self, run: Run, batch: Batch, spans: Sequence[Span], cut: Cut, counts: Sequence[int]) -> Column:
        """A page for each span of a batch."""
        page = (run, batch, spans, cut, counts)
        return rows(self._make, [column(*page) for column in self._columns], len(spans))

    def _column(self, compiler: Any, of: Any, nodes: list[FieldNode]) -> Any:
        name = nodes[0].name.value
        if name == "__typename":
            return lambda run, batch, spans, cut, counts: [of.name] * len(spans)
        if name == "totalCount":
            return lambda run, batch, spans, cut, counts: list(counts)
        inner: Any = get_named_type(of.fields[name].type)
        if name == "pageInfo":
            return _page_info(inner, compiler.beneath(nodes, inner))
        whole = self._shape(compiler, nodes, inner.name) if name == "nodes" else self._edges(compiler, nodes, inner)

        def sliced(run: Run, batch: Batch, spans: Sequence[Span], cut: Cut, counts: Sequence[int]) -> Column:
            built = whole(run, batch)
            return [built[start:stop] for start, stop, _ in spans]

        return sliced

    def _shape(self, compiler: Any, nodes: list[FieldNode], name: str) -> Build:
        self._shapes.append(Shape(compiler, nodes, name))
        return self._shapes[-1].build

    def _edges(self, compiler: Any, nodes: list[FieldNode], of: Any) -> Build:
        selected = compiler.beneath(nodes, of)
        make = struct(tuple(selected))
        columns = [self._of_edge(compiler, of, held) for held in selected.values()]
        return lambda run, batch: rows(make, [c(run, batch) for c in columns], len(batch.rows))

    def _of_edge(self, compiler: Any, of: Any, nodes: list[FieldNode]) -> Build:
        name = nodes[0].name.value
        match name:
            case "__typename":
                return lambda run, batch: [of.name] * len(batch.rows)
            case "cursor":
                return lambda run, batch: [batch.cursor(i) for i in range(len(batch.rows))]
            case "node":
                return self._shape(compiler, nodes, get_named_type(of.fields[name].type).name)
            case "roles":
                self.stated = True
                return _roles
            case _:
                self.stated = True
                return _at


def _roles(run: Run, batch: Batch) -> Column:
    if "roles" not in batch.places:
        return [[]] * len(batch.rows)
    return [[r for r in held if r is not None] for held in batch.column("roles")]


def _at(run: Run, batch: Batch) -> Column:
    if "at" not in batch.places:
        return [None] * len(batch.rows)
    return [None if when is None else iso(when) for when in batch.column("at")]


def _page_info(of: Any, selected: Any) -> Any:
    make = struct(tuple(selected))
    columns = [_INFO.get(held[0].name.value, _typename(of.name)) for held in selected.values()]

    def build(run: Run, batch: Batch, spans: Sequence[Span], cut: Cut, counts: Sequence[int]) -> Column:
        return [make(*(c(batch, span, cut) for c in columns)) for span in spans]

    return build


def _typename(name: str) -> Callable[[Batch, Span, Cut], Any]:
    return lambda batch, span, cut: name


_INFO: dict[str, Callable[[Batch, Span, Cut], Any]] = {
    "hasNextPage": lambda batch, span, cut: cut.next(span[2]),
    "hasPreviousPage": lambda batch, span, cut: cut.previous(span[2]),
    "startCursor": lambda batch, span, cut: batch.cursor(span[0]) if span[1] > span[0] else None,
    "endCursor": lambda batch, span, cut: batch.cursor(span[1] - 1) if span[1] > span[0] else None,
}
