"""Turtle (https://www.w3.org/TR/turtle/) and TriG (https://www.w3.org/TR/trig/) of records, as PROV-O.

Nothing is held: a record is written as it comes, what it says of one subject in one block, so a subject may have
several. Prefixes stand at the head: those that are known, whether they are needed or not.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Final

from begat.graph_schema.documents.iris import BASE
from begat.graph_schema.documents.n_triples import iri, is_strict
from begat.graph_schema.documents.prefixes import PREFIX, WELL_KNOWN, split
from begat.graph_schema.documents.prov_o import Said, said
from begat.graph_schema.documents.qualified import NAMELESS
from begat.graph_schema.documents.records import Record
from begat.graph_schema.terms import PROV, RDF, RDFS, XSD
from begat.queries.documents.n_quads import without_bundles

#: Always at the head. What is known for one of these prefixes otherwise is written in full.
_ALWAYS: Final = {"prov": PROV, "xsd": XSD, "rdf": RDF, "rdfs": RDFS, **WELL_KNOWN, "id": BASE, "q": NAMELESS}
_TYPED: Final = re.compile(r'(".*")\^\^(<[^"]*>)', re.DOTALL)
_A: Final = f"<{RDF}type>"
_INDENT: Final = "\n    "
#: Terms that are remembered as they are written.
_MANY: Final = 1 << 14


def turtle(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """The prefixes, then a piece for each record. Raises UsageError at the first one that is in a bundle."""
    return trig(without_bundles(records, "turtle"), known)


def trig(records: Iterable[Record], known: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """The prefixes, then a piece for each record; the records of a bundle that come one after the other share a block.

    `known`: namespaces by the prefixes that people have for them.
    """
    prefixes = _prefixes(known or {})
    short = _shortener(prefixes)
    yield "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items()).encode()
    for bundle, held in groupby(records, key=lambda record: record.bundle):
        if bundle:
            yield f"\n{short(iri(bundle))} {{\n".encode()
        for record in held:
            yield _blocks(said(record), short).encode()
        if bundle:
            yield b"}\n"


def _prefixes(known: Mapping[str, str]) -> dict[str, str]:
    own = {prefix: iri for prefix, iri in known.items() if PREFIX.fullmatch(prefix) and is_strict(iri)}
    return _ALWAYS | {prefix: iri for prefix, iri in own.items() if prefix not in _ALWAYS}


def _blocks(found: list[Said], short: Callable[[str], str]) -> str:
    return "".join(
        f"\n{short(subject)} {f' ;{_INDENT}'.join([_predicate(one, short) for one in told])} .\n"
        for subject, told in found
    )


def _predicate(told: str, short: Callable[[str], str]) -> str:
    predicate, _, written = told.partition(" ")
    return f"{'a' if predicate == _A else short(predicate)} {_object(written, short)}"


def _object(term: str, short: Callable[[str], str]) -> str:
    if term[0] == "<":
        return short(term)
    typed = _TYPED.fullmatch(term) if term[-1] == ">" else None
    return term if typed is None else f"{typed[1]}^^{short(typed[2])}"


def _shortener(prefixes: Mapping[str, str]) -> Callable[[str], str]:
    """Writes an IRI, as N-Triples has it, with a prefix where one is known."""
    by_namespace = {namespace: prefix for prefix, namespace in reversed([*prefixes.items()])}

    @lru_cache(_MANY)
    def short(written: str) -> str:
        namespace, local = split(written[1:-1])
        prefix = by_namespace.get(namespace)
        return written if prefix is None else f"{prefix}:{local}"

    return short
