"""A statement in the making: its clauses so far, and the variables they have bound."""

from collections.abc import Iterable
from typing import Final

import msgspec

#: Words that Cypher does not take for a variable as they are.
WORDS: Final = frozenset(
    (
        "all", "and", "any", "case", "count", "end", "exists", "false", "in", "inf", "infinity", "is", "nan", "none",
        "not", "null", "or", "set", "single", "then", "true", "when", "where", "with", "xor",
    )
)  # fmt: skip


class Clause(msgspec.Struct):
    """A clause and the tests of its WHERE; `open` says that further ones may be added there."""

    text: str
    tests: list[str] = []
    open: bool = False

    def __str__(self) -> str:
        return self.text + (f"\nWHERE {' AND '.join(self.tests)}" if self.tests else "")


class Pipeline(msgspec.Struct):
    """`before` are the clauses in front of the first of `clauses` when these stand alone, `header` those in a CALL.

    `nested`: inside a subquery that sees all outer variables, so that none of them can be bound again.
    """

    bound: dict[str, None] = {}
    nodes: set[str] = set()
    clauses: list[Clause] = []
    before: list[Clause] = []
    header: list[Clause] = []
    nested: bool = False

    def branch(self, *, nested: bool = False) -> "Pipeline":
        """A body that goes on from here on its own."""
        return Pipeline(dict(self.bound), set(self.nodes), [], self.alone(), [], nested or self.nested)

    def alone(self) -> list[Clause]:
        """All clauses that lead here, as a statement of their own."""
        return [Clause(c.text, list(c.tests)) for c in (*self.before, *self.clauses)]

    def imports(self) -> str:
        """What a CALL takes in: all that is bound."""
        return ", ".join(map(named, self.bound))

    def text(self) -> str:
        """The clauses as the body of a CALL, or as a statement."""
        return "\n".join(str(c) for c in (*self.header, *self.clauses))

    def add(self, text: str, *tests: str, open: bool = False) -> None:
        """Add a clause."""
        self.clauses.append(Clause(text, list(tests), open))

    def match(self, pattern: str, *tests: str) -> None:
        """Add a MATCH."""
        self.add(f"MATCH {pattern}", *tests, open=True)

    def keep(self, test: str) -> None:
        """Keep the rows for which a test is true."""
        if not (self.clauses and self.clauses[-1].open):
            self.add("WITH *" if self.bound else "WITH 1 AS one", open=True)
        self.clauses[-1].tests.append(test)

    def let(self, var: str, text: str) -> None:
        """Let a new variable be an expression."""
        self.add(f"WITH {'*, ' if self.bound else ''}{text} AS {named(var)}", open=True)
        self.bound[var] = None

    def bind(self, *variables: str) -> None:
        """Note variables that stand for nodes."""
        self.bound |= dict.fromkeys(variables)
        self.nodes.update(variables)

    def only(self, keep: Iterable[str]) -> None:
        """Forget all variables but some, and what was twice; nothing where outer variables are seen."""
        if self.nested:
            return
        wanted = set(keep)
        kept = [v for v in self.bound if v in wanted]
        self.add("WITH DISTINCT " + (", ".join(map(named, kept)) or "1 AS one"), open=True)
        self.bound = dict.fromkeys(kept)
        self.nodes &= wanted


def named(var: str) -> str:
    """A variable, map key or column as Cypher takes it."""
    return f"`{var}`" if var in WORDS else var


def indented(text: str) -> str:
    """The body of a subquery."""
    return "\n".join("  " + line for line in text.split("\n"))
