"""begat diff: what is different between two runs, models or datasets, and where the difference begins."""

import argparse
from functools import partial

from begat.api.asking import answer_flags, answered
from begat.api.parser import listed
from begat.api.settings import Settings
from begat.api.two_columns import two_columns
from begat.queries.diff import diff
from begat.queries.diff.diff import differs
from begat.queries.diff.row import ASPECTS

FORMATS = ("table", "json", "csv")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="a run, or a model, dataset or other file: an id, a path or a name")
    parser.add_argument("b", metavar="B", help="what to compare it with: a run with a run, a file with a file")
    parser.add_argument(
        "--only", metavar="WHAT", type=listed, default=(), help=f"some of {','.join(ASPECTS)}, with commas between"
    )
    parser.add_argument("--exit-code", action="store_true", help="exit with 1 if they differ, 0 if they do not")
    parser.add_argument("--depth", type=int, metavar="N", help="how far up to look, in entities and activities")
    answer_flags(parser, forms=FORMATS)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    answer = answered(
        arguments,
        settings,
        arguments.a,
        lambda store: diff(
            store,
            arguments.a,
            arguments.b,
            only=arguments.only,
            depth=arguments.depth,
            limit=arguments.limit,
            as_of=arguments.as_of,
            project=settings.project,
        ),
        table=partial(two_columns, names=(arguments.a, arguments.b)),
        nothing="no difference found",
    )
    return 1 if arguments.exit_code and differs(answer) else 0
