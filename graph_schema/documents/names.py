"""Qualified names: prefixes that stand for namespaces, in a document and in a bundle of it."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from begat.graph_schema.errors import FormatError
from begat.graph_schema.terms import PROV, XSD

#: Prefixes that every document may use without declaring them (PROV-N, section 3.7.3).
KNOWN: Final = {"prov": PROV, "xsd": XSD}
#: XML Schema's namespace as some have it.
_WRONG_XSD: Final = {"http://www.w3.org/2001/XMLSchema", "http://www.w3.org/2000/10/XMLSchema#"}
#: What is taken for a whole IRI where its beginning is no prefix.
_SCHEMES: Final = ("http:", "https:", "urn:", "file:", "mailto:", "tag:")
#: Names whose IRIs are remembered: about 300 bytes each.
MOST: Final = 1 << 17


T = TypeVar("T")


class Found(dict[str, T]):
    """What was found for each name; a new one is looked up. Of very many the first are forgotten."""

    def __init__(self, find: Callable[[str], T]) -> None:
        self._find = find

    def __missing__(self, name: str) -> T:
        found = self._find(name)
        if len(self) >= MOST:
            self.clear()
        self[name] = found
        return found


class Names:
    """Prefixes in a scope; `within` those of the document around it. `iris` has the IRI of each name, as `iri` does."""

    def __init__(self, prefixes: Mapping[str, str], within: "Names | None" = None) -> None:
        own = {p: XSD if iri in _WRONG_XSD else iri for p, iri in prefixes.items()}
        self.prefixes: dict[str, str] = {**(KNOWN if within is None else within.prefixes), **own}
        self.iris: Mapping[str, str] = Found(self._expanded)

    def iri(self, name: str) -> str:
        """The IRI of a name. Raises FormatError for a prefix that nobody declared."""
        return self.iris[name]

    def _expanded(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if not colon:
            prefix, local = "", name
        namespace = self.prefixes.get(prefix)
        if namespace is not None:
            return namespace + local
        if colon and name.startswith(_SCHEMES):
            return name
        if not colon:
            raise FormatError(f"the name {name!r} has no prefix, and there is no default namespace")
        raise FormatError(f"the prefix of {name!r} is not declared")
