"""Subscriptions over a real socket: the protocol to the letter, live trainings, clients that do not read."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.service.conftest import LONG, NewService, Service, _started
from tests.service.npm import NODE, installed
from tests.service.test_access import token

PROTOCOL: Any = "graphql-transport-ws"
TRAIN: Final = """
import begat, sys
from pathlib import Path
Path("rain.csv").write_text("1,2")
with begat.run("train", type="Training") as run:
    run.used("rain.csv", role="train", type="Dataset")
    print(run.id, flush=True)
    for step in range(int(sys.argv[1])):
        run.metric("loss", 1 / (step + 1), step=step)
    for line in sys.stdin:  # goes on when told
        run.metric("loss", float(line), step=step)
        step += 1
"""
EVENTS: Final = "subscription ($run: String!) { runEvents(run: $run) { kind name value step } }"
METRICS: Final = "subscription ($run: String!) { metrics(run: $run) { name count points { value } } }"


class Training:
    """A training that goes on by a step when it is told a loss."""

    def __init__(self, folder: Path, steps: int = 2, environment: Mapping[str, str] = MappingProxyType({})) -> None:
        (folder / "train.py").write_text(TRAIN)
        env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), **environment}
        self.process = subprocess.Popen(
            [sys.executable, "train.py", str(steps)], cwd=folder, env=env, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout
        self.id = self.process.stdout.readline().strip()

    def says(self, loss: float) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{loss}\n")
        self.process.stdin.flush()

    def end(self, how: signal.Signals | None = None) -> None:
        if how is not None:
            self.process.send_signal(how)
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(LONG)
        assert self.process.stdout
        self.process.stdout.close()


class Client:
    """One connection, said hello to."""

    def __init__(self, running: Service, init: dict[str, Any] | None = None, query: str = "", **more: Any) -> None:
        self.ws = opened(running, query, **more)
        self.say(type="connection_init", **({} if init is None else {"payload": init}))
        assert self.heard() == {"type": "connection_ack"}

    def say(self, **message: Any) -> None:
        self.ws.send(json.dumps(message))

    def subscribe(self, query: str, id: str = "1", **variables: Any) -> None:
        self.say(type="subscribe", id=id, payload={"query": query, "variables": variables})

    def heard(self) -> Any:
        return json.loads(self.ws.recv(LONG))

    def until(self, fits: Callable[[Any], bool]) -> list[Any]:
        """All messages up to the first that fits."""
        found = [self.heard()]
        while not fits(found[-1]):
            found.append(self.heard())
        return found

    def closed(self) -> tuple[int, str]:
        return ended(self.ws)


def opened(running: Service, query: str = "", protocols: Any = (PROTOCOL,), **more: Any) -> ClientConnection:
    url = running.url.replace("http", "ws", 1) + "/graphql" + query
    how = {"proxy": None, "compression": None, "close_timeout": 1, **more}
    ws: ClientConnection = OPEN.enter_context(connect(url, subprotocols=protocols or None, **how))
    return ws


def ended(ws: ClientConnection) -> tuple[int, str]:
    """The code and reason that a connection was closed with."""
    with pytest.raises(ConnectionClosed) as closed:
        _read_all(ws)
    assert closed.value.rcvd is not None, closed.value
    return closed.value.rcvd.code, closed.value.rcvd.reason


def _read_all(ws: ClientConnection) -> None:
    while True:
        ws.recv(LONG)


#: What a test has opened.
OPEN: Final = ExitStack()


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    OPEN.close()


def known(running: Service, run: str, bearer: str | None = None) -> None:
    """The service knows a run."""
    with running.client(bearer) as client:
        end = time.monotonic() + LONG
        while client.get("/api/v1/show", params={"id": run}).status_code != 200:
            assert time.monotonic() < end
            time.sleep(0.05)


def well(running: Service) -> Service:
    """Itself, once its store is made."""
    with running.client() as client:
        end = time.monotonic() + LONG
        while client.get("/healthz").status_code != 200:
            assert time.monotonic() < end
            time.sleep(0.05)
    return running


@pytest.fixture
def trains() -> Iterator[Callable[..., Training]]:
    """Starts trainings, which are ended in the end."""
    started: list[Training] = []

    def start(*given: Any) -> Training:
        started.append(Training(*given))
        return started[-1]

    yield start
    for t in started:
        if t.process.poll() is None:
            t.end(signal.SIGKILL)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that knows a run of three steps, which has ended."""
    started: list[Service] = []
    folder = tmp_path_factory.mktemp("ended")
    training = Training(folder, 3)
    training.end()
    running = _started(started)(folder)
    known(running, training.id)
    yield running
    assert running.end() == 0
    assert not [line for line in running.lines if "Traceback" in line], "".join(running.lines)


# -- the protocol

INIT: Final = {"type": "connection_init"}
ASKED: Final = {"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}
LIVE: Final = {"type": "subscribe", "id": "1", "payload": {"query": "subscription { inTrouble { next } }"}}
BROKEN: Final[dict[str, tuple[list[Any], int, str]]] = {
    "no JSON": (["{"], 4400, "Invalid message"),
    "a list": (["[]"], 4400, "Invalid message"),
    "nothing": (["null"], 4400, "Invalid message"),
    "deep": (["[" * 100_000], 4400, "Invalid message"),
    "no type": ([{}], 4400, "Invalid message"),
    "an unknown type": ([{"type": "start"}], 4400, "Invalid message"),
    "a type that is none": ([{"type": {}}], 4400, "Invalid message"),
    "bytes": ([b"{}"], 4400, "a message is text"),
    "a payload that is none": ([{"type": "connection_init", "payload": []}], 4400, "Invalid message"),
    "before hello": ([ASKED], 4401, "Unauthorized"),
    "hello twice": ([INIT, INIT], 4429, "Too many initialisation requests"),
    "one id twice": ([INIT, LIVE, LIVE], 4409, "Subscriber for 1 already exists"),
    "no id": ([INIT, {**ASKED, "id": ""}], 4400, "Invalid message"),
    "a number as id": ([INIT, {**ASKED, "id": 1}], 4400, "Invalid message"),
    "no payload": ([INIT, {"type": "subscribe", "id": "1"}], 4400, "Invalid message"),
    "no query": ([INIT, {**ASKED, "payload": {}}], 4400, "Invalid message"),
    "variables that are none": ([INIT, {**ASKED, "payload": {"query": "", "variables": 1}}], 4400, "Invalid message"),
    "a token that is none": (
        [{**INIT, "payload": {"Authorization": "Bearer begat_aaaaaaaa_b"}}], 4403, "Forbidden: this token is unknown",
    ),
    "a token that is no text": ([{**INIT, "payload": {"authorization": 1}}], 4403, "Forbidden"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_breaks_the_protocol_closes_the_connection(what: str, running: Service) -> None:
    messages, code, reason = BROKEN[what]
    ws = opened(running)
    for message in messages:
        ws.send(json.dumps(message) if isinstance(message, dict) else message)
    closed = ended(ws)
    assert closed[0] == code
    assert closed[1].startswith(reason)


def test_other_protocols_are_not_spoken(running: Service) -> None:
    for protocols in ((), ("graphql-ws",)):
        assert ended(opened(running, protocols=protocols))[0] == 4406


def test_who_says_no_hello_is_closed(running: Service) -> None:
    assert ended(opened(running)) == (4408, "Connection initialisation timeout")


def _sent_and_read(client: Client, query: str) -> None:
    client.subscribe(query)
    _read_all(client.ws)


def test_a_message_that_is_too_long(running: Service) -> None:
    """It is hung up on while it is sent: whether its sender reads why is a matter of luck."""
    client = Client(running)
    with pytest.raises(ConnectionClosed) as closed:
        _sent_and_read(client, "#" * (3 << 20))
    assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
    Client(running)


def test_ping_pong_and_what_is_over(running: Service) -> None:
    client = Client(running)
    client.say(type="ping")
    assert client.heard() == {"type": "pong"}
    client.say(type="ping", payload={"a": 1})
    assert client.heard() == {"type": "pong", "payload": {"a": 1}}
    client.say(type="pong")
    client.say(type="complete", id="nobody")
    client.subscribe("subscription { inTrouble { rows { id } } }")
    assert client.heard()["payload"] == {"data": {"inTrouble": {"rows": []}}}
    client.say(type="complete", id="1")
    client.subscribe("{ __typename }")  # the id is free
    assert client.heard() == {"id": "1", "type": "next", "payload": {"data": {"__typename": "Query"}}}
    assert client.heard() == {"id": "1", "type": "complete"}


WRONG: Final = {
    "subscription { nothing }": "INVALID_DOCUMENT",
    "{": "INVALID_DOCUMENT",
    "": "INVALID_DOCUMENT",
    "subscription { a: inTrouble { next } b: inTrouble { next } }": "INVALID_DOCUMENT",
    'subscription { runEvents(run: "nobody") { kind } }': "NOT_FOUND",
    'subscription { runEvents(run: "train", last: -1) { kind } }': "BAD_INPUT",
    'subscription { metrics(run: "rain.csv") { name } }': "BAD_INPUT",
    "query A { __typename } query B { __typename }": "INVALID_DOCUMENT",
}


def test_what_is_wrong_with_an_operation_is_told_of_it_alone(running: Service) -> None:
    client = Client(running)
    for query, code in WRONG.items():
        client.subscribe(query)
        told = client.heard()
        assert (told["id"], told["type"]) == ("1", "error")
        assert told["payload"][0]["extensions"]["code"] == code, query
    client.subscribe(EVENTS, run="train")
    assert client.until(lambda m: m["type"] == "complete")


def test_queries_and_mutations_are_answered_too(running: Service) -> None:
    client = Client(running)
    client.subscribe("{ runs { nodes { name } } }", id="a")
    client.subscribe('mutation { tag(thing: "train", tags: ["by socket"]) { changed } }', id="b")
    told = client.until(lambda m: m == {"id": "b", "type": "complete"})
    if {"id": "a", "type": "complete"} not in told:
        told += client.until(lambda m: m == {"id": "a", "type": "complete"})
    data = {m["id"]: m["payload"]["data"] for m in told if m["type"] == "next"}
    assert data["b"] == {"tag": {"changed": True}}
    assert "train" in [n["name"] for n in data["a"]["runs"]["nodes"]]


def test_a_hundred_operations_at_a_time(running: Service) -> None:
    client = Client(running)
    for n in range(101):
        client.subscribe("subscription { inTrouble { next } }", id=str(n))
    (told,) = [m for m in client.until(lambda m: m["type"] == "error") if m["type"] == "error"]
    assert told["id"] == "100"
    assert told["payload"][0]["extensions"]["code"] == "OVER_LIMIT"


def test_pages_of_strangers_open_no_socket(running: Service) -> None:
    with pytest.raises(InvalidStatus) as refused:
        opened(running, origin="https://evil.example")
    assert refused.value.response.status_code == 403
    assert b"a page of another origin" in (refused.value.response.body or b"")
    Client(running, origin=running.url)
    with pytest.raises(InvalidStatus) as elsewhere:
        OPEN.enter_context(connect(running.url.replace("http", "ws", 1) + "/api/v1/runs", proxy=None))
    assert elsewhere.value.response.status_code == 404


def test_over_http_a_subscription_is_refused(running: Service) -> None:
    with running.client() as client:
        given = {"query": "subscription { inTrouble { next } }"}
        for answer in (client.get("/graphql", params=given), client.post("/graphql", json=given)):
            assert answer.json()["errors"][0]["extensions"]["code"] == "BY_SOCKET"


# -- trainings


def losses(messages: list[Any]) -> list[float]:
    told = [m["payload"]["data"]["runEvents"] for m in messages if m["type"] == "next"]
    return [h["value"] for h in told if h["kind"] == "METRIC"]


def until_loss(client: Client, loss: float) -> list[Any]:
    """All messages up to that point."""
    return client.until(lambda m: losses([m]) == [loss])


def test_a_training_is_followed_to_its_end(
    tmp_path: Path, service: NewService, trains: Callable[..., Training]
) -> None:
    running, training = service(tmp_path), trains(tmp_path)
    known(running, training.id)
    events, points = Client(running), Client(running)
    events.subscribe(EVENTS, run=training.id)
    points.subscribe(METRICS, run=training.id)
    told = until_loss(events, 0.5)
    for loss in (0.25, 0.125):
        training.says(loss)
        told += until_loss(events, loss)
    training.end()
    told += events.until(lambda m: m["type"] == "complete")
    assert losses(told) == [1.0, 0.5, 0.25, 0.125]
    assert [m["payload"]["data"]["runEvents"]["kind"] for m in (told[0], told[-2])] == ["STARTED", "ENDED"]
    series = [s for m in points.until(lambda m: m["type"] == "complete")[:-1] for s in m["payload"]["data"]["metrics"]]
    assert [p["value"] for s in series for p in s["points"]] == [1.0, 0.5, 0.25, 0.125]


def test_a_training_that_is_killed_is_over(
    tmp_path: Path, service: NewService, trains: Callable[..., Training]
) -> None:
    running, training = service(tmp_path), trains(tmp_path)
    known(running, training.id)
    client = Client(running)
    client.subscribe(EVENTS, run=training.id)
    until_loss(client, 0.5)
    training.end(signal.SIGKILL)
    assert client.until(lambda m: m["type"] == "complete")[-1] == {"id": "1", "type": "complete"}


def test_a_training_elsewhere_that_sends_its_journal(
    tmp_path: Path, service: NewService, trains: Callable[..., Training]
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    running = service(here)
    training = trains(there, 2, {"BEGAT_SINK": running.url})
    known(running, training.id)
    client = Client(running)
    client.subscribe(EVENTS, run=training.id)
    until_loss(client, 0.5)
    training.says(0.25)
    assert losses(until_loss(client, 0.25)) == [0.25]


def test_the_client_that_most_use(tmp_path: Path, service: NewService, trains: Callable[..., Training]) -> None:
    """graphql-ws of npm, with a token."""
    bearer = token(tmp_path, "ada")
    running, training = service(tmp_path, "--require-token"), trains(tmp_path)
    known(running, training.id, bearer)
    url = running.url.replace("http", "ws", 1) + "/graphql"
    folder = installed()
    node, program = str(NODE / "bin/node"), str(folder / "subscribe.mjs")
    command = [node, program, url, METRICS, json.dumps({"run": training.id})]
    with subprocess.Popen([*command, bearer], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        (first,) = json.loads(process.stdout.readline())["data"]["metrics"]
        assert (first["name"], first["count"]) == ("loss", 2)
        training.says(0.25)
        assert json.loads(process.stdout.readline())["data"]["metrics"][0]["points"] == [{"value": 0.25}]
        training.end()
        assert json.loads(process.stdout.readline()) == {"complete": True}
    done = subprocess.run([*command, "begat_none"], cwd=folder, capture_output=True, text=True, timeout=LONG)
    wrong = json.loads(done.stdout)["wrong"]
    assert (wrong["code"], "unknown here" in wrong["reason"]) == (4403, True)


# -- who may


def test_tokens(tmp_path: Path, service: NewService, trains: Callable[..., Training]) -> None:
    mine, theirs = token(tmp_path, "ada", "--project", "mine"), token(tmp_path, "bob", "--project", "theirs")
    running = service(tmp_path, "--require-token")
    training = trains(tmp_path, 2, {"BEGAT_PROJECT": "mine"})
    known(running, training.id, mine)
    with pytest.raises(InvalidStatus) as refused:
        opened(running, additional_headers={"Authorization": "Bearer begat_none"})
    assert refused.value.response.status_code == 401
    nobody = opened(running)
    nobody.send(json.dumps(INIT))
    assert ended(nobody)[0] == 4403
    other = opened(running, "?project=mine")
    other.send(json.dumps({**INIT, "payload": {"Authorization": f"Bearer {theirs}"}}))
    assert ended(other) == (4403, "Forbidden: this token is for the project 'theirs' alone")

    stranger = Client(running, {"authorization": f"Bearer {theirs}"})
    for thing in (training.id, "train"):
        stranger.subscribe(EVENTS, run=thing)
        assert stranger.heard()["payload"][0]["extensions"]["code"] == "NOT_FOUND"
    stranger.subscribe('mutation { tag(thing: "train", tags: ["a"]) { changed } }')
    assert stranger.heard()["payload"][0]["extensions"]["code"] == "FORBIDDEN"

    client = Client(running, additional_headers={"Authorization": f"Bearer {mine}"})
    client.subscribe(EVENTS, run="train")
    until_loss(client, 0.5)
    revoke = [sys.executable, "-m", "begat", "token", "revoke", mine.split("_")[1]]
    subprocess.run(revoke, cwd=tmp_path, check=True, capture_output=True)
    (told,) = client.until(lambda m: m["type"] == "error")
    assert told["payload"] == [{"message": "this token was revoked", "extensions": {"code": "FORBIDDEN"}}]
    assert client.closed() == (4403, "Forbidden: this token was revoked")
    assert "begat_" not in "".join(running.lines)


# -- how much


def test_who_does_not_read_is_hung_up_on(tmp_path: Path, service: NewService, trains: Callable[..., Training]) -> None:
    training = trains(tmp_path, 20_000)
    running = service(tmp_path, "--patience", "2")
    known(running, training.id)
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    host, port = re.findall(r"//(.*):(\d+)", running.url)[0]
    narrow.connect((host, int(port)))
    stuck, other = Client(running, sock=narrow, max_queue=1), Client(running)
    everything = "subscription ($run: String!) { runEvents(run: $run, last: 20000) { kind at activity name value } }"
    stuck.subscribe(everything, run=training.id)
    other.subscribe("subscription ($run: String!) { runEvents(run: $run, last: 0) { kind value } }", run=training.id)
    training.says(0.75)
    assert losses(until_loss(other, 0.75)) == [0.75]
    with running.client() as client:
        end = time.monotonic() + LONG
        while "begat_websockets 1\n" not in client.get("/metrics").text:
            assert time.monotonic() < end
            time.sleep(0.1)
        assert "begat_subscriptions 1\n" in client.get("/metrics").text
    training.says(0.125)
    assert losses(until_loss(other, 0.125)) == [0.125]
    stuck.ws.socket.close()


def test_limits(tmp_path: Path, service: NewService) -> None:
    running = well(service(tmp_path, "--subscriptions", "1", "--connections", "4"))
    one, two = Client(running), Client(running)
    one.subscribe("subscription { inTrouble { rows { id } } }")
    assert one.heard()["type"] == "next"
    two.subscribe("subscription { inTrouble { rows { id } } }")
    (told,) = two.heard()["payload"]
    assert told["extensions"]["code"] == "OVER_LIMIT"
    assert "which is the limit" in told["message"]
    with pytest.raises(InvalidStatus) as refused:
        opened(running)
    assert refused.value.response.status_code == 503


def test_a_service_that_ends_says_so(tmp_path: Path, service: NewService) -> None:
    running = well(service(tmp_path))
    client = Client(running)
    client.subscribe("subscription { inTrouble { rows { id } } }")
    assert client.heard()["type"] == "next"
    running.process.send_signal(signal.SIGTERM)
    assert client.closed()[0] == 1012
    assert running.end() == 0
