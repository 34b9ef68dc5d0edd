"""Names of elements: XML has fewer of them than PROV, so a sign that it has not is told by its number, as `_x0031_`.

Other readers of PROV-XML know this way too (the Python library `prov`, and, for the same reason, Office Open XML).
"""

import re
from typing import Final

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
XML: Final = "http://www.w3.org/XML/1998/namespace"

#: Signs of an NCName (Namespaces in XML, section 3), the first and those behind it: those of Latin letters that all
#: editions of XML 1.0 have, as parsers differ in the others.
_START: Final = re.compile("[A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131]")
_NEXT: Final = re.compile("[A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01310-9.-]")
#: How far an IRI is a URI, to the last place where it may be cut.
_URI: Final = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*[/#:?=&]")
_ESCAPED: Final = re.compile(r"_x([0-9A-F]{4}(?:[0-9A-F]{4})?)_")
_LIKE_ONE: Final = re.compile(r"_(?=x[0-9A-F]{4}(?:[0-9A-F]{4})?_)")


def cut_name(iri: str) -> tuple[str, str]:
    """The namespace of a qualified name, and its local part, which may be any text. Namespaces are URIs, so they end
    before the first sign that these have not."""
    found = _URI.match(iri)
    return (iri[: found.end()], iri[found.end() :]) if found else (iri, "")


def cut_element(iri: str) -> tuple[str, str]:
    """The namespace of an element that stands for an IRI, and its local name: the longest that XML has."""
    at = len(iri)
    while at and _NEXT.match(iri[at - 1]):
        at -= 1
    found = _START.search(iri, at)
    namespace, local = cut_name(iri)
    if found is not None and found.start() >= len(namespace):
        between = iri[len(namespace) : found.start()]
        if between.isascii():
            return namespace + between, _LIKE_ONE.sub("_x005F_", iri[found.start() :])
    if not local:
        namespace, local = iri[:-1], iri[-1:]
    local = _LIKE_ONE.sub("_x005F_", local)
    return namespace, "".join(_told(sign, n) for n, sign in enumerate(local))


def _told(sign: str, place: int) -> str:
    if (_NEXT if place else _START).match(sign):
        return sign
    code = ord(sign)
    return f"_x{code:04X}_" if code <= 0xFFFF else f"_x{code:08X}_"


def uncut(namespace: str, local: str) -> str:
    """The IRI that an element stands for."""
    return namespace + (_ESCAPED.sub(_sign, local) if "_x" in local else local)


def _sign(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if code > 0x10FFFF or 0xD800 <= code < 0xE000 else chr(code)
