"""What a service tells of itself to those who look after it: /healthz and /metrics."""

from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from begat.api.metrics.text import CONTENT_TYPE, rendered
from begat.api.service.access import Access
from begat.api.service.observed import families
from begat.api.service.openapi import wrong
from begat.api.service.state import State


async def healthz(request: Request) -> Response:
    """Whether all is well: 200, or 503. To who is not known it says no more."""
    state: State = request.app.state.begat
    access: Access | None = request.scope.get("begat.access")
    well, told = await state.observed.health(state, None if access is None else access.project)
    if access is None:
        told = {"status": told["status"]}
    return Response(msgspec.json.encode(told), 200 if well else 503, media_type="application/json")


async def metrics(request: Request) -> Response:
    """What Prometheus is told."""
    request.scope["begat.access"].need_all_projects()
    state: State = request.app.state.begat
    return Response(rendered(families(state)), headers={"Content-Type": CONTENT_TYPE})


_HEALTH: Final[dict[str, Any]] = {
    "type": "object",
    "description": "`status` is ok, or what is wrong; the others are told to who is known.",
    "required": ["status"],
    "properties": {
        "status": {"type": "string"}, "pending_events": {"type": "integer"}, "lag_seconds": {"type": "number"},
    },
}  # fmt: skip
#: As OpenAPI has them.
OPENAPI: Final[dict[str, Any]] = {
    "/healthz": {
        "get": {
            "operationId": "healthz",
            "tags": ["look after"],
            "summary": "Whether all is well. Takes no token.",
            "security": [{}, {"token": []}],
            "responses": {
                status: {"description": text, "content": {"application/json": {"schema": _HEALTH}}}
                for status, text in (("200", "All is well."), ("503", "The store is away, or the watcher is stuck."))
            }
            | wrong("401", "405"),
        }
    },
    "/metrics": {
        "get": {
            "operationId": "prometheus",
            "tags": ["look after"],
            "summary": "Counts for Prometheus: it takes a token for all projects.",
            "responses": {
                "200": {"description": "The counts.", "content": {CONTENT_TYPE.partition(";")[0]: {}}},
                **wrong("401", "403", "405"),
            },
        }
    },
}
