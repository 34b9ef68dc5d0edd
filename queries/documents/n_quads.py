"""N-Quads (https://www.w3.org/TR/n-quads/) and N-Triples (https://www.w3.org/TR/n-triples/) of records, as PROV-O.

Nothing is held: a record is written as it comes.
"""

from collections.abc import Iterable, Iterator, Mapping

from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.documents.records import Record
from begat.graph_schema.errors import UsageError


def n_quads(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """A piece for each record; there are no prefixes to be known."""
    return map(lines, records)


def n_triples(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """A piece for each record. Raises UsageError at the first one that is in a bundle."""
    return map(lines, without_bundles(records, "n-triples"))


def without_bundles(records: Iterable[Record], form: str) -> Iterator[Record]:
    """The records, for a form that has one graph. Raises UsageError at the first one that is in a bundle."""
    for record in records:
        if record.bundle:
            raise UsageError(
                f"{form} has one graph, and <{record.bundle}> is a bundle: n-quads, trig and json-ld have both"
            )
        yield record
