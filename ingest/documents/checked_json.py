"""JSON of somebody else's, looked at part by part: what is not as expected is told with where it stands."""

from typing import Any, Final

import msgspec

from begat.graph_schema.documents.names import Names
from begat.graph_schema.errors import FormatError
from begat.graph_schema.xsd_time import is_datetime

Objects = dict[str, Any]
#: The members of an object, yet to be decoded.
Parts = dict[str, msgspec.Raw]
#: Raises msgspec.DecodeError, with a place in the part; `decoded` tells that in the whole.
decode: Final = msgspec.json.Decoder().decode
_PARTS: Final = msgspec.json.Decoder(Parts).decode


def decoded(data: bytes, form: str) -> Objects:
    """The object that a document is. Raises FormatError with line and column."""
    try:
        document = msgspec.json.decode(data, strict=True)
    except UnicodeDecodeError:
        raise FormatError(f"no {form}: {_no_text(data)}") from None
    except msgspec.DecodeError as e:
        raise FormatError(f"no {form}: {_placed(data, str(e))}") from None
    except RecursionError:
        raise FormatError(f"no {form}: it is nested too deeply") from None
    if not isinstance(document, dict):
        raise FormatError(f"no {form}: the document is no object, {{...}}")
    return document


def parts(data: bytes | msgspec.Raw, where: str | None = None) -> Parts:
    """The members of an object, told as `where` when it is none. Raises as `decode` does, and FormatError."""
    try:
        return _PARTS(data)
    except msgspec.ValidationError:
        if where is not None:
            an_object(decode(data), where)
        raise


def _placed(data: bytes, said: str) -> str:
    """Line and column instead of the number of a byte."""
    said, _, place = said.removesuffix(")").partition(" (byte ")
    if not place.isdecimal():
        return said
    return f"{_line(data, int(place))}: {said}"


def _no_text(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as e:
        return f"{_line(data, e.start)}: byte {e.start} is no UTF-8"
    return "a text in it is none"


def _line(data: bytes, at: int) -> str:
    return f"line {data.count(10, 0, at) + 1}, column {at - data.rfind(10, 0, at)}"


def an_object(held: Any, where: str) -> Objects:
    if not isinstance(held, dict):
        raise FormatError(f"{where} is {shown(held)}: an object is expected, {{...}}")
    return held


def a_name(names: Names, name: Any, where: str) -> str:
    """The IRI of a qualified name."""
    if not isinstance(name, str):
        raise FormatError(f"{where}: {shown(name)} is no qualified name")
    try:
        return names.iri(name)
    except FormatError as e:
        raise FormatError(f"{where}: {e}") from None


def a_time(held: Any) -> str:
    """A time as it is written. Raises FormatError, without the place."""
    if not isinstance(held, str):
        raise FormatError(f"{shown(held)} is no time: an xsd:dateTime is expected")
    if not is_datetime(held):
        raise FormatError(f"{held!r} is no xsd:dateTime, as 2024-01-31T12:00:00Z")
    return held


def only(held: Any) -> Any:
    """What stands in a list of one, or alone. Raises FormatError, without the place."""
    if isinstance(held, list):
        if len(held) != 1:
            raise FormatError(f"there are {len(held)} values, and one is expected")
        return held[0]
    return held


def shown(held: Any) -> str:
    """A part in a line, cut where it is long."""
    text = msgspec.json.encode(held).decode()
    return text if len(text) <= 40 else text[:37] + "..."
