"""A statement in the making: what it may see, what it is handed, and its expressions and orders."""

from collections.abc import Mapping
from typing import Any

from begat.queries.cypher.expressions import expression
from begat.queries.cypher.order import key
from begat.queries.cypher.pipeline import Pipeline
from begat.queries.cypher.preludes import Prelude
from begat.queries.cypher.sight import Sight
from begat.queries.expr import Expr, Prop, Var
from begat.queries.plan import Avoid
from begat.queries.scope import Scope


class Statement:
    """What the clauses of one statement share."""

    def __init__(self, scope: Scope) -> None:
        self.sight = Sight(scope)
        self.params = scope.bound
        self.preludes: dict[Any, Prelude] = {}
        self.anchors: dict[str, Expr] = {}
        #: The list parameter that a variable is an element of.
        self.elements: dict[str, str] = {}
        self.avoids: list[tuple[Avoid, str]] = []
        #: Variables that stand for lists.
        self.lists: set[str] = set()
        self.ids: set[str] = set()
        #: Variables, and columns, that may hold texts and numbers.
        self.mixed: frozenset[str] = frozenset()
        self.mixed_cols: frozenset[str] = frozenset()

    def constant(self, value: Any) -> str:
        """A parameter that carries a constant of the plan."""
        name = f"_k{len(self.params)}"
        self.params[name] = value
        return f"${name}"

    def expr(self, e: Expr, p: Pipeline) -> str:
        return expression(e, p, self.sight, self.constant)

    def shown(self, e: Expr, p: Pipeline) -> str:
        """An expression as a column: a node by its id."""
        return self.expr(Prop(e.name, "id") if isinstance(e, Var) and e.name in p.nodes else e, p)

    def id(self, e: Expr, p: Pipeline) -> str:
        """An expression that is a node's id: the parameter it comes from holds ids."""
        text = self.expr(e, p)
        if isinstance(e, Var):
            self.ids.add(self.elements.get(e.name, ""))
        else:
            self.ids.add(text.removeprefix("$"))
        return text

    def order(self, keys: Mapping[str, str], mixed: frozenset[str]) -> str:
        """Sort keys: "-name" descending, nulls last both ways; numbers before texts, in `mixed`, which hold both."""
        terms = []
        for k, text in keys.items():
            down = " DESC" if k.startswith("-") else ""
            terms += [f"{text} IS NULL"] if down or k in mixed else []
            terms += [f"{text} IS :: STRING{down}"] if k.removeprefix("-") in mixed else []
            terms.append(f"{key(text, self.sight.scope.wide)}{down}")
        return ", ".join(terms)
