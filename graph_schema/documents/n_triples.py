"""Terms of RDF as N-Triples writes them (https://www.w3.org/TR/rdf12-n-triples/, section 4: the canonical form)."""

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import Final
from urllib.parse import quote

from begat.graph_schema.documents.iris import BASE, iri_of_id
from begat.graph_schema.documents.literals import DOUBLE, STRING, literal, type_of
from begat.graph_schema.documents.records import QUALIFIED_NAME
from begat.graph_schema.events import Value, lexical
from begat.graph_schema.terms import BEGAT, PROV, RDF, XSD
from begat.graph_schema.xsd_time import iso

_UCS: Final = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 15)
)
_UNRESERVED: Final = rf"A-Za-z0-9\-._~{_UCS}!$&'()*+,;="
_PCT: Final = "%[0-9A-Fa-f]{2}"
_SIGN: Final = rf"(?:[{_UNRESERVED}:@]|{_PCT})"
_HOST: Final = rf"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?:[{_UNRESERVED}]|{_PCT})*)"
_AUTHORITY: Final = rf"(?:(?:[{_UNRESERVED}:]|{_PCT})*@)?{_HOST}(?::\d*)?"
#: An IRI by RFC 3987, section 2.2: readers of RDF refuse any other.
_STRICT: Final = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://{_AUTHORITY}(?:/{_SIGN}*)*|/(?:{_SIGN}+(?:/{_SIGN}*)*)?|{_SIGN}+(?:/{_SIGN}*)*)?"
    rf"(?:\?(?:{_SIGN}|[/?\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd])*)?(?:\#(?:{_SIGN}|[/?])*)?"
)
_PLAIN: Final = "-._~/!$&'()*+,;=@"
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_ESCAPED: Final = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
#: Types that a literal without a language cannot have.
_TAGGED: Final = frozenset((RDF + "langString", RDF + "dirLangString"))
#: What a text with a language tag that is none is written as: text@tag (https://www.w3.org/TR/rdf-plain-literal/).
PLAIN_LITERAL: Final = RDF + "PlainLiteral"
NAME: Final = PROV + "QUALIFIED_NAME"
_DOUBLE: Final = f"^^<{DOUBLE}>"
_DATE_TIME: Final = f"^^<{XSD}dateTime>"
#: IRIs that are remembered as they are written.
_MANY: Final = 1 << 14
#: Ids that are IRIs as they are, and those that stand below begat's base as they are.
_URN: Final = re.compile("urn:uuid:[0-9a-f-]+")
_PATH: Final = re.compile(rf"[A-Za-z0-9{re.escape(_PLAIN)}]+")


@lru_cache(_MANY)
def of_id(id: str) -> str:
    """The IRI of a thing by its id: `iri(iri_of_id(id))`, found in less time."""
    if _URN.fullmatch(id):
        return f"<{id}>"
    return f"<{BASE}{id}>" if _PATH.fullmatch(id) else iri(iri_of_id(id))


@lru_cache(_MANY)
def iri(text: str) -> str:
    """The IRI of a thing; what is none for RDF stands below begat's base, percent-encoded, as any id does."""
    return f"<{text if is_strict(text) else BASE + quote(text, safe=_PLAIN)}>"


@lru_cache(_MANY)
def predicate(text: str) -> str:
    """The IRI of an attribute; what is none for RDF stands in begat's namespace, percent-encoded."""
    return f"<{text if is_strict(text) else BEGAT + quote(text, safe=_PLAIN)}>"


def is_strict(text: str) -> bool:
    """Whether it is an absolute IRI, to the letter."""
    found = _STRICT.fullmatch(text)
    if found is None:
        return False
    if found["v6"] is None:
        return True
    try:
        return IPv6Address(found["v6"]) is not None
    except AddressValueError:
        return False


def term(value: Value) -> str:
    """A value as an IRI or a literal. A name that is no IRI is a literal of type prov:QUALIFIED_NAME."""
    if type(value) is str:
        return text(value)
    if type(value) is float:
        return f'"{lexical(value)}"{_DOUBLE}'
    if type(value) is int:
        return f'"{value}"^^<{type_of(value)}>'
    written, type_, language = literal(value)
    if type_ == QUALIFIED_NAME:
        return _name(written)
    if language:
        if _LANGUAGE.fullmatch(language):
            return f"{text(written)}@{language}"
        return f"{text(f'{written}@{language}')}^^<{PLAIN_LITERAL}>"
    return text(written) + _datatype(type_)


@lru_cache(_MANY)
def _name(written: str) -> str:
    return f"<{written}>" if is_strict(written) else f"{text(written)}^^<{NAME}>"


def date_time(written: str) -> str:
    """A time, as it is written."""
    return text(written) + _DATE_TIME


def moment(at: int) -> str:
    """A time in microseconds since the epoch."""
    return f'"{iso(at)}"{_DATE_TIME}'


def text(written: str) -> str:
    """A text in quotes."""
    return f'"{_ESCAPED.sub(_escape, written)}"' if _ESCAPED.search(written) else f'"{written}"'


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}"


@lru_cache(1024)
def _datatype(type_: str) -> str:
    return "" if type_ in ("", STRING) or type_ in _TAGGED else "^^" + predicate(type_)
