"""The tables of properties.TABLES as subqueries of a node: one arm, or several whose union they are."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from begat.queries.cypher.order import whole
from begat.queries.cypher.pipeline import indented, named
from begat.queries.cypher.sight import Sight
from begat.queries.values import EXACT


class Arm(NamedTuple):
    """Clauses, what stands for each column, and the time that the scope bounds, if any.

    `{n}` is the node, `{m}` each of its visible rows, `{a}`, `{b}` and `{i}` are the arm's own.
    """

    clauses: str
    cols: dict[str, str]
    time: str = ""


_STOP: Final = ("outcome", "error", "trace")
_PAST: Final = "MATCH ({{m}})<-[:PAST_OF]-({{a}}:Past {{{{key: '{}'}}}})"
_FLOAT: Final = "CASE WHEN isNaN({x}) THEN null ELSE {x} + 0.0 END"

#: Tables that hang on a node's rows.
OF_ROWS: Final[dict[str, tuple[Arm, ...]]] = {
    "start": (
        Arm("WITH {m} WHERE {m}.start_w IS NOT NULL", {"writer": "{m}.start_w", "at": "{m}.started_at"},
            "{m}.started_at"),
        Arm(_PAST.format("start"), {"writer": "{a}.w", "at": "{a}.t"}, "{a}.t"),
    ),
    "end": (
        Arm("WITH {m} WHERE {m}.end_w IS NOT NULL",
            {"writer": "{m}.end_w", "at": "{m}.ended_at", **{c: f"{{m}}.{c}" for c in _STOP}}, "{m}.ended_at"),
        Arm(_PAST.format("end"), {"writer": "{a}.w", "at": "{a}.t", **{c: f"{{a}}.{c}" for c in _STOP}}, "{a}.t"),
    ),
    "type": (Arm("UNWIND {m}.types AS {a}", {"type": "{a}"}),),
    "description": (
        Arm("MATCH ({a}:Context {{ctx: {m}.ctx}})", {"bundle": "{a}.bundle", "attrs": "coalesce({m}.attrs, '{{}}')"}),
    ),
    "past": (
        Arm("MATCH ({m})<-[:PAST_OF]-({a}:Past) WHERE {a}.key IN ['name', 'value']",
            {"key": "{a}.key", "value": "{a}.value", "at": "{a}.t"}),
    ),
}  # fmt: skip
#: Tables that hang on a node's series {a}.
OF_SERIES: Final[dict[str, Arm]] = {
    # A list is a property of its node: read anew for each point, ten thousand points take twenty seconds.
    "point": Arm(
        "MATCH ({a})-[:HAS_POINTS]->({b}:Points)\n"
        "WITH {a}, {b}.t AS times_, {b}.step AS steps_, {b}.value AS values_, {b}.section AS sections_\n"
        "UNWIND range(0, size(times_) - 1) AS {i}\n"
        "WITH {a}, times_[{i}] AS at_, steps_[{i}] AS step_, values_[{i}] AS value_, sections_[{i}] AS section_",
        {
            "name": "{a}.name",
            "labels": "{a}.labels",
            "step": whole("step_", EXACT),
            "value": _FLOAT.format(x="value_"),
            "nan": "CASE WHEN isNaN(value_) THEN 1 ELSE 0 END",
            "at": "at_",
            "section": "section_",
        },
        "at_",
    ),
    "rollup": Arm(
        "WITH {a}",
        {c: f"{{a}}.{c}" for c in ("name", "labels", "count", "nan", "infinite", "min", "max")}
        | {c: whole(f"{{a}}.{c}", EXACT) for c in ("last_step", "argmin", "argmax")}
        | {c: _FLOAT.format(x=f"{{a}}.{c}") for c in ("first", "last")},
    ),
}  # fmt: skip


def table(name: str, n: str, cols: Mapping[str, str], sight: Sight) -> str:
    """Clauses that give a node's rows of a table: `cols` maps columns to the variables that take them.

    Raises ValueError for roll-ups as of a time: they are kept for the present only.
    """
    if name == "rollup" and sight.scope.as_of is not None:
        raise ValueError("roll-ups are kept for the present only: take the points")
    names = {"n": n, **{v: sight.name(v) for v in "mabi"}}
    if name in OF_SERIES:
        seen = "".join(f"\nWHERE {t}" for t in sight.contexts(names["a"]))
        arms = [(f"MATCH ({n})-[:HAS_SERIES]->({names['a']}:Series){seen}", OF_SERIES[name])]
    else:
        arms = [(f"UNWIND {sight.rows(n)} AS {names['m']}", arm) for arm in OF_ROWS[name]]
    bodies = [_arm(before, arm, names, cols, sight) for before, arm in arms]
    inner = indented("\nUNION\n".join(bodies))
    return f"CALL ({n}) {{\n{inner}\n}}"


def _arm(before: str, arm: Arm, names: Mapping[str, str], cols: Mapping[str, str], sight: Sight) -> str:
    clauses = arm.clauses.format(**names)
    if arm.time and sight.scope.as_of is not None:
        (test,) = sight.time(arm.time.format(**names))
        clauses += f" AND {test}" if "WHERE" in clauses else f"\nWHERE {test}"
    shown = ", ".join(f"{arm.cols[c].format(**names)} AS {named(v)}" for c, v in cols.items())
    return f"{before}\n{clauses}\nRETURN DISTINCT {shown or '1 AS ' + names['i']}"
