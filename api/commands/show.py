"""begat show: all that is known of one thing."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from begat.api.fresh import fresh
from begat.api.settings import Settings
from begat.api.table import aligned, readable
from begat.queries import show
from begat.queries.properties import Type
from begat.queries.show import Shown

RELATION: Final[dict[str, Type]] = {
    "relation": "text", "role": "text", "id": "id", "name": "text", "type": "text", "at": "time"
}  # fmt: skip
#: The lists of a thing, with the columns that are shown of each.
LISTS: Final[dict[str, dict[str, Type]]] = {
    "settings": {"name": "text", "value": "json"},
    "series": {
        "name": "text", "labels": "json", "count": "integer", "first": "number", "last": "number", "min": "number",
        "argmin": "number", "max": "number", "argmax": "number",
    },
    "relations_out": RELATION,
    "relations_in": RELATION,
    "history": {"key": "text", "value": "text", "at": "time"},
}  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="an id, a short id, a file's path or a name")
    parser.add_argument("--limit", type=int, metavar="N", help="how long a list may be (default 1000)")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    with fresh(settings) as (store, _):
        shown = show(store, arguments.id, limit=arguments.limit, project=settings.project)
    if arguments.format == "json":
        print(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())
    else:
        print("\n\n".join(_sections(shown)))
    sys.stdout.flush()
    for note in shown.notes:
        print(f"begat: {note}", file=sys.stderr)
    if shown.truncated:
        print("begat: only a part of its lists: raise --limit to see more", file=sys.stderr)
    return 0


def _sections(shown: Shown) -> Iterator[str]:
    single: list[tuple[str, Any, Type]] = [
        ("name", shown.name, "text"),
        ("kind", shown.kind, "text"),
        ("type", ", ".join(shown.types) or None, "text"),
        ("id", shown.id, "text"),
        ("value", shown.value, "json"),
        ("status", shown.status, "text"),
        ("started_at", shown.started_at, "time"),
        ("ended_at", shown.ended_at, "time"),
        ("error", shown.error, "text"),
    ]
    single.extend((key, value, "json") for key, values in shown.attributes.items() for value in values)
    yield aligned(("", ""), [(k, readable(v, t)) for k, v, t in single if v is not None]).lstrip("\n").rstrip("\n")
    for name, columns in LISTS.items():
        rows = getattr(shown, name)
        if rows:
            kept = {c: t for c, t in columns.items() if any(r[c] is not None for r in rows)}
            table = aligned(list(kept), [[readable(r[c], t) for c, t in kept.items()] for r in rows])
            yield f"{TITLES[name]}\n{table}".rstrip("\n")


TITLES: Final = {
    "settings": "settings",
    "series": "measures",
    "relations_out": "relations from it",
    "relations_in": "relations to it",
    "history": "earlier",
}
