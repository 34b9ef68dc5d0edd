"""begat export: what is recorded, as a PROV document."""

import argparse
import sys
from pathlib import Path

from begat.api.base_iri import base_iri
from begat.api.fresh import fresh
from begat.api.output import write
from begat.api.settings import Settings
from begat.graph_schema.errors import UsageError
from begat.ingest.documents.archive import prefixes
from begat.queries.documents.export import FORMS, around, written
from begat.queries.subgraph import SIDES


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"{parser.epilog}\n  begat export --project wells --no-points --output wells.json"
    parser.add_argument("--format", choices=tuple(FORMS), default="prov-json", help="default: prov-json")
    parser.add_argument("--output", "-o", type=Path, metavar="FILE", help="default: standard output")
    what = parser.add_argument_group("what: all of the project, or")
    which = what.add_mutually_exclusive_group()
    which.add_argument("--from", dest="start", metavar="THING", help="a thing, and what lies around it")
    which.add_argument("--all", action="store_true", help="all projects")
    what.add_argument("--direction", choices=tuple(SIDES), default="up", help="with --from: default up, its ancestors")
    what.add_argument("--depth", type=int, metavar="N", help="with --from: how far, in entities and activities")
    what.add_argument("--no-points", action="store_true", help="leave out the points of series")
    what.add_argument(
        "--depends-on", action="store_true", help="and what depends on what by lineage, as edges begat:dependsOn"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.depth is not None and arguments.start is None:
        raise UsageError("--depth is how far --from goes, and there is no --from")
    with fresh(settings) as (store, _):
        start, side = arguments.start, arguments.direction
        only = None if start is None else around(store, start, side, arguments.depth, settings.project)
        project = None if arguments.all else settings.project
        pieces = written(
            arguments.format,
            store,
            project,
            only,
            points=not arguments.no_points,
            depends_on=arguments.depends_on,
            base=base_iri(),
            known=prefixes(settings.spool, project),
        )
        if arguments.output is None:
            sys.stdout.buffer.writelines(pieces)
        else:
            write(arguments.output, pieces)
    return 0
