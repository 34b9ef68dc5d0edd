"""PROV documents and what is recorded, checked by PROV-CONSTRAINTS, and told to people and programs."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import msgspec

from begat.graph_schema.documents.iris import BASE, id_of_iri
from begat.graph_schema.documents.prefixes import split
from begat.graph_schema.documents.records import Heading, Record
from begat.graph_schema.errors import FormatError, UsageError
from begat.graph_schema.store import Store
from begat.ingest.documents.forms import FORMS, form_of
from begat.queries.clock import left
from begat.queries.constraints.check import Checked, Placed, check, check_placed
from begat.queries.constraints.findings import MOST
from begat.queries.constraints.stored import stored
from begat.queries.subgraph import subgraph

AUTO: Final = "auto"
#: Bytes by which a file is known.
HEAD: Final = 1 << 16
#: Things behind one that are checked with it at most.
AROUND: Final = 1_000_000
#: Statements from one look at the clock to the next.
_LOOK: Final = 1000


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


def recorded(store: Store, project: str | None, known: dict[str, str], only: set[str] | None = None) -> Checked:
    """Check what is recorded of a project, of all where it is None. `known`: namespaces by prefix. `only`: these
    things. Raises TookTooLong."""
    return check_placed(_in_time(stored(store, project, only)), lambda iri: shown(iri, known))


def behind(store: Store, thing: str, project: str) -> set[str]:
    """The ids of a thing and of what it depends on. Raises NotFound, Ambiguous, TookTooLong; UsageError where that is
    too much for a check."""
    found = subgraph(store, thing, side="up", limit=AROUND, project=project)
    if found.truncated:
        raise UsageError(f"{thing}: {AROUND:,} things or more lie behind it: check the project")
    return {str(row["id"]) for row in found.rows if row["part"] == "node"}


def _in_time(statements: Iterable[Placed]) -> Iterator[Placed]:
    """The same, for as long as the question may take."""
    for number, statement in enumerate(statements):
        if not number % _LOOK:
            left()
        yield statement


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


def lines(name: str, found: Checked) -> Iterator[str]:
    """What came of a check, for people."""
    extent = many(found.statements, "statement")
    if found.instances > 1:
        extent += f" in {many(found.instances, 'instance')}"
    if found.valid:
        yield f"{name}: valid, {extent}"
        return
    yield f"{name}: {many(sum(found.counts.values()), 'violation')}, {extent}"
    for v in found.violations:
        through = f" (by way of {', '.join(map(str, v.through))})" if v.through else ""
        yield f"  {v.constraint} {v.name}{through}: {v.sentence}"
        for statement in v.statements:
            yield f"     {statement}"
        if v.bundle:
            yield f"     in the bundle {v.bundle}"
    for constraint, count in found.counts.items():
        if count > MOST:
            yield f"  {constraint}: {count:,} violations, {MOST} of each constraint and instance are shown"


def many(number: int, what: str) -> str:
    """A number of things, as people say it."""
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
