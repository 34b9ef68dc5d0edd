"""PROV documents and what is recorded, checked by PROV-CONSTRAINTS for the command line, and told to people."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import msgspec

from begat.graph_schema.documents.iris import BASE, id_of_iri
from begat.graph_schema.documents.prefixes import split
from begat.graph_schema.documents.records import Heading, Record
from begat.graph_schema.errors import FormatError, UsageError
from begat.ingest.documents.forms import FORMS, form_of
from begat.queries.constraints.check import Checked, check
from begat.queries.constraints.findings import MOST

AUTO: Final = "auto"
#: Bytes by which a file is known.
HEAD: Final = 1 << 16


class Document:
    """A document that is read for a check: its name, its form, and what it has prefixes for as far as it was read."""

    def __init__(self, name: str, data: bytes, form: str) -> None:
        self.name = name
        self.prefixes: dict[str, str] = {}
        self._data, self._form = data, form

    def records(self) -> Iterator[Record]:
        """What it states. Raises FormatError."""
        try:
            for record in FORMS[self._form].read(self._data):
                if isinstance(record, Heading):
                    self.prefixes = record.prefixes | self.prefixes
                else:
                    yield record
        except FormatError as e:
            raise FormatError(f"{self.name}: {e}") from e

    def check(self) -> Checked:
        """Check it while it is read. Raises FormatError."""
        return check(self.records(), lambda iri: shown(iri, self.prefixes))


def document(what: str, form: str) -> Document | None:
    """A document; None for what is a thing: no file, or a file of no form where none is told, however large."""
    if what != "-" and form == AUTO and not Path(what).is_file():
        return None
    try:
        with nullcontext(sys.stdin.buffer) if what == "-" else open(what, "rb") as file:
            head = file.read(HEAD)
            if form == AUTO:
                form = form_of(what, head)
            return Document(what, head + file.read(), form)
    except OSError as e:
        raise UsageError(f"{what} cannot be read: {e.strerror or e}") from e
    except FormatError as e:
        if what == "-":
            forms = ", ".join(FORMS)
            raise UsageError(f"-: of none of the forms, as it seems: --input-format says which one of {forms}") from e
        return None


def shown(iri: str, known: dict[str, str]) -> str:
    """A name as people have it by their prefixes; an id of begat's as it is, and any other IRI in full."""
    namespace, local = split(iri)
    prefix = next((p for p, of in known.items() if of == namespace), None)
    if prefix is None:
        return id_of_iri(iri, BASE)
    return f"{prefix}:{local}" if prefix else local


def as_object(told: dict[str, Checked]) -> dict[str, Any]:
    """What came of checks, by what was checked, as one object."""
    checked = [{"what": name, "valid": f.valid, **msgspec.to_builtins(f, str_keys=True)} for name, f in told.items()]
    return {"valid": all(f.valid for f in told.values()), "checked": checked}


def say(name: str, found: Checked) -> None:
    """Print what came of a check."""
    extent = many(found.statements, "statement")
    if found.instances > 1:
        extent += f" in {many(found.instances, 'instance')}"
    if found.valid:
        print(f"{name}: valid, {extent}")
        return
    print(f"{name}: {many(sum(found.counts.values()), 'violation')}, {extent}")
    for v in found.violations:
        through = f" (by way of {', '.join(map(str, v.through))})" if v.through else ""
        print(f"  {v.constraint} {v.name}{through}: {v.sentence}")
        for statement in v.statements:
            print(f"     {statement}")
        if v.bundle:
            print(f"     in the bundle {v.bundle}")
    for constraint, count in found.counts.items():
        if count > MOST:
            print(f"  {constraint}: {count:,} violations, {MOST} of each constraint and instance are shown")


def many(number: int, what: str) -> str:
    """A number of things, as people say it."""
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
