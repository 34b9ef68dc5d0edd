"""begat runs: the wide table of runs."""

import argparse

from begat.api.asking import answer_flags, answered
from begat.api.parser import listed
from begat.api.settings import Settings
from begat.queries import runs


def arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_argument_group("which runs")
    which.add_argument("--experiment", metavar="E", help="only the runs of this experiment, and their parts")
    which.add_argument(
        "--where", metavar="EXPR", help="as for find: \"params.lr < 0.1 and metrics.loss < 1 and status = 'FAILED'\""
    )
    which.add_argument(
        "--types", "--type", type=listed, action="extend", default=[], metavar="TYPE", help="Training,Evaluation"
    )
    which.add_argument("--steps", action="store_true", help="also parts that have no type: calls of functions")
    which.add_argument("--sort", metavar="KEYS", help="'-' before the greatest first: -metrics.accuracy,params.lr")
    shown = parser.add_argument_group("what of them")
    shown.add_argument(
        "--columns", type=listed, action="extend", default=[], metavar="NAMES",
        help="only these, '*' for any text: name,params.*,metrics.loss",
    )  # fmt: skip
    shown.add_argument(
        "--pivot", type=listed, default=[], metavar="ROWS,COLUMNS,VALUES[,HOW]",
        help="a cross table: params.lr,params.layers,metrics.loss.min,mean (or median, min, max, sum, count)",
    )  # fmt: skip
    answer_flags(parser, after="ID")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    answered(
        arguments,
        settings,
        arguments.experiment or "runs",
        lambda store: runs(
            store,
            experiment=arguments.experiment,
            where=arguments.where,
            types=tuple(arguments.types),
            sort=arguments.sort,
            after=arguments.after,
            only=tuple(arguments.columns),
            pivot=tuple(arguments.pivot),
            steps=arguments.steps,
            limit=arguments.limit,
            as_of=arguments.as_of,
            project=settings.project,
        ),
    )
    return 0
