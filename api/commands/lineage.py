"""begat ancestors, descendants, subgraph: what a thing depends on, and what depends on it."""

import argparse
from typing import Any, Final

from msgspec import structs

from begat.api.asking import answer_flags, answered, limit
from begat.api.formats import View, as_table
from begat.api.moment import moment
from begat.api.parser import listed
from begat.api.settings import Settings
from begat.graph_schema import ids
from begat.queries import ancestors, descendants, subgraph
from begat.queries.answer import Answer, Column
from begat.queries.subgraph import EDGE, PART

ENDS: Final = ("source", "target")
CLOSURES: Final = {"ancestors": ancestors, "descendants": descendants, "subgraph": subgraph}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("of", metavar="ID", help="an id, a short id, a file's path or a name")
    walk = parser.add_argument_group("how far, and what of it")
    walk.add_argument("--depth", type=int, metavar="N", help="how far, in entities and activities (default all)")
    walk.add_argument(
        "--types", "--type", type=listed, action="extend", default=[], metavar="TYPE",
        help="tell only of these kinds or types: Model,Dataset; may be repeated",
    )  # fmt: skip
    walk.add_argument(
        "--relations", type=listed, action="extend", default=[], metavar="RELATION",
        help="walk along these stored relations, from effect to cause, not by the lineage law: used,wasGeneratedBy",
    )  # fmt: skip
    walk.add_argument(
        "--stop", action="append", default=[], metavar="TYPE-OR-EXPR",
        help="go no further than to what is of this type, or for which this holds, as in find --where; may be repeated",
    )
    walk.add_argument("--since", type=moment, metavar="T", help="tell only of what was at work or made from then on")
    walk.add_argument("--until", type=moment, metavar="T", help="... and before that time")
    if parser.prog.endswith("subgraph"):
        walk.add_argument(
            "--side", choices=("both", "up", "down"), default="both", help="ancestors, descendants or both (default)"
        )
    answer_flags(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    side: dict[str, Any] = {"side": arguments.side} if arguments.command == "subgraph" else {}
    answered(
        arguments,
        settings,
        arguments.of,
        lambda store: CLOSURES[arguments.command](
            store,
            arguments.of,
            depth=arguments.depth,
            types=tuple(arguments.types),
            relations=tuple(arguments.relations),
            stop=tuple(arguments.stop),
            since=arguments.since,
            until=arguments.until,
            limit=limit(arguments),
            as_of=arguments.as_of,
            project=settings.project,
            **side,
        ),
        table=_parts if arguments.command == "subgraph" else None,
    )
    return 0


def _parts(answer: Answer) -> str:
    """Nodes and relations as a table each, the relations' ends by name."""
    nodes = [r for r in answer.rows if r["part"] == "node"]
    columns = [c for c in answer.columns if c not in (PART, *EDGE)]
    text = as_table(structs.replace(answer, columns=columns, rows=nodes), View(""))
    name = {r["id"]: r["name"] or ids.short(r["id"]) for r in nodes}
    edges = [r | {end: name[r[end]] for end in ENDS} for r in answer.rows if r["part"] == "edge"]
    if edges:
        first, last = (Column(end, "text") for end in ENDS)
        columns = [first, *(c for c in EDGE if c.name not in ENDS), last]
        text += "\n" + as_table(structs.replace(answer, columns=columns, rows=edges), View(""))
    return text
