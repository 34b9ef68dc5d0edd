"""`/`: what this is and where to go on, for who opens it in a browser. It tells nothing of what is recorded."""

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from begat import __version__
from begat.api.service.endpoints import PREFIX
from begat.api.service.etag import tagged
from begat.api.service.forms import Form, chosen
from begat.api.service.openapi import wrong

#: Addresses, and what is there.
LINKS: Final[Mapping[str, str]] = {
    "/graphql": "GraphQL: a document by POST, or by GET as ?query=",
    f"{PREFIX}/questions": "the questions that can be asked over REST, with their parameters",
    f"{PREFIX}/runs": "one row a run",
    "/openapi.json": "REST and linked data, described for programs",
    "/sparql": "SPARQL 1.1: a query by POST, or by GET as ?query=; without one, how it is asked",
    "/catalog": "datasets and models, as a DCAT catalogue",
    "/.well-known/void": "what the data are, and how to get them, by VoID",
    "/healthz": "whether all is well",
}
Links = Mapping[str, str]


@cache
def _page() -> Template:
    return Template(files("begat.api.service").joinpath("welcome.html").read_text("utf-8"))


def _as_html(links: Links) -> bytes:
    shown = "\n".join(f'<dt><a href="{to}">{to}</a></dt><dd>{escape(what)}</dd>' for to, what in links.items())
    return _page().substitute(version=escape(__version__), links=shown).encode()


def _as_json(links: Links) -> bytes:
    return msgspec.json.encode({"title": "begat", "version": __version__, "links": links})


FORMS: Final[Mapping[str, Form[Links]]] = {
    "html": Form("text/html; charset=utf-8", _as_html),
    "json": Form("application/json", _as_json),
}


async def welcome(request: Request) -> Response:
    """The page, or the same as JSON, by Accept."""
    form = chosen(None, request.headers.get("accept"), FORMS)
    return tagged(request, form.write(LINKS), form.media, {})


_JSON: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["title", "version", "links"],
    "properties": {
        "title": {"type": "string"},
        "version": {"type": "string"},
        "links": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
OPENAPI: Final[dict[str, Any]] = {
    "/": {
        "get": {
            "operationId": "welcome",
            "tags": ["look around"],
            "summary": "What this is, and where to go on: a page for people, or JSON.",
            "responses": {
                "200": {
                    "description": "Addresses, each with what is there.",
                    "content": {"text/html": {}, "application/json": {"schema": _JSON}},
                },
                **wrong("401", "405", "406"),
            },
        }
    }
}
