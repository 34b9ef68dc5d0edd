"""Which prefixes a document is written with: those that are known, and one for each other namespace that it names."""

import re
from collections.abc import Iterable
from typing import Final

from begat.graph_schema.terms import BEGAT, MLS, PROV, XSD

#: Written wherever something of them is named.
WELL_KNOWN: Final = {"begat": BEGAT, "mls": MLS}
_ALWAYS: Final = {"prov": PROV, "xsd": XSD}
#: Where an IRI may be cut: what follows is a local name that every form can write as it is.
_CUT: Final = re.compile(r"(.*[/#:?=&])([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?", re.DOTALL)


class Prefixes:
    """Names IRIs shortly. `declared` is what has to be declared for the names that were given."""

    def __init__(self) -> None:
        self._by_iri = {iri: p for p, iri in {**_ALWAYS, **WELL_KNOWN}.items()}
        self.declared: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def name(self, iri: str) -> str:
        """A qualified name; the first of a namespace makes a prefix for it."""
        known = self._names.get(iri)
        if known is None:
            namespace, local = split(iri)
            prefix = self._by_iri.get(namespace)
            if prefix is None:
                prefix = self._by_iri[namespace] = f"ns{len(self._by_iri) - len(_ALWAYS) - len(WELL_KNOWN) + 1}"
            if prefix not in _ALWAYS:
                self.declared[prefix] = namespace
            known = self._names[iri] = f"{prefix}:{local}"
        return known

    def name_all(self, iris: Iterable[str]) -> None:
        """Have prefixes for all of them."""
        for iri in iris:
            self.name(iri)


def split(iri: str) -> tuple[str, str]:
    """A namespace and a local name, which may be empty."""
    found = _CUT.fullmatch(iri)
    return (found[1], found[2] or "") if found else (iri, "")
