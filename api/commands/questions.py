"""begat questions: list the questions."""

import argparse

import msgspec

from begat.api.reference import page
from begat.api.settings import Settings
from begat.api.table import aligned
from begat.queries.catalogue import QUESTIONS


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json", "markdown"), default="table", help="default: table")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
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
