"""The addresses of a service's linked data, all below one IRI."""

from typing import Final, NamedTuple
from urllib.parse import quote

from begat.graph_schema.documents.iris import BASE, id_of_iri, iri_of_id, resolvable
from begat.graph_schema.terms import PROV

#: Signs of an id that stand in an address as they are: those that a path may have (RFC 3986, section 3.3).
_PLAIN: Final = "-._~/!$&'()*+,;=:@"


class Place(NamedTuple):
    """`base` ends with a slash."""

    base: str

    def at(self, path: str) -> str:
        """The IRI of a page."""
        return self.base + path

    def thing(self, id_: str) -> str:
        """The IRI that a thing has here, beside its own."""
        return resolvable(id_, self.base)

    def provenance(self, id_: str) -> str:
        """Where the provenance of a thing is told."""
        return self.at(f"provenance?target={quote(iri_of_id(id_), safe='')}")

    def id_of(self, target: str) -> str:
        """The id of what an IRI names: one of here, one below begat's base, or its own."""
        return id_of_iri(id_of_iri(target, self.at("id/")), BASE)

    def links(self, id_: str) -> str:
        """The header Link of what is told of a thing (https://www.w3.org/TR/prov-aq/, sections 3.1 and 5)."""
        anchor = f'; anchor="{_ascii(iri_of_id(id_))}"'
        return ", ".join(
            (
                f'<{self.provenance(id_)}>; rel="{PROV}has_provenance"{anchor}',
                f'<{self.at("provenance")}>; rel="{PROV}has_query_service"{anchor}',
                f'<{self.at(path_of("pingback", id_))}>; rel="{PROV}pingback"{anchor}',
            )
        )


def path_of(page: str, id_: str) -> str:
    """The path of a page about a thing, without the slash before it."""
    return f"{page}/{quote(id_, safe=_PLAIN)}"


def _ascii(iri: str) -> str:
    return quote(iri, safe=f"{_PLAIN}?#[]%")
