"""begat diff: what is different between two runs, models or datasets, and where the difference begins."""

import argparse
import sys

from begat.api.asking import tell
from begat.api.formats import View, render
from begat.api.fresh import fresh
from begat.api.moment import moment
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
        "--only", metavar="WHAT", type=_several, default=(), help=f"some of {','.join(ASPECTS)}, with commas between"
    )
    parser.add_argument("--exit-code", action="store_true", help="exit with 1 if they differ, 0 if they do not")
    parser.add_argument("--depth", type=int, metavar="N", help="how far up to look, in entities and activities")
    parser.add_argument("--limit", type=int, metavar="N", help="how many differences at most (default 1000)")
    parser.add_argument(
        "--as-of", type=moment, metavar="T", help="as it was known at that time: 2026-01-31T12:00:00Z"
    )
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    with fresh(settings) as (store, pending):
        answer = diff(
            store,
            arguments.a,
            arguments.b,
            only=arguments.only,
            depth=arguments.depth,
            limit=arguments.limit,
            as_of=arguments.as_of,
            project=settings.project,
        )
        answer.pending = pending
    if arguments.format == "table":
        text = two_columns(answer, (arguments.a, arguments.b))
    else:
        text = render(answer, arguments.format, View(arguments.a))
    sys.stdout.write(text)
    sys.stdout.flush()
    tell(answer, "")  # that nothing was found is told in other words
    if not answer.rows and arguments.format == "table":
        print("begat: no difference found", file=sys.stderr)
    return 1 if arguments.exit_code and differs(answer) else 0
