"""Literals of a document as values of the store, and back: a value is plain where nothing is lost by that.

A text is an xsd:string, a truth value an xsd:boolean, a number with a fraction an xsd:double. A whole number is the
smallest of xsd:int, xsd:long and xsd:integer that holds it. Of another type, or otherwise written, a literal stays as
it is written.
"""

from typing import Final, NamedTuple

from begat.graph_schema.events import Value, lexical
from begat.graph_schema.terms import XSD

STRING: Final = XSD + "string"
_DOUBLE: Final = XSD + "double"
_BOOLEAN: Final = XSD + "boolean"
_WHOLE: Final = ((31, XSD + "int"), (63, XSD + "long"))
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
        return Literal(str(value), _of_size(value))
    if isinstance(value, float):
        return Literal(str(lexical(value)), _DOUBLE)
    if value is None:
        return Literal("", STRING)
    return Literal(value["$"], value.get("type", "" if "lang" in value else STRING), value.get("lang", ""))


def _of_size(number: int) -> str:
    return next((t for bits, t in _WHOLE if -(1 << bits) <= number < 1 << bits), _INTEGER)


def plain(text: str, type_: str) -> Value:
    """The value of a literal of that type."""
    found: Value = {"$": text, "type": type_}
    if type_ == STRING:
        return text
    if type_ == _BOOLEAN:
        return _TRUTH.get(text, found)
    if type_ in _WHOLES and len(text) < _LONGEST and text.removeprefix("-").isdecimal() and text.isascii():
        number = int(text)
        return number if literal(number)[:2] == (text, type_) and -(1 << 63) <= number < 1 << 64 else found
    if type_ == _DOUBLE and len(text) < _LONGEST:
        try:
            double = float(text)
        except ValueError:
            return found
        return double if repr(double) == text and text[-1].isdecimal() else found
    return found
