"""The fields of the schema: each tells how it is come by, for strawberry here and for compile.py many at once."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import strawberry
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from begat.api.graphql import asking as asked
from begat.api.graphql import saying, things
from begat.api.graphql.asking import Asking, Finding, Listing
from begat.api.graphql.relations import Link
from begat.api.graphql.sources import Item, Page, items
from begat.queries.question import Question

Given = Mapping[str, Any]
#: What annotations of fields may name.
NAMES: dict[str, Any] = {"ID": strawberry.ID}


class How(Protocol):
    """How a field's value is come by."""

    def resolve(self, source: Any, given: Given, asking: Asking) -> Any:
        """The value for one source. Raises BegatError."""
        ...


class Listed(NamedTuple):
    """A page of a root field."""

    listing: Listing | Finding

    def resolve(self, source: Any, given: Given, asking: Asking) -> Page:
        batch, more = asked.page(asking, self.listing, given, things.EVERY)
        count = lambda: asked.counted(asking, self.listing, given)  # noqa: E731
        return Page(batch, 0, len(batch.rows), more, asking.cut(given), count)


class Named(NamedTuple):
    """A node by its id, or several, null where there is none."""

    several: bool

    def resolve(self, source: Any, given: Given, asking: Asking) -> Any:
        ids = given["ids"] if self.several else [given["id"]]
        found = {i.id: i for i in items(asked.chosen(asking, ids, given, things.EVERY))}
        return [found.get(i) for i in ids] if self.several else found.get(ids[0])


class Asked(NamedTuple):
    """A question's answer."""

    question: Question

    def resolve(self, source: Any, given: Given, asking: Asking) -> asked.Answered:
        return asked.answered(asking, self.question, given)


class Lineage(NamedTuple):
    """Nodes and edges around a thing."""

    def resolve(self, source: Any, given: Given, asking: Asking) -> asked.Lines:
        return asked.lineage(asking, given)


class Linked(NamedTuple):
    """A page of what a relation leads to."""

    link: Link

    def resolve(self, source: Item, given: Given, asking: Asking) -> Page:
        return source.linked(self.link, asking.cut(given))


class Last(NamedTuple):
    """The last of what a relation leads to."""

    link: Link

    def resolve(self, source: Item, given: Given, asking: Asking) -> Item | None:
        return source.last(self.link)


class Derived(NamedTuple):
    """Something of derived.py."""

    name: str

    def resolve(self, source: Item, given: Given, asking: Asking) -> Any:
        return source.derived(self.name)


class SeriesOf(NamedTuple):
    """The metric series of an activity."""

    def resolve(self, source: Item, given: Given, asking: Asking) -> Any:
        return source.series(given)


class Cell(NamedTuple):
    """A column of a row."""

    column: str

    def resolve(self, source: Mapping[str, Any], given: Given, asking: Asking) -> Any:
        return source[self.column]


class InLineage(NamedTuple):
    """The nodes of a lineage answer as things, of which more can be asked."""

    def resolve(self, source: asked.Lines, given: Given, asking: Asking) -> list[Item]:
        ids = [n["id"] for n in source.nodes]
        found = {i.id: i for i in items(things.by_ids(source.at, ids, things.EVERY))}
        return [found[i] for i in ids if i in found]


class Streamed(NamedTuple):
    """A subscription: its values come from elsewhere (live/subscribe.py), one after the other."""

    what: str

    def resolve(self, source: Any, given: Given, asking: Asking) -> Any:
        return source


class Saying(NamedTuple):
    """A mutation: something that is said of a thing."""

    say: Callable[[Asking, Given], saying.Change]

    def resolve(self, source: Any, given: Given, asking: Asking) -> saying.Change:
        return self.say(asking, given)


def given_to(field: Any, node: Any, variables: Any) -> dict[str, Any]:
    """The arguments of a field in a document; a null is one that is not given.

    `variables` as graphql-core has them, or, where strawberry executes by itself, only their values.
    """
    if isinstance(variables, dict):
        variables = VariableValues({}, variables)
    return {k: v for k, v in get_argument_values(field, node, variables).items() if v is not None}


class Argument(NamedTuple):
    """`type` as an annotation."""

    name: str
    type: Any
    help: str
    default: Any = strawberry.UNSET


class Field(StrawberryField):
    """A field whose type is an annotation with names of NAMES, which need not be known yet."""

    def __init__(self, type_: str, help: str) -> None:
        super().__init__(description=help)
        self.__dict__["type_annotation"] = StrawberryAnnotation(type_, namespace=NAMES)

    def __setattr__(self, name: str, value: Any) -> None:
        """The annotation stays: strawberry sets another, whose names it looks for in a module."""
        if name != "type_annotation":
            super().__setattr__(name, value)


class Told(Field):
    """A field that is come by in some way: `how`."""

    def __init__(self, type_: str, help: str, how: How, arguments: tuple[Argument, ...] = ()) -> None:
        super().__init__(type_, help)
        self.how = how
        self.arguments = [
            StrawberryArgument(
                python_name=a.name,
                graphql_name=a.name,
                type_annotation=StrawberryAnnotation(a.type, namespace=NAMES),
                description=a.help,
                default=a.default,
            )
            for a in arguments
        ]

    @property
    def is_basic_field(self) -> bool:
        """Never: it is not an attribute of its source."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: Any) -> Any:
        """What strawberry asks for: one value for one source."""
        raw = info._raw_info
        field = raw.parent_type.fields[raw.field_name]
        return self.how.resolve(source, given_to(field, raw.field_nodes[0], raw.variable_values), raw.context)


#: A field that is an attribute of its source.
plain = Field
