"""Which prefixes a document is written with: those that are known, and one for each other namespace that it names."""

import re
from collections.abc import Mapping
from itertools import count
from typing import Final

from begat.graph_schema.terms import BEGAT, MLS, PROV, XSD

#: Written wherever something of them is named.
WELL_KNOWN: Final = {"begat": BEGAT, "mls": MLS}
_ALWAYS: Final = {"prov": PROV, "xsd": XSD}
#: Prefixes that every form takes.
PREFIX: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
#: Where an IRI may be cut: what follows is a local name that every form can write as it is.
_CUT: Final = re.compile(r"(.*[/#:?=&])([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?", re.DOTALL)


class Prefixes:
    """Names IRIs shortly. `known`: namespaces by the prefixes that people have for them; of two of one prefix the first
    has it. `declared` is what has to be declared for the names that were given."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        taken = {**_ALWAYS, **WELL_KNOWN}
        for prefix, namespace in (known or {}).items():
            if PREFIX.fullmatch(prefix) and namespace not in taken.values():
                taken.setdefault(prefix, namespace)
        self._by_iri = {iri: p for p, iri in taken.items()}
        self._taken = set(taken)
        self.declared: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def name(self, iri: str) -> str:
        """A qualified name; the first of a namespace makes a prefix for it."""
        known = self._names.get(iri)
        if known is None:
            namespace, local = split(iri)
            prefix = self._by_iri.get(namespace)
            if prefix is None:
                prefix = self._by_iri[namespace] = next(p for n in count(1) if (p := f"ns{n}") not in self._taken)
                self._taken.add(prefix)
            if prefix not in _ALWAYS:
                self.declared[prefix] = namespace
            known = self._names[iri] = f"{prefix}:{local}"
        return known


def split(iri: str) -> tuple[str, str]:
    """A namespace and a local name, which may be empty."""
    found = _CUT.fullmatch(iri)
    return (found[1], found[2] or "") if found else (iri, "")
