"""What is recorded of one thing, as a document."""

from collections.abc import Iterator

import msgspec

from begat.api.service.linked.place import Place
from begat.api.service.linked.words import OWL, link
from begat.graph_schema.documents.iris import iri_of_id
from begat.graph_schema.documents.mapping import told
from begat.graph_schema.documents.records import Record, Thing
from begat.graph_schema.errors import NotFound
from begat.graph_schema.statements import Folded, Relation
from begat.graph_schema.store import Store
from begat.graph_schema.terms import PROV


def described(store: Store, project: str, id_: str, place: Place) -> list[Record]:
    """A thing and its relations, those of all bundles in one; where else it has an IRI, and where its provenance is.

    Raises NotFound.
    """
    records = [msgspec.structs.replace(r, bundle="") for r in _records(store, project, id_)]
    if not records:
        raise _none(id_)
    return [*records, *_further(records, id_, place)]


def known(store: Store, project: str, id_: str) -> None:
    """Raises NotFound for what is not."""
    if next(_records(store, project, id_), None) is None:
        raise _none(id_)


def _none(id_: str) -> NotFound:
    return NotFound(f"nothing has the id {id_!r}")


def _records(store: Store, project: str, id_: str) -> Iterator[Record]:
    for s in store.scan([id_]):
        if isinstance(s, Folded | Relation) and s.context.project == project:
            yield from told(s)


def _further(records: list[Record], id_: str, place: Place) -> Iterator[Record]:
    own = iri_of_id(id_)
    kind = next((r.kind for r in records if isinstance(r, Thing)), None)
    if kind is None:  # it was only ever named
        return
    here = place.thing(id_)
    yield Thing(
        kind, own,
        [
            *([link(f"{OWL}sameAs", here)] if here != own else []),
            link(f"{PROV}has_anchor", own),
            link(f"{PROV}has_provenance", place.provenance(id_)),
            link(f"{PROV}has_query_service", place.at("provenance")),
            link(f"{PROV}pingback", place.at(f"pingback/{here.removeprefix(place.at('id/'))}")),
        ],
    )  # fmt: skip
