"""begat sparql: ask in SPARQL, without a server."""

import argparse
import csv
import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from begat.api.commands.questions import given
from begat.api.commands.serve import positive, seconds
from begat.api.formats import View, render
from begat.api.fresh import fresh
from begat.api.settings import Settings
from begat.api.table import aligned
from begat.graph_schema.documents.iris import id_of_iri
from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries.catalogue import question
from begat.queries.engine import look
from begat.queries.naming import find_thing
from begat.queries.sparql.asking import filled
from begat.queries.sparql.finished import finished
from begat.queries.sparql.finishing.table import SEVERAL
from begat.queries.sparql.here import bring_up
from begat.queries.sparql.place import MORE, More, folder_of, place_of
from begat.queries.sparql.pool import Found, Limits, Pool, Question, Refused
from begat.queries.sparql.together import together

#: Of a question's parameters.
Values = dict[str, Any]
TABLE: Final = "table"
ROWS: Final = ("json", "xml", "csv", "tsv")
#: Of a question that several SELECTs answer.
FINISHED: Final = (TABLE, "json", "csv")
GRAPHS: Final = ("turtle", "n-triples", "n-quads", "trig", "rdf-xml", "json-ld")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"{parser.epilog}\n  echo 'ASK {{ ?model a mls:Model }}' | begat sparql -"
    parser.add_argument("file", metavar="FILE", nargs="?", help="a SPARQL 1.1 query; - for standard input")
    parser.add_argument("--question", metavar="NAME", help="instead of FILE: one of begat questions --sparql")
    parser.add_argument(
        "--set", dest="given", action="append", default=[], metavar="PARAMETER=VALUE",
        help="with --question: a value, of a thing its id, path, name or IRI; repeat it for several",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=(TABLE, *ROWS, *GRAPHS), default=TABLE,
        help="of rows table (default), json, xml, csv or tsv; a graph is written as turtle or as one of the others",
    )  # fmt: skip
    parser.add_argument("--default-graph-uri", action="append", default=[], metavar="IRI", help="ask of this bundle")
    parser.add_argument("--named-graph-uri", action="append", default=[], metavar="IRI", help="a graph for GRAPH")
    parser.add_argument(
        "--inference", choices=tuple(MORE), default="no",
        help="also ask of what PROV-O lets be concluded, or of begat:dependsOn, what depends on what by lineage",
    )  # fmt: skip
    parser.add_argument("--depends-on", action="store_true", help="--inference depends-on")
    parser.add_argument("--time-limit", type=seconds, default=60.0, metavar="S", help="seconds it may take (60)")
    parser.add_argument("--max-rows", type=positive, default=1_000_000, metavar="N", help="rows at most (1000000)")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.question is not None:
        return _answer(arguments, settings)
    if arguments.file is None or arguments.given:
        raise UsageError("give a FILE, or --question NAME with --set PARAMETER=VALUE")
    with _asking(arguments, settings, arguments.depends_on) as (pool, folder):
        _ask(pool, folder, _read(arguments.file), arguments)
    return 0


def _answer(arguments: argparse.Namespace, settings: Settings) -> int:
    """Ask a question of the catalogue: one SELECT as if it stood in a file, several finished as `begat ask` does."""
    name = arguments.question
    if arguments.file is not None:
        raise UsageError("give a FILE or --question, not both")
    values = given(name, arguments.given)
    texts = filled(name, values)  # which tells of what is wrong before anything is looked up
    if name in SEVERAL and arguments.format not in FINISHED:
        raise UsageError(f"--format {arguments.format}: {name} is finished as {', '.join(FINISHED)}")
    lineage = any("begat:dependsOn" in text for text in texts.values())
    with _asking(arguments, settings, lineage, name, values) as (pool, folder):
        texts = filled(name, values)
        if name not in SEVERAL:
            _ask(pool, folder, texts[name], arguments)
            return 0
        answer = finished(name, values, together(pool, folder, texts, _graphs(arguments)))
    print(render(answer, arguments.format, View(name)), end="")
    if not answer.rows:
        _say("nothing found")
    if answer.truncated:
        _say("only a part: set a greater depth to see more")
    return 0


@contextmanager
def _asking(
    arguments: argparse.Namespace, settings: Settings, lineage: bool, name: str = "", values: Values | None = None
) -> Iterator[tuple[Pool, Path]]:
    """Workers, and the triples that they ask, as of now. `values`: of a question of that name, made ids of names."""
    if lineage and arguments.inference == "prov-o":
        raise UsageError("--depends-on and --inference prov-o are asked of one at a time")
    more: More = "depends-on" if lineage else arguments.inference
    folder = folder_of(place_of(settings.store_shown, settings.store_file), settings.project, more)
    with fresh(settings) as (store, _):
        if values:
            _find(store, settings.project, name, values)
        bring_up(store, folder, settings.project, _say, more=more)
    limits = Limits(seconds=arguments.time_limit, rows=arguments.max_rows, quick=arguments.time_limit)
    with closing(Pool(limits)) as pool:
        yield pool, folder


def _find(store: Store, project: str, name: str, values: Values) -> None:
    """Things by id, path or name, as `begat ask` takes them, or by IRI. Raises NotFound, Ambiguous."""
    scope = look(store, project)
    for p in question(name).parameters:
        if p.type == "thing" and p.name in values:
            thing = find_thing(store, id_of_iri(values[p.name]), scope)
            for note in thing.notes:
                _say(note)
            values[p.name] = thing.id


def _graphs(arguments: argparse.Namespace) -> tuple[list[str], list[str]] | None:
    graphs = (arguments.default_graph_uri, arguments.named_graph_uri)
    return graphs if any(graphs) else None


def _ask(pool: Pool, folder: Path, text: str, arguments: argparse.Namespace) -> None:
    form = arguments.format
    question = Question(
        text, "csv" if form == TABLE else form if form in ROWS else None,
        "turtle" if form == TABLE else form if form in GRAPHS else None, _graphs(arguments),
    )  # fmt: skip
    try:
        found = pool.ask(folder, question)
    except Refused as e:
        if e.wrong == "unacceptable":
            raise UsageError(f"the answer is made of {e}, and --format {form} holds none") from e
        raise
    _write(found, table=form == TABLE)


def _say(line: str) -> None:
    print(f"begat: {line}", file=sys.stderr)


def _write(found: Found, *, table: bool) -> None:
    with found.file as file:
        if not (table and found.form == "csv"):
            sys.stdout.flush()
            shutil.copyfileobj(file, sys.stdout.buffer)
            if found.form not in ("csv", "tsv"):
                sys.stdout.buffer.write(b"\n")
            return
        with io.TextIOWrapper(cast(BinaryIO, file), "utf-8", newline="") as text:
            rows = [*csv.reader(text)]
    if len(rows) == 1 and rows[0] in (["true"], ["false"]):
        print(rows[0][0])
        return
    print(aligned(tuple(rows[0]), [tuple(row) for row in rows[1:]]), end="")


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode()
    except OSError as e:
        raise UsageError(f"{name} cannot be read: {e.strerror or e}") from e
    except UnicodeDecodeError as e:
        raise UsageError(f"{name} is no text in UTF-8: byte {e.start}") from e
