"""The service as an ASGI application: its routes, and what stands before each of them."""

from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from begat.api.graphql.live.feed import Feed
from begat.api.graphql.live.trouble import Troubles
from begat.api.service import documents, pages, problem, rest
from begat.api.service.answering import Answering
from begat.api.service.gate import Gate, Rules
from begat.api.service.graphql import graphql
from begat.api.service.journal import journal
from begat.api.service.kept import Kept
from begat.api.service.limits import Limits
from begat.api.service.linked import routes as linked
from begat.api.service.observed import Observed
from begat.api.service.problem import Problem
from begat.api.service.recorder import Recorder
from begat.api.service.socket import socket
from begat.api.service.sparql import sparql
from begat.api.service.state import ANONYMOUS, State
from begat.api.service.threads import Threads
from begat.api.service.welcome import welcome
from begat.capture.person import person
from begat.graph_schema.errors import BegatError
from begat.graph_schema.receipt import JOURNAL
from begat.ingest.receiver import Receiver

#: Titles of what Starlette itself answers.
_TITLES: Final = {404: "not found", 405: "method not allowed"}


def application(
    store: Kept,
    receiver: Receiver,
    project: str,
    rules: Rules,
    limits: Limits | None = None,
    observed: Observed | None = None,
    recorder: Recorder | None = None,
    base: str | None = None,
    answering: Answering | None = None,
    spool: Path | None = None,
) -> Starlette:
    """The application. `project` is asked about where nobody says which; `rules` decide who may ask.

    `recorder` takes what analysts say; without one they can say nothing. `spool` keeps documents that are handed in;
    without one none are taken. `base`: see State. `answering` answers SPARQL. Close the `feed` of its state in the end.
    """
    limits = limits or Limits()
    observed = observed or Observed()
    threads = Threads(limits.threads)
    app = Starlette(
        routes=[*routes(), WebSocketRoute("/graphql", socket)],
        middleware=[Middleware(Gate, rules=rules, observed=observed, limits=limits)],
        exception_handlers={
            BegatError: _by_begat,
            HTTPException: _by_starlette,
            Exception: _unexpected,
        },
    )
    app.router.redirect_slashes = False  # to an address that is made of whatever Host says
    feed = Feed(store.store)
    nobody = person() if rules.hosts is not None else ANONYMOUS
    app.state.begat = State(
        store, project, limits, threads, observed, receiver, rules, feed, Troubles(feed),
        recorder=recorder, nobody=nobody, base=base, sparql=answering, spool=spool,
    )  # fmt: skip
    return app


def routes() -> list[Route]:
    """All there are but the WebSocket; a test walks them."""
    return [
        Route("/", welcome),
        *rest.routes(),
        *linked.routes(),
        Route("/graphql", graphql, methods=["GET", "POST"]),
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route(JOURNAL, journal, methods=["POST"]),
        Route(documents.PATH, documents.documents, methods=["POST"]),
        Route("/openapi.json", rest.openapi),
        Route("/healthz", pages.healthz),
        Route("/metrics", pages.metrics),
    ]


def _by_begat(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, BegatError)
    return problem.answer(wrong)


def _by_starlette(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, HTTPException)
    what = {404: f"there is nothing at {request.url.path}", 405: f"{request.method} cannot be done here"}
    detail = what.get(wrong.status_code, str(wrong.detail))
    headers = dict(wrong.headers or {})
    return problem.answer(Problem(wrong.status_code, _TITLES.get(wrong.status_code, "failed"), detail, headers))


def _unexpected(request: Request, wrong: Exception) -> Response:
    """A fault of ours: Starlette has it logged, the asker is told no more than that."""
    return problem.answer(Problem(500, "failed", "the service failed, and has logged why"))
