"""begat token: who may ask a service, and write to it."""

import argparse
import re
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

from begat.api.cli import global_flags
from begat.api.service.access import SCOPES
from begat.api.service.tokens import FILE, Tokens
from begat.api.settings import Settings
from begat.api.table import aligned
from begat.queries.answer import iso
from begat.queries.where import time as moment

_SPAN: Final = re.compile(r"(\d{1,6})([smhdw])")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    create = commands.add_parser(
        "create", help="make one, and show it: once", parents=[global_flags()],
        epilog="for example:\n  begat token create ada --project wells --expires 90d",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    create.add_argument("name", metavar="NAME", help="whom or what it is for")
    create.add_argument("--scope", choices=SCOPES, default="read", help="read (default), write (journals), admin")
    create.add_argument("--all-projects", action="store_true", help="not only --project, but every one")
    create.add_argument("--expires", type=expiry, metavar="WHEN", help="after 90d, 12h ..., or a time: 2027-01-31")
    listing = commands.add_parser("list", help="tell which there are")
    listing.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    revoke = commands.add_parser("revoke", help="make one good for nothing")
    revoke.add_argument("id", metavar="ID", help="as `begat token list` has it")
    for each in (create, listing, revoke):
        each.add_argument("--tokens", type=Path, metavar="FILE", default=FILE, help="where they are kept")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    tokens = Tokens(arguments.tokens)
    match arguments.what:
        case "create":
            project = None if arguments.all_projects else settings.project
            print(tokens.create(arguments.name, arguments.scope, project, arguments.expires), flush=True)
            of = "all projects" if project is None else f"the project {project!r}"
            print(f"begat: it may {arguments.scope} in {of}; it is not shown again", file=sys.stderr)
        case "revoke":
            token = tokens.revoke(arguments.id)
            print(f"begat: {token.id} ({token.name}) is good for nothing from now on", file=sys.stderr)
        case _:
            _list(tokens, arguments.format)
    return 0


def _list(tokens: Tokens, form: str) -> None:
    now = time.time()
    told = [
        {
            "id": t.id, "name": t.name, "scope": t.scope, "project": t.project, "state": t.state(now),
            "made": iso(t.made * 1_000_000), "expires": None if t.expires is None else iso(t.expires * 1_000_000),
        }
        for t in tokens.all()
    ]  # fmt: skip
    if form == "json":
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return
    names = ("id", "name", "scope", "project", "state", "made", "expires")
    cells = [[str(t[n] or ("all" if n == "project" else "")) for n in names] for t in told]
    print(aligned(names, cells), end="")


def expiry(text: str) -> int:
    """Seconds since the epoch."""
    span = _SPAN.fullmatch(text)
    if span:
        return int(time.time()) + int(span[1]) * _UNITS[span[2]]
    from begat.graph_schema.errors import UsageError

    try:
        return moment(text) // 1_000_000
    except UsageError as wrong:
        raise argparse.ArgumentTypeError(f"{wrong}, or a span as 90d or 12h") from None
