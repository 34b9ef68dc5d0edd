"""begat ask: ask a question. Each question has a parser of its own, made from its parameters."""

import argparse
from textwrap import fill
from typing import TYPE_CHECKING, Any

from begat.api.asking import answer_flags, limit, links, measured, say
from begat.api.cli import examples, global_flags
from begat.api.fresh import fresh
from begat.api.moment import moment
from begat.api.parser import Parser
from begat.api.settings import Settings, load
from begat.queries.ask import ask
from begat.queries.catalogue import QUESTIONS, question

if TYPE_CHECKING:
    from begat.queries.question import Parameter, Question


#: Columns of a help text.
WIDTH = 118


def arguments(parser: argparse.ArgumentParser) -> None:
    answer_flags(parser, argparse.SUPPRESS, after="PLACE")
    parser.add_argument("question", metavar="QUESTION", help="one of those below; each has its own --help")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="its parameters, the first one bare")
    width = 4 + max(map(len, QUESTIONS))
    listed = "\n".join(
        fill(f"{q.name:<{width - 2}}{q.sentence}", WIDTH, initial_indent="  ", subsequent_indent=" " * width)
        for q in QUESTIONS.values()
    )
    parser.epilog = f"questions:\n{listed}\n\n{parser.epilog}"


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    q = question(arguments.question)
    of_question = question_parser(q)
    arguments = of_question.parse_args(arguments.rest, arguments)
    settings = load(vars(arguments))
    given = {p.name: getattr(arguments, p.name) for p in q.parameters if hasattr(arguments, p.name)}
    with fresh(settings) as (store, pending):
        answer = ask(
            store,
            q.name,
            given,
            after=getattr(arguments, "after", None),
            limit=limit(arguments),
            time_limit=getattr(arguments, "time_limit", None),
            as_of=getattr(arguments, "as_of", None),
            project=settings.project,
        )
        answer.pending = pending
        answer = measured(store, answer, arguments, settings.project)
        graph = links(store, answer, arguments, settings.project)
    named = [str(given[p.name]) for p in q.parameters if p.name in given and (p.main or p.type == "thing")]
    say(answer, arguments, ", ".join(named if answer.way is None else named[:1]) or q.name, graph)
    return 0


def question_parser(q: "Question") -> argparse.ArgumentParser:
    """The parser of what stands behind a question's name."""
    parser = Parser(
        prog=f"begat ask {q.name}",
        description=q.sentence,
        epilog=f"{_columns(q)}\n\n{examples(q.example)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[global_flags()],
        allow_abbrev=False,
    )
    for p in q.parameters:
        _add(parser, p)
    answer_flags(parser, argparse.SUPPRESS, after="PLACE")
    return parser


def _columns(q: "Question") -> str:
    """What a row of the answer holds, for the help text."""
    width = max(len(c.name) for c in q.columns)
    told = ((c.name, c.help or c.type, f" ({c.unit})" if c.unit else "") for c in q.columns)
    return "\n".join(["a row holds:", *(f"  {name:<{width}}  {text}{unit}" for name, text, unit in told)])


def _add(parser: argparse.ArgumentParser, p: "Parameter") -> None:
    text = p.help if p.default is None else f"{p.help} (default {p.default})"
    more: dict[str, Any] = {"help": text.replace("%", "%%"), "type": TYPES[p.type]}
    if p.type == "texts":
        more |= {"nargs": "+"} if p.main else {"nargs": "+", "action": "extend"}
    if p.words:
        more["choices"] = p.words
    if p.main:
        if not p.required:
            more |= {"nargs": more.get("nargs", "?").replace("+", "*"), "default": argparse.SUPPRESS}
        parser.add_argument(p.name, metavar=p.name.upper(), **more)
        return
    names = dict.fromkeys((f"--{p.name.replace('_', '-')}", f"--{p.name}"))
    parser.add_argument(
        *names, dest=p.name, metavar=p.name.upper(), required=p.required, default=argparse.SUPPRESS, **more
    )


TYPES = {"thing": str, "text": str, "texts": str, "integer": int, "number": float, "time": moment}
