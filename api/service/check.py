"""GET /api/v1/check: whether what is recorded is valid by PROV-CONSTRAINTS, told as `begat check` tells it."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from begat.api.checking import as_object, behind, lines, recorded
from begat.api.service import parameters
from begat.api.service.access import Access
from begat.api.service.etag import tagged
from begat.api.service.forms import Form, chosen
from begat.api.service.limits import Limits
from begat.api.service.openapi import described_parameter, wrong
from begat.api.service.problem import Problem
from begat.api.service.state import State
from begat.graph_schema.errors import MissingExtra, UsageError
from begat.ingest.documents.archive import prefixes
from begat.queries.clock import within
from begat.queries.constraints.check import Checked
from begat.queries.elsewhere import elsewhere
from begat.queries.question import Parameter

PATH: Final = "/api/v1/check"
Told = dict[str, Checked]


def _text(told: Told) -> bytes:
    return "".join(f"{line}\n" for name, found in told.items() for line in lines(name, found)).encode()


#: The first is sent to who does not say what they want.
CHECKS: Final[Mapping[str, Form[Told]]] = {
    "json": Form("application/json", lambda told: msgspec.json.encode(as_object(told))),
    "text": Form("text/plain; charset=utf-8", _text),
}
#: What its address may have.
KNOWN: Final[Mapping[str, Parameter]] = {
    p.name: p
    for p in (
        parameters.PROJECT,
        parameters.TIME_LIMIT,
        Parameter("format", "text", "the form, before what the Accept header says", words=tuple(CHECKS)),
        Parameter("of", "thing", "this thing and what it depends on, not all of the project"),
    )
}
_OBJECT: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What was checked: statements, instances (bundles, and what is outside of them), how many "
    "violations of which constraint, and violations themselves, 100 of each constraint and instance at most.",
    "required": ["valid", "checked"],
    "properties": {"valid": {"type": "boolean"}, "checked": {"type": "array", "items": {"type": "object"}}},
}


def described(limits: Limits) -> dict[str, Any]:
    """The route, as OpenAPI has it."""
    bounds: dict[str, dict[str, Any]] = {"time_limit": {"maximum": limits.seconds}}
    operation = {
        "operationId": "check",
        "tags": ["look around"],
        "summary": "Whether a project, or a thing and what is behind it, is valid by PROV-CONSTRAINTS.",
        "parameters": [described_parameter(p, **bounds.get(p.name, {})) for p in KNOWN.values()],
        "responses": {
            "200": {
                "description": "What came of the check, whether it is valid or not.",
                "content": {"application/json": {"schema": _OBJECT}, "text/plain": {}},
            },
            "304": {"description": "It is what the ETag stands for that If-None-Match has."},
            **wrong("400", "401", "403", "404", "405", "406", "409", "503"),
        },
    }
    return {PATH: {"get": operation}}


async def check(request: Request) -> Response:
    """Check it, one at a time: a large project takes seconds, and memory for each statement."""
    state: State = request.app.state.begat
    access: Access = request.scope["begat.access"]
    given = parameters.read(request.query_params.multi_items(), KNOWN)
    form = chosen(given.get("format"), request.headers.get("accept"), CHECKS)
    project, thing = access.of_project(given.get("project"), state.project), given.get("of")
    seconds = parameters.seconds(given.get("time_limit"), state.limits.seconds)
    name = f"project {project}" if thing is None else thing

    def work() -> bytes:
        known = {} if state.spool is None else prefixes(state.spool, project)
        with elsewhere(), within(seconds):
            try:
                store = state.store.store()
                only = None if thing is None else behind(store, thing, project)
                return form.write({name: recorded(store, project, known, only)})
            except MissingExtra:
                raise
            except UsageError as e:  # each parameter is what it should be, and there is too much behind the thing
                raise Problem(404, "no such answer", str(e)) from e

    async with state.checking:
        body = await state.threads.do(work)
    return tagged(request, body, form.media, {})
