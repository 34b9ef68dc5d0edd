"""Documents, compiled: what is selected is decided once, and its values are read and written many at a time.

The same functions read the store as for strawberry (sources.py), but only the columns that are selected, and the rows
go to JSON without an object for each field. What is not compiled, introspection, is left to strawberry; so is a
document of which something could not be answered: its errors are then told field by field.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLObjectType, OperationDefinitionNode, get_named_type

from begat.api.graphql import asking as asked
from begat.api.graphql import fields, things
from begat.api.graphql.asking import Asking
from begat.api.graphql.collect import Collector, Selected, deciding
from begat.api.graphql.documents import Document
from begat.api.graphql.plain import Plain, Run, struct
from begat.api.graphql.schema import CORE
from begat.api.graphql.shapes import Pages, Shape
from begat.graph_schema.errors import BegatError

_log = logging.getLogger(__name__)
#: The value of a root field.
Root = Callable[[Run], Any]
#: Forms of one operation that are kept: one for each set of values that its directives read.
MOST_FORMS = 16


def compiled(document: Document, operation: OperationDefinitionNode, variables: Any) -> "Compiled | None":
    """An operation with these variables; None where it is left to strawberry."""
    values = deciding_values(document, operation, variables)
    key = (id(operation), *values.values())
    if key not in document.compiled:
        if len(document.compiled) >= MOST_FORMS:
            document.compiled.clear()
        document.compiled[key] = _compile(document, operation, values)
    found: Compiled | None = document.compiled[key]
    return found


def deciding_values(document: Document, operation: OperationDefinitionNode, variables: Any) -> dict[str, Any]:
    """The values of the variables by which an operation's directives decide."""
    if id(operation) not in document.deciding:
        nodes = [operation, *document.fragments.values()]
        document.deciding[id(operation)] = tuple(sorted(set(deciding(nodes))))
    return {name: variables.coerced.get(name) for name in document.deciding[id(operation)]}


def _compile(document: Document, operation: OperationDefinitionNode, values: dict[str, Any]) -> "Compiled | None":
    query = CORE.query_type
    assert query is not None
    compiler = Compiler(Collector(document, values))
    selected = compiler.collector.collect([operation.selection_set], query)
    if any(nodes[0].name.value in ("__schema", "__type") for nodes in selected.values()):
        return None
    return Compiled(compiler, query, selected)


class Compiler:
    """What the parts of a document are compiled with."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector

    def beneath(self, nodes: Sequence[FieldNode], of: GraphQLObjectType) -> Selected:
        """What is selected beneath some fields of which objects of a type are the values."""
        return self.collector.beneath(nodes, of)

    def things(self, nodes: list[FieldNode], field: Any) -> Callable[[Run, Any], list[Any]]:
        """The nodes of a lineage as things."""
        shape = Shape(self, nodes, get_named_type(field.type).name)

        def build(run: Run, lines: Any) -> list[Any]:
            batch = things.by_ids(lines.at, [n["id"] for n in lines.nodes], sorted(shape.props))
            found = dict(zip(batch.column("id"), shape.build(run, batch), strict=True))
            return [found[n["id"]] for n in lines.nodes if n["id"] in found]

        return build

    def root(self, query: GraphQLObjectType, nodes: list[FieldNode]) -> Root:
        """A root field."""
        name = nodes[0].name.value
        if name == "__typename":
            return lambda run: query.name
        field = query.fields[name]
        of: Any = get_named_type(field.type)
        how = field.extensions["strawberry-definition"].how
        match how:
            case fields.Listed(listing):
                return self._listed(listing, Pages(self, nodes, of), field, nodes[0])
            case fields.Named(several):
                return self._named(several, Shape(self, nodes, of.name), field, nodes[0])
            case _:
                plain = Plain(self, of, self.beneath(nodes, of))
                return lambda run: plain.build(run, [how.resolve(None, run.given(field, nodes[0]), run.asking)])[0]

    @staticmethod
    def _listed(listing: Any, pages: Pages, field: Any, node: FieldNode) -> Root:
        def build(run: Run) -> Any:
            given = run.given(field, node)
            cut = run.asking.cut(given)
            batch, more = asked.page(run.asking, listing, given, tuple(pages.props))
            counts = [asked.counted(run.asking, listing, given) if pages.counted else 0]
            return pages.build(run, batch, [(0, len(batch.rows), more)], cut, counts)[0]

        def only_counted(run: Run) -> Any:
            given = run.given(field, node)
            cut = run.asking.cut(given)
            if cut.somewhere:
                return build(run)
            batch = things.Batch(run.asking.at(given), "Thing", (), {})
            return pages.build(run, batch, [(0, 0, False)], cut, [asked.counted(run.asking, listing, given)])[0]

        return build if pages.rows or not pages.counted else only_counted

    @staticmethod
    def _named(several: bool, shape: Shape, field: Any, node: FieldNode) -> Root:
        def build(run: Run) -> Any:
            given = run.given(field, node)
            ids = given["ids"] if several else [given["id"]]
            batch = asked.chosen(run.asking, ids, given, tuple(sorted(shape.props)))
            found = dict(zip(batch.column("id"), shape.build(run, batch), strict=True))
            return [found.get(i) for i in ids] if several else found.get(ids[0])

        return build


class Compiled:
    """An operation that can be executed."""

    def __init__(self, compiler: Compiler, query: GraphQLObjectType, selected: Selected) -> None:
        self._make = struct(tuple(selected))
        self._roots = [compiler.root(query, nodes) for nodes in selected.values()]

    def data(self, asking: Asking, variables: Any) -> Any:
        """The data of a response, None where something could not be answered."""
        run = Run(asking, variables)
        try:
            return self._make(*(root(run) for root in self._roots))
        except (BegatError, GraphQLError):
            return None
        except Exception:
            _log.exception("a compiled document could not be answered, and is left to strawberry")
            return None
