"""`--after`: the page of an answer that follows another.

A page begins behind the last row of the one before, which is found by its keys: the columns that the answer is in order
by. Rows are never counted, so what comes in between two pages moves nothing: what was there all the time is told once.
Nulls come last both ways, so nothing of a key follows null.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Container, Iterable, Sequence
from typing import Any, Final

import msgspec

from begat.graph_schema.errors import UsageError
from begat.graph_schema.statements import canonical
from begat.queries.evaluator import in_order
from begat.queries.expr import Attr, Const, Expr, Par, Prop, Var, all_of, any_of, eq, not_, op
from begat.queries.plan import Query, W, nodes
from begat.queries.result import storable
from begat.queries.values import place

#: The values of a row's keys.
Held = Sequence[Any]
Row = dict[str, Any]
#: What a key may be.
Sort = tuple[type, ...]
ANY: Final[Sort] = (str, int, float)
#: Signs of a wrong place that are shown.
SHOWN: Final = 40
#: Bytes by which answers are told apart.
MARK: Final = 8


def following(keys: Sequence[tuple[Expr, bool]], held: Held) -> W:
    """Keeps what comes after a row that held these values; a key is an expression and whether the greatest is first.

    A value may be a parameter, which is not null then.
    """
    beyond: Expr = eq(Const(0), Const(1))
    for (key, down), value in reversed(list(zip(keys, held, strict=True))):
        if value is None:
            beyond = all_of(op("isnull", key), beyond)
        else:
            given = value if isinstance(value, Par) else Const(value)
            further = any_of(op("<" if down else ">", key, given), op("isnull", key))
            beyond = any_of(further, all_of(eq(key, given), beyond))
    return W(beyond)


def preceding(keys: Sequence[tuple[Expr, bool]], held: Held) -> W:
    """Keeps what comes before a row that held these values; else as `following`."""
    before: Expr = eq(Const(0), Const(1))
    for (key, down), value in reversed(list(zip(keys, held, strict=True))):
        if value is None:
            before = any_of(not_(op("isnull", key)), before)
        else:
            given = value if isinstance(value, Par) else Const(value)
            before = any_of(op(">" if down else "<", key, given), all_of(eq(key, given), before))
    return W(before)


def keys_of(query: Query, held: Container[str], of_plan: Container[str]) -> tuple[str, ...]:
    """The columns that a plan's rows are in order by, "-" before the greatest first: those named, then ties.

    A tie that belongs to a node which is a key already decides nothing. `held` are the variables that stand for lists,
    `of_plan` those that stand for nodes.
    """
    named = {o.removeprefix("-") for o in query.order}
    keys = list(query.order)
    known: set[str] = set()
    for column in (*(o.removeprefix("-") for o in query.order), *(c for c in query.cols if c not in named)):
        match query.cols[column]:
            case Prop(var, _) | Attr(var, _, _) if var in known and column not in named:
                continue
            case Var(name) if name in held:
                continue
            case Var(name) if name in of_plan:
                known.add(name)
            case Const():
                continue
            case _:
                pass
        if column not in named:
            keys.append(column)
    return tuple(keys)


def as_parameters(held: Held, called: str = "after") -> tuple[tuple[Par | None, ...], dict[str, Any]]:
    """What `following` takes for these values, so that its plan is the same for others, and the parameters."""
    names = [None if value is None else f"{called}{i}" for i, value in enumerate(held)]
    given = {name: value for name, value in zip(names, held, strict=True) if name is not None}
    return tuple(None if name is None else Par(name) for name in names), given


def page_of(query: Query, keys: Iterable[str], held: Held) -> Query:
    """A plan for the rows after one whose keys held these values."""
    of_plan = nodes(query.body)

    def value(column: str) -> Expr:
        shown = query.cols[column]
        return Prop(shown.name, "id") if isinstance(shown, Var) and shown.name in of_plan else shown

    after = following([(value(k.removeprefix("-")), k.startswith("-")) for k in keys], held)
    return msgspec.structs.replace(query, body=(*query.body, after))


def held_by(row: Row, keys: Iterable[str]) -> list[Any]:
    """The keys of a row: NaN is null, what is no number and no text counts by its JSON text."""
    return [_plain(row[k.removeprefix("-")]) for k in keys]


def ordered(rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    """Rows that were made in Python in the order of their keys."""
    names = [k.removeprefix("-") for k in keys]
    table = [(*held_by(r, keys), r) for r in rows]
    return [r[-1] for r in in_order(table, [*names, ""], keys, ())]


def rest(rows: Iterable[Row], keys: Sequence[str], held: Held) -> list[Row]:
    """Those of some rows that come after one whose keys held these values."""
    return [r for r in rows if _comes_after(held_by(r, keys), keys, held)]


def _comes_after(row: Held, keys: Sequence[str], held: Held) -> bool:
    for mine, key, other in zip(row, keys, held, strict=True):
        if mine == other:
            continue
        if mine is None or other is None:
            return mine is None
        return (place(mine) < place(other)) if key.startswith("-") else (place(mine) > place(other))
    return False


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return int(value) if isinstance(value, bool) else value
    if isinstance(value, float):
        return None if value != value else value
    return canonical(value)


def mark(*asked: Any) -> bytes:
    """What tells one answer from another: pages of two are never mixed."""
    return hashlib.blake2b(canonical(storable(asked)).encode(), digest_size=MARK).digest()


def cursor(of: bytes, held: Held) -> str:
    """The place of a row in an answer, as text."""
    return urlsafe_b64encode(msgspec.msgpack.encode([of, *held])).decode().rstrip("=")


#: Where a place is had from, unless told.
NEXT: Final = "what the page before called next"


def read(after: str, of: bytes, sorts: Sequence[Sort], called: str = "--after", hint: str = NEXT) -> list[Any]:
    """The keys that a place has. Raises UsageError for what is none, or one in another answer.

    `called` and `hint`: what the place is given as, and where it is had from.
    """
    try:
        known, *held = msgspec.msgpack.decode(urlsafe_b64decode(after + "=" * (-len(after) % 4)), type=list[Any])
    except (ValueError, msgspec.DecodeError, RecursionError):
        none = f"{called}: {after[:SHOWN]!r} is no place in an answer: give {hint}"
        raise UsageError(none) from None
    if known != of or len(held) != len(sorts) or not all(map(_fits, held, sorts)):
        raise UsageError(
            f"{called}: that place is in another answer: ask the same as for the page before (a name may mean another "
            "thing by now: give its id)"
        )
    return held


def _fits(value: Any, sort: Sort) -> bool:
    return value is None or (isinstance(value, sort) and not isinstance(value, bool))

