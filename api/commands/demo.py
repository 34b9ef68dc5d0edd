"""begat demo: train real models with capture on, then ask how they came to be."""

import argparse
from pathlib import Path

from begat.api.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dir", type=Path, default=Path("begat-demo"), help="where to work; earlier runs are kept (default begat-demo)"
    )
    parser.add_argument(
        "--study", action="store_true",
        help="train nothing: take in a small study that was made up, on which every question has an answer",
    )  # fmt: skip
    parser.add_argument("--show", action="store_true", help="print the training script instead of running it")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    from begat.api import demo

    if arguments.show:
        print(demo.show(), end="")
        return 0
    if arguments.study:
        from begat.api.demo import study

        return study.run(arguments.dir, settings)
    return demo.run(arguments.dir, settings)
