"""begat questions: list the questions, and print those that are written in SPARQL."""

import argparse
from typing import Any

import msgspec

from begat.api.reference import page
from begat.api.settings import Settings
from begat.api.table import aligned
from begat.graph_schema.errors import UsageError
from begat.queries.catalogue import QUESTIONS, question
from begat.queries.where import time


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json", "markdown"), default="table", help="default: table")
    parser.add_argument("name", metavar="NAME", nargs="?", help="with --sparql: of this question")
    parser.add_argument("--sparql", action="store_true", help="print the text of a question in SPARQL 1.1")
    parser.add_argument(
        "--set", dest="given", action="append", default=[], metavar="PARAMETER=VALUE",
        help="with --sparql: a value, of a thing its id; repeat it for several; without any the example's stand there",
    )  # fmt: skip
    parser.epilog = (
        f"{parser.epilog}\n  begat questions leakage --sparql --set thing=model.pt | begat sparql --depends-on -"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.sparql:
        print(_in_sparql(arguments.name, arguments.given), end="")
        return 0
    if arguments.name or arguments.given:
        raise UsageError("a question is named, and its parameters are set, with --sparql only")
    if arguments.format == "json":
        listed = [
            {"name": q.name, "sentence": q.sentence, "parameters": q.parameters, "columns": q.columns}
            for q in QUESTIONS.values()
        ]
        print(msgspec.json.format(msgspec.json.encode(listed), indent=2).decode())
        return 0
    if arguments.format == "markdown":
        print(page(QUESTIONS.values()), end="")
        return 0
    rows = [(q.name, q.sentence, q.example) for q in QUESTIONS.values()]
    print(aligned(("question", "asks", "example"), rows), end="")
    return 0


def _in_sparql(name: str | None, words: list[str]) -> str:
    from begat.queries.sparql import asking  # which few need

    if name is None:
        raise UsageError(f"name a question: {', '.join(asking.names())} are written in SPARQL")
    values = given(name, words)
    return asking.asked(name, values) if values else asking.text(name)


def given(name: str, words: list[str]) -> dict[str, Any]:
    """The values of a question's parameters of what stands behind each `--set`. Raises UsageError, NotFound."""
    values: dict[str, Any] = {}
    types = {p.name: p.type for p in question(name).parameters}
    for word in words:
        parameter, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"--set {word}: write it as PARAMETER=VALUE")
        type_ = types.get(parameter, "text")  # of one that there is not, the question tells
        if type_ == "texts":
            values.setdefault(parameter, []).append(value)
        elif parameter in values:
            raise UsageError(f"--set {parameter} is given twice: it takes one value")
        else:
            values[parameter] = time(value) if type_ == "time" else value
    return values
