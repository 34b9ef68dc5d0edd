"""Documents drawn from the schema: fields, aliases, arguments, fragments, directives and variables, nested."""

import json
from collections.abc import Callable
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from hypothesis import strategies as st

from begat.api.graphql.asking import LISTINGS
from begat.api.graphql.schema import CORE

Parent = GraphQLObjectType | GraphQLInterfaceType
#: What the study knows, and random graphs.
IDS: Final = ("train-a", "a.pt", "combine", "nobody knows this", "a0", "a3", "e0", "e3", "v1", "s1", "ada")
NAMES: Final = ("train-a", "train-c", "models/a.pt", "models/ens.pt", "combine", "data/rain.csv", "a0", "e0", "e3")
#: What each argument may be.
VALUES: Final[dict[str, tuple[str, ...]]] = {
    "id": tuple(map(json.dumps, IDS)),
    "ids": (json.dumps(IDS[:4]), json.dumps(IDS[3:]), "[]"),
    "first": ("1", "2", "3", "null"),
    "last": ("1", "2", "3"),
    "asOf": ('"2026-03-02T10:05:00Z"', '"2026-03-03"', "null"),
    "where": (
        "{}", '{name: {startsWith: "train"}}', '{types: ["Training", "Model"]}', '{name: {in: ["run", "e0"]}}',
    ),
    "orderBy": ("{field: NAME}", "{field: SEEN, direction: DESC}", '{metric: "loss"}', "{field: TYPE}"),
    "steps": ("true", "false"),
    "max": ("4", "5", "500"),
    "method": ("LTTB", "MINMAX"),
    "names": ('["loss"]', '["loss", "rmse"]'),
    "direction": ("UP", "DOWN", "BOTH"),
    "depth": ("1", "2"),
    "measure": ('"rmse"', '"loss"'),
    **dict.fromkeys(("thing", "of", "other", "data"), tuple(map(json.dumps, NAMES))),
}  # fmt: skip
#: Where a text stands that is no type or condition of the study.
TYPE: Final = ('"Model"', '"Activity"', '"Training"', '"Dataset"', '"Agent"')
DEEPEST: Final = 5
ROOTS: Final = frozenset((*(one.name for one in LISTINGS), "node", "nodes", "find", "lineage"))


class Writer:
    """Writes one document."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self._draw = draw
        self._fragments: list[str] = []
        self._aliases = 0
        #: The values of the variables that decide what is skipped.
        self.variables: dict[str, bool] = {}

    def document(self) -> str:
        """With its variables declared, and its fragments."""
        query = CORE.query_type
        assert query is not None
        body = self._selection(query, DEEPEST)
        declared = ", ".join(f"${name}: Boolean! = false" for name in self.variables)
        return f"query{f' Q({declared})' if declared else ''} {body} {' '.join(self._fragments)}"

    def _one(self, *among: Any) -> Any:
        return self._draw(st.sampled_from(among))

    def _rarely(self) -> bool:
        return bool(self._draw(st.integers(0, 5)) == 0)

    def _selection(self, of: Parent, depth: int) -> str:
        many = self._draw(st.integers(1, 4))
        parts = [self._part(of, depth) for _ in range(many)]
        return f"{{ {' '.join(parts)} }}"

    def _part(self, of: Parent, depth: int) -> str:
        if of.name != "Query" and self._rarely():
            return f"__typename{self._directive()}"
        if of.name != "Query" and depth > 1 and self._rarely():
            return self._fragment(of, depth)
        fields = {n: f for n, f in of.fields.items() if depth > 1 or is_leaf_type(get_named_type(f.type))}
        if not fields:
            return "__typename"
        # Of the root's fields most are questions, about one thing each, which may not be there.
        often = [n for n in fields if of.name != "Query" or n in ROOTS]
        name = self._one(*sorted(fields)) if self._rarely() else self._one(*sorted(often or fields))
        return self._field(name, fields[name], depth)

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        given = [(a, self._value(name, a)) for a, t in field.args.items() if self._given(a, str(t.type))]
        if any(a == "last" for a, _ in given) and not self._rarely():  # both are an error
            given = [(a, v) for a, v in given if a != "first"]
        arguments = ", ".join(f"{a}: {v}" for a, v in given if v is not None)
        # Two fields of one name and other arguments are no valid document.
        alias = ""
        if arguments or self._rarely():
            self._aliases += 1
            alias = f"a{self._aliases}: "
        inner: Any = get_named_type(field.type)
        below = "" if is_leaf_type(inner) else f" {self._selection(inner, depth - 1)}"
        return f"{alias}{name}{f'({arguments})' if arguments else ''}{self._directive()}{below}"

    def _given(self, name: str, type_: str) -> bool:
        required = type_.endswith("!") and name not in ("max", "method", "steps", "direction")
        return required or (name in VALUES and bool(self._draw(st.booleans())))

    def _value(self, field: str, name: str) -> str | None:
        if name == "type":
            return str(self._one(*TYPE))
        if name == "features":
            return '["rain"]'
        return str(self._one(*VALUES[name])) if name in VALUES else None

    def _directive(self) -> str:
        if not self._rarely():
            return ""
        name = self._one("skip", "include")
        if self._draw(st.booleans()):
            variable = f"v{len(self.variables)}"
            self.variables[variable] = self._draw(st.booleans())
            return f" @{name}(if: ${variable})"
        return f" @{name}(if: {self._one('true', 'false')})"

    def _fragment(self, of: Parent, depth: int) -> str:
        """Inline or by name, on the type itself, one that it may be, or one that it is."""
        types: list[Any] = [of, *getattr(of, "interfaces", ())]
        if is_abstract_type(of):
            types += [t for t in CORE.get_possible_types(of)]  # noqa: C416
        on = self._one(*types)
        body = self._selection(on, depth - 1)
        if self._draw(st.booleans()):
            condition = f" on {on.name}" if on is not of or self._draw(st.booleans()) else ""
            return f"...{condition}{self._directive()} {body}"
        name = f"F{len(self._fragments)}"
        self._fragments.append("")
        self._fragments[int(name[1:])] = f"fragment {name} on {on.name} {body}"
        return f"...{name}{self._directive()}"


@st.composite
def documents(draw: Callable[..., Any]) -> tuple[str, dict[str, bool]]:
    """A document, and its variables."""
    writer = Writer(draw)
    text = writer.document()
    return text, writer.variables
