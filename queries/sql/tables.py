"""The tables of properties.TABLES as what is joined for them: one arm, or several whose union they are."""

from typing import Final, NamedTuple

from begat.queries.sql.sight import Sight
from begat.queries.values import EXACT

_WRITER: Final = "(SELECT id FROM writer WHERE w = {c})"

#: A step as shown: 1.0 is 1.
_WHOLE: Final = (
    f"CASE WHEN abs({{0}}) <= {EXACT} AND {{0}} = CAST({{0}} AS INTEGER) THEN CAST({{0}} AS INTEGER) ELSE {{0}} END"
)


class Arm(NamedTuple):
    """`sources` are joined in order, `where` ties them together; `{a}` and `{b}` are their aliases, `{n}` the node."""

    sources: tuple[str, ...]
    where: tuple[str, ...]
    cols: dict[str, str]


def _plain(alias: str, *names: str) -> dict[str, str]:
    return {n: f"{{{alias}}}.{n}" for n in names}


def _said(which: str, stamp: str, end: bool) -> tuple[Arm, Arm]:
    """Every start or end: the one in the node's row, and those in its history."""
    row = {"writer": _WRITER.format(c=f"{{a}}.{stamp}w"), "at": f"{{a}}.{stamp}t"}
    past = {"writer": _WRITER.format(c="{a}.w"), "at": "{a}.t"}
    if end:
        row |= _plain("a", "outcome", "error", "trace")
        past |= {c: f"json_extract({{a}}.value, '$[{i}]')" for i, c in enumerate(("outcome", "error", "trace"))}
    return (
        Arm(("node {a}",), ("{a}.nid = {n}", f"{{a}}.{stamp}w IS NOT NULL"), row),
        Arm(("node_history {a}",), ("{a}.nid = {n}", f"{{a}}.key = '{which}'"), past),
    )


ARMS: Final[dict[str, tuple[Arm, ...]]] = {
    "point": (
        Arm(
            ("series {a}", "point {b}"),
            ("{a}.nid = {n}", "{b}.sid = {a}.sid"),
            {
                **_plain("a", "name", "labels"),
                **_plain("b", "nan"),
                "step": _WHOLE.format("{b}.step"),
                "value": "{b}.value + 0.0",
                "at": "{b}.t",
                "section": "(SELECT id FROM ident WHERE nid = {b}.section)",
            },
        ),
    ),
    "rollup": (
        Arm(
            ("series {a}",),
            ("{a}.nid = {n}",),
            {
                **_plain("a", "name", "labels", "count", "nan", "infinite", "min", "max"),
                **{c: f"{{a}}.{c} + 0.0" for c in ("first", "last")},
                **{c: _WHOLE.format(f"{{a}}.{c}") for c in ("last_step", "argmin", "argmax")},
            },
        ),
    ),
    "start": _said("start", "s", False),
    "end": _said("end", "e", True),
    "type": (
        Arm(("node {a}", "type {b}"), ("{a}.nid = {n}", "{b}.code = {a}.type"), {"type": "{b}.name"}),
        Arm(("node_type {a}", "type {b}"), ("{a}.nid = {n}", "{b}.code = {a}.type"), {"type": "{b}.name"}),
    ),
    "description": (
        Arm(
            ("node {a}", "context {b}"),
            ("{a}.nid = {n}", "{b}.ctx = {a}.ctx"),
            {"bundle": "{b}.bundle", "attrs": "coalesce({a}.attrs, '{{}}')"},
        ),
    ),
    "past": (
        Arm(
            ("node_history {a}",),
            ("{a}.nid = {n}", "{a}.key IN ('name', 'value')"),
            {**_plain("a", "key", "value"), "at": "{a}.t"},
        ),
    ),
}

#: The column of an arm's table that a question's time bounds.
_TIMES: Final = {"point": "{b}.t", "start": "{c}", "end": "{c}"}


def arms(table: str, node: str, number: int, sight: Sight) -> list[Arm]:
    """A table's arms for one node, with aliases that hold `number`, and what the scope lets them see.

    Raises ValueError for roll-ups as of a time: they are kept for the present only.
    """
    if table == "rollup" and sight.scope.as_of is not None:
        raise ValueError("roll-ups are kept for the present only: take the points")
    names = {"a": f"a{number}", "b": f"b{number}", "n": node}
    found = []
    for arm in ARMS[table]:
        where = [w.format(**names) for w in arm.where]
        seen = sight.context(names["a"])
        if table in _TIMES:
            seen += sight.time(_TIMES[table].format(c=arm.cols["at"].format(**names), **names))
        where[-1] += seen
        found.append(
            Arm(
                tuple(s.format(**names) for s in arm.sources),
                tuple(where),
                {c: text.format(**names) for c, text in arm.cols.items()},
            )
        )
    return found
