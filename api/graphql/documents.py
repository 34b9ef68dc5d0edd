"""Documents: each text is parsed, validated and held against the limits once, as long as it is among the last used."""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any, Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    MaxIntrospectionDepthRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)

from begat.api.graphql.errors import INVALID, LIMIT, Refused
from begat.api.graphql.limits import Limits
from begat.api.graphql.schema import CORE
from begat.api.graphql.size import check

#: How the parser says that a document is too large.
_OVER: Final = ("Syntax Error: Document contains more tha",)
#: What graphql-core says of such lists more than so many deep.
_IN_CIRCLES: Final = "Maximum introspection depth exceeded"
INTROSPECTION: Final = 3
RULES: Final = (*specified_rules, MaxIntrospectionDepthRule)


class Document:
    """A valid document: its operations by name, its fragments, and what was compiled of it."""

    def __init__(self, node: DocumentNode) -> None:
        self.node = node
        self.fragments = {d.name.value: d for d in node.definitions if isinstance(d, FragmentDefinitionNode)}
        self._operations = [d for d in node.definitions if isinstance(d, OperationDefinitionNode)]
        #: What was compiled of it, by operation and the values by which its directives decide; see compile.py.
        self.compiled: dict[Any, Any] = {}
        #: The names of these variables, by operation.
        self.deciding: dict[int, tuple[str, ...]] = {}

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one. Raises Refused."""
        named = {o.name.value if o.name else None: o for o in self._operations}
        if name is None and len(self._operations) == 1:
            return self._operations[0]
        if name is None:
            raise Refused(INVALID, f"give operationName: the document has {len(self._operations)} operations")
        if name not in named:
            raise Refused(INVALID, f"the document has no operation {name!r}")
        return named[name]


def read(text: str, limits: Limits) -> Document:
    """Parse and validate. Raises Refused."""
    if len(text) > limits.length:
        raise Refused(LIMIT, f"the document has {len(text)} signs, the limit on length is {limits.length}")
    try:
        node = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except GraphQLError as e:
        if e.message.startswith(_OVER):
            raise Refused(LIMIT, f"the document has more tokens than the limit on tokens, {limits.tokens}") from None
        raise Refused(INVALID, errors=[e]) from None
    check(node, limits)
    if errors := validate(CORE, node, RULES, max_errors=20):
        if any(e.message == _IN_CIRCLES for e in errors):
            told = f"lists of the schema in lists of it, more than the limit on introspection depth, {INTROSPECTION}"
            raise Refused(LIMIT, told)
        raise Refused(INVALID, errors=errors)
    return Document(node)


class Documents:
    """The last documents that were asked, those that cannot be asked too."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, Limits], Document | Refused] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str, limits: Limits) -> Document:
        """The document of a text. Raises Refused."""
        key = (text, limits)
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
        if held is None:
            try:
                held = read(text, limits)
            except Refused as e:
                held = e
            if len(text) <= limits.length:
                with self._lock:
                    self._held[key] = held
                    while len(self._held) > limits.cached:
                        self._held.popitem(last=False)
        if isinstance(held, Refused):
            raise held
        return held


#: Of this process.
DOCUMENTS: Final = Documents()


def values(given: Mapping[str, Any], limits: Limits) -> None:
    """Hold variables against the limits. Raises Refused."""
    left: list[Any] = [given]
    count = 0
    while left:
        several = left.pop()
        count += len(several)
        if count > limits.variables:
            raise Refused(LIMIT, f"the variables hold more values than the limit on variables, {limits.variables}")
        held = several.values() if isinstance(several, Mapping) else several
        left += [v for v in held if isinstance(v, Mapping | list)]
