"""N-Quads (https://www.w3.org/TR/n-quads/) and N-Triples (https://www.w3.org/TR/n-triples/), as PROV-O: of records, and
straight from what a store holds.

Nothing is held: what comes is written.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from begat.graph_schema.documents.iris import iri_of_id
from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.documents.records import Record
from begat.graph_schema.errors import UsageError
from begat.queries.documents.templates import Templates
from begat.queries.documents.told import Held

QUADS: Final = "n-quads"
TRIPLES: Final = "n-triples"
#: The forms that are lines.
LINES: Final = (QUADS, TRIPLES)
#: Statements in a piece: 64 KiB or so.
TOGETHER: Final = 100


def n_quads(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """A piece for each record; there are no prefixes to be known."""
    return map(lines, records)


def n_triples(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """A piece for each record. Raises UsageError at the first one that is in a bundle."""
    return map(lines, without_bundles(records, TRIPLES))


def of_statements(held: Iterable[Held], form: str, base: str | None = None) -> Iterator[bytes]:
    """The lines of what a store holds, in pieces, as those of its records; `base`: see told.py."""
    texts = Templates(base).lines(held if form == QUADS else _in_no_bundle(held, form))
    while some := list(islice(texts, TOGETHER)):
        yield "".join(some).encode()


def without_bundles(records: Iterable[Record], form: str) -> Iterator[Record]:
    """The records, for a form that has one graph. Raises UsageError at the first one that is in a bundle."""
    for record in records:
        if record.bundle:
            raise _is_bundle(record.bundle, form)
        yield record


def _in_no_bundle(held: Iterable[Held], form: str) -> Iterator[Held]:
    for s in held:
        if s.context.bundle:
            raise _is_bundle(iri_of_id(s.context.bundle), form)
        yield s


def _is_bundle(bundle: str, form: str) -> UsageError:
    return UsageError(f"{form} has one graph, and <{bundle}> is a bundle: n-quads, trig and json-ld have both")
