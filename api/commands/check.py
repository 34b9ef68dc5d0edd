"""begat check: whether documents, or what is recorded, are valid by PROV-CONSTRAINTS."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from begat.api.fresh import fresh
from begat.api.settings import Settings
from begat.graph_schema.documents.iris import BASE, id_of_iri
from begat.graph_schema.documents.prefixes import split
from begat.graph_schema.documents.records import Heading, Record
from begat.graph_schema.errors import FormatError, UsageError
from begat.graph_schema.store import Store
from begat.ingest.documents.archive import prefixes
from begat.ingest.documents.forms import FORMS, form_of
from begat.queries.constraints.check import Checked, check, check_placed
from begat.queries.constraints.findings import MOST
from begat.queries.constraints.stored import stored
from begat.queries.subgraph import subgraph

AUTO: Final = "auto"
#: Things behind one that are checked with it at most.
AROUND: Final = 1_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"{parser.epilog}\n  begat check --all --format json\n  begat check model.pt"
    parser.add_argument(
        "what",
        nargs="*",
        metavar="FILE-OR-THING",
        help="a PROV document, - for standard input, or a thing and what it depends on; default: all of the project",
    )
    parser.add_argument("--all", action="store_true", help="all projects")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--input-format",
        choices=(AUTO, *FORMS),
        default=AUTO,
        help="of documents: by name or content, if it is not told (default: auto)",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit 1 when a constraint is broken."""
    if arguments.all and arguments.what:
        raise UsageError("--all is for all projects: name files and things without it")
    told: dict[str, Checked] = {}
    for what in arguments.what:
        data = _data(what, arguments.input_format)
        told[what] = _stored(settings, what, settings.project) if data is None else _document(what, *data)
    if not arguments.what:
        project = None if arguments.all else settings.project
        told["all projects" if arguments.all else f"project {project}"] = _stored(settings, None, project)
    if arguments.format == "json":
        print(msgspec.json.format(msgspec.json.encode(_object(told)), indent=2).decode())
    else:
        for name, found in told.items():
            _say(name, found)
    return 0 if all(found.valid for found in told.values()) else 1


def _data(what: str, form: str) -> tuple[bytes, str] | None:
    """A document and its form; None for what is a thing: no file, or a file of no form where none is told."""
    try:
        if what != "-" and form == AUTO and not Path(what).is_file():
            return None
        data = sys.stdin.buffer.read() if what == "-" else Path(what).read_bytes()
    except OSError as e:
        raise UsageError(f"{what} cannot be read: {e.strerror or e}") from e
    if form != AUTO:
        return data, form
    try:
        return data, form_of(what, data)
    except FormatError:
        if what == "-":
            raise
        return None


def _document(name: str, data: bytes, form: str) -> Checked:
    """Check a document while it is read: what it has prefixes for is known when there is something to tell."""
    known: dict[str, str] = {}

    def records() -> Iterator[Record]:
        for record in FORMS[form].read(data):
            if isinstance(record, Heading):
                known.update(record.prefixes | known)
            else:
                yield record

    try:
        return check(records(), _shown(known))
    except FormatError as e:
        raise FormatError(f"{name}: {e}") from e


def _stored(settings: Settings, thing: str | None, project: str | None) -> Checked:
    """What is recorded of a project, or of a thing and what it depends on."""
    with fresh(settings) as (store, _):
        only = None if thing is None else _behind(store, thing, settings.project)
        return check_placed(stored(store, project, only), _shown(prefixes(settings.spool)))


def _behind(store: Store, thing: str, project: str) -> set[str]:
    found = subgraph(store, thing, side="up", limit=AROUND, project=project)
    if found.truncated:
        raise UsageError(f"{thing}: {AROUND:,} things or more lie behind it: check the project")
    return {str(row["id"]) for row in found.rows if row["part"] == "node"}


def _shown(known: dict[str, str]) -> Callable[[str], str]:
    """Names as the document has them; ids of begat's as they are, and other IRIs in full."""

    def shown(iri: str) -> str:
        namespace, local = split(iri)
        prefix = next((p for p, of in known.items() if of == namespace), None)
        if prefix is None:
            return id_of_iri(iri, BASE)
        return f"{prefix}:{local}" if prefix else local

    return shown


def _object(told: dict[str, Checked]) -> dict[str, Any]:
    checked = [{"what": name, "valid": f.valid, **msgspec.to_builtins(f, str_keys=True)} for name, f in told.items()]
    return {"valid": all(f.valid for f in told.values()), "checked": checked}


def _say(name: str, found: Checked) -> None:
    extent = _many(found.statements, "statement")
    if found.instances > 1:
        extent += f" in {_many(found.instances, 'instance')}"
    if found.valid:
        print(f"{name}: valid, {extent}")
        return
    print(f"{name}: {_many(sum(found.counts.values()), 'violation')}, {extent}")
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


def _many(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
