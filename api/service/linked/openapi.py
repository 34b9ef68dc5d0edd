"""The routes of linked data as OpenAPI has them."""

from typing import Any, Final

from begat.api.service import parameters as of
from begat.api.service.openapi import described_parameter, wrong
from begat.queries.documents.media import MEDIA
from begat.queries.question import Parameter

FORMAT: Final = Parameter(
    "format", "text", "the form of the document, before what the Accept header says", words=tuple(MEDIA)
)
TARGET: Final = Parameter("target", "text", "the IRI of a thing; without one, how this is asked")
LIMIT: Final = Parameter("limit", "integer", "how many of each type at most", default=1000, least=1, most=100_000)
_ID: Final = Parameter("id", "text", "an id", required=True)
_LINE: Final = "^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9/._~-]+$"
_GONE: Final = ("400", "401", "403", "404", "405", "503")
_WRONG: Final = ("400", "401", "403", "404", "405", "406", "501", "503")


def _get(name: str, summary: str, *parameters: Parameter, in_path: bool = False) -> dict[str, Any]:
    content: dict[str, Any] = {media.partition(";")[0]: {} for media in MEDIA.values()}
    return _operation(name, summary, (of.PROJECT, FORMAT, *parameters), in_path) | {
        "responses": {"200": {"description": "The document.", "content": content}, **wrong(*_WRONG)}
    }


def _operation(name: str, summary: str, parameters: tuple[Parameter, ...], in_path: bool) -> dict[str, Any]:
    path = [described_parameter(_ID, in_path=True)] if in_path else []
    return {
        "operationId": name,
        "tags": ["linked data"],
        "summary": summary,
        "parameters": [*path, *map(described_parameter, parameters)],
    }


def _turtle(name: str, summary: str) -> dict[str, Any]:
    responses = {"200": {"description": "Turtle.", "content": {"text/turtle": {}}}, **wrong("401", "405")}
    return {"operationId": name, "tags": ["linked data"], "summary": summary, "responses": responses}


_THING: Final = _operation("thing", "A thing: where the document about it is.", (of.PROJECT, FORMAT), True) | {
    "responses": {"303": {"description": "The document is at the address that Location has."}, **wrong(*_GONE)}
}
_PINGBACK: Final = _operation("pingback", "Say where more of a thing's provenance is.", (of.PROJECT,), True) | {
    "requestBody": {
        "required": True,
        "content": {"text/uri-list": {"schema": {"type": "string", "pattern": _LINE, "maxLength": 2000}}},
    },
    "responses": {
        "204": {"description": "It is recorded."},
        **wrong("400", "401", "403", "404", "405", "408", "409", "413", "415", "503"),
    },
}
OPENAPI: Final[dict[str, Any]] = {
    "/id/{id}": {"get": _THING},
    "/data/{id}": {"get": _get("data", "What is recorded of a thing, and its relations.", in_path=True)},
    "/provenance": {"get": _get("provenance", "What a thing comes of, by the lineage law.", TARGET)},
    "/catalog": {"get": _get("catalogue", "The datasets and models, by DCAT.", LIMIT)},
    "/.well-known/void": {"get": _get("void", "What the data are, by VoID.")},
    "/pingback/{id}": {"post": _PINGBACK},
    "/ns": {"get": _turtle("ns", "begat's own words, as an ontology.")},
    "/shapes": {"get": _turtle("shapes", "What documents of begat's hold to, as SHACL.")},
}
