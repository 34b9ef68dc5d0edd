"""begat ancestors, begat descendants: the closure by the lineage law."""

import argparse

from begat.api.asking import answer_flags, say
from begat.api.fresh import fresh
from begat.api.settings import Settings
from begat.queries import ancestors, descendants


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("of", metavar="ID", help="an id, a short id, a file's path or a name")
    parser.add_argument("--depth", type=int, metavar="N", help="how far, in entities and activities (default all)")
    parser.add_argument(
        "--type", action="append", default=[], metavar="TYPE", help="only these kinds or types; may be repeated"
    )
    answer_flags(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    closure = ancestors if arguments.command == "ancestors" else descendants
    with fresh(settings) as (store, pending):
        answer = closure(
            store,
            arguments.of,
            depth=arguments.depth,
            types=tuple(arguments.type),
            limit=arguments.limit,
            as_of=arguments.as_of,
            project=settings.project,
        )
        answer.pending = pending
    say(answer, arguments.format, arguments.of)
    return 0
