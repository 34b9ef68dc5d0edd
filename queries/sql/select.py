"""A SELECT in the making: what is joined so far, the tests on it, and the SQL text that each variable stands for."""

import msgspec


class Select(msgspec.Struct):
    """`env` maps variables to SQL; those in `nodes` stand for a node's number.

    `rows` maps the SQL of a node's number to the alias of its row, where that is joined, and the only one it has.
    """

    sources: list[str] = msgspec.field(default_factory=list)
    where: list[str] = msgspec.field(default_factory=list)
    env: dict[str, str] = msgspec.field(default_factory=dict)
    nodes: set[str] = msgspec.field(default_factory=set)
    rows: dict[str, str] = msgspec.field(default_factory=dict)

    def clause(self) -> str:
        """` FROM .. WHERE ..`, in the order in which the sources were joined."""
        text = ""
        for source in self.sources:
            if source.startswith("LEFT JOIN"):
                text += f" {source}"
            else:
                text += f" CROSS JOIN {source}" if text else f" FROM {source}"
        return text + (f" WHERE {self.tests()}" if self.where else "")

    def tests(self) -> str:
        """What must hold besides."""
        return " AND ".join(self.where)

    def left_join(self, source: str, tests: list[str]) -> None:
        """Join where there is something to join."""
        self.sources.append(f"LEFT JOIN {source} ON {' AND '.join(tests)}")

    def bind_node(self, var: str, sql: str) -> None:
        """Let a variable be this node; one that is bound already must be equal."""
        if var in self.env:
            self.where.append(f"{self.env[var]} = {sql}")
        else:
            self.env[var] = sql
        self.nodes.add(var)
