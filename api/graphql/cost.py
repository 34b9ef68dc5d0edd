"""What a document may cost: how many rows it may bring, the product of `first` down the tree, summed."""

import math
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)

from begat.api.graphql import fields
from begat.api.graphql.asking import FIRST
from begat.api.graphql.documents import Document
from begat.api.graphql.errors import LIMIT, Refused
from begat.api.graphql.fields import given_to
from begat.api.graphql.limits import Limits
from begat.api.graphql.schema import CORE
from begat.queries.ask import LIMIT as ROWS

Parent = GraphQLObjectType | GraphQLInterfaceType
#: The fields that bring several rows.
_PAGES: Final = (fields.Listed, fields.Linked)
_ANSWERS: Final = (fields.Asked, fields.Lineage)
#: Series that an activity is taken to have where they are not named.
SERIES: Final = 10
_ALL: Final = list(CORE.type_map.values())
_FIELDS: Final = [f for t in _ALL if isinstance(t, Parent) for f in t.fields.values()]
#: What a field of introspection brings on the average, by its type and name.
_OF_SCHEMA: Final = {
    ("__Schema", "types"): len(_ALL),
    ("__Schema", "directives"): len(CORE.directives),
    ("__Type", "fields"): len(_FIELDS) / len(_ALL),
    ("__Field", "args"): sum(len(f.args) for f in _FIELDS) / len(_FIELDS),
    ("__Type", "enumValues"): 1,
    ("__Type", "inputFields"): 1,
    ("__Type", "possibleTypes"): 1,
    ("__Type", "ofType"): 0.5,
}
#: What is said of the schema is not compiled: an object of it takes as long as so many rows, a value as this part.
OBJECT, VALUE = 5, 1


def check(document: Document, operation: OperationDefinitionNode, variables: Any, limits: Limits) -> None:
    """Raises Refused for an operation that costs too much."""
    root = CORE.get_root_type(operation.operation)
    assert root is not None  # the document is valid
    cost = _Cost(document, variables).selection(operation.selection_set, root)
    if cost > limits.cost:
        shown = f"{cost:,}" if cost < 10**15 else "very many"
        raise Refused(LIMIT, f"the document may bring {shown} rows, the limit on cost is {limits.cost}: ask for fewer")


class _Cost:
    """Of selections; a fragment's is the same wherever it is spread."""

    def __init__(self, document: Document, variables: Any) -> None:
        self.document, self.variables = document, variables
        self.fragments: dict[str, int] = {}

    def selection(self, selected: SelectionSetNode | None, parent: Parent) -> int:
        total = 0
        for one in selected.selections if selected else ():
            match one:
                case FieldNode():
                    total += self.field(one, parent)
                case FragmentSpreadNode():
                    total += self.fragment(one.name.value)
                case InlineFragmentNode():
                    on: Any = parent if one.type_condition is None else CORE.type_map[one.type_condition.name.value]
                    total += self.selection(one.selection_set, on)
                case _:
                    pass
        return total

    def fragment(self, name: str) -> int:
        if name not in self.fragments:
            node = self.document.fragments[name]
            parent: Any = CORE.type_map[node.type_condition.name.value]
            self.fragments[name] = self.selection(node.selection_set, parent)
        return self.fragments[name]

    def field(self, node: FieldNode, parent: Parent) -> int:
        if parent.name.startswith("__") or node.name.value in ("__schema", "__type"):
            return self.of_schema(node, parent)
        field = parent.fields.get(node.name.value)
        if field is None or (node.selection_set is None):
            return 0
        inner: Any = get_named_type(field.type)
        below = self.selection(node.selection_set, inner)
        how = getattr(field.extensions.get("strawberry-definition"), "how", None)
        given = given_to(field, node, self.variables)
        if isinstance(how, (*_PAGES, *_ANSWERS)):
            unless_told = FIRST if isinstance(how, _PAGES) else ROWS
            return max(1, int(given.get("last", given.get("first", unless_told)))) * (1 + below)
        if isinstance(how, fields.Named):
            return (len(given["ids"]) if how.several else 1) * (1 + below)
        if isinstance(how, fields.SeriesOf):
            return max(1, int(given["max"])) * (len(given["names"]) if "names" in given else SERIES)
        return below + isinstance(how, fields.Last)

    def of_schema(self, node: FieldNode, parent: Parent) -> int:
        """What a field of introspection takes, in rows."""
        name = node.name.value
        if node.selection_set is None:
            return VALUE
        types = {"__schema": "__Schema", "__type": "__Type"}
        of: Any = CORE.type_map[types[name]] if name in types else get_named_type(parent.fields[name].type)
        return math.ceil(_OF_SCHEMA.get((parent.name, name), 1) * (OBJECT + self.selection(node.selection_set, of)))
