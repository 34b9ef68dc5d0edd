"""Rendered fragments: what a scope lets a statement see, and a node's properties (see properties.py).

A node holds the row of one context itself, its facets those of further ones. The plain forms are for a store where no
node has several rows; the others choose among the visible rows, the latest by position.
"""

from collections.abc import Callable
from typing import Any, Final

from begat.graph_schema.law import LAST
from begat.graph_schema.neo4j.cypher import ALL_RELATIONS, TYPE_OF
from begat.graph_schema.terms import KINDS, RELATIONS, TYPES, subtypes
from begat.queries.cypher.pipeline import indented
from begat.queries.scope import Scope

#: Parameters that carry the scope; a question's own parameters have no leading underscore.
CONTEXTS: Final = "_contexts"
AS_OF: Final = "_as_of"
#: Parameters with tables: a relation's code by its relationship type; a type's code, and the types below it.
TABLES: Final[dict[str, dict[str, Any]]] = {
    "_relations": {TYPE_OF[r.name]: r.code for r in RELATIONS.values()},
    "_types": {t.name: t.code for t in TYPES.values()},
    "_below": {t: list(subtypes(t)[1:]) for t in TYPES if subtypes(t)[1:]},
}

#: Makes a parameter of a value.
Constant = Callable[[Any], str]

#: The latest position first; what has no time comes after all that has, and of equal ones the greatest value.
_BY_POSITION: Final = (
    "ORDER BY t_ IS NULL DESC, t_ DESC, CASE WHEN t_ IS NOT NULL THEN w_ END DESC, "
    "CASE WHEN t_ IS NOT NULL THEN n_ END DESC, v_ DESC LIMIT 1"
)
#: The whole id where a node is known by a short form of it.
_ID: Final = "coalesce({n}.long_id, {n}.id)"
_KIND: Final = "CASE {} END".format(
    " ".join(f"WHEN {{test}}'{k}'{{end}} THEN '{k}'" for k in ("Activity", "Agent", "Entity"))
)


class Sight:
    """The fragments of one scope. `used` collects the tables of TABLES that were referred to."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.used: set[str] = set()
        #: Whether a node's own properties are all there is to see of it.
        self.plain = scope.contexts is None and not scope.folded
        self._count = 0

    def name(self, what: str) -> str:
        """A new name for something inside a fragment."""
        self._count += 1
        return f"{what}_{self._count}"

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

    def rows(self, n: str, row: str) -> str:
        """Clauses that bind `row` to each visible row of the node `n`."""
        facet = self.name("facet")
        held = f"[{n}] + COLLECT {{ MATCH ({n})<-[:FACET_OF]-({facet}:Facet) RETURN {facet} }}"
        test = f"{row}.ctx IS NOT NULL" if self.scope.contexts is None else f"{row}.ctx IN ${CONTEXTS}"
        if self.plain:
            held = f"[{n}]"
        return f"UNWIND {held} AS {row}\nWITH {row} WHERE {test}"

    # -- what a node is

    def is_a(self, n: str, types: tuple[str, ...], constant: Constant) -> str:
        """Whether the node is of one of these kinds or types; false of null."""
        if self.scope.contexts is None:
            return f"coalesce({self.labelled(n, types, constant)}, false)"
        row = self.name("row")
        held = f"any(t_ IN {row}.kinds + {row}.types WHERE t_ IN {constant(expanded(types))})"
        return f"EXISTS {{ {_line(self.rows(n, row))} AND {held} RETURN 1 }}"

    def labelled(self, n: str, types: tuple[str, ...], constant: Constant) -> str:
        """The same by the node's labels, which are those of all its rows; foreign types are looked for in its rows."""
        known, foreign = labels(types)
        tests = [f"{n}:{'|'.join(known)}"] if known else []
        if foreign and self.plain:
            tests.append(f"any(t_ IN {n}.types WHERE t_ IN {constant(foreign)})")
        elif foreign:
            row = self.name("row")
            has = f"any(t_ IN {row}.types WHERE t_ IN {constant(foreign)})"
            tests.append(f"EXISTS {{ {_line(self.rows(n, row))} AND {has} RETURN 1 }}")
        return f"({' OR '.join(tests)})" if len(tests) > 1 else tests[0]

    def is_activity(self, n: str) -> str:
        """Whether a visible row says so."""
        if self.scope.contexts is None:
            return f"{n}:Activity"
        row = self.name("row")
        return f"EXISTS {{ {_line(self.rows(n, row))} AND 'Activity' IN {row}.kinds RETURN 1 }}"

    def described(self, n: str) -> str:
        """Whether any visible row describes the node."""
        if self.plain:
            return f"{n}.ctx IS NOT NULL"
        return f"EXISTS {{ {_line(self.rows(n, self.name('row')))} RETURN 1 }}"

    def known(self, n: str) -> str:
        """Whether anything visible is said of the node: it is described, started or related by the scope's time."""
        described = [self.described(n)] if self.scope.as_of is None else self._known_by_then(n)
        e = self.name("e")
        seen = "".join(f"{' AND ' if i else ' WHERE '}{t}" for i, t in enumerate(self.statement(e)))
        return f"({' OR '.join([*described, f'EXISTS {{ ({n})-[{e}:{ALL_RELATIONS}]-(){seen} }}'])})"

    def _known_by_then(self, n: str) -> list[str]:
        row, past = self.name("row"), self.name("past")
        rows = _line(self.rows(n, row))
        stamped = f"coalesce({row}.started_at, {row}.name_t) IS NOT NULL"
        return [
            f"EXISTS {{ {rows} AND ({row}.started_at <= ${AS_OF} OR {row}.name_t <= ${AS_OF}) RETURN 1 }}",
            f"(EXISTS {{ {rows} RETURN 1 }} AND NOT EXISTS {{ {rows} AND {stamped} RETURN 1 }})",
            f"EXISTS {{ {rows} MATCH ({row})<-[:PAST_OF]-({past}:Past) WHERE {' AND '.join(self.time(f'{past}.t'))} }}",
        ]

    # -- its properties

    def prop(self, name: str, n: str) -> str:
        """A property of the node."""
        if self.plain and (self.scope.as_of is None or name in ("kind", "type")) and name in PLAIN:
            return PLAIN[name].format(n=n)
        text: str = getattr(self, "_" + name)(n)
        return text

    def _id(self, n: str) -> str:
        return _ID.format(n=n)

    def _name(self, n: str) -> str:
        return self._single("name", n)

    def _value(self, n: str) -> str:
        return self._single("value", n)

    def _single(self, key: str, n: str) -> str:
        row, past = self.name("row"), self.name("past")
        now = f"{self.rows(n, row)} AND {row}.{key} IS NOT NULL\n"
        said = f"coalesce({row}.long_{key}, {row}.{key})" if key == "name" else f"{row}.{key}"
        stamp = f"{said} AS v_, {row}.{key}_t AS t_, {row}.{key}_w AS w_, {row}.{key}_n AS n_"
        latest = _first(f"{now}WITH {stamp}\nRETURN v_ {_BY_POSITION}")
        if self.scope.as_of is None:
            return latest
        before = f"{self.rows(n, row)}\nMATCH ({row})<-[:PAST_OF]-({past}:Past {{key: '{key}'}})\n"
        stamped = f"{past}.value AS v_, {past}.t AS t_, {past}.w AS w_, {past}.n AS n_"
        both = indented(f"{now}RETURN {stamp}\nUNION ALL\n{before}RETURN {stamped}")
        by_then = f"CALL ({n}) {{\n{both}\n}}\nWITH v_, t_, w_, n_ WHERE t_ IS NULL OR t_ <= ${AS_OF}\n"
        return f"coalesce({_first(f'{by_then}RETURN v_ {_BY_POSITION}')}, {latest})"

    def _number(self, n: str) -> str:
        # A number stands beside its value, but NaN, say, has none: read it out of the value that stands.
        j = self.name("json")
        return _first(
            f"UNWIND [{self._value(n)}] AS {j}\nWITH {j} WHERE {j} =~ '-?[0-9].*'\nRETURN toFloat({j}) + 0.0"
        )

    def _kind(self, n: str) -> str:
        row = self.name("row")
        kinds = f"COLLECT {{ {_line(self.rows(n, row))} UNWIND {row}.kinds AS k_ RETURN k_ }}"
        k = self.name("kinds")
        return _first(f"UNWIND [{kinds}] AS {k}\nRETURN {_KIND.format(test='', end=f' IN {k}')}")

    def _type(self, n: str) -> str:
        """As fold.sorted_types has it: what another of them specialises last, begat's by code, foreign ones by name."""
        row = self.name("row")
        general = f"any(b_ IN {self.table('_below')}[t_] WHERE b_ IN held_)"
        code = f"coalesce({self.table('_types')}[t_], 1000000)"
        return _first(
            f"UNWIND [COLLECT {{ {_line(self.rows(n, row))} UNWIND {row}.types AS t_ RETURN DISTINCT t_ }}] AS held_\n"
            f"UNWIND held_ AS t_\nRETURN t_ ORDER BY coalesce({general}, false), {code}, t_ LIMIT 1"
        )

    def _started(self, n: str) -> str:
        return self._extreme(n, "started_at", "start", "")

    def _ended(self, n: str) -> str:
        return self._extreme(n, "ended_at", "end", " DESC")

    def _extreme(self, n: str, column: str, key: str, order: str) -> str:
        """The least or greatest of a time; no aggregate, which Cypher does not take within an expression."""
        row, past = self.name("row"), self.name("past")
        times = f"{self.rows(n, row)}\nUNWIND [{row}.{column}]"
        test = "t_ IS NOT NULL"
        if self.scope.as_of is not None and key:
            times += f" + COLLECT {{ MATCH ({row})<-[:PAST_OF]-({past}:Past {{key: '{key}'}}) RETURN {past}.t }}"
            test = f"t_ <= ${AS_OF}"
        return _first(f"{times} AS t_\nWITH t_ WHERE {test}\nRETURN t_ ORDER BY t_{order} LIMIT 1")

    def _seen(self, n: str) -> str:
        return f"coalesce({self._started(n)}, {self._extreme(n, 'name_t', '', ' DESC')})"

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


#: Where a node has one row at most.
PLAIN: Final = {
    "id": _ID,
    "name": "coalesce({n}.long_name, {n}.name)",
    "kind": _KIND.replace("{test}'", "{n}:").replace("'{end}", ""),
    "type": "{n}.type",
    "value": "{n}.value",
    "number": "{n}.number",
    "started": "{n}.started_at",
    "ended": "{n}.ended_at",
    "seen": "coalesce({n}.started_at, {n}.name_t)",
}


def labels(types: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The labels of kinds and types with their subtypes, and the foreign types, which have none to rely on."""
    names = expanded(types)
    return [n for n in names if n in KINDS or n in TYPES], [n for n in names if n not in KINDS and n not in TYPES]


def expanded(types: tuple[str, ...]) -> list[str]:
    """Kinds, and types with all below them."""
    return list(dict.fromkeys(s for t in types for s in ((t,) if t in KINDS else subtypes(t))))


def _first(subquery: str) -> str:
    return f"COLLECT {{\n{indented(subquery)}\n}}[0]"


def _line(text: str) -> str:
    return text.replace("\n", " ")
