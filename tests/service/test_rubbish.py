"""Whatever is sent to whatever route: a clear 4xx in the one shape of errors, never a traceback, and all is well."""

import gzip
import json
import socket
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from starlette.routing import Route

from begat.api.service.app import routes
from begat.graph_schema.receipt import JOURNAL
from tests.service.conftest import LONG

ROUTES: Final = routes()
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


def name_of(route: Route) -> str:
    return route.path


def address(route: Route) -> str:
    return route.path_format.format(question="no_such_question", type="Model", id="no_such_thing")


def clear(answer: httpx.Response, *statuses: int) -> dict[str, Any]:
    """What an error says. It has the shape of its route's, and tells nothing of what is inside."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)
    assert not statuses or answer.status_code in statuses, (answer.status_code, answer.text)
    for inside in ("Traceback", "SELECT ", 'File "', ".py", "sqlite3", "starlette", "site-packages"):
        assert inside not in answer.text
    if answer.request.method == "HEAD":
        return {}
    told: dict[str, Any] = answer.json()
    if answer.headers["content-type"].startswith("application/problem+json"):
        assert (told["type"], told["status"]) == ("about:blank", answer.status_code)
        assert told["title"]
        assert told["detail"]
        assert "\n" not in told["title"]
    else:
        assert answer.request.url.path == "/graphql"
        assert all(e["message"] and e["extensions"]["code"] for e in told["errors"])
    return told


@pytest.fixture(autouse=True)
def well_afterwards(asked: httpx.Client) -> Iterator[None]:
    yield
    assert asked.get("/healthz").status_code == 200


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_another_method(route: Route, asked: httpx.Client) -> None:
    for method in METHODS:
        if method not in (route.methods or ()):
            wrong = asked.request(method, address(route))
            clear(wrong, 405)
            assert set(wrong.headers["allow"].split(", ")) == route.methods


#: Ends of addresses. What takes no parameters, or takes this one for a text, may answer it.
QUERIES: Final = {
    "an unknown parameter": "?no_such_parameter=1", "half a percent": "?%", "no name": "?=1",
    "no UTF-8": "?thing=%FF%FE",
    "half a character": "?thing=%ED%A0%80", "nothing but ampersands": "?&&&", "a null": "?%00=%00",
    "twice": "?limit=1&limit=2",
    "no number": "?limit=NaN", "a huge number": "?limit=1e400", "a long number": "?limit=" + "9" * 5_000,
    "a negative number": "?limit=-1", "no time": "?as_of=yesterday", "a year too far": "?as_of=99999-01-01",
    "a time that is none": "?as_of=2026-02-30T25:61:61Z", "no form": "?format=exe", "no time limit": "?time_limit=inf",
    "no place": "?after=%00%00", "a page of nothing": "?after=" + "A" * 9_000, "brackets": "?limit[]=1&limit[a]=2",
    "a long name": "?" + "n" * 9_000 + "=1", "SQL": "?where='%3B DROP TABLE node%3B --",
    "deep": "?where=" + "(" * 9_000,
    "a lone quote": "?where='", "no document": "?query=%7B", "no variables": "?query=%7Ba%7D&variables=%7B",
}  # fmt: skip


@pytest.mark.parametrize("what", QUERIES)
def test_the_end_of_an_address(what: str, asked: httpx.Client) -> None:
    for route in ROUTES:
        answer = asked.get(address(route) + QUERIES[what].replace(" ", "%20"))
        if answer.status_code != 200:
            clear(answer)
        elif answer.request.url.path == "/graphql" or "errors" in answer.text[:20]:
            assert answer.json()


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_too_much_of_everything(route: Route, asked: httpx.Client) -> None:
    clear(asked.get(address(route) + "?" + "x" * 20_000), 414)
    clear(asked.get(address(route), headers={"X-Long": "x" * 40_000}), 431)
    many = [(f"X-{n}", "x" * 100) for n in range(400)]
    clear(asked.get(address(route), headers=many), 431)
    long = f"POST {address(route)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {10**15}\r\nConnection: close\r\n\r\n"
    assert told(raw(asked, long.encode()))[0] == 413


HEADERS: Final[dict[str, tuple[dict[str, str], tuple[int, ...]]]] = {
    "a token that is none": ({"Authorization": "Bearer nobody"}, (401,)),
    "no token": ({"Authorization": "Bearer"}, (401,)),
    "another way of saying who": ({"Authorization": "Digest username=x"}, (401,)),
    "a token with a null": ({"Authorization": "Bearer begat_\\0_'--"}, (401,)),
    "a host that is none": ({"Host": "[::"}, (403,)),
    "a stranger's host": ({"Host": "evil.example"}, (403,)),
}


@pytest.mark.parametrize("what", HEADERS)
def test_headers_of_which_one_is_wrong(what: str, asked: httpx.Client) -> None:
    headers, statuses = HEADERS[what]
    for route in ROUTES:
        clear(asked.get(address(route), headers=headers), *statuses)


#: What is no reason to answer otherwise, or only with 406: it is understood as far as it can be.
ODD: Final = {
    "Accept": (",,;;q=x", "*/*;q=2", "text/html", "application/json;q=nan", "a" * 9_000, "/", "\xff"),
    "If-None-Match": ('"', "W/", "*", "\xff\xfe", ",,,"),
    "Origin": ("null", "http://[", "\xff", "http://evil.example"),
    "Accept-Encoding": ("\x7f",), "Range": ("bytes=-1-",), "Expect": ("the unexpected",), "Cookie": ("=;=;=",),
    "X-Forwarded-For": ("'; --",), "X-Http-Method-Override": ("DELETE",), "Upgrade": ("nothing",),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_header(name: str, asked: httpx.Client) -> None:
    for route in ROUTES:
        for value in ODD[name]:
            for method in route.methods or ():
                answer = asked.request(method, address(route), headers=[(name.encode(), value.encode("latin-1"))])
                if answer.status_code not in (200, 304):
                    clear(answer)


NESTED: Final = b"[" * 200_000
BOMB: Final = gzip.compress(b"0" * (80 << 20), 9)
JSON: Final = "application/json"
BODIES: Final[dict[str, tuple[bytes, dict[str, str]]]] = {
    "nothing": (b"", {}), "a null": (b"\0", {}), "no JSON": (b"{", {"Content-Type": JSON}),
    "nested": (NESTED, {"Content-Type": JSON}), "NaN": (b'{"query": NaN}', {"Content-Type": JSON}),
    "a huge number": (b'{"query": "{a}", "variables": {"a": 1e999999}}', {"Content-Type": JSON}),
    "a long number": (b'{"query": ' + b"9" * 100_000 + b"}", {"Content-Type": JSON}),
    "half a character": (b'{"query": "{ node(id: \\"\\ud800\\") { id } }"}', {"Content-Type": JSON}),
    "no UTF-8": (b'{"query": "\xff"}', {"Content-Type": JSON}),
    "twice": (b'{"query": "a", "query": 1}', {"Content-Type": JSON}),
    "another charset": (b"{}", {"Content-Type": "application/json; charset=utf-16"}),
    "no media type": (b"{}", {"Content-Type": "nonsense"}),
    "a form": (b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}),
    "parts": (b"--x", {"Content-Type": "multipart/form-data; boundary=x"}),
    "no gzip": (b"hello", {"Content-Encoding": "gzip"}),
    "half a gzip": (gzip.compress(b"x" * 9_000)[:20], {"Content-Encoding": "gzip"}),
    "a bomb": (BOMB, {"Content-Encoding": "gzip"}), "an unknown packing": (b"x", {"Content-Encoding": "rot13"}),
    "packed twice": (b"x", {"Content-Encoding": "gzip, gzip"}),
    "a bomb of JSON": (BOMB, {"Content-Encoding": "gzip", "Content-Type": JSON}),
}  # fmt: skip


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_none(what: str, asked: httpx.Client) -> None:
    content, headers = BODIES[what]
    for route in ROUTES:
        answer = asked.post(address(route), content=content, headers=headers)
        if "POST" not in (route.methods or ()):
            clear(answer, 405)
        elif answer.status_code == 200:
            # With the older media type errors of a document that is one come with 200; {} is a document of nothing.
            assert route.path == "/graphql" or content == b"{}"
            assert answer.json()["errors"] if route.path == "/graphql" else answer.json()["things"] == 0
        else:
            clear(answer, 400, 409, 413, 415)
    kept = asked.get("/api/v1/find/Activity").json()["rows"]
    assert kept, "the store is as it was"


#: Paths as they stand in a request: nothing is there.
PATHS: Final = (
    "/%", "/%zz", "/%00", "/%FF%FE", "/%ED%A0%80", "//", "//evil.example/", "/../../etc/passwd",
    "/api/v1/%2e%2e/%2e%2e/etc/passwd",
    "/api/v1/find/", "/api/v1/find/%00", "/api/v1/find/a%2Fb", "/api/v1/ask/%0d%0aX-Injected:1", "/api/v1/show/",
    "/API/V1/questions", "/api/v1/questions/", "/openapi.json/x", "/graphql/", "/" + "a" * 9_000, "/" + "a/" * 4_000,
    "/\\", "/;x=1",
    "/id/", "/data/", "/.well-known/nothing", "/static/x.js", "/docs", "/redoc", "/favicon.ico",
)  # fmt: skip


def raw(asked: httpx.Client, sent: bytes, *, over: bool = False) -> bytes:
    """What comes back for these very bytes, until it hangs up; `over`: it hears that nothing more comes."""
    with socket.create_connection(("127.0.0.1", asked.base_url.port or 0), timeout=LONG) as made:
        made.sendall(sent)
        if over:
            made.shutdown(socket.SHUT_WR)
        answer = b""
        while some := made.recv(65536):
            answer += some
        return answer


def told(answer: bytes) -> tuple[int, dict[str, Any]]:
    """The status of a raw answer, and its body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 "), answer[:200]
    assert b"Traceback" not in answer
    return int(head[9:12]), json.loads(body)


@pytest.mark.parametrize("path", PATHS, ids=[str(n) for n in range(len(PATHS))])
def test_a_path_to_nowhere(path: str, asked: httpx.Client) -> None:
    status, body = told(raw(asked, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()))
    assert (status, body["status"]) == (404, 404)
    assert body["detail"].startswith(("there is nothing at /", "no kind or type", "no question ", "nothing has the id"))


_ASK: Final = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
_SEND: Final = b"POST " + JOURNAL.encode() + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
#: Requests that are none, or end in the middle.
WIRE: Final = {
    "nulls": b"\0" * 100, "one word": b"GET\r\n\r\n", "no version": b"GET /healthz\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n", "two hosts": _ASK + b"Host: localhost\r\n\r\n",
    "no colon": _ASK + b"nonsense\r\n\r\n", "a blank in a name": _ASK + b"X Y: z\r\n\r\n",
    "no name": _ASK + b": z\r\n\r\n",
    "a null in a value": _ASK + b"X: a\0b\r\n\r\n", "a bare return": _ASK + b"X: a\rb\r\n\r\n",
    "a blank in the path": b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "umlauts": "GET /ä HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
    "a negative length": _SEND + b"Content-Length: -5\r\n\r\n", "no length": _SEND + b"Content-Length: five\r\n\r\n",
    "two lengths": _SEND + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "a huge length": _SEND + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n",
    "another coding": _SEND + b"Transfer-Encoding: gzip\r\n\r\nhello",
    "a bad chunk": _SEND + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    "a huge chunk": _SEND + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFFFFFF\r\n",
    "a head that never ends": _ASK + b"X: " + b"x" * 70_000,
    "a path that never ends": b"GET /" + b"a" * 70_000,
    "a WebSocket to nowhere": _ASK.replace(b"close", b"Upgrade") + b"Upgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "a WebSocket without a key": _ASK.replace(b"/healthz", b"/graphql").replace(b"close", b"Upgrade")
    + b"Upgrade: websocket\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("what", WIRE)
def test_what_is_no_request(what: str, asked: httpx.Client) -> None:
    answer = raw(asked, WIRE[what])
    if answer:
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head[9:12])
        assert 400 <= status < 500, answer[:300]
        if what != "a WebSocket without a key":  # which is refused before it is a request
            assert b"application/problem+json" in head
            assert json.JSONDecoder().raw_decode(body.decode())[0]["status"] == status


def test_a_body_that_stops_in_the_middle(asked: httpx.Client) -> None:
    answer = raw(asked, _SEND + b"Content-Length: 500\r\n\r\nhello", over=True)
    assert not answer or told(answer)[0] == 400
