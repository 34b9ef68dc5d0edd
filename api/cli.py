"""The command line: which commands there are, how they are called, and what they exit with.

0 done; 1 what was asked about failed; 2 wrong usage; 3 no such id, name or question; 4 the store cannot be used.
A command is a module of api/commands with `arguments(parser)` and `run(arguments, settings) -> int`, imported only
when it is called. Answers go to stdout, all else to stderr.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, Final, NamedTuple

from begat import __version__
from begat.api.parser import Parser, sort_joined


class Command(NamedTuple):
    """A command: one line for the list, and an example for its own help."""

    summary: str
    example: str
    module: str = ""
    #: Whether a command of somebody else's follows, behind `--`.
    words: bool = False


COMMANDS: Final = {
    "demo": Command("train real models with capture on, then ask how they came to be", "begat demo --dir begat-demo"),
    "run": Command("run any command as an activity", "begat run --out model.pt -- ./train.sh", words=True),
    "ingest": Command("take what the hooks wrote into the store", "begat ingest --once"),
    "import": Command("take a PROV document into the store", "begat import run.provn other.json", "documents"),
    "export": Command("write what is recorded as a PROV document", "begat export --from model.pt --format prov-n"),
    "check": Command("tell whether documents, or what is recorded, are valid PROV", "begat check run.provn"),
    "ask": Command("ask a question", "begat ask how_created model.pt"),
    "sparql": Command("ask in SPARQL 1.1", "begat sparql lineage.rq"),
    "questions": Command("list the questions", "begat questions"),
    "find": Command(
        "find nodes of a kind or type",
        "begat find Model --where \"accuracy > 0.95 and lr <= 0.1\" --sort -accuracy",
    ),
    "runs": Command(
        "one row a run: settings, measures, data, code, people",
        "begat runs --experiment digits --where \"params.lr < 0.1\" --sort -metrics.accuracy",
    ),
    "show": Command("show all that is known of one thing", "begat show model.pt"),
    "ancestors": Command(
        "what a thing depends on, by the lineage law", "begat ancestors model.pt --depth 3", "lineage"
    ),
    "descendants": Command("what depends on a thing", "begat descendants data/raw.csv --types Model", "lineage"),
    "path": Command("how one thing depends on another, step by step", "begat path report.md data/raw.csv"),
    "subgraph": Command(
        "what lies around a thing: nodes, and the relations among them", "begat subgraph model.pt --depth 2", "lineage"
    ),
    "diff": Command("tell what is different between two runs, models or datasets", "begat diff old.pt new.pt"),
    "serve": Command("answer over HTTP, and take in what the hooks write", "begat serve --port 8000"),
    "token": Command("make, list and revoke the tokens that a service takes", "begat token create ada --expires 90d"),
    "spool": Command("tell what the spool holds; check, send, compress and clear it", "begat spool status"),
    "stats": Command("count what the store holds", "begat stats --format json"),
    "rebuild": Command("make the store again from the journals", "begat rebuild"),
    "migrate": Command("bring a store of an older begat to this one's schema", "begat migrate --dry-run"),
    "accelerate": Command("have lineage of a large embedded store followed in memory", "begat accelerate --dry-run"),
    "doctor": Command("tell what is installed, where things are, and what is wrong", "begat doctor"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code and raises nothing that a user could do something about."""
    argv = list(sys.argv[1:] if argv is None else argv)
    # Who closed a stream wants nothing of it.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a sign shows ? instead
    try:
        return _run(argv)
    except SystemExit as done:  # argparse: --help and wrong usage
        return done.code if isinstance(done.code, int) else 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader has gone: begat ... | head
        _no_more_output()
        return 0


def _run(argv: list[str]) -> int:
    flags = global_flags()
    argv, words = _split(argv)
    argv = sort_joined(argv)
    arguments = parser(argv, flags).parse_args(argv)
    arguments.words = words
    name = arguments.command
    if name is None:
        parser(argv, flags).print_help(sys.stderr)
        return 2
    from begat.api.settings import load
    from begat.graph_schema.errors import BegatError

    try:
        code: int = command(name).run(arguments, load(vars(arguments)))
        sys.stdout.flush()
    except BegatError as wrong:
        print(f"begat: {wrong}", file=sys.stderr)
        return wrong.exit_code
    except BrokenPipeError:
        raise
    except OSError as wrong:  # a disk that is full, a file that may not be read
        print(f"begat: {wrong.filename or 'output'}: {wrong.strerror or wrong}", file=sys.stderr)
        _no_more_output()
        return 4
    return code


def _split(argv: list[str]) -> tuple[list[str], list[str]]:
    """Our own arguments, and behind `--` the command that a command of ours is given."""
    if "--" in argv:
        end = argv.index("--")
        if any(COMMANDS[name].words for name in argv[:end] if name in COMMANDS):
            return argv[:end], argv[end + 1 :]
    return argv, []


def _no_more_output() -> None:
    """Python would complain again when it flushes stdout at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser(argv: Sequence[str], flags: Parser) -> Parser:
    """The parser; only commands that `argv` names have their own arguments, so that no other is imported."""
    top = Parser(
        prog="begat",
        description="Who begat this model? Ask how data and models came to be.",
        epilog=examples("begat ask how_created model.pt", "begat ask --help", "begat doctor"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[flags],
    )
    top.add_argument("--version", action="version", version=f"begat {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, about in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=about.summary,
            description=f"{about.summary[0].upper()}{about.summary[1:]}.",
            epilog=examples(about.example),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[flags],
        )
        if name in argv:
            command(name).arguments(sub)
    return top


def global_flags() -> Parser:
    """--store, --spool and --project, which stand before the command or after it."""
    from begat.api.settings import SETTINGS

    flags = Parser(add_help=False)
    group = flags.add_argument_group("where things are")
    for s in SETTINGS:
        default = f" (default {s.default})" if s.default else ""
        metavar = "URL" if s.name == "store" else s.name.upper()
        text = f"{s.help}; else {s.variable}{default}"
        group.add_argument(f"--{s.name}", metavar=metavar, default=argparse.SUPPRESS, help=text)
    return flags


def command(name: str) -> Any:
    """The module of a command."""
    return import_module(f"begat.api.commands.{COMMANDS[name].module or name}")


def examples(*lines: str) -> str:
    """The end of a help text."""
    return "\n".join(("for example:", *(f"  {line}" for line in lines)))


if __name__ == "__main__":
    raise SystemExit(main())
