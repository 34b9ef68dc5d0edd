"""Which fields are selected of an object, as the specification collects them: fragments spread, directives decided."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

from begat.api.graphql.documents import Document
from begat.api.graphql.schema import CORE

#: Of each response key the fields that stand for it: their selections are merged.
Selected = dict[str, list[FieldNode]]
_DECIDE: Final = ("skip", "include")


def deciding(nodes: Iterable[Any]) -> Iterator[str]:
    """The variables by which the directives in some selections decide."""
    for node in nodes:
        for directive in node.directives or ():
            value = _condition(directive) if directive.name.value in _DECIDE else None
            if isinstance(value, VariableNode):
                yield value.name.value
        inner = getattr(node, "selection_set", None)
        if inner is not None:
            yield from deciding(inner.selections)


def _condition(directive: DirectiveNode) -> Any:
    return next(a.value for a in directive.arguments or () if a.name.value == "if")


class Collector:
    """Collects in one document, whose directives decide by these values of variables."""

    def __init__(self, document: Document, values: dict[str, Any]) -> None:
        self._document, self._values = document, values

    def collect(self, sets: Iterable[SelectionSetNode], of: GraphQLObjectType) -> Selected:
        """The fields of several selections of one object, which are merged."""
        found: Selected = {}
        spread: set[str] = set()
        for one in sets:
            self._add(one, of, found, spread)
        return found

    def beneath(self, nodes: Iterable[FieldNode], of: GraphQLObjectType) -> Selected:
        """The same of what is selected beneath some fields."""
        return self.collect([n.selection_set for n in nodes if n.selection_set is not None], of)

    def _add(self, selected: SelectionSetNode, of: GraphQLObjectType, found: Selected, spread: set[str]) -> None:
        for node in selected.selections:
            if not self._wanted(node.directives or ()):
                continue
            match node:
                case FieldNode():
                    found.setdefault((node.alias or node.name).value, []).append(node)
                case InlineFragmentNode() if self._is(node.type_condition, of):
                    self._add(node.selection_set, of, found, spread)
                case FragmentSpreadNode() if node.name.value not in spread:
                    spread.add(node.name.value)
                    fragment = self._document.fragments[node.name.value]
                    if self._is(fragment.type_condition, of):
                        self._add(fragment.selection_set, of, found, spread)
                case _:
                    pass

    def _wanted(self, directives: Iterable[DirectiveNode]) -> bool:
        held = {d.name.value: self._holds(_condition(d)) for d in directives if d.name.value in _DECIDE}
        return not held.get("skip", False) and held.get("include", True)

    def _holds(self, value: Any) -> bool:
        return bool(self._values.get(value.name.value) if isinstance(value, VariableNode) else value.value)

    @staticmethod
    def _is(condition: NamedTypeNode | None, of: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == of.name:
            return True
        type_ = CORE.type_map[condition.name.value]
        return is_abstract_type(type_) and CORE.is_sub_type(type_, of)
