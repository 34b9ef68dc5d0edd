"""Which prefixes a document is written with: those that are known, and one for each other namespace that it names."""

import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Final

from begat.graph_schema.terms import BEGAT, MLS, PROV, XSD

#: Written wherever something of them is named.
WELL_KNOWN: Final = {"begat": BEGAT, "mls": MLS}
#: Of which every form knows.
ALWAYS: Final = {"prov": PROV, "xsd": XSD}
#: Prefixes that every form takes.
PREFIX: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
#: Where an IRI may be cut: what follows is a local name that every form can write as it is.
_CUT: Final = re.compile(r"(.*[/#:?=&])([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?", re.DOTALL)
#: Names that are remembered at once.
_MANY: Final = 1 << 16


def split(iri: str) -> tuple[str, str]:
    """A namespace and a local name, which may be empty."""
    found = _CUT.fullmatch(iri)
    return (found[1], found[2] or "") if found else (iri, "")


class Prefixes:
    """Names IRIs shortly. `known`: namespaces by the prefixes that people have for them; of two of one prefix the first
    has it. `declared` is what has to be declared for the names that were given."""

    def __init__(
        self,
        known: Mapping[str, str] | None = None,
        always: Mapping[str, str] = ALWAYS,
        cut: Callable[[str], tuple[str, str]] = split,
    ) -> None:
        """`always` need no declaration of their own; `cut`: where the form has IRIs cut into two."""
        self._always, self._cut = always, cut
        taken = {**always, **WELL_KNOWN}
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
            namespace, local = self._cut(iri)
            if len(self._names) >= _MANY:
                self._names.clear()
            known = self._names[iri] = f"{self.prefix(namespace)}:{local}"
        return known

    def prefix(self, namespace: str) -> str:
        """The prefix of a namespace, which is declared from now on."""
        prefix = self._by_iri.get(namespace)
        if prefix is None:
            prefix = self._by_iri[namespace] = next(p for n in count(1) if (p := f"ns{n}") not in self._taken)
            self._taken.add(prefix)
        if prefix not in self._always:
            self.declared[prefix] = namespace
        return prefix
