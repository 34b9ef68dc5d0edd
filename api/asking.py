"""What the commands that answer have in common: --limit, --as-of and --format, and saying the answer."""

import argparse
import sys
from typing import Any

from begat.api.formats import FORMATS, render
from begat.api.moment import moment
from begat.queries.answer import Answer


def answer_flags(parser: argparse.ArgumentParser, default: Any = None, *, limited: bool = True) -> None:
    """Add the flags; `default` is argparse.SUPPRESS where they may stand in two places. `limited`: --limit too."""
    group = parser.add_argument_group("the answer")
    if limited:
        most = "how many rows at most (default 1000)"
        group.add_argument("--limit", type=int, metavar="N", default=default, help=most)
    group.add_argument(
        "--as-of", type=moment, metavar="T", default=default, help="as it was known at that time: 2026-01-31T12:00:00Z"
    )
    group.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="table" if default is None else default,
        help="default: table; tree for lineage, json and csv for programs",
    )


def say(answer: Answer, form: str, title: str) -> None:
    """Print the answer; what has to be known to trust it goes to stderr. `title` is what was asked about, as given."""
    text = render(answer, form, title)
    sys.stdout.write(text)
    sys.stdout.flush()
    tell(answer, form)


def tell(answer: Answer, form: str) -> None:
    """Say on stderr what has to be known to trust an answer."""
    for note in answer.notes:
        print(f"begat: {note}", file=sys.stderr)
    if not answer.rows and form in ("table", "tree"):
        print("begat: nothing found", file=sys.stderr)
    if answer.truncated:
        print(f"begat: only a part, {len(answer.rows)} rows: raise --limit or --depth to see more", file=sys.stderr)
