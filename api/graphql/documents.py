"""Documents: each text is parsed, validated and held against the limits once, as long as it is among the last used."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from itertools import islice
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

#: What the parser passes over, or would make a token of, for which it takes ten times as long. Each match goes on where
#: the one before ended, and none is looked for twice.
_TOKEN: Final = re.compile(
    r"""(?:[\s,\ufeff]|\#[^\n\r]*+)++|(\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})?|"(?:[^"\\\n\r]|\\.)*+"?"""
    r"""|[^\W\d]\w*+|-?\d[\w.+-]*+|\.{3}|.)""",
    re.DOTALL,
)
#: How the parser says that a document is too large.
_OVER: Final = ("Syntax Error: Document contains more tha",)
#: What graphql-core says of such lists more than so many deep.
_IN_CIRCLES: Final = "Maximum introspection depth exceeded"
INTROSPECTION: Final = 3
#: Faults that are told: for each the parser looks which names may have been meant.
MOST_WRONG: Final = 5
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
    found = islice(_TOKEN.finditer(text), 2 * limits.tokens + 2)
    if sum(1 for one in found if one.lastindex) > limits.tokens:
        raise Refused(LIMIT, f"the document has more tokens than the limit on tokens, {limits.tokens}")
    try:
        node = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except GraphQLError as e:
        if e.message.startswith(_OVER):
            raise Refused(LIMIT, f"the document has more tokens than the limit on tokens, {limits.tokens}") from None
        raise Refused(INVALID, errors=[e]) from None
    check(node, limits)
    if errors := validate(CORE, node, RULES, max_errors=MOST_WRONG):
        if any(e.message == _IN_CIRCLES for e in errors):
            told = f"lists of the schema in lists of it, more than the limit on introspection depth, {INTROSPECTION}"
            raise Refused(LIMIT, told)
        raise Refused(INVALID, errors=errors)
    return Document(node)


class Documents:
    """The last documents that were asked; what is refused takes no place of theirs."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, Limits], Document] = OrderedDict()
        self._signs = 0
        self._lock = Lock()

    def holds(self, text: str, limits: Limits) -> bool:
        """Whether a text was read before, and nothing speaks against it."""
        return (text, limits) in self._held

    def get(self, text: str, limits: Limits) -> Document:
        """The document of a text. Raises Refused."""
        key = (text, limits)
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
                return held
        held = read(text, limits)
        with self._lock:
            if key not in self._held:
                self._signs += len(text)
            self._held[key] = held
            while len(self._held) > limits.cached or self._signs > limits.cached_signs:
                (old, _), _ = self._held.popitem(last=False)
                self._signs -= len(old)
        return held


#: Of this process.
DOCUMENTS: Final = Documents()


def values(given: Mapping[str, Any], limits: Limits) -> None:
    """Hold variables against the limits. Raises Refused."""
    level: list[Any] = [given]
    count = depth = 0
    while level:
        if depth > limits.depth:
            raise Refused(LIMIT, f"the variables hold values in values deeper than the limit on depth, {limits.depth}")
        depth += 1
        below: list[Any] = []
        for several in level:
            count += len(several)
            if count > limits.variables:
                raise Refused(LIMIT, f"the variables hold more values than the limit on variables, {limits.variables}")
            held = several.values() if isinstance(several, Mapping) else several
            below += [v for v in held if isinstance(v, Mapping | list)]
        level = below
