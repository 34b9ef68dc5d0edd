"""A document into a store: all of it is read before anything is written."""

from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from begat.graph_schema.documents.mapping import statements
from begat.graph_schema.documents.records import Related, Thing, missing
from begat.graph_schema.store import Store
from begat.ingest.documents.archive import About, keep, kept
from begat.ingest.documents.batches import Batches
from begat.ingest.documents.forms import FORMS
from begat.ingest.interpreter import set_for_a_pass


class Said(NamedTuple):
    """What a document says, how many of what it has, and what of it could not be kept."""

    statements: Batches
    things: int
    relations: int
    bundles: int
    prefixes: dict[str, str]
    remarks: list[str]


def said(data: bytes, form: str, project: str) -> Said:
    """Read a document to its end. Raises FormatError."""
    things = relations = bundles = 0
    prefixes: dict[str, str] = {}
    remarks: list[str] = []
    found = Batches(len(data))
    lacking, first = 0, None
    with set_for_a_pass():
        for record in FORMS[form].read(data):
            if isinstance(record, Thing):
                things += 1
                found.add(statements(record, project))
            elif isinstance(record, Related):
                relations += 1
                found.add(statements(record, project))
                if missing(record):
                    lacking, first = lacking + 1, first or record
            else:
                bundles += record.bundle != ""
                prefixes = record.prefixes | prefixes
                remarks += record.remarks
    if first is not None:
        which = first.relation if first.id is None else f"{first.relation} <{first.id}>"
        shown = f"{lacking:,} (as {which}, no {missing(first)})"
        remarks.append(f"kept although they lack what they must have: {shown}")
    return Said(found, things, relations, bundles, prefixes, remarks)


def load(store: Store, spool: Path, about: About, data: bytes) -> Said:
    """Read a document, then `commit` it, and settle; said again it changes nothing.

    Raises FormatError, and nothing is kept or written then; OSError where it cannot be kept, and StoreError.
    """
    found = said(data, about.form, about.project)
    commit(store, spool, about, data, found)
    store.settle()
    return found


def commit(store: Store, spool: Path, about: About, data: bytes, found: Said) -> None:
    """Keep a document, then write what it says. Raises OSError where it cannot be kept, and StoreError."""
    keep(spool, replace(about, prefixes=found.prefixes), data)
    with set_for_a_pass():
        store.write_document(found.statements)


def load_archive(store: Store, spool: Path) -> int:
    """Write all documents that the spool keeps, and settle; their number."""
    number = 0
    for document in kept(spool):
        with set_for_a_pass():
            store.write_document(said(document.data, document.about.form, document.about.project).statements)
        number += 1
    if number:
        store.settle()
    return number
