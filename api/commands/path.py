"""begat path: how one thing depends on another."""

import argparse

from begat.api.asking import answer_flags, answered
from begat.api.parser import listed
from begat.api.settings import Settings
from begat.queries import path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("effect", metavar="A", help="what depends: an id, a short id, a file's path or a name")
    parser.add_argument("cause", metavar="B", help="what it depends on")
    parser.add_argument(
        "--relations", type=listed, action="extend", default=[], metavar="RELATION",
        help="along these stored relations, from effect to cause, instead of by the lineage law",
    )  # fmt: skip
    answer_flags(parser, limited=False)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    answered(
        arguments,
        settings,
        arguments.effect,
        lambda store: path(
            store,
            arguments.effect,
            arguments.cause,
            relations=tuple(arguments.relations),
            as_of=arguments.as_of,
            project=settings.project,
        ),
    )
    return 0
