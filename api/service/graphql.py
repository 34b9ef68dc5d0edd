"""/graphql: GraphQL over HTTP (the GraphQL Foundation's specification of that name), around `api/graphql`."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from begat.api.graphql.asking import Context
from begat.api.graphql.errors import BY_POST, FORBIDDEN
from begat.api.graphql.execute import Reply, Request, execute
from begat.api.service.access import EVERYTHING, Access
from begat.api.service.body import read
from begat.api.service.forms import wanted
from begat.api.service.problem import RETRY, Problem
from begat.api.service.recorder import Speaker
from begat.api.service.state import State
from begat.graph_schema import ids
from begat.graph_schema.events import Node
from begat.queries.elsewhere import elsewhere

#: A response's media types; the first is what is sent where nobody says which.
JSON: Final = "application/json"
RESPONSE: Final = "application/graphql-response+json"
#: Bytes of a request: a document and its variables.
MOST: Final = 1 << 20


#: How many times as long as a refusal took it is held back, and the most seconds of that.
REST: Final = 5
LONGEST_REST: Final = 0.015
#: Why nothing was executed, where HTTP has a word of its own for it.
_STATUS: Final[dict[str, tuple[int, dict[str, str]]]] = {
    BY_POST: (405, {"Allow": "POST"}),
    FORBIDDEN: (403, {}),
}


class Malformed(Exception):
    """A request that is none of GraphQL's: the status, and one line."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.headers = status, dict(headers or {})
        super().__init__(message)


async def graphql(http: HttpRequest) -> Response:
    """Answer a request. A document is asked by GET or POST; what changes something is only by POST."""
    began = time.perf_counter()
    accept = http.headers.get("accept")
    media = max((JSON, RESPONSE), key=lambda m: wanted(accept, m)) if accept else JSON
    try:
        if accept and wanted(accept, media) <= 0:
            raise Malformed(406, f"there is {RESPONSE} and {JSON}, and no {accept[:200]!r}")
        given = await _posted(http) if http.method == "POST" else _addressed(http)
        reply = await _answered(http, _request(given), may_change=http.method == "POST")
    except Malformed as e:
        body = msgspec.json.encode({"errors": [{"message": str(e), "extensions": {"code": "BAD_REQUEST"}}]})
        await rest(began)
        return Response(body, e.status, e.headers | {"Content-Type": f"{media}; charset=utf-8"})
    if reply.empty:
        await rest(began)
    # With the older media type a client looks for errors in the body alone.
    status = 503 if reply.retry else 400 if reply.kind == "request_error" and media == RESPONSE else 200
    status, more = _STATUS.get(reply.code, (status, {}))
    headers = {"Content-Type": f"{media}; charset=utf-8", "Vary": "Accept, Authorization"}
    return Response(reply.body, status, headers | more | ({"Retry-After": str(RETRY)} if reply.retry else {}))


async def rest(began: float) -> None:
    """Let others go first: what has to be refused again and again takes no more than a part of the time of all."""
    await asyncio.sleep(min(REST * (time.perf_counter() - began), LONGEST_REST))


async def _answered(http: HttpRequest, request: Request, may_change: bool) -> Reply:
    state: State = http.app.state.begat
    access: Access = http.scope["begat.access"]
    project = access.of_project(http.query_params.get("project"), state.project)
    return await answered(state, request, access, project, NOT_BY_GET if not may_change else None)


#: Why what came by GET changes nothing.
NOT_BY_GET: Final = (BY_POST, "a mutation changes something: send it by POST")


async def answered(
    state: State, request: Request, access: Access, project: str, refused: tuple[str, str] | None = None
) -> Reply:
    """The reply to a document, found in a thread. `refused`: why it may change nothing. Raises Problem."""

    def work() -> Reply:
        with elsewhere():
            return execute(request, context(state, access, project, refused))

    return await state.threads.do(work)


def context(state: State, access: Access, project: str, refused: tuple[str, str] | None = None) -> Context:
    """The store as it is open now, of which somebody sees a project; and, if they may write, who they are."""
    if refused is None and not access.may("write"):
        refused = (FORBIDDEN, f"this token may {access.scope}: a mutation takes one that may write")
    speaker = None if state.recorder is None else Speaker(state.recorder, agent(state, access))
    return Context(
        state.store.store(), project, time_limit=state.limits.seconds, limits=state.graphql, recording=speaker,
        refused=refused,
    )  # fmt: skip


def agent(state: State, access: Access) -> Node:
    """Who says something: the one a token was made for; without tokens whoever this service takes them for."""
    if access is EVERYTHING:
        return state.nobody
    return Node(0, 0, ids.agreed("person", access.who), "Agent", ["Person"], access.who)


async def _posted(http: HttpRequest) -> Any:
    kind, _, parameters = http.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != JSON:
        # Nothing else: a page of another origin can send some other kinds without being asked.
        raise Malformed(415, f"the body is {kind[:100] or 'of no type'}: send {JSON}")
    charset = parameters.strip().lower().replace('"', "")
    if charset not in ("", "charset=utf-8", "charset=utf8"):
        raise Malformed(415, f"the body is in {parameters.strip()[:100]}: send UTF-8")
    state: State = http.app.state.begat
    try:
        body = await read(http, min(MOST, state.limits.body), state.limits.patience)
    except Problem as e:
        raise Malformed(e.status, str(e)) from None
    limits = state.graphql
    if body.count(b",") > limits.length + limits.variables:
        # Counted and not read: making so many values would hold up everybody else.
        raise Malformed(413, f"the body holds more values than the limit on variables, {limits.variables}")
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        raise Malformed(400, f"the body is no JSON: {e}") from None


def _addressed(http: HttpRequest) -> Any:
    given: dict[str, Any] = {}
    for name, value in http.query_params.multi_items():
        if name in given:
            raise Malformed(400, f"{name[:100]} is given twice")
        given[name] = value
    for name in ("variables", "extensions"):
        if given.get(name):
            try:
                given[name] = msgspec.json.decode(given[name])
            except (msgspec.DecodeError, UnicodeDecodeError, UnicodeEncodeError, RecursionError):
                raise Malformed(400, f"{name} is no JSON") from None
        else:
            given.pop(name, None)
    return given


def _request(given: Any) -> Request:
    """Raises Malformed for what is no request: the specification's section 5.1."""
    if isinstance(given, list):
        raise Malformed(400, "a request is one document: several at once are not taken")
    if not isinstance(given, dict):
        raise Malformed(400, 'a request is an object: {"query": "..."}')
    query, name = given.get("query"), given.get("operationName")
    variables, extensions = given.get("variables"), given.get("extensions")
    if not isinstance(query, str):
        raise Malformed(400, "query is missing, or no text: it is the document")
    if name is not None and not isinstance(name, str):
        raise Malformed(400, "operationName is no text")
    for what, value in (("variables", variables), ("extensions", extensions)):
        if value is not None and not isinstance(value, dict):
            raise Malformed(400, f"{what} is no object")
    return Request(query, name or None, variables or {})
