"""Rendered fragments: what a scope lets a statement see, and a node's properties (see properties.py).

A node holds the row of one context itself, its facets those of further ones. The plain forms are for a store where no
node has several rows; the others choose among the visible rows, the latest by position.
"""

from collections.abc import Callable
from typing import Any, Final

from begat.graph_schema.events import RESUMED
from begat.graph_schema.law import LAST
from begat.graph_schema.neo4j.cypher import ALL_RELATIONS, TYPE_OF
from begat.graph_schema.terms import KINDS, RELATIONS, TYPES, subtypes
from begat.queries.cypher.order import key
from begat.queries.cypher.pipeline import Pipeline, indented
from begat.queries.scope import AS_OF, CONTEXTS, Scope

#: Parameters with tables: a relation's code by its relationship type; a type's code, and the types below it; JSON's
#: escapes but that of the backslash, and what they stand for.
TABLES: Final[dict[str, Any]] = {
    "_relations": {TYPE_OF[r.name]: r.code for r in RELATIONS.values()},
    "_types": {t.name: t.code for t in TYPES.values()},
    "_below": {t: list(subtypes(t)[1:]) for t in TYPES if subtypes(t)[1:]},
    "_escapes": [
        ['\\"', '"'], ["\\n", "\n"], ["\\t", "\t"], ["\\r", "\r"], ["\\b", "\b"], ["\\f", "\f"],
        *([f"\\u{n:04x}", chr(n)] for n in range(32)),
    ],
}  # fmt: skip

#: Makes a parameter of a value.
Constant = Callable[[Any], str]
#: Makes an expression of the name of a row, or of a list of rows.
Of = Callable[[str], str]

#: The latest position first; what has no time comes after all that has, and of equal ones the greatest value.
_BY_POSITION: Final = (
    "ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN {w} END DESC, "
    "CASE WHEN t_ IS NOT NULL THEN n_ END DESC, {v} DESC LIMIT 1"
)
#: The whole id where a node is known by a short form of it.
_ID: Final = "coalesce({n}.long_id, {n}.id)"
#: The last end; none where that is the one of who has resumed it, and goes on.
_ENDED: Final = f"CASE WHEN {{n}}.outcome = '{RESUMED}' THEN null ELSE {{n}}.ended_at END"
KIND_ORDER: Final = ("Activity", "Agent", "Entity")
#: The first of them that a test finds.
_KIND: Final = "CASE WHEN {} THEN 'Activity' WHEN {} THEN 'Agent' WHEN {} THEN 'Entity' END"
#: The row with the latest `{k}` of `{rows}`.
_LATER: Final = (
    "CASE WHEN r_.{k}_t IS NULL AND l_.{k}_t IS NULL THEN {rk} > {lk} WHEN r_.{k}_t IS NULL THEN true "
    "WHEN l_.{k}_t IS NULL THEN false WHEN r_.{k}_t <> l_.{k}_t THEN r_.{k}_t > l_.{k}_t "
    "WHEN r_.{k}_w <> l_.{k}_w THEN {rw} > {lw} WHEN r_.{k}_n <> l_.{k}_n THEN r_.{k}_n > l_.{k}_n "
    "ELSE {rk} > {lk} END"
)
_LATEST: Final = (
    "reduce(l_ = null, r_ IN [r_ IN {rows} WHERE r_.{k} IS NOT NULL] | "
    f"CASE WHEN l_ IS NULL OR {_LATER} THEN r_ ELSE l_ END)"
)


class Sight:
    """The fragments of one scope. `used` collects the tables of TABLES that were referred to.

    A node is seen by its visible rows: its own properties and those of its facets. Where the scope is not folded it has
    one row at most, and what is asked of that row needs no fold.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.used: set[str] = set()
        #: Whether a node's own properties are all there is to see of it.
        self.plain = scope.contexts is None and not scope.folded
        self._count = 0
        self._held: dict[str, str] = {}

    def name(self, what: str) -> str:
        """A new name for something inside a fragment."""
        self._count += 1
        return f"{what}_{self._count}"

    def key(self, text: str) -> str:
        """What to sort an expression by."""
        return key(text, self.scope.wide)

    def table(self, name: str) -> str:
        """A parameter of TABLES."""
        self.used.add(name)
        return f"${name}"

    def contexts(self, alias: str) -> list[str]:
        """Tests on what has a context."""
        return [] if self.scope.contexts is None else [f"{alias}.ctx IN ${CONTEXTS}"]

    def time(self, what: str) -> list[str]:
        """Tests on a time."""
        return [] if self.scope.as_of is None else [f"({what} IS NULL OR {what} <= ${AS_OF})"]

    def statement(self, alias: str) -> list[str]:
        """Tests on a relationship with a context and a time t."""
        return [*self.contexts(alias), *self.time(f"{alias}.t")]

    # -- its rows

    def rows(self, n: str) -> str:
        """The visible rows of the node `n`, as a list."""
        if self.scope.folded:
            return self._held.get(n) or self._rows(n)
        return f"[r_ IN [{self._row(n)}] WHERE r_.ctx IS NOT NULL]"

    def _rows(self, n: str) -> str:
        facet = self.name("facet")
        test = "r_.ctx IS NOT NULL" if self.scope.contexts is None else f"r_.ctx IN ${CONTEXTS}"
        return f"[r_ IN [{n}] + COLLECT {{ MATCH ({n})<-[:FACET_OF]-({facet}:Facet) RETURN {facet} }} WHERE {test}]"

    def _row(self, n: str) -> str:
        """The one visible row of a node, null or without properties if it has none."""
        if self.plain or n in self._held:
            return self._held.get(n, n)
        facet = self.name("facet")
        seen = f"MATCH ({n})<-[:FACET_OF]-({facet}:Facet) WHERE {facet}.ctx IN ${CONTEXTS} RETURN {facet}"
        return f"CASE WHEN {n}.ctx IN ${CONTEXTS} THEN {n} ELSE COLLECT {{ {seen} }}[0] END"

    def hold(self, n: str, p: Pipeline) -> None:
        """Gather the rows of a node once for all that is asked of it in the clause to come."""
        if self.plain:
            return
        held = self.name("rows" if self.scope.folded else "row")
        self._held.pop(n, None)
        p.add(f"WITH *, {self._rows(n) if self.scope.folded else self._row(n)} AS {held}")
        self._held[n] = held

    def drop(self) -> None:
        """Forget what was gathered."""
        self._held.clear()

    def _over(self, n: str, of: Of) -> str:
        """An expression of a node's one row, or where the scope is folded of the list of its rows."""
        if n in self._held or self.plain:
            return of(self._held.get(n, n))
        each = self.name("rows" if self.scope.folded else "row")
        return f"[{each} IN [{self._rows(n) if self.scope.folded else self._row(n)}] | {of(each)}][0]"

    def any_row(self, n: str, test: Of) -> str:
        """Whether a test holds of any visible row."""
        if self.scope.folded:
            return f"any(r_ IN {self.rows(n)} WHERE {test('r_')})"
        return f"coalesce({self._over(n, test)}, false)"

    # -- what a node is

    def is_a(self, n: str, types: tuple[str, ...], constant: Constant) -> str:
        """Whether the node is of one of these kinds or types; false of null."""
        labelled = f"coalesce({self.labelled(n, types, constant)}, false)"
        if self.scope.contexts is None:
            return labelled
        said = self.said(n, types, constant)
        # Labels are of rows that nobody sees too, but what has none of them need not be looked at.
        return said if labels(types)[1] else f"({labelled} AND {said})"

    def said(self, n: str, types: tuple[str, ...], constant: Constant) -> str:
        """Whether a visible row says so."""
        names = constant(expanded(types))
        return self.any_row(n, lambda row: f"any(t_ IN {row}.kinds + {row}.types WHERE t_ IN {names})")

    def labelled(self, n: str, types: tuple[str, ...], constant: Constant) -> str:
        """The same by the node's labels, which are those of all its rows; foreign types are looked for in its rows."""
        known, foreign = labels(types)
        tests = [f"{n}:{'|'.join(known)}"] if known else []
        if foreign:
            names = constant(foreign)
            tests.append(self.any_row(n, lambda row: f"any(t_ IN {row}.types WHERE t_ IN {names})"))
        return f"({' OR '.join(tests)})" if len(tests) > 1 else tests[0]

    def is_activity(self, n: str) -> str:
        """Whether a visible row says so."""
        if self.scope.contexts is None:
            return f"{n}:Activity"
        said = self.any_row(n, lambda row: f"'Activity' IN {row}.kinds")
        return f"({n}:Activity AND {said})"

    def described(self, n: str) -> str:
        """Whether any visible row describes the node."""
        return self._over(n, lambda seen: f"size({seen}) > 0" if self.scope.folded else f"{seen}.ctx IS NOT NULL")

    def known(self, n: str) -> str:
        """Whether anything visible is said of the node: it is described, started or related by the scope's time."""
        described = [self.described(n)] if self.scope.as_of is None else self._known_by_then(n)
        e = self.name("e")
        seen = _where(self.statement(e))
        return f"({' OR '.join([*described, f'EXISTS {{ ({n})-[{e}:{ALL_RELATIONS}]-(){seen} }}'])})"

    def _known_by_then(self, n: str) -> list[str]:
        row, past = self.name("row"), self.name("past")

        def then(row: str) -> str:
            return f"({row}.started_at <= ${AS_OF} OR {row}.name_t <= ${AS_OF})"

        def timeless(seen: str) -> str:
            if self.scope.folded:
                return f"(size({seen}) > 0 AND none(r_ IN {seen} WHERE coalesce(r_.started_at, r_.name_t) IS NOT NULL))"
            return f"({seen}.ctx IS NOT NULL AND {seen}.started_at IS NULL AND {seen}.name_t IS NULL)"

        seen = _where(self.time(f"{past}.t"))
        return [
            self.any_row(n, then),
            self._over(n, timeless),
            f"EXISTS {{ UNWIND {self.rows(n)} AS {row} MATCH ({row})<-[:PAST_OF]-({past}:Past){seen} RETURN 1 }}",
        ]

    # -- its properties

    def prop(self, name: str, n: str) -> str:
        """A property of the node."""
        if self.plain and (self.scope.as_of is None or name in TIMELESS):
            return PLAIN[name].format(n=n)
        if not self.scope.folded and name != "id" and (self.scope.as_of is None or name in TIMELESS):
            return self._over(n, lambda row: {**PLAIN, "kind": KIND_OF_ROW}[name].format(n=row))
        text: str = getattr(self, "_" + name)(n)
        return text

    def _id(self, n: str) -> str:
        return _ID.format(n=n)

    def _name(self, n: str) -> str:
        return self._single("name", n)

    def _value(self, n: str) -> str:
        return self._single("value", n)

    def _single(self, what: str, n: str) -> str:
        """The latest of all, if it was said by the scope's time, else the latest that was; else the latest of all."""
        said = "coalesce({r}.long_name, {r}.name)" if what == "name" else f"{{r}}.{what}"
        stands = said.format(r="l_")
        if self.scope.as_of is not None:
            by_then = f"coalesce({self._by_then(what, said, n)}, {stands})"
            stands = f"CASE WHEN l_.{what}_t IS NULL OR l_.{what}_t <= ${AS_OF} THEN {stands} ELSE {by_then} END"

        def latest(seen: str) -> str:
            return f"[l_ IN [{self._later(what, seen) if self.scope.folded else seen}] | {stands}][0]"

        return self._over(n, latest)

    def _by_then(self, what: str, said: str, n: str) -> str:
        row, past = self.name("row"), self.name("past")
        now = f"WITH {row} WHERE {row}.{what} IS NOT NULL\n"
        stamp = f"{said.format(r=row)} AS v_, {row}.{what}_t AS t_, {row}.{what}_w AS w_, {row}.{what}_n AS n_"
        before = f"MATCH ({row})<-[:PAST_OF]-({past}:Past {{key: '{what}'}})\n"
        stamped = f"{past}.value AS v_, {past}.t AS t_, {past}.w AS w_, {past}.n AS n_"
        by_position = _BY_POSITION.format(w=self.key("w_"), v=self.key("v_"))
        both = indented(f"{now}RETURN {stamp}\nUNION ALL\n{before}RETURN {stamped}")
        each = f"UNWIND {self.rows(n)} AS {row}\nCALL ({row}) {{\n{both}\n}}\n"
        return _first(f"{each}WITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= ${AS_OF}\nRETURN v_ {by_position}")

    def _later(self, what: str, rows: str) -> str:
        keys = {f"{row}{col}": self.key(f"{row}_.{what}{end}") for row in "rl" for col, end in (("k", ""), ("w", "_w"))}
        return _LATEST.format(k=what, rows=rows, **keys)

    def _number(self, n: str) -> str:
        # A number stands beside its value, but NaN, say, has none: read it out of the value that stands.
        return f"[j_ IN [{self._value(n)}] WHERE j_ =~ '-?[0-9].*' | toFloat(j_) + 0.0][0]"

    def _kind(self, n: str) -> str:
        def first(rows: str) -> str:
            return _KIND.format(*(f"any(r_ IN {rows} WHERE '{k}' IN r_.kinds)" for k in KIND_ORDER))

        return self._over(n, first)

    def _type(self, n: str) -> str:
        """As fold.sorted_types has it: what another of them specialises last, begat's by code, foreign ones by name."""
        general = f"any(b_ IN coalesce({self.table('_below')}[{{t}}], []) WHERE b_ IN h_)"
        code = f"coalesce({self.table('_types')}[{{t}}], 1000000)"
        place = f"[CASE WHEN {general} THEN 1 ELSE 0 END, {code}, {self.key('{t}')}]"
        less = f"f_ IS NULL OR {place.format(t='t_')} < {place.format(t='f_')}"
        first = f"reduce(f_ = null, t_ IN h_ | CASE WHEN {less} THEN t_ ELSE f_ END)"

        def folded(rows: str) -> str:
            several = f"[h_ IN [reduce(a_ = [], r_ IN {rows} | a_ + r_.types)] | {first}][0]"
            return f"CASE size({rows}) WHEN 1 THEN {rows}[0].type ELSE {several} END"

        return self._over(n, folded)

    def _started(self, n: str) -> str:
        """Of starts the least stands, so what begins later than the scope's time had not begun."""
        least = self._over(n, lambda seen: self._extreme(seen, "started_at", "<"))
        return least if self.scope.as_of is None else f"[m_ IN [{least}] WHERE m_ <= ${AS_OF}][0]"

    def _ended(self, n: str) -> str:
        if self.scope.as_of is None:
            return self._over(n, self._last_end)
        row, past = self.name("row"), self.name("past")
        end = "{{t: {0}.{1}, goes_on: {0}.outcome = '" + RESUMED + "'}}"
        before = end.format(past, "t")
        further = f"COLLECT {{ MATCH ({row})<-[:PAST_OF]-({past}:Past {{key: 'end'}}) RETURN {before} }}"
        times = f"UNWIND {self.rows(n)} AS {row}\nUNWIND [{end.format(row, 'ended_at')}] + {further} AS e_\n"
        by_then = _first(
            f"{times}WITH e_ WHERE e_.t <= ${AS_OF}\n"
            "WITH e_.t AS t_, e_.goes_on AS goes_on_ ORDER BY t_ DESC, goes_on_ DESC LIMIT 1\n"
            "RETURN CASE WHEN goes_on_ THEN null ELSE t_ END AS t_"
        )

        def latest(seen: str) -> str:
            if self.scope.folded:
                return f"CASE WHEN none(r_ IN {seen} WHERE r_.end_w IS NOT NULL) THEN null ELSE {by_then} END"
            now = f"WHEN {seen}.end_w IS NULL OR {seen}.ended_at <= ${AS_OF} THEN {_ENDED.format(n=seen)}"
            return f"CASE {now} ELSE {by_then} END"

        return self._over(n, latest)

    def _last_end(self, seen: str) -> str:
        if not self.scope.folded:
            return _ENDED.format(n=seen)
        goes_on = f"any(r_ IN {seen} WHERE r_.ended_at = e_ AND r_.outcome = '{RESUMED}')"
        return f"[e_ IN [{self._extreme(seen, 'ended_at', '>')}] WHERE NOT coalesce({goes_on}, false)][0]"

    def _seen(self, n: str) -> str:
        return f"coalesce({self._started(n)}, {self._over(n, lambda seen: self._extreme(seen, 'name_t', '>'))})"

    def _extreme(self, seen: str, column: str, sign: str) -> str:
        """The least or greatest of a time; no aggregate, which Cypher does not take within an expression."""
        if not self.scope.folded:
            return f"{seen}.{column}"
        beyond = f"m_ IS NULL OR r_.{column} {sign} m_"
        return f"reduce(m_ = null, r_ IN {seen} | CASE WHEN {beyond} THEN r_.{column} ELSE m_ END)"

    # -- its phases

    def generation(self, phase: str) -> list[str]:
        """Tests on a phase of kind made: whether that generation is visible."""
        tests = []
        if self.scope.as_of is not None:
            tests.append(f"({phase}.t >= {LAST} OR {phase}.t <= ${AS_OF})")
        if self.scope.contexts is not None:
            f = self.name("f")
            tests.append(f"EXISTS {{ ({phase})-[{f}:FLOW]->() WHERE {f}.ctx <> 0 AND {f}.ctx IN ${CONTEXTS} }}")
        return tests


#: What no later statement overrules.
TIMELESS: Final = ("id", "kind", "type")
#: Where a node has one row at most; and its kind where it is that row's.
PLAIN: Final = {
    "id": _ID,
    "name": "coalesce({n}.long_name, {n}.name)",
    "kind": _KIND.format(*(f"{{n}}:{k}" for k in KIND_ORDER)),
    "type": "{n}.type",
    "value": "{n}.value",
    "number": "{n}.number",
    "started": "{n}.started_at",
    "ended": _ENDED,
    "seen": "coalesce({n}.started_at, {n}.name_t)",
}
KIND_OF_ROW: Final = _KIND.format(*(f"'{k}' IN {{n}}.kinds" for k in KIND_ORDER))


def labels(types: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The labels of kinds and types with their subtypes, and the foreign types, which have none to rely on."""
    names = expanded(types)
    return [n for n in names if n in KINDS or n in TYPES], [n for n in names if n not in KINDS and n not in TYPES]


def expanded(types: tuple[str, ...]) -> list[str]:
    """Kinds, and types with all below them."""
    return list(dict.fromkeys(s for t in types for s in ((t,) if t in KINDS else subtypes(t))))


def _first(subquery: str) -> str:
    return f"COLLECT {{\n{indented(subquery)}\n}}[0]"


def _where(tests: list[str]) -> str:
    return f" WHERE {' AND '.join(tests)}" if tests else ""
