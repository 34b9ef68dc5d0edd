"""The head of a plan as SQL: its columns, its order, and what is looked up only for the rows that are given.

Nulls come last both ways, and each key is computed once: SQLite has them first, and what is empty as a blob last.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from begat.queries.expr import Attr, Prop, Var
from begat.queries.paging import keys_of
from begat.queries.plan import Atom, Group, Has, L, Not, Outside, Query, Top, W
from begat.queries.sql.select import Select

#: After all texts and numbers.
LAST: Final = "x''"
#: What a column is called until it is given: SQLite gives another name to what is called "false".
COLUMN: Final = "col_"


def ordered(text: str, down: bool) -> str:
    """A term of an ORDER BY."""
    return f"{text} DESC" if down else f"ifnull({text}, {LAST})"


def per_row(body: Sequence[Atom]) -> tuple[str, ...] | None:
    """The variables of which every row of a body has others, where the body ends in making it so."""
    for atom in reversed(body):
        match atom:
            case W() | L() | Has() | Not() | Outside():
                continue
            case Top(1, per, _, _, False) | Group(per, _, _):
                return per
            case _:
                return None
    return None


class Head:
    """How the columns of a query are shown, from a select that binds the variables.

    `alone` says that what tells rows apart is shown; `keys` are what they are in order by, as far as it decides
    anything; `late` are the columns that are looked up for the given rows, each at the node of a variable.
    """

    def __init__(self, query: Query, body: Sequence[Atom], s: Select, held: set[str]) -> None:
        self.query = query
        shown = {e.name: c for c, e in query.cols.items() if isinstance(e, Var)}
        per = per_row(body)
        self.alone = per is not None and all(p in shown for p in per)
        self.keys = list(keys_of(query, held, s.nodes))
        if self.alone and per is not None:
            self.keys = _enough(self.keys, [shown[p] for p in per], len(query.order))
        self.late = self._late(s)

    def _late(self, s: Select) -> dict[str, Prop | Attr]:
        keys = {k.removeprefix("-") for k in self.keys}
        # Rows stay as many: either their nodes are of what tells them apart, or are keys themselves.
        known = s.nodes if self.alone else {
            e.name for c, e in self.query.cols.items() if c in keys and isinstance(e, Var) and e.name in s.nodes
        }  # fmt: skip
        found: dict[str, Prop | Attr] = {}
        for c, e in self.query.cols.items():
            match e:
                case Prop(var, _) | Attr(var, _, _) if c not in keys and var in known and var in s.env:
                    found[c] = e
                case Var(var) if c not in keys and self.alone and var in s.nodes:
                    found[c] = Prop(var, "id")
                case _:
                    pass
        return found

    def text(
        self, early: Mapping[str, str], late: Mapping[str, str], nodes: Mapping[str, str], clause: str, limit: str
    ) -> str:
        """The SQL: `early` and `late` are the columns' texts, `nodes` those of the nodes that `late` ones are of, by
        the name that they have there; `limit` is the parameter that says how many rows are given."""
        order = ", ".join(ordered(named(k.removeprefix("-")), k.startswith("-")) for k in self.keys)
        end = f"\nORDER BY {order}" if order else ""  # one row
        cols = [f"{text} AS {named(c)}" for c, text in early.items()] + [f"{text} AS {n}" for n, text in nodes.items()]
        # DISTINCT also keeps SQLite from computing each key once more where it is in order.
        found = f"SELECT DISTINCT {', '.join(cols)}{clause}"
        given = f"SELECT * FROM ({found}){end} LIMIT :{limit}"
        if not late:
            return given
        shown = ", ".join(f'{late[c]} AS "{c}"' if c in late else named(c) for c in self.query.cols)
        return f"SELECT {shown} FROM ({given}){end}"


def named(column: str) -> str:
    """A column as it is called until it is given."""
    return f'"{COLUMN}{column}"'


def _enough(keys: Sequence[str], per: Iterable[str], least: int) -> list[str]:
    """The keys up to those that tell all rows apart; the first `least` in any case."""
    missing, found = set(per), []
    for i, key in enumerate(keys):
        if i >= least and not missing:
            break
        found.append(key)
        missing.discard(key.removeprefix("-"))
    return found
