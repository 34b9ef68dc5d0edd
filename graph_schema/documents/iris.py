"""What begat calls a thing, a type or an attribute, and the IRI that documents have for it: one for one, both ways.

An id that is an IRI is itself; any other stands below a base. An attribute of begat's own has a plain name, one of
PROV's is `prov:label`, one of anybody else's its IRI.
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from begat.graph_schema.terms import BEGAT, KINDS, PROV, TYPES

#: What stands before ids that are no IRIs, where no other base is given.
BASE: Final = "https://w3id.org/begat/id/"
#: An absolute IRI, as far as its signs go (RFC 3987, section 2.2).
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
_PLAIN: Final = "-._~/!$&'()*+,;=@"
_BY_IRI: Final = {t.iri: t.name for t in TYPES.values()}
_KIND_BY_IRI: Final = {k.iri: k.name for k in KINDS.values()}


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI."""
    return _IRI.fullmatch(text) is not None


@lru_cache(1 << 14)
def iri_of_id(id: str, base: str = BASE) -> str:
    """The IRI of a thing."""
    return id if is_iri(id) and not id.startswith(base) else base + quote(id, safe=_PLAIN)


def resolvable(id: str, base: str) -> str:
    """The IRI under which the service at `base` tells of a thing, beside the thing's own."""
    return f"{base}id/{quote(id, safe=_PLAIN + ':')}"


def id_of_iri(iri: str, base: str = BASE) -> str:
    """The id of what an IRI names."""
    return unquote(iri[len(base) :]) if iri.startswith(base) and len(iri) > len(base) else iri


@lru_cache(1 << 12)
def iri_of_key(key: str) -> str:
    """The IRI of an attribute."""
    if key.startswith("prov:") and is_iri(key):
        return PROV + key.removeprefix("prov:")
    return key if is_iri(key) and not key.startswith(BEGAT) else BEGAT + quote(key, safe=_PLAIN)


@lru_cache(1 << 12)
def key_of_iri(iri: str) -> str:
    """The attribute that an IRI names."""
    if iri.startswith(PROV):
        return "prov:" + iri.removeprefix(PROV)
    return unquote(iri.removeprefix(BEGAT)) if iri.startswith(BEGAT) and iri != BEGAT else iri


def iri_of_type(name: str) -> str:
    """The IRI of a type."""
    return TYPES[name].iri if name in TYPES else iri_of_key(name)


def type_of_iri(iri: str) -> str:
    """The type that an IRI names: begat's name for one that it knows."""
    return _BY_IRI.get(iri) or (iri if iri.startswith(PROV) else key_of_iri(iri))


def kind_of_iri(iri: str) -> str | None:
    """The kind that an IRI names, if it is one's."""
    return _KIND_BY_IRI.get(iri)
