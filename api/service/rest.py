"""The REST twins of the questions: one way through, whatever is asked."""

import json
from collections.abc import Iterable
from functools import cache, lru_cache, partial
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from begat.api.library import ENTITY
from begat.api.service import check, documents, export, journal, pages, parameters, welcome
from begat.api.service.access import Access
from begat.api.service.endpoints import ENDPOINTS, PREFIX, Endpoint
from begat.api.service.etag import tagged
from begat.api.service.forms import FORMS, chosen
from begat.api.service.limits import Limits
from begat.api.service.linked import openapi as linked
from begat.api.service.openapi import described, wrong
from begat.api.service.problem import Problem
from begat.api.service.state import State
from begat.graph_schema.errors import MissingExtra, UsageError
from begat.queries.answer import Answer
from begat.queries.catalogue import QUESTIONS, question
from begat.queries.clock import within
from begat.queries.elsewhere import elsewhere
from begat.queries.show import Shown

JSON: Final = {"json": FORMS["json"]}
#: Notes of an answer, which the object of the public contract leaves out, as a JSON list.
NOTES: Final = "Begat-Notes"
#: How many are told there, and how many signs of each.
TOLD, NOTE = 8, 300


def routes() -> Iterable[Route]:
    """A route for each endpoint, and those that list them."""
    yield Route(f"{PREFIX}/questions", questions)
    for e in ENDPOINTS:
        yield Route(e.path, partial(ask, e))
    # Another name is none: told with the nearest.
    yield Route(f"{PREFIX}/ask/{{question}}", unknown)
    yield Route(f"{PREFIX}/export", export.export)
    yield Route(check.PATH, check.check)


async def ask(endpoint: Endpoint, request: Request) -> Response:
    """Answer an endpoint, in the form that is asked for, with its ETag and the address of the next page."""
    state: State = request.app.state.begat
    access: Access = request.scope["begat.access"]
    given = parameters.read(_pairs(endpoint, request), endpoint.known)
    form = chosen(given.pop("format", None), request.headers.get("accept"), FORMS if endpoint.forms else JSON)
    project = access.of_project(given.pop("project", None), state.project)
    limit = given.get("limit")
    if limit is not None and limit > state.limits.rows:
        raise UsageError(f"limit is {limit}: an answer has {state.limits.rows} rows at most here; ask for pages")
    seconds = parameters.seconds(given.pop("time_limit", None), state.limits.seconds)

    def work() -> tuple[Answer | Shown, bytes]:
        with elsewhere(), within(seconds):
            timed = {"time_limit": seconds} if endpoint.timed else {}
            try:
                answer = endpoint.ask(state.store.store(), project=project, **timed, **given)
            except MissingExtra:
                raise
            except UsageError as e:
                # Each parameter is what it should be: it is what they say that no answer has an address for.
                raise Problem(404, "no such answer", str(e)) from e
        if isinstance(answer, Answer):
            answer.pending += state.observed.pending(access.project)
        return answer, form.write(answer) if isinstance(answer, Answer) else msgspec.json.encode(answer)

    answer, body = await state.threads.do(work)
    headers: dict[str, str] = {}
    if isinstance(answer, Answer):
        if answer.next is not None:
            headers["Link"] = f'<{_next(request, answer.next)}>; rel="next"'
        if answer.truncated:
            headers["Begat-Truncated"] = "true"
    if answer.notes:
        headers[NOTES] = _ascii(answer.notes)
    return tagged(request, body, form.media, headers)


async def questions(request: Request) -> Response:
    """The questions that there are: name, sentence, parameters, columns."""
    return Response(_listed(), media_type="application/json")


async def unknown(request: Request) -> Response:
    """Raises NotFound, with the nearest names."""
    question(request.path_params["question"])
    raise Problem(404, "not found", "there is no such question")


async def openapi(request: Request) -> Response:
    """The description of all this."""
    return Response(_described(request.app.state.begat.limits), media_type="application/json")


@cache
def _listed() -> bytes:
    return msgspec.json.encode(
        [
            {"name": q.name, "sentence": q.sentence, "parameters": q.parameters, "columns": q.columns}
            for q in QUESTIONS.values()
        ]
    )


@lru_cache(maxsize=1)
def _described(limits: Limits) -> bytes:
    return msgspec.json.encode(described(ENDPOINTS, limits, _OTHERS | check.described(limits)))


_QUESTIONS: Final[dict[str, Any]] = {
    "get": {
        "operationId": "questions",
        "tags": ["questions"],
        "summary": "The questions that there are: name, sentence, parameters, columns.",
        "responses": {
            "200": {
                "description": "The list.",
                "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
            },
            **wrong("401", "405"),
        },
    }
}
#: What is described beside the endpoints.
_OTHERS: Final = {
    f"{PREFIX}/questions": _QUESTIONS, **export.OPENAPI, **journal.OPENAPI, **documents.OPENAPI, **linked.OPENAPI,
    **pages.OPENAPI, **welcome.OPENAPI,
}  # fmt: skip


def _pairs(endpoint: Endpoint, request: Request) -> list[tuple[str, str]]:
    """What the address gives, its path before its query."""
    pairs = [*request.path_params.items(), *request.query_params.multi_items()]
    main = endpoint.main
    if main is None or ENTITY in endpoint.known or any(name == main for name, _ in pairs):
        return pairs
    return [(main if name == ENTITY else name, value) for name, value in pairs]


def _next(request: Request, after: str) -> str:
    """The same address, for the page that follows."""
    pairs = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
    return f"{quote(request.url.path)}?{urlencode([*pairs, ('after', after)])}"


def _ascii(notes: list[str]) -> str:
    """As JSON that a header can hold: the first of them, each cut where it is very long."""
    return json.dumps([n[:NOTE] for n in notes[:TOLD]])
