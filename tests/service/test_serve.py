"""begat serve as a process: it takes in what is written, bounds what it is sent, and ends when told."""

import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from begat.api.cli import main
from tests.service.conftest import LONG, NewService

SCRIPT = "import begat\nwith begat.run('train') as r:\n    r.metric('loss', 1.0, step=0)\n"


def test_what_hooks_write_is_there_in_seconds(tmp_path: Path, service: NewService) -> None:
    with service(tmp_path).client() as client:
        assert client.get("/api/v1/find/Activity").json()["rows"] == []
        (tmp_path / "t.py").write_text(SCRIPT)
        subprocess.run([sys.executable, "t.py"], cwd=tmp_path, check=True)
        end = time.monotonic() + LONG
        while not (rows := client.get("/api/v1/find/Activity").json()["rows"]):
            assert time.monotonic() < end
            time.sleep(0.1)
        assert rows[0]["name"] == "train"
        families = {f.name: f for f in parsed(client.get("/metrics").text)}
        found = {
            (s.labels["route"], s.labels["status"])
            for s in families["begat_http_requests"].samples
        }  # fmt: skip
        assert ("/api/v1/find/{type}", "200") in found
        assert families["begat_ingest_events"].samples[0].value > 0


def test_two_signals(tmp_path: Path, service: NewService) -> None:
    assert service(tmp_path).end(signal.SIGTERM) == 0
    assert service(tmp_path).end(signal.SIGINT) == 0


def test_an_address_that_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 2
    assert re.search("cannot listen at 127.0.0.1 port .*in use", capsys.readouterr().err)


def test_who_never_ends_a_request_is_hung_up_on(tmp_path: Path, service: NewService) -> None:
    running = service(tmp_path, "--patience", "1")
    port = int(running.url.rsplit(":", 1)[1])
    whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    for sent in (b"", whole + b"X-Slow: ", whole + b"\r\nGET"):
        with socket.create_connection(("127.0.0.1", port), timeout=LONG) as slow:
            slow.sendall(sent)
            while slow.recv(65536):
                pass  # an answer, if the first request was whole


def test_what_is_too_large_is_refused(tmp_path: Path, service: NewService) -> None:
    running = service(tmp_path, "--max-body", "1")
    with running.client() as client:
        wrong = client.post("/api/v1/questions", content=b"x" * (2 << 20))
        assert (wrong.status_code, wrong.json()["title"]) == (413, "too large")
        assert client.get("/healthz", headers={"X-Long": "x" * 40_000}).json()["status"] == 431
        assert client.get("/api/v1/find/Model", params={"where": "x" * 20_000}).json()["status"] == 414


@pytest.mark.parametrize("path", ["/graphql", "/api/v1/journal"])
def test_a_body_that_never_ends_is_not_awaited(path: str, tmp_path: Path, service: NewService) -> None:
    port = int(service(tmp_path, "--patience", "1").url.rsplit(":", 1)[1])
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{{"
    with socket.create_connection(("127.0.0.1", port), timeout=LONG) as slow:
        slow.sendall(head.encode())
        assert slow.recv(100).startswith(b"HTTP/1.1 408")


def test_what_is_no_http(tmp_path: Path, service: NewService) -> None:
    port = int(service(tmp_path).url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=LONG) as made:
        made.sendall(b"\x16\x03\x01 a handshake of TLS\r\n\r\n")
        answer = made.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400")
    assert b'"status":400' in answer


def test_connections_that_ask_nothing_make_room_for_who_does(tmp_path: Path, service: NewService) -> None:
    running = service(tmp_path, "--connections", "3")
    port = int(running.url.rsplit(":", 1)[1])
    with ExitStack() as open_ones, running.client() as client:
        held = [open_ones.enter_context(socket.create_connection(("127.0.0.1", port), LONG)) for _ in range(5)]
        assert client.get("/openapi.json").status_code == 200
        with suppress(ConnectionResetError):
            assert held[0].recv(1) == b""


def test_connections_are_bounded(tmp_path: Path, service: NewService) -> None:
    running = service(tmp_path, "--connections", "3")
    port = int(running.url.rsplit(":", 1)[1])
    head = b"POST /api/v1/journal HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n"
    with ExitStack() as open_ones, running.client() as client:
        held = [open_ones.enter_context(socket.create_connection(("127.0.0.1", port), LONG)) for _ in range(2)]
        for each in held:
            each.sendall(head)
            assert each.recv(1000).startswith(b"HTTP/1.1 100")  # it is at work on it
        assert client.get("/openapi.json").status_code == 503
        for each in held:
            each.close()
        end = time.monotonic() + LONG
        while client.get("/openapi.json").status_code != 200:
            assert time.monotonic() < end
            time.sleep(0.1)
