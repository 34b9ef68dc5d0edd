"""How large a document is: what it says, and what is selected once its fragments are spread.

A fragment is counted once and added wherever it is spread, so that the size of a document that spreads fragments in
fragments many times is found as quickly as that of any other.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
)

from begat.api.graphql.errors import INVALID, LIMIT, Refused
from begat.api.graphql.limits import Limits


class Size(NamedTuple):
    """Of a selection: how deep fields stand in fields, how many there are in all, and how many at its top."""

    depth: int
    fields: int
    top: int


EMPTY: Final = Size(0, 0, 0)


def check(document: DocumentNode, limits: Limits) -> None:
    """Raises Refused, with the limit, its value and what was asked for."""
    _Check(document, limits).all()


class _Check:
    def __init__(self, document: DocumentNode, limits: Limits) -> None:
        self.document, self.limits = document, limits
        self.fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self.sizes: dict[str, Size | None] = {}
        self.names: Counter[str] = Counter()
        self.aliases = self.directives = self.spreads = self.values = 0

    def all(self) -> None:
        """Each definition by itself: a fragment that nobody spreads is part of the text too."""
        self.within("fragments", len(self.fragments))
        for d in self.document.definitions:
            if isinstance(d, OperationDefinitionNode):
                size = self.selection(d.selection_set)
                self.directed(d.directives)
                self.within("depth", size.depth)
                self.within("fields", size.fields)
                self.within("root_fields", size.top)
            elif isinstance(d, FragmentDefinitionNode):
                self.fragment(d.name.value)
        self.within("aliases", self.aliases)
        self.within("directives", self.directives)
        self.within("fragments", self.spreads)
        self.within("values", self.values)
        if self.names:
            name, times = self.names.most_common(1)[0]
            if times > self.limits.repeats:
                raise Refused(LIMIT, f"{name!r} stands {times} times, the limit on repeats is {self.limits.repeats}")

    def within(self, limit: str, asked: int) -> None:
        most = getattr(self.limits, limit)
        if asked > most:
            many = asked if asked < 10**9 else "very many"
            raise Refused(LIMIT, f"{limit.replace('_', ' ')} is {many}, the limit on {limit} is {most}")

    def fragment(self, name: str) -> Size:
        """Raises Refused for a fragment that is in itself."""
        if name not in self.fragments:
            return EMPTY
        if name in self.sizes:
            known = self.sizes[name]
            if known is None:
                raise Refused(INVALID, f"fragment {name!r} is spread in itself")
            return known
        self.sizes[name] = None
        size = self.sizes[name] = self.selection(self.fragments[name].selection_set)
        self.directed(self.fragments[name].directives)
        return size

    def directed(self, directives: Sequence[DirectiveNode] | None) -> None:
        self.directives += len(directives or ())
        for one in directives or ():
            self.given(one.arguments)

    def given(self, arguments: Iterable[ArgumentNode] | None) -> None:
        """Count what arguments hold, lists in lists too."""
        left: list[ValueNode] = [a.value for a in arguments or ()]
        while left:
            self.values += 1
            match left.pop():
                case ListValueNode(values=several):
                    left += several
                case ObjectValueNode(fields=several):
                    left += [f.value for f in several]
                case _:
                    pass

    def selection(self, selected: SelectionSetNode | None) -> Size:
        depth = fields = top = 0
        for one in selected.selections if selected else ():
            self.directed(one.directives)
            match one:
                case FieldNode():
                    self.aliases += one.alias is not None
                    self.given(one.arguments)
                    self.names[(one.alias or one.name).value] += 1
                    inner = self.selection(one.selection_set)
                    size = Size(inner.depth + 1, inner.fields + 1, 1)
                case FragmentSpreadNode():
                    self.spreads += 1
                    size = self.fragment(one.name.value)
                case InlineFragmentNode():
                    self.spreads += 1
                    size = self.selection(one.selection_set)
                case _:
                    size = EMPTY
            depth, fields, top = max(depth, size.depth), fields + size.fields, top + size.top
        return Size(depth, fields, top)
