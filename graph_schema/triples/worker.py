"""A process that answers SPARQL, one text at a time, over a generation of triples that nobody writes to.

It is started by its path, so that it imports next to nothing, lives as long as its standard input, and is killed when
an answer takes too long: the engine can neither be interrupted nor told how long it may take.
"""

import fcntl
import os
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import IO, Any, Final

import msgspec
import pyoxigraph as ox

from begat.graph_schema.triples.asked import SMALL, Asked, Said, get, put
from begat.graph_schema.triples.meter import Meter, TooMuch
from begat.graph_schema.triples.sealed import seal
from begat.graph_schema.triples.words import UPDATES, words

ROWS_FORMS: Final = {
    "json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML, "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}  # fmt: skip
GRAPH_FORMS: Final = {
    "turtle": ox.RdfFormat.TURTLE, "n-triples": ox.RdfFormat.N_TRIPLES, "rdf-xml": ox.RdfFormat.RDF_XML,
    "json-ld": ox.RdfFormat.JSON_LD, "n-quads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG,
}  # fmt: skip
#: Signs of the engine's words: about a text that cannot be read it lists all that could stand there.
_WHY: Final = 200


class Worker:
    """Holds the last generation that it was asked of open."""

    def __init__(self) -> None:
        self._place = ""
        self._lock: IO[bytes] | None = None
        self._store = ox.Store()

    def answer(self, asked: Asked) -> Said:
        """Write the answer to its file, or say what is wrong."""
        said = words(asked.text)
        if said.form in UPDATES:
            return Said(wrong="update", why=f"{said.form} changes something, and here things can only be asked")
        for service in said.services:
            if service is None or service not in asked.services:
                called = "an endpoint" if service is None else f"<{service}>"
                return Said(wrong="service", why=f"SERVICE calls {called}, and none but those that are allowed may be")
        try:
            found = self._found(asked, said.dataset)
            return _written(found, asked)
        except SyntaxError as e:
            return Said(wrong="malformed", why=_shortly(e))
        except TooMuch as e:
            return Said(wrong="rows" if e.what == "rows" else "bytes")
        except FileNotFoundError as e:
            return Said(wrong="gone", why=str(e))
        except (ValueError, RuntimeError, OSError) as e:
            return Said(wrong="engine", why=_shortly(e))

    def _found(self, asked: Asked, dataset: bool) -> Any:
        store = self._opened(asked.place)
        if asked.graphs is None:
            # What the text says by FROM would be overruled by the union.
            return store.query(asked.text, use_default_graph_as_union=not dataset)
        default, named = ([ox.NamedNode(iri) for iri in graphs] for graphs in asked.graphs)
        return store.query(asked.text, default_graph=[*default], named_graphs=[*named])

    def _opened(self, place: str) -> ox.Store:
        if place != self._place:
            lock = open(f"{place}.lock", "rb")  # noqa: SIM115
            fcntl.flock(lock, fcntl.LOCK_SH)
            os.stat(place)
            self._store = ox.Store.read_only(place)
            if self._lock is not None:
                self._lock.close()
            self._place, self._lock = place, lock
        return self._store


def _shortly(e: Exception) -> str:
    text = " ".join(str(e).split())
    return text if len(text) <= _WHY else f"{text[:_WHY].rsplit(', ', 1)[0]} ..."


def _written(found: Any, asked: Asked) -> Said:
    is_graph = isinstance(found, ox.QueryTriples)
    form = asked.graph_form if is_graph else asked.rows_form
    if form is None:
        return Said(wrong="unacceptable", why="triples" if is_graph else "rows")
    with _Answer(asked.out) as answer:
        meter = Meter(answer, "" if is_graph or isinstance(found, ox.QueryBoolean) else form, asked.rows, asked.size)
        to: Any = meter
        if is_graph:
            ox.serialize(_counted(found, meter), to, GRAPH_FORMS[form])
        else:
            found.serialize(to, ROWS_FORMS[form])
        meter.close()
        return Said(form=form, body=answer.small(), rows=meter.rows, size=meter.size)


class _Answer:
    """Bytes in memory, and in a file once they are more than a few."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._small = BytesIO()
        self._file: IO[bytes] | None = None

    def write(self, piece: bytes) -> int:
        if self._file is None and self._small.tell() + len(piece) > SMALL:
            self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            self._file.write(self._small.getvalue())
        return (self._file or self._small).write(piece)

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()

    def small(self) -> bytes | None:
        """All of it; None where it is in the file."""
        return self._small.getvalue() if self._file is None else None

    def __enter__(self) -> "_Answer":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def _counted(triples: Iterable[Any], meter: Meter) -> Iterator[Any]:
    for triple in triples:
        meter.row()
        yield triple


def main(memory: int, *, sealed: bool) -> None:
    """Answer until nobody asks any more. `memory`: bytes of address space at most."""
    asked_by: IO[bytes] = os.fdopen(os.dup(0), "rb")
    said_to: IO[bytes] = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the engine prints is no answer
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sealed:
        seal()
    worker = Worker()
    while (body := get(asked_by)) is not None:
        asked = msgspec.msgpack.decode(body, type=Asked)
        signal.alarm(asked.seconds)  # which ends the process, whatever the engine is at
        said = worker.answer(asked)
        signal.alarm(0)
        put(said_to, said)


if __name__ == "__main__":
    main(int(sys.argv[1]), sealed=sys.argv[2] == "sealed")
