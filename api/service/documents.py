"""POST /api/v1/documents: PROV documents come in, as `begat import` takes them, and are answered when committed.

A document is read in a thread of those who ask, one at a time, as it takes memory many times its size; then it is
committed in the receiver's thread, as pieces of journals are.
"""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, BinaryIO, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from begat.api.service import parameters
from begat.api.service.access import Access
from begat.api.service.body import collected, no_room, opened, packing
from begat.api.service.limits import Limits
from begat.api.service.openapi import described_parameter as described
from begat.api.service.openapi import wrong
from begat.api.service.problem import Problem
from begat.api.service.state import State
from begat.graph_schema.errors import FormatError
from begat.graph_schema.store import Store
from begat.ingest.documents.archive import About
from begat.ingest.documents.forms import FORMS, form_of
from begat.ingest.documents.load import Said, commit, said
from begat.queries.documents.media import MEDIA
from begat.queries.question import Parameter

PATH: Final = "/api/v1/documents"
AUTO: Final = "auto"
#: Forms whose media type is no other's.
_BY_MEDIA: Final = {
    media.partition(";")[0]: name
    for name, media in MEDIA.items()
    if name in FORMS and media not in ("application/json", "application/ld+json")
}
#: What its address may have.
KNOWN: Final[Mapping[str, Parameter]] = {
    p.name: p
    for p in (
        Parameter("project", "text", "the project that it goes to"),
        Parameter("format", "text", "its form, before what Content-Type and its beginning say", words=(AUTO, *FORMS)),
    )
}


class Taken(msgspec.Struct):
    """What a document had: all of it is committed but what remarks tell of."""

    project: str
    format: str
    things: int
    relations: int
    bundles: int
    remarks: list[str]


OPENAPI: Final[dict[str, Any]] = {
    PATH: {
        "post": {
            "operationId": "documents",
            "tags": ["hand in"],
            "summary": "Take in a PROV document: all of it, or nothing.",
            "parameters": [described(p) for p in KNOWN.values()],
            "requestBody": {
                "required": True,
                "description": f"A document in one of the forms {', '.join(FORMS)}.",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            },
            "responses": {
                "200": {
                    "description": "It is committed. Sent again it changes nothing.",
                    "content": {"application/json": {"schema": msgspec.json.schema(Taken)["$defs"]["Taken"]}},
                },
                **wrong("400", "401", "403", "405", "408", "409", "413", "415", "501", "503"),
            },
        }
    }
}


async def documents(request: Request) -> Response:
    """Commit a document: 200 with what it had. 409 no document, and where; 413 too large, 415 packed in a way that is
    not read, 503 the store is away or others wait already."""
    state: State = request.app.state.begat
    access: Access = request.scope["begat.access"]
    access.need("write")
    given = parameters.read(request.query_params.multi_items(), KNOWN)
    project = access.of_project(given.get("project"), state.project)
    spool = state.spool
    if spool is None:
        raise Problem(501, "not taken", "this service has no spool to keep documents in")
    encoding = packing(request)
    body = await collected(request, state.limits)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        form = _BY_MEDIA.get(media, AUTO) if given.get("format", AUTO) == AUTO else given["format"]
        async with state.reading:
            about, data, found = await state.threads.do(partial(_read, body, encoding, state.limits, form, project))
    finally:
        body.close()

    def work(store: Store) -> None:
        try:
            commit(store, spool, about, data, found)
        except OSError as e:
            raise no_room(e) from e

    await asyncio.wrap_future(state.receiver.hand_in(work))
    taken = Taken(project, about.form, found.things, found.relations, found.bundles, found.remarks)
    return Response(msgspec.json.encode(taken), media_type="application/json")


def _read(body: BinaryIO, encoding: str, limits: Limits, form: str, project: str) -> tuple[About, bytes, Said]:
    with opened(body, encoding, limits) as piece:
        data = piece.read()
    name = "the body"
    try:
        about = About(form_of(name, data) if form == AUTO else form, project, name)
        return about, data, said(data, about.form, project)
    except FormatError as e:  # the request is one, but what is in it is no document
        raise Problem(409, "no document", str(e)) from e
