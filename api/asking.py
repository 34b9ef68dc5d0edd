"""What the commands that answer have in common: --limit, --as-of, --format and --output, and saying the answer."""

import argparse
import io
import shlex
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from begat.api.formats import FORMATS, View, render
from begat.api.fresh import fresh
from begat.api.moment import moment
from begat.api.output import write
from begat.api.settings import Settings
from begat.graph_schema.errors import TookTooLong, UsageError
from begat.graph_schema.store import Store
from begat.queries.answer import Answer
from begat.queries.ask import ask
from begat.queries.clock import SECONDS, stopped, within
from begat.queries.graph import Graph, graph

#: The forms that draw all links, not only `via`.
DRAWN: Final = ("tree", "dot", "svg")
DRAWN_HELP: Final = "tree, dot or svg for lineage, svg for curves"
#: The question whose rows are drawn as curves.
CURVE: Final = "loss_curve"
#: Rows at most of what is drawn, unless asked for more: folding keeps that readable.
DRAWN_LIMIT: Final[dict[str, int]] = dict.fromkeys(DRAWN, 5_000)


def answer_flags(
    parser: argparse.ArgumentParser,
    default: Any = None,
    *,
    limited: bool = True,
    after: str | None = None,
    forms: Sequence[str] = tuple(FORMATS),
) -> None:
    """Add the flags; `default` is argparse.SUPPRESS where they may stand in two places. `limited`: --limit too;
    `after`: what --after takes; `forms`: what --format takes, --no-fold where it draws."""
    group = parser.add_argument_group("the answer")
    drawn = not set(forms).isdisjoint(DRAWN)
    if limited:
        most = "how many rows at most (default 1000)"
        group.add_argument("--limit", type=int, metavar="N", default=default, help=most)
    if after is not None:
        page = "the page that follows another: what that told as its next"
        group.add_argument("--after", metavar=after, default=default, help=page)
    group.add_argument(
        "--time-limit", type=float, metavar="S", default=default,
        help=f"how many seconds at most (default {SECONDS:g})",
    )  # fmt: skip
    group.add_argument(
        "--as-of", type=moment, metavar="T", default=default, help="as it was known at that time: 2026-01-31T12:00:00Z"
    )
    group.add_argument(
        "--format",
        choices=forms,
        default="table" if default is None else default,
        help="default: table; " + (f"{DRAWN_HELP}; " if drawn else "") + "json and csv for programs",
    )
    group.add_argument(
        "-o", "--output", type=Path, metavar="FILE", default=default, help="write to this file, not to the terminal"
    )
    if drawn:
        group.add_argument(
            "--no-fold",
            action="store_true",
            default=False if default is None else default,
            help="draw every thing, also where many are alike",
        )


def limit(arguments: argparse.Namespace) -> int | None:
    """How many rows are asked for."""
    given: int | None = getattr(arguments, "limit", None)
    return DRAWN_LIMIT.get(_form(arguments)) if given is None else given


def links(store: Store, answer: Answer, arguments: argparse.Namespace, project: str) -> Graph | None:
    """All links of a lineage answer, if it is to be drawn."""
    if answer.way is None or _form(arguments) not in DRAWN:
        return None
    return graph(store, answer, project=project, as_of=getattr(arguments, "as_of", None))


def measured(store: Store, answer: Answer, arguments: argparse.Namespace, project: str) -> Answer:
    """The answer, or, where a picture of it shows curves, the measures of what it is about: rows as of loss_curve.

    Raises UsageError where nothing was measured.
    """
    if _form(arguments) != "svg" or answer.way is not None or not answer.starts:
        return answer
    how: dict[str, Any] = {"limit": limit(arguments), "as_of": getattr(arguments, "as_of", None), "project": project}
    found = [ask(store, CURVE, {"thing": start}, **how) for start in answer.starts]
    rows = {(r["activity"], r["name"], str(r["context"]), r["step"], r["at"]): r for a in found for r in a.rows}
    if not rows:
        raise UsageError(f"{answer.question}: nothing here was measured, so there are no curves to draw")
    return structs.replace(
        answer, columns=found[0].columns, rows=list(rows.values()), truncated=any(a.truncated for a in found), next=None
    )


def _form(arguments: argparse.Namespace) -> str:
    return str(getattr(arguments, "format", "table"))


def answered(
    arguments: argparse.Namespace,
    settings: Settings,
    title: str,
    ask: Callable[[Store], Answer],
    **how: Any,
) -> Answer:
    """Ask the store that the settings name, what is pending taken in first, and say the answer; `how` as for `say`.

    Raises TookTooLong when its time is over.
    """
    seconds = arguments.time_limit
    try:
        with fresh(settings) as (store, pending), within(seconds):
            answer = ask(store)
            graph = links(store, answer, arguments, settings.project)
            answer.pending = pending
    except TookTooLong:
        raise TookTooLong(stopped(seconds)) from None
    say(answer, arguments, title, graph, **how)
    return answer


def say(
    answer: Answer,
    arguments: argparse.Namespace,
    title: str,
    graph: Graph | None = None,
    *,
    table: Callable[[Answer], str] | None = None,
    nothing: str = "nothing found",
) -> None:
    """Print the answer, or write it to a file; what has to be known to trust it goes to stderr.

    `title` is what was asked about, as given; `table` makes the table of an answer that has one of its own; `nothing`
    is said of an answer without rows. Raises UsageError for an SVG on a terminal.
    """
    form = _form(arguments)
    output: Path | None = getattr(arguments, "output", None)
    if form == "svg" and output is None and sys.stdout.isatty():
        raise UsageError("an SVG is for a browser, not for a terminal: give --output FILE")
    # A file is no terminal: no colours, and nothing cut to fit.
    with nullcontext() if output is None else redirect_stdout(io.StringIO()):
        if table is not None and form == "table":
            text = table(answer)
        else:
            text = render(answer, form, View(title, graph, not getattr(arguments, "no_fold", False)))
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write(output, [text.encode("utf-8", "backslashreplace")])
    _tell(answer, form, nothing)


def _tell(answer: Answer, form: str, nothing: str) -> None:
    """Say on stderr what has to be known to trust an answer."""
    for note in answer.notes:
        print(f"begat: {note}", file=sys.stderr)
    if not answer.rows and form in ("table", "tree"):
        print(f"begat: {nothing}", file=sys.stderr)
    if answer.truncated and (answer.rows or not answer.notes):
        further = "raise --limit or --depth to see more"
        if answer.next is not None:
            further = f"raise --limit, or go on with --after {shlex.quote(answer.next)}"
        rows = len(answer.rows)
        print(f"begat: only a part, {rows} row{'' if rows == 1 else 's'}: {further}", file=sys.stderr)
