"""Literals of a document as values of the store, and back: a value is plain where nothing is lost by that.

A text is an xsd:string, a truth value an xsd:boolean, a number with a fraction an xsd:double. A whole number is the
smallest of xsd:int, xsd:long and xsd:integer that holds it. Of another type, or otherwise written, a literal stays as
it is written.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final, NamedTuple

from begat.graph_schema.events import Value, lexical
from begat.graph_schema.terms import XSD

STRING: Final = XSD + "string"
DOUBLE: Final = XSD + "double"
_BOOLEAN: Final = XSD + "boolean"
_WHOLE: Final = ((1 << 31, XSD + "int"), (1 << 63, XSD + "long"))
_INTEGER: Final = XSD + "integer"
_WHOLES: Final = frozenset((*(t for _, t in _WHOLE), _INTEGER))
_TRUTH: Final = {"true": True, "false": False}
#: Signs of a number that is read as one: what is longer is no 64-bit number.
_LONGEST: Final = 30


class Literal(NamedTuple):
    """A lexical form, the IRI of its type or "" where it has a language instead."""

    text: str
    type: str
    lang: str = ""


def literal(value: Value) -> Literal:
    """A value as a literal, whatever type it is of."""
    if isinstance(value, str):
        return Literal(value, STRING)
    if isinstance(value, bool):
        return Literal("true" if value else "false", _BOOLEAN)
    if isinstance(value, int):
        return Literal(str(value), type_of(value))
    if isinstance(value, float):
        return Literal(str(lexical(value)), DOUBLE)
    if value is None:
        return Literal("", STRING)
    return Literal(value["$"], value.get("type", "" if "lang" in value else STRING), value.get("lang", ""))


def type_of(number: int) -> str:
    """The smallest type that holds a whole number."""
    for limit, type_ in _WHOLE:
        if -limit <= number < limit:
            return type_
    return _INTEGER


def plain(text: str, type_: str) -> Value:
    """The value of a literal of that type."""
    return reader(type_)(text)


@lru_cache(1 << 10)
def reader(type_: str) -> Callable[[str], Value]:
    """What makes the value of a literal of that type, of its text."""
    read = _PLAIN.get(type_)
    return partial(_as_written, type_) if read is None else read


def _as_written(type_: str, text: str) -> Value:
    return {"$": text, "type": type_}


def _truth(text: str) -> Value:
    return _TRUTH.get(text, {"$": text, "type": _BOOLEAN})


def _whole(type_: str, text: str) -> Value:
    if len(text) < _LONGEST:
        try:
            number = int(text)
        except ValueError:
            return {"$": text, "type": type_}
        if str(number) == text and type_of(number) == type_ and -(1 << 63) <= number < 1 << 64:
            return number
    return {"$": text, "type": type_}


def _double(text: str) -> Value:
    if len(text) < _LONGEST:
        try:
            double = float(text)
        except ValueError:
            return {"$": text, "type": DOUBLE}
        if repr(double) == text and text[-1].isdecimal():
            return double
    return {"$": text, "type": DOUBLE}


#: Types whose literals may be plain.
_PLAIN: Final[dict[str, Callable[[str], Value]]] = {
    STRING: str, _BOOLEAN: _truth, DOUBLE: _double, **{t: partial(_whole, t) for t in _WHOLES},
}  # fmt: skip
