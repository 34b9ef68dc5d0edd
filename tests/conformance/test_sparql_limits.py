"""A question is stopped at its limits, and harms no other one."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from begat.graph_schema.errors import BegatError, StoreAway, StoreError, TookTooLong
from begat.graph_schema.triples.kept import Kept
from begat.queries.sparql.pool import Limits, Pool, Question, Refused, TooLarge

ALL = "SELECT * { ?s ?p ?o }"
#: More rows than could ever be told.
PRODUCT = "SELECT (count(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SMALL = Limits(seconds=6, rows=500, size=100_000, memory=2 << 30, quick=2, long=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand triples in a chain, whose names look like the beginnings of rows."""
    made = tmp_path_factory.mktemp("triples")
    with Kept(made, "default") as kept:
        kept.clear()
        text = "".join(
            f'<urn:n{i}> <urn:next> <urn:n{i + 1}> .\n<urn:n{i}> <urn:name> "}}}},{{\\r\\n<result>,[{{\\"{i}" .\n'
            for i in range(500)
        )
        kept.load(text.encode())
        kept.publish(7, "")
    return made


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(SMALL)
    yield made
    made.close()


def asked(pool: Pool, folder: Path, text: str, form: str = "json") -> tuple[int, bytes]:
    found = pool.ask(folder, Question(text, form, form if form in ("turtle", "json-ld") else "n-triples"))
    with found.file as file:
        body = file.read()
    assert (len(body), found.commit) == (found.size, 7)
    return found.rows, body


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_rows_are_counted_in_every_form(pool: Pool, folder: Path, form: str) -> None:
    for many in (0, 1, 499, 500):
        assert asked(pool, folder, f"{ALL} LIMIT {many}", form)[0] == many
    with pytest.raises(TooLarge, match="more than 500 rows"):
        asked(pool, folder, f"{ALL} LIMIT 501", form)


def test_so_are_triples(pool: Pool, folder: Path) -> None:
    assert asked(pool, folder, "CONSTRUCT WHERE { ?s <urn:next> ?o }")[0] == 500
    with pytest.raises(TooLarge, match="more than 500 rows"):
        asked(pool, folder, "CONSTRUCT WHERE { ?s ?p ?o }")


def test_bytes_are_counted(pool: Pool, folder: Path) -> None:
    with pytest.raises(TooLarge, match="more than 0 MiB"):
        asked(pool, folder, 'SELECT (CONCAT(?o, ?o, ?o, ?o, ?o, ?o, ?o, ?o, ?o, ?o) AS ?x) { ?s <urn:name> ?o }', "xml")


def test_what_takes_too_long_is_killed_and_the_next_is_answered(pool: Pool, folder: Path) -> None:
    with pytest.raises(TookTooLong, match="stopped after 6 s"):
        asked(pool, folder, PRODUCT)
    assert pool.killed == 1
    assert asked(pool, folder, "ASK {}")[1] == b'{"head":{},"boolean":true}'


def test_what_takes_too_much_memory_is_told(folder: Path) -> None:
    pool = Pool(Limits(seconds=60, memory=700 << 20, quick=60))
    with pytest.raises(StoreError, match=r"memory|engine"):
        asked(pool, folder, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i")
    assert asked(pool, folder, "ASK {}")[1] == b'{"head":{},"boolean":true}'
    pool.close()


def test_what_breaks_the_engine_is_told(pool: Pool, folder: Path) -> None:
    for text in ("SELECT * " + "{" * 100_000, "SELECT (" + "(" * 100_000, "SELECT * { ?s " + "!(" * 100_000):
        with pytest.raises(BegatError):
            asked(pool, folder, text)
    assert asked(pool, folder, "ASK {}")[1] == b'{"head":{},"boolean":true}'


def test_long_ones_leave_room_for_others(folder: Path) -> None:
    """One question may take long here; a second one is turned away, quick ones are answered."""
    pool = Pool(msgspec.structs.replace(SMALL, quick=0.5, seconds=6.0))  # far enough apart for a machine at work
    ended: list[Exception] = []

    def long() -> None:
        try:
            asked(pool, folder, PRODUCT)
        except BegatError as e:
            ended.append(e)

    threads = [threading.Thread(target=long) for _ in range(3)]
    for t in threads:
        t.start()
    for _ in range(20):
        asked(pool, folder, f"{ALL} LIMIT 1")
        time.sleep(0.01)
    for t in threads:
        t.join()
    pool.close()
    assert sorted(type(e).__name__ for e in ended) == ["Crowded", "Crowded", "TookTooLong"]


def test_a_chain_of_any_length_can_be_walked(pool: Pool, folder: Path) -> None:
    """Where a reader that calls itself for each step gives up."""
    assert b'"500"' in asked(pool, folder, "SELECT (count(*) AS ?n) { <urn:n0> <urn:next>+ ?o }")[1]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("SELECT * {", "malformed"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "service"),
        ("LOAD <http://127.0.0.1:1/>", "update"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "update"),
    ],
)
def test_what_is_refused(pool: Pool, folder: Path, text: str, wrong: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(pool, folder, text)
    assert refused.value.wrong == wrong


def test_a_worker_that_is_left_alone_ends_by_itself(folder: Path) -> None:
    """Who would have killed it was killed before."""
    program = (
        "from begat.queries.sparql.pool import *\n"
        f"Pool(Limits(seconds=1)).ask(Path({str(folder)!r}), Question({PRODUCT!r}))"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as service:
        workers: list[str] = []
        while not workers:
            workers = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text().split()
            time.sleep(0.05)
        service.kill()
    deadline = time.monotonic() + 60
    while Path(f"/proc/{workers[0]}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_triples_that_are_not_there_yet(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(StoreAway, match="not ready yet"):
        pool.ask(tmp_path, Question("ASK {}"))


def test_an_endpoint_that_is_allowed_is_called_and_no_other(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        answer = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:there"}}]}}'
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: %d\r\n\r\n"

        def serve() -> None:
            caller, _ = server.accept()
            caller.recv(65536)
            caller.sendall(head % len(answer) + answer)
            caller.close()

        thread = threading.Thread(target=serve)
        thread.start()
        pool = Pool(Limits(), services=(address,))
        assert b"urn:there" in asked(pool, folder, f"SELECT * {{ SERVICE <{address}> {{ ?x ?y ?z }} }}")[1]
        thread.join()
        with pytest.raises(Refused):
            asked(pool, folder, f"SELECT * {{ SERVICE <{address}more> {{ ?x ?y ?z }} }}")
        pool.close()
