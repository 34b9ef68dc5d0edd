"""begat check: whether documents, or what is recorded, are valid by PROV-CONSTRAINTS; whether two say the same."""

import argparse
from typing import Any

import msgspec

from begat.api.checking import AUTO, Document, as_object, behind, document, lines, many, recorded, shown
from begat.api.fresh import fresh
from begat.api.settings import Settings
from begat.graph_schema.errors import UsageError
from begat.ingest.documents.archive import prefixes
from begat.ingest.documents.forms import FORMS
from begat.queries.constraints.check import Checked
from begat.queries.constraints.equivalence import Difference, differences
from begat.queries.constraints.instance import IDENTIFIED
from begat.queries.constraints.normal import Fact


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"{parser.epilog}\n  begat check --all --format json\n  begat check model.pt"
    parser.add_argument(
        "what",
        nargs="*",
        metavar="FILE-OR-THING",
        help="a PROV document, - for standard input, or a thing and what it depends on; default: all of the project",
    )
    parser.add_argument("--all", action="store_true", help="all projects")
    parser.add_argument(
        "--equivalent", metavar="OTHER", help="a second document: whether both are valid and say the same"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--input-format",
        choices=(AUTO, *FORMS),
        default=AUTO,
        help="of documents: by name or content, if it is not told (default: auto)",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit 1 when a constraint is broken, and when two documents do not say the same."""
    if arguments.all and arguments.what:
        raise UsageError("--all is for all projects: name files and things without it")
    if arguments.equivalent is not None:
        return _compare(arguments)
    told: dict[str, Checked] = {}
    for what in arguments.what:
        file = document(what, arguments.input_format)
        told[what] = _stored(settings, what, settings.project) if file is None else file.check()
    if not arguments.what:
        project = None if arguments.all else settings.project
        told["all projects" if arguments.all else f"project {project}"] = _stored(settings, None, project)
    return _tell(told, arguments.format)


def _tell(told: dict[str, Checked], form: str) -> int:
    if form == "json":
        print(msgspec.json.format(msgspec.json.encode(as_object(told)), indent=2).decode())
    else:
        for name, found in told.items():
            print("\n".join(lines(name, found)))
    return 0 if all(found.valid for found in told.values()) else 1


def _stored(settings: Settings, thing: str | None, project: str | None) -> Checked:
    """What is recorded of a project, or of a thing and what it depends on."""
    known = prefixes(settings.spool)
    with fresh(settings) as (store, _):
        only = None if thing is None else behind(store, thing, settings.project)
        return recorded(store, project, known, only)


def _compare(arguments: argparse.Namespace) -> int:
    """Whether two documents are valid and equivalent."""
    if len(arguments.what) != 1 or arguments.equivalent == arguments.what[0] == "-":
        raise UsageError("one document is compared with another: begat check A --equivalent B")
    one, other = (_file(name, arguments.input_format) for name in (arguments.what[0], arguments.equivalent))
    invalid = {file.name: found for file in (one, other) if not (found := file.check()).valid}
    if invalid:
        return _tell(invalid, arguments.format)
    different = differences(one.records(), other.records())
    known = one.prefixes | {p: of for p, of in other.prefixes.items() if p not in one.prefixes}
    told = [_difference(d, known) for d in different]
    if arguments.format == "json":
        answer = {"equivalent": not told, "first": one.name, "second": other.name, "differences": told}
        print(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    else:
        print(f"{one.name} and {other.name} are {'not equivalent' if told else 'equivalent'}")
        for difference in told:
            _say_difference(difference, one.name, other.name)
    return 1 if told else 0


def _file(name: str, form: str) -> Document:
    found = document(name, form)
    if found is None:
        raise UsageError(f"{name} is no PROV document: only documents are compared")
    return found


def _difference(found: Difference, known: dict[str, str]) -> dict[str, Any]:
    return {
        "bundle": found.bundle and shown(found.bundle, known),
        "only_first": found.only_first,
        "only_second": found.only_second,
        "first": [_written(fact, known) for fact in found.first],
        "second": [_written(fact, known) for fact in found.second],
    }


def _say_difference(told: dict[str, Any], one: str, other: str) -> None:
    place = f" in the bundle {told['bundle']}" if told["bundle"] else ""
    for name, which in ((one, "first"), (other, "second")):
        print(f"  {many(told[f'only_{which}'], 'statement')} of the normal form only of {name}{place}")
        for line in told[which]:
            print(f"     {line}")


def _written(fact: Fact, known: dict[str, str]) -> str:
    """As PROV-N, variables as `-`."""
    terms = ["-" if isinstance(t, int) else shown(t, known) for t in fact.terms]
    id_ = f"{terms.pop(0)}; " if fact.name in IDENTIFIED else ""
    if fact.attributes:
        terms.append("[" + ", ".join(f"{shown(key, known)}={value}" for key, value in sorted(fact.attributes)) + "]")
    return f"{fact.name[0].lower()}{fact.name[1:]}({id_.removeprefix('-; ')}{', '.join(terms)})"
