"""Answers' own objects, compiled: what is selected of each object of a list, column by column."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from graphql import GraphQLList, GraphQLObjectType, GraphQLScalarType, get_named_type, get_nullable_type

from begat.api.graphql import fields
from begat.api.graphql.asking import Asking
from begat.api.graphql.fields import given_to

#: A value for each of some sources.
Column = list[Any]


class Run(NamedTuple):
    """One execution: who asks, and the variables."""

    asking: Asking
    variables: Any

    def given(self, field: Any, node: Any) -> dict[str, Any]:
        """The arguments of a field."""
        return given_to(field, node, self.variables)


@lru_cache(maxsize=4096)
def struct(keys: tuple[str, ...]) -> Callable[..., Any]:
    """What makes an object with these response keys, in order; it is written as JSON without a dict."""
    names = [(f"f{i}", Any) for i in range(len(keys))]
    rename = {f"f{i}": key for i, key in enumerate(keys)}
    made: Callable[..., Any] = msgspec.defstruct("Selected", names, rename=rename, gc=False)
    return made


def rows(make: Callable[..., Any], columns: Sequence[Column], many: int) -> list[Any]:
    """An object for each place of the columns."""
    return list(map(make, *columns)) if columns else [make() for _ in range(many)]


def leaf(type_: Any, values: Column) -> Column:
    """Values as the schema shows them: a text is made of what is none."""
    named = get_nullable_type(type_)
    if not isinstance(named, GraphQLScalarType) or named.name not in ("String", "ID"):
        return values
    return [v if v is None or type(v) is str else named.serialize(v) for v in values]


class Plain:
    """What is selected of objects that are no nodes: rows, columns, points."""

    def __init__(self, compiler: Any, of: GraphQLObjectType, selected: Any) -> None:
        self._make = struct(tuple(selected))
        self._columns = [self._column(compiler, of, nodes) for nodes in selected.values()]

    def build(self, run: Run, sources: Sequence[Any]) -> list[Any]:
        """An object for each source."""
        return rows(self._make, [column(run, sources) for column in self._columns], len(sources))

    def _column(self, compiler: Any, of: GraphQLObjectType, nodes: Any) -> Callable[[Run, Sequence[Any]], Column]:
        name = nodes[0].name.value
        if name == "__typename":
            return lambda run, sources: [of.name] * len(sources)
        field = of.fields[name]
        told = field.extensions["strawberry-definition"]
        match getattr(told, "how", None):
            case fields.Cell(column):
                return lambda run, sources: leaf(field.type, [s[column] for s in sources])
            case fields.InLineage():
                things = compiler.things(nodes, field)
                return lambda run, sources: [things(run, s) for s in sources]
            case _:
                attribute: str = told.python_name
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType):
            return lambda run, sources: leaf(field.type, [getattr(s, attribute) for s in sources])
        below = Plain(compiler, inner, compiler.beneath(nodes, inner))
        if not isinstance(get_nullable_type(field.type), GraphQLList):
            return lambda run, sources: below.build(run, [getattr(s, attribute) for s in sources])

        def lists(run: Run, sources: Sequence[Any]) -> Column:
            held = [getattr(s, attribute) for s in sources]
            built = iter(below.build(run, [one for several in held for one in several]))
            return [[next(built) for _ in several] for several in held]

        return lists
