"""What stands before every route: who asks is found out, strangers' pages are kept off, what was answered is told."""

import time
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from begat.api.service import problem
from begat.api.service.access import EVERYTHING, Access, Refused
from begat.api.service.limits import Limits
from begat.api.service.observed import Observed
from begat.api.service.problem import Problem
from begat.api.service.tokens import Tokens
from begat.graph_schema.errors import BegatError

#: What may be asked without a token.
OPEN: Final = frozenset(("/healthz",))
#: Bytes of an address's query, and of all headers.
QUERY, HEAD = 16 << 10, 32 << 10
#: Where who asks may be told later: by the first message of a WebSocket.
TOLD_LATER: Final = frozenset((("websocket", "/graphql"),))
BEARER: Final = "the Authorization header is no bearer token: write `Authorization: Bearer begat_...`"
#: Methods that change nothing.
SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))
#: On every answer: what is said here is data, never to be run, framed or guessed at.
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-cache",
}


class Rules(msgspec.Struct, frozen=True):
    """`tokens`: without one nobody is let in. `hosts`: the names that this machine may be called by, where that is
    all that keeps strangers out; None: any."""

    tokens: Tokens
    needed: bool
    hosts: frozenset[str] | None = None

    def access(self, headers: Headers) -> Access | None:
        """What the bearer of a request may; None for one that has no token and needs one. Raises Refused."""
        given = headers.get("authorization")
        if given is None:
            return None if self.needed else EVERYTHING
        return self.bearer(given)

    def bearer(self, authorization: str) -> Access:
        """What the bearer of a token may, given as the header Authorization has it. Raises Refused, StoreError."""
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise Refused(BEARER, 401)
        return self.tokens.access(token.strip())


class Gate:
    """ASGI middleware. What is behind it finds `begat.access` in the scope: who asks, or None where that is open."""

    def __init__(self, app: ASGIApp, rules: Rules, observed: Observed, limits: Limits) -> None:
        self._app, self._rules, self._observed, self._limits = app, rules, observed, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        told = _Told(send)
        try:
            self._let_in(scope)
        except BegatError as wrong:
            await problem.answer(wrong)(scope, receive, told)
        else:
            await self._app(scope, receive, told)
        if scope["type"] == "websocket" and not told.status:  # of one that was let in socket.py tells
            return
        access: Access | None = scope.get("begat.access")
        self._observed.request(
            scope.get("method", "GET"), scope["path"], _route(scope), told.status, time.perf_counter() - began,
            told.sent, "-" if access is None else access.who,
        )  # fmt: skip

    def _let_in(self, scope: Scope) -> None:
        """Raises Refused and Problem for who is not."""
        headers = Headers(scope=scope)
        hosts = self._rules.hosts
        if hosts is not None and _host(headers.get("host", "")) not in hosts:
            # A page of a stranger's, whose name was made to point here, would be let in otherwise.
            raise Refused(f"this service is not called {headers.get('host', '')[:100]!r}", 403)
        origin = headers.get("origin")
        # A browser asks nobody before it opens a WebSocket: there every page of another origin is one too many.
        safe = scope.get("method", "") in SAFE
        if origin is not None and not safe and _origin(origin) != headers.get("host"):
            raise Refused("a page of another origin may change nothing here", 403)
        if scope["type"] == "websocket" and _route(scope) == "-":
            raise Problem(404, "not found", f"there is no WebSocket at {scope['path'][:500]}")
        if len(scope["query_string"]) > QUERY:
            raise Problem(414, "too long", f"the query of the address is longer than {QUERY} bytes")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEAD:
            raise Problem(431, "too long", f"the headers are longer than {HEAD} bytes")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limits.body:
            raise Problem(413, "too large", f"the body has {length[:20]} bytes, the limit is {self._limits.body}")
        access = self._rules.access(headers)
        if access is None and scope["path"] not in OPEN and (scope["type"], scope["path"]) not in TOLD_LATER:
            raise Refused("this takes a token: `Authorization: Bearer begat_...`; `begat token create` makes one", 401)
        scope["begat.access"] = access


class _Told:
    """Sends on, and remembers what was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status, self.sent = 0, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        elif message["type"] in ("http.response.body", "websocket.http.response.body"):
            self.sent += len(message.get("body", b""))
        await self._send(message)


def _origin(given: str) -> str | None:
    """Which host a page is from; None where that cannot be told."""
    try:
        return urlsplit(given).netloc
    except ValueError:
        return None


def _host(given: str) -> str:
    try:
        return urlsplit(f"//{given}").hostname or ""
    except ValueError:
        return ""


def _route(scope: Scope) -> str:
    """The path as it is declared, "-" where there is none such."""
    route: Any = scope.get("route")
    if route is not None:
        return str(route.path)
    app: Any = scope.get("app")
    routes: Collection[Any] = app.routes if app is not None else ()
    return next((str(r.path) for r in routes if r.matches(scope)[0] is not Match.NONE), "-")


