"""begat find: find nodes of a kind or type."""

import argparse

from begat.api.asking import answer_flags, answered
from begat.api.settings import Settings
from begat.queries import find


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("type", metavar="KIND-OR-TYPE", help="Entity, Activity, Agent, Model, Training, Epoch ...")
    parser.add_argument(
        "--where",
        metavar="EXPR",
        help="compare id, name, type, kind, status, started, ended, value, about, an attribute, or a setting or "
        "measure of the run that made it (params.lr, metrics.loss.min, or bare: lr) with a text in quotes, a number, "
        "true or false, by = != < <= > >=, joined by and, or, not: \"status = 'FAILED' and started > '2026-01-31'\"",
    )
    parser.add_argument(
        "--sort", metavar="KEYS", help="properties, settings, measures, '-' before the greatest first: -accuracy,name"
    )
    answer_flags(parser, after="ID")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    answered(
        arguments,
        settings,
        arguments.type,
        lambda store: find(
            store,
            arguments.type,
            arguments.where,
            sort=arguments.sort,
            after=arguments.after,
            limit=arguments.limit,
            as_of=arguments.as_of,
            project=settings.project,
        ),
    )
    return 0
