"""The OpenAPI 3.1 description of the REST routes, made of the endpoints' declarations."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from begat import __version__
from begat.api.service import problem
from begat.api.service.endpoints import Endpoint
from begat.api.service.forms import FORMS
from begat.api.service.limits import Limits
from begat.queries.question import Parameter, ParameterType

_SCHEMAS: Final[Mapping[ParameterType, dict[str, Any]]] = {
    "thing": {"type": "string"},
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "integer": {"type": "integer", "format": "int64"},
    "number": {"type": "number"},
    # Years 1 to 9999; a date alone, and times without an offset, are understood too.
    "time": {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]},
}
ANSWER: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Rows, objects keyed by column. `truncated`: a limit on rows, depth or time left something out; "
    "`pending`: events that are not taken in yet; `next`: what is given as `after` for the page that follows.",
    "required": ["question", "params", "columns", "rows", "truncated", "as_of", "pending"],
    "properties": {
        "question": {"type": "string"},
        "params": {"type": "object"},
        "columns": {"type": "array", "items": {
            "type": "object", "required": ["name", "type"],
            "properties": {n: {"type": ["string", "null"]} for n in ("name", "type", "help", "unit")},
        }},
        "rows": {"type": "array", "items": {"type": "object"}},
        "truncated": {"type": "boolean"},
        "as_of": {"type": ["string", "null"]},
        "pending": {"type": "integer"},
        "next": {"type": "string"},
    },
}  # fmt: skip
PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What was wrong (RFC 9457): `detail` is one line for people.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "nearest": {"type": "array", "items": {"type": "string"}},
        "matches": {"type": "array", "items": {"type": "object"}},
    },
}
#: What may go wrong on every route.
WRONG: Final[Mapping[str, str]] = {
    "400": "A parameter is unknown, missing or of the wrong type.",
    "401": "No token, or one that is unknown, expired or revoked.",
    "403": "The token is for another project, or may less.",
    "404": "Nothing has this id or name (`nearest` may have what was meant), or what is asked is no question.",
    "405": "Another method is understood: the header Allow has it.",
    "406": "There is no such form of the answer.",
    "408": "No more of the body came.",
    "409": "Several things have this name (`matches`); this is no journal or document, or another project's.",
    "413": "The body is larger than is taken.",
    "415": "The body is packed or written in a way that is not read.",
    "501": "That form needs something that is not installed.",
    "503": "The store is away or busy, or the question took too long: Retry-After says when to ask again.",
}
#: The same of what is asked.
ASKING: Final = ("400", "401", "403", "404", "405", "406", "409", "501", "503")


def described(endpoints: Iterable[Endpoint], limits: Limits, others: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The description; `others` are paths that are no Endpoint, as OpenAPI has them."""
    bounds: dict[str, dict[str, Any]] = {"limit": {"maximum": limits.rows}, "time_limit": {"maximum": limits.seconds}}
    paths = {e.path: {"get": _operation(e, bounds)} for e in endpoints}
    return {
        "openapi": "3.1.0",
        "info": {"title": "begat", "version": __version__, "description": "Who begat this model?"},
        "paths": {**paths, **others},
        "components": {
            "schemas": {"Answer": ANSWER, "Problem": PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
    }


def _operation(e: Endpoint, bounds: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Answer"} if e.forms else {"type": "object"}
    media = {f.media.partition(";")[0] for f in FORMS.values()} if e.forms else {"application/json"}
    content = {m: {"schema": schema} if m == "application/json" else {} for m in sorted(media)}
    return {
        "operationId": e.name,
        "tags": [e.tag],
        "summary": e.summary,
        "parameters": [_parameter(e, p, bounds.get(p.name, {})) for p in e.known.values()],
        "responses": {"200": {"description": "The answer.", "content": content}, **wrong(*ASKING)},
    }


def wrong(*statuses: str) -> dict[str, Any]:
    """The responses with these statuses."""
    content = {problem.MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": WRONG[status], "content": content} for status in statuses}


def _parameter(e: Endpoint, p: Parameter, bounds: dict[str, Any]) -> dict[str, Any]:
    return described_parameter(p, in_path=f"{{{p.name}}}" in e.path, **bounds)


def described_parameter(p: Parameter, *, in_path: bool = False, **bounds: Any) -> dict[str, Any]:
    """A parameter of a query, or of a path; `bounds` go into its schema."""
    schema = _SCHEMAS[p.type] | bounds
    if p.least is not None:
        schema["minimum"] = p.least
    if p.most is not None:
        schema["maximum"] = p.most
    if p.words:
        schema["enum"] = list(p.words)
    if p.default is not None:
        schema["default"] = p.default
    return {
        "name": p.name,
        "in": "path" if in_path else "query",
        "required": in_path or p.required,
        "description": p.help,
        "schema": schema,
    }
