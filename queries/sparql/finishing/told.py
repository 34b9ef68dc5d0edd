"""What SELECTs tell, as a store would: ids, codes, microseconds and JSON, which the finishing of all faces reads."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from begat.graph_schema.documents.iris import id_of_iri, key_of_iri, kind_of_iri, type_of_iri
from begat.graph_schema.documents.literals import plain
from begat.graph_schema.events import Value
from begat.graph_schema.fold import sorted_types
from begat.graph_schema.statements import canonical
from begat.graph_schema.terms import RELATIONS, XSD
from begat.graph_schema.xsd_time import micros_of
from begat.queries.question import Row, Rows

if TYPE_CHECKING:
    import pyoxigraph as ox

_DATE_TIME: Final = XSD + "dateTime"
_STRING: Final = XSD + "string"
#: The engine has one type for all whole numbers, and writes numbers its own way.
_NUMBERS: Final[Mapping[str, Callable[[str], int | float]]] = {XSD + "integer": int, XSD + "double": float}
#: What an IRI is in some columns, where it is no thing's.
_NAMES: Final[Mapping[str, Callable[[str], Any]]] = {
    "relation": lambda iri: RELATIONS[iri.rpartition("#")[2]].code,
    "type": str,
    "key": key_of_iri,
}
#: Columns that hold plain texts: what documents of others say there in a language, or as a number, is no name.
_TEXTS: Final = frozenset(("name", "role", "on", "command"))
#: Columns of a thing of which there may be several, in a row each.
SINGLE: Final = {"name": min, "value": min, "started_at": min, "ended_at": max}


class Told(NamedTuple):
    """The values of a question's parameters, and the rows of its SELECTs by their names."""

    values: Mapping[str, Any]
    rows: Mapping[str, Rows]


class Finished(NamedTuple):
    """The rows of a question as stored; `deeper`: there are more beyond the depth asked for."""

    rows: Rows
    deeper: bool = False


def stored(found: "ox.QuerySolutions") -> Rows:
    """The rows of a SELECT: a thing by its id, a type by its IRI, a relation by its code, an attribute by its key, a
    time in microseconds, and a `value` as canonical JSON."""
    names = [v.value for v in found.variables]
    return [{n: _stored(n, term) for n, term in zip(names, row, strict=True)} for row in found]


def _stored(column: str, term: Any) -> Any:
    import pyoxigraph as ox

    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return _NAMES.get(column, id_of_iri)(term.value)
    if not isinstance(term, ox.Literal):
        raise TypeError(f"no row of a question has {term} in it")
    if column in _TEXTS:
        return None if term.language or term.datatype.value != _STRING else term.value
    if term.datatype.value == _DATE_TIME:
        return micros_of(term.value)
    value = _value(term)
    return canonical(value) if column == "value" else value


def _value(term: "ox.Literal") -> Value:
    if term.language:
        return {"$": term.value, "lang": term.language}
    read = _NUMBERS.get(term.datatype.value)
    return plain(term.value, term.datatype.value) if read is None else read(term.value)


def grouped(rows: Rows, *keys: str) -> dict[tuple[Any, ...], Rows]:
    """The rows that have the same in these columns."""
    found: dict[tuple[Any, ...], Rows] = {}
    for r in rows:
        found.setdefault(tuple(r[k] for k in keys), []).append(r)
    return found


def attributes(rows: Rows) -> dict[str, list[Any]]:
    """Of rows with an attribute and one of its values each; null where there is none."""
    found: dict[str, list[Any]] = {}
    for r in rows:
        if r["key"] is not None and r["held"] not in found.setdefault(r["key"], []):
            found[r["key"]].append(r["held"])
    return found


def generations(rows: Rows) -> dict[str, list[str]]:
    """Of each thing that was made more than once the phases that it begins so."""
    again = grouped([r for r in rows if r["made"] is not None], "id")
    return {id_: [r["made"] for r in of] for (id_,), of in again.items()}


def things(rows: Rows) -> dict[str, Row]:
    """Of each thing one row: kind and type are as everywhere; of several names or values the first counts."""
    return {id_: _thing(id_, of) for (id_,), of in grouped(rows, "id").items()}


def _thing(id_: str, rows: Rows) -> Row:
    classes = {r["type"] for r in rows} - {None}
    kinds = {kind for c in classes if (kind := kind_of_iri(c))}
    types = sorted_types(type_of_iri(c) for c in classes if kind_of_iri(c) is None)
    kind = next((k for k in ("Activity", "Agent") if k in kinds), "Entity" if kinds else None)
    row: Row = {"id": id_, "kind": kind, "type": types[0] if types else None, "types": types}
    return row | {c: pick(_known(rows, c), default=None) for c, pick in SINGLE.items()}


def _known(rows: Rows, column: str) -> Iterable[Any]:
    return (r[column] for r in rows if r.get(column) is not None)
