"""The sink `https:`: journals reach a server while they are written, and nothing of that is felt by the program."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from begat.capture.sent import Sent, servers
from begat.graph_schema.dump import lines
from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest
from tests.journals import Server, serving, soon

Play = Callable[..., Any]

SCRIPT = """
    with begat.run("train", type="Training") as run:
        for n in range({points}):
            run.metric("loss", 1 / (n + 1), step=n)
        time.sleep({seconds})
    print("done")
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/server.db"


@pytest.fixture
def server(url: str) -> Iterator[Server]:
    with serving(url) as running:
        yield running


def holds_all(url: str, spool: Path) -> bool:
    """Whether the server's store is what an ingest of the spool gives."""
    clean, store = open_store("memory:"), open_store(url)
    ingest(clean, spool)
    store.settle()
    same = list(lines(store)) == list(lines(clean))
    store.close()
    return same


def test_a_script_is_at_the_server_when_it_has_ended(play: Play, server: Server, url: str) -> None:
    done = play(SCRIPT.format(points=500, seconds=2.5), BEGAT_SINK=server.address, BEGAT_TOKEN="begat_abc")
    assert (done.code, done.out, done.err) == (0, "done\n", "")
    assert holds_all(url, done.spool)
    assert len(server.requests) > 1  # not all at its end
    assert server.connections == 1
    assert {h["Authorization"] for _, h, _ in server.requests} == {"Bearer begat_abc"}
    (journal,) = done.journals  # it is kept
    segment = f"{journal.path.parent.name}/{journal.path.stem}"
    assert Sent(str(done.spool), server.address).mark(segment).through == journal.path.stat().st_size
    assert servers(str(done.spool)) == [server.address]


def test_nothing_is_sent_twice(play: Play, server: Server) -> None:
    done = play(SCRIPT.format(points=2_000, seconds=1.5), BEGAT_SINK=server.address)
    head = done.journals[0].path.read_bytes().partition(b"\n")[0] + b"\n"
    sent = b"".join(body.removeprefix(head) for _, _, body in server.requests)
    assert head + sent == done.journals[0].path.read_bytes()


def test_a_large_journal_goes_in_pieces_of_which_no_segment_is_missing(play: Play, server: Server, url: str) -> None:
    script = "\n    from begat.capture.writer import WRITER\n    WRITER.limit = 3_000_000\n" + SCRIPT
    done = play(script.format(points=40_000, seconds=0), BEGAT_SINK=server.address)
    assert (done.code, done.out) == (0, "done\n")
    assert len(done.journals) > 2
    assert max(len(body) for _, _, body in server.requests) < 3 << 20
    if "not sent yet" in done.err:  # a slow machine: the next process goes on
        script = "\n    from begat.capture import network\n    network.SILENCE = 0\n" + SCRIPT
        done = play(script.format(points=1, seconds=20), BEGAT_SINK=server.address)
    assert holds_all(url, done.spool)


@pytest.mark.parametrize("meets", [503, 429, "reset", "cut", "cut in a header"])
def test_what_fails_for_a_moment_is_sent_again(meets: int | str, play: Play, server: Server, url: str) -> None:
    server.then = [meets]
    done = play(SCRIPT.format(points=50, seconds=4), BEGAT_SINK=server.address)
    assert (done.code, done.out, done.err) == (0, "done\n", "")
    assert holds_all(url, done.spool)


def test_a_server_that_is_not_there_costs_nothing_but_a_line(play: Play, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    began = time.monotonic()
    done = play(SCRIPT.format(points=50, seconds=0), BEGAT_SINK=f"http://127.0.0.1:{port}/lab")
    assert time.monotonic() - began < 20
    assert (done.code, done.out) == (0, "done\n")
    (line,) = done.err.splitlines()
    assert line.startswith("begat: ")
    assert f"events of this process are not sent yet (http://127.0.0.1:{port}/lab: no connection: Connection" in line
    assert line.endswith(f"they are kept in {done.spool}: `begat spool send` sends them")
    assert sum(len(j.events) for j in done.journals) == int(line.split()[1])


def test_a_server_that_never_answers_delays_the_end_by_five_seconds_and_no_fork(play: Play, server: Server) -> None:
    server.always = "hang"
    done = play(
        """
        with begat.run("train") as run:
            run.metric("loss", 0.5)
            time.sleep(2.5)
            for _ in range(3):
                at = time.monotonic()
                if os.fork() == 0:
                    os._exit(0)
                os.wait()
                print(time.monotonic() - at < 1.9)
        """,
        BEGAT_SINK=server.address,
    )
    assert (done.code, done.out) == (0, "True\n" * 3)
    (line,) = done.err.splitlines()
    assert "are not sent yet" in line


def test_a_fork_sends_its_own(play: Play, server: Server, url: str) -> None:
    done = play(
        """
        with begat.run("train") as run:
            run.metric("loss", 0.5)
            time.sleep(1.5)
            if os.fork() == 0:
                begat.metric("loss", 0.25)
                sys.exit()
            os.wait()
            run.metric("loss", 0.125)
        """,
        BEGAT_SINK=server.address,
    )
    assert (done.code, done.err) == (0, "")
    assert len(done.journals) == 2
    assert holds_all(url, done.spool)


def test_what_a_killed_process_left_is_sent_by_the_next(play: Play, server: Server, url: str) -> None:
    server.always = 503
    killed = play("run = begat.run('a').__enter__()\nrun.metric('loss', 1)\nos.kill(os.getpid(), 9)")
    assert killed.code == -9
    server.always = None
    (left,) = killed.journals
    long_ago = time.time() - 1000
    os.utime(left.path, (long_ago, long_ago))
    done = play(SCRIPT.format(points=1, seconds=3), BEGAT_SINK=server.address)
    assert (done.code, done.err) == (0, "")
    assert holds_all(url, done.spool)


@pytest.mark.parametrize(
    ("sink", "says"),
    [
        ("http://example.org", "http: to example.org would show journals and token to the network"),
        ("https://ada:hunter2@example.org", "give the token in BEGAT_TOKEN, not in the address"),
        ("https://", "this is no server's address"),
        ("https://example.org:port", "this is no server's address"),
        ("https://example.org/?token=hunter2", "nothing behind ? or #"),
    ],
)
def test_an_address_that_is_none_is_told_once_and_the_journal_written(sink: str, says: str, play: Play) -> None:
    done = play(SCRIPT.format(points=1, seconds=0), BEGAT_SINK=sink)
    assert (done.code, done.out) == (0, "done\n")
    (line,) = done.err.splitlines()
    assert says in line
    assert "hunter2" not in line
    assert len(done.journals) == 1


def test_a_token_that_is_none_is_not_shown(play: Play) -> None:
    done = play(SCRIPT.format(points=1, seconds=0), BEGAT_SINK="https://127.0.0.1:1", BEGAT_TOKEN="hunter2\nx: y")
    (line,) = done.err.splitlines()
    assert "BEGAT_TOKEN is no token" in line
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("status", "says"), [(401, "BEGAT_TOKEN has to be a token that it knows"), (409, "answers 409")]
)
def test_a_server_that_does_not_want_it_is_asked_once(status: int, says: str, play: Play, server: Server) -> None:
    server.always = status
    done = play(SCRIPT.format(points=10, seconds=3), BEGAT_SINK=server.address, BEGAT_TOKEN="hunter2")
    assert done.code == 0
    (line,) = done.err.splitlines()
    assert says in line
    assert "so it was asked of this test" in line
    assert "hunter2" not in line
    assert len(server.requests) < 4


def test_a_journal_of_one_who_has_sigterm_is_at_the_server(play: Play, server: Server, url: str) -> None:
    done = play(
        """
        with begat.run("train") as run:
            run.metric("loss", 0.5)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(20)
        """,
        BEGAT_SINK=server.address,
    )
    assert (done.code, done.err) == (-15, "")
    assert holds_all(url, done.spool)


def test_a_hook_loads_nothing_of_the_network(play: Play, server: Server) -> None:
    """What sends is imported by the sinks' thread, after the first second."""
    done = play(
        """
        import json
        with begat.run("train") as run:
            run.metric("loss", 0.5)
            print(json.dumps(sorted({"http.client", "ssl", "begat.capture.server"} & {*sys.modules})))
        """,
        BEGAT_SINK=server.address,
    )
    assert json.loads(done.out) == []


def test_the_server_has_it_while_the_script_still_runs(server: Server, url: str, play: Play, tmp_path: Path) -> None:
    done = play(
        """
        with begat.run("train") as run:
            run.metric("loss", 0.5)
            end = time.monotonic() + 20
            while not os.path.exists("seen") and time.monotonic() < end:
                time.sleep(0.1)
                if any(name.endswith(".json") for _, _, names in os.walk(os.environ["BEGAT_SPOOL"]) for name in names):
                    open("seen", "w").close()
        """,
        BEGAT_SINK=server.address,
    )
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "seen").exists()
    soon(lambda: holds_all(url, done.spool))
