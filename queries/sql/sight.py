"""Rendered fragments: what a scope lets a statement see, and a node's properties and tables (see properties.py).

`{n}` stands for the node's number. The plain forms are for a store with one context, where a node has at most one row;
the folded ones choose among the rows of all visible contexts, the latest by position.
"""

from collections.abc import Iterable
from typing import Final

from begat.graph_schema.events import RESUMED
from begat.graph_schema.law import LAST
from begat.graph_schema.terms import KINDS, TYPES, subtypes
from begat.queries.scope import AS_OF, CONTEXTS, Scope

KIND_BITS: Final = "CASE WHEN {k} & 2 THEN 'Activity' WHEN {k} & 4 THEN 'Agent' WHEN {k} THEN 'Entity' END"
#: The owner of a flow node; `{f}` is the flow node.
OWNER: Final = "CASE {f} & 3 WHEN 3 THEN (SELECT nid FROM phase WHERE p = {f} >> 2) ELSE {f} >> 2 END"
_LATEST: Final = (
    "(SELECT m.{col} FROM node m WHERE m.nid = {{n}}{seen} AND m.{col} IS NOT NULL "
    "ORDER BY {by}, m.{col} DESC LIMIT 1)"
)
_LATEST_BY_THEN: Final = (
    "(SELECT v FROM (SELECT m.{col} AS v, m.{s}t AS said, m.{s}w AS who, m.{s}n AS which FROM node m "
    "WHERE m.nid = {{n}}{seen} AND m.{col} IS NOT NULL UNION ALL "
    "SELECT m.value, m.t, m.w, m.n FROM node_history m WHERE m.nid = {{n}}{seen} AND m.key = '{col}') "
    "WHERE said IS NULL OR said <= :_as_of ORDER BY {by}, v DESC LIMIT 1)"
)
#: The latest position first; what has no time comes after all that has.
_BY_POSITION: Final = (
    "{t} IS NULL DESC, {t} DESC, CASE WHEN {t} IS NOT NULL THEN (SELECT id FROM writer p WHERE p.w = {w}) END DESC, "
    "CASE WHEN {t} IS NOT NULL THEN {n} END DESC"
)
_HELD: Final = (
    "SELECT m.type FROM node m WHERE m.nid = {{n}}{seen} UNION ALL "
    "SELECT m.type FROM node_type m WHERE m.nid = {{n}}{seen}"
)
#: As fold.sorted_types has it: what another of them specialises last, begat's own by code, foreign ones by name.
_FIRST_TYPE: Final = (
    "(SELECT name FROM (SELECT y.name AS name, y.code AS code, {general} AS general FROM type y "
    "WHERE y.code IN ({held})) ORDER BY general, code >= 1000, CASE WHEN code < 1000 THEN code END, name LIMIT 1)"
)

#: Properties in a node's only row, `{r}`.
_OF_ROW: Final = {
    "name": "{r}.name",
    "value": "{r}.value",
    "number": "{r}.number",
    "kind": KIND_BITS.format(k="{r}.kinds"),
    "type": "(SELECT y.name FROM type y WHERE y.code = {r}.type)",
    "started": "{r}.st",
    "ended": f"nullif({{r}}.et, CASE {{r}}.outcome WHEN '{RESUMED}' THEN {{r}}.et END)",
    "seen": "coalesce({r}.st, {r}.t)",
}


class Sight:
    """The fragments of one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._in = "" if scope.contexts is None else f" AND {{a}}.ctx IN (SELECT value FROM json_each(:{CONTEXTS}))"

    def context(self, alias: str) -> str:
        """`AND ...` on the context column of a table."""
        return self._in.format(a=alias)

    def statement(self, alias: str) -> str:
        """`AND ...` on a table whose rows have a context and a time t."""
        return self.context(alias) + self.time(f"{alias}.t")

    def time(self, column: str) -> str:
        """`AND ...` on a time."""
        return "" if self.scope.as_of is None else f" AND ({column} IS NULL OR {column} <= :{AS_OF})"

    def generation(self, alias: str) -> str:
        """`AND ...` on a phase of kind 3: whether that generation is visible."""
        then = "" if self.scope.as_of is None else f" AND ({alias}.t >= {LAST} OR {alias}.t <= :{AS_OF})"
        if self.scope.contexts is None:
            return then
        seen = self.context("g").replace("g.ctx IN", "g.ctx <> 0 AND g.ctx IN")
        return f"{then} AND EXISTS (SELECT 1 FROM flow g WHERE g.s = {alias}.p * 4 + 3{seen})"

    def last_generation(self, n: str) -> str:
        """The phase of an entity's last visible generation, null where it has but one."""
        return (
            f"(SELECT h.p FROM phase h WHERE h.nid = {n} AND h.kind = 3{self.generation('h')} "
            "ORDER BY h.t DESC, (SELECT id FROM writer WHERE w = h.w) DESC, h.n DESC LIMIT 1)"
        )

    @property
    def one_row(self) -> bool:
        """Whether a node has one row at most, and what it says holds."""
        return not self.scope.folded and self.scope.as_of is None

    def prop(self, name: str, n: str, row: str | None = None) -> str:
        """A property of the node; `row` is the alias of its only row, where that is at hand."""
        if row is not None and name in _OF_ROW:
            return _OF_ROW[name].format(r=row)
        return str(getattr(self, "_" + name)()).format(n=n)

    def _id(self) -> str:
        return "(SELECT id FROM ident WHERE nid = {n})"

    def _single(self, col: str, stamp: str) -> str:
        seen = self.context("m")
        by = _BY_POSITION.format(t=f"m.{stamp}t", w=f"m.{stamp}w", n=f"m.{stamp}n")
        latest = _LATEST.format(col=col, by=by, seen=seen)
        if self.scope.as_of is not None:
            by = _BY_POSITION.format(t="said", w="who", n="which")
            return f"coalesce({_LATEST_BY_THEN.format(col=col, s=stamp, by=by, seen=seen)}, {latest})"
        return latest if self.scope.folded else f"(SELECT m.{col} FROM node m WHERE m.nid = {{n}}{seen})"

    def _name(self) -> str:
        return self._single("name", "")

    def _value(self) -> str:
        return self._single("value", "v")

    def _number(self) -> str:
        if not self.scope.folded and self.scope.as_of is None:
            return f"(SELECT m.number FROM node m WHERE m.nid = {{n}}{self.context('m')})"
        # A number stands beside its value, but NaN, say, has none: read it out of the value that stands.
        return f"(SELECT json_extract(j, '$') + 0.0 FROM (SELECT {self._value()} AS j) WHERE j GLOB '[-0-9]*')"

    def _kind(self) -> str:
        if not self.scope.folded:
            return f"(SELECT {KIND_BITS.format(k='m.kinds')} FROM node m WHERE m.nid = {{n}}{self.context('m')})"
        kinds = "max(m.kinds & 2) | max(m.kinds & 4) | max(m.kinds & 1)"
        return (
            f"(SELECT {KIND_BITS.format(k='k')} FROM "
            f"(SELECT {kinds} AS k FROM node m WHERE m.nid = {{n}}{self.context('m')}))"
        )

    def _type(self) -> str:
        seen = self.context("m")
        if not self.scope.folded:
            return f"(SELECT y.name FROM node m CROSS JOIN type y ON y.code = m.type WHERE m.nid = {{n}}{seen})"
        held = _HELD.format(seen=seen)
        cases = [
            f"WHEN {TYPES[t].code} THEN {self.is_a('{n}', below, _codes(below))}"
            for t in TYPES
            if (below := subtypes(t)[1:])
        ]
        return _FIRST_TYPE.format(held=held, general=f"CASE y.code {' '.join(cases)} ELSE 0 END")

    def _started(self) -> str:
        return self._extreme("min({t})", "st", "start")

    def _ended(self) -> str:
        """The last end; none where that is the one of who has resumed it, and goes on."""
        return self._extreme(f"nullif(max({{t}}), max(CASE {{o}} WHEN '{RESUMED}' THEN {{t}} END))", "et", "end")

    def _extreme(self, which: str, col: str, key: str) -> str:
        seen = self.context("m")
        if self.scope.as_of is None:
            return f"(SELECT {which.format(t=f'm.{col}', o='m.outcome')} FROM node m WHERE m.nid = {{n}}{seen})"
        now, past = ", m.outcome AS o" * (key == "end"), ", json_extract(m.value, '$[0]')" * (key == "end")
        return (
            f"(SELECT {which.format(t='t', o='o')} FROM "
            f"(SELECT m.{col} AS t{now} FROM node m WHERE m.nid = {{n}}{seen} UNION ALL "
            f"SELECT m.t{past} FROM node_history m WHERE m.nid = {{n}}{seen} AND m.key = '{key}') WHERE t <= :{AS_OF})"
        )

    def _seen(self) -> str:
        return f"coalesce({self._started()}, (SELECT max(m.t) FROM node m WHERE m.nid = {{n}}{self.context('m')}))"

    def known(self, n: str) -> str:
        """Whether anything visible is said of the node: it is described, started or related by the scope's time."""
        row = f"FROM node m WHERE m.nid = {n}{self.context('m')}"
        if self.scope.as_of is None:
            tests = [f"EXISTS (SELECT 1 {row})"]
        else:
            tests = [
                f"EXISTS (SELECT 1 {row} AND (m.st <= :{AS_OF} OR m.t <= :{AS_OF}))",
                f"(EXISTS (SELECT 1 {row}) AND NOT EXISTS (SELECT 1 {row} AND coalesce(m.st, m.t) IS NOT NULL))",
                f"EXISTS (SELECT 1 FROM node_history m WHERE m.nid = {n}{self.statement('m')})",
            ]
        tests += [f"EXISTS (SELECT 1 FROM edge m WHERE m.{end} = {n}{self.statement('m')})" for end in "sd"]
        return f"({' OR '.join(tests)})"

    def is_a(self, n: str, types: tuple[str, ...], codes: str, row: str | None = None) -> str:
        """Whether the node is of one of these kinds or types; `codes` are the types', as text of an IN list, and `row`
        the alias of its only row, where that is at hand.

        The + keeps SQLite off the index of types, by which each node is looked for among all of its type.
        """
        tests = []
        for kind in (t for t in types if t in KINDS):
            bit = KINDS[kind].bit
            if row is not None:
                tests.append(f"({row}.kinds & {bit}) > 0")
                continue
            tests.append(f"EXISTS (SELECT 1 FROM node m WHERE m.nid = {n} AND m.kinds & {bit}{self.context('m')})")
        if codes:
            if row is not None:
                tests.append(f"ifnull({row}.type IN ({codes}), 0)")
            for table in ("node", "node_type") if row is None else ("node_type",):
                tests.append(
                    f"EXISTS (SELECT 1 FROM {table} m WHERE m.nid = {n} AND +m.type IN ({codes}){self.context('m')})"
                )
        return f"({' OR '.join(tests)})"

    def all_of(self, types: tuple[str, ...], codes: str) -> str:
        """A select of the numbers of all nodes of these kinds or types, of all nodes if none is given."""
        selects = []
        if not types:
            selects.append(f"SELECT m.nid FROM node m WHERE 1{self.context('m')}")
        for kind in (t for t in types if t in KINDS):
            selects.append(f"SELECT m.nid FROM node m WHERE m.kinds & {KINDS[kind].bit}{self.context('m')}")
        if codes:
            for table in ("node", "node_type"):
                selects.append(f"SELECT m.nid FROM {table} m WHERE m.type IN ({codes}){self.context('m')}")
        return " UNION ".join(selects) if len(selects) > 1 else selects[0].replace("SELECT", "SELECT DISTINCT", 1)


def _codes(types: Iterable[str]) -> str:
    return ", ".join(str(TYPES[t].code) for t in types)
