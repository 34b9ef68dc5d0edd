"""POST /api/v1/journal: pieces of journals come in, and are answered when they are committed.

The loop collects a body; it is unpacked and committed in the receiver's thread, one after the other, so that a hundred
senders are a queue that takes no thread from those who ask.
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
from begat.api.service.body import collected, opened, packing
from begat.api.service.limits import Limits
from begat.api.service.openapi import described_parameter as described
from begat.api.service.openapi import wrong
from begat.api.service.problem import Problem
from begat.api.service.state import State
from begat.graph_schema.errors import FormatError
from begat.graph_schema.receipt import JOURNAL, Receipt
from begat.graph_schema.store import Store
from begat.ingest.received import Foreign, receive
from begat.ingest.unpacked import READERS
from begat.queries.question import Parameter

#: What a journal is sent as; any other is taken as well.
MEDIA: Final = "application/octet-stream"
OFFSET: Final = Parameter(
    "offset", "integer", "the byte of the segment at which the lines behind the header begin", least=0, most=2**62
)
ENDED: Final = Parameter("ended", "text", "the writer will not finish the last line", words=("true", "false"))
#: What its address may have.
KNOWN: Final[Mapping[str, Parameter]] = {p.name: p for p in (OFFSET, ENDED)}

#: As OpenAPI has it.
OPENAPI: Final[dict[str, Any]] = {
    JOURNAL: {
        "post": {
            "operationId": "journal",
            "tags": ["hand in"],
            "summary": "Take in a piece of a journal: its header line, and whole lines from some byte on.",
            "parameters": [described(p) for p in KNOWN.values()],
            "requestBody": {
                "required": True,
                "description": "As hooks write it: lines of `crc32 json`, the first of them the header; packed as the "
                f"header Content-Encoding says: {', '.join(filter(None, READERS))}.",
                "content": {MEDIA: {"schema": {"type": "string", "format": "binary"}}},
            },
            "responses": {
                "200": {
                    "description": "It is committed: up to where, and what had to be kept aside.",
                    "content": {"application/json": {"schema": msgspec.json.schema(Receipt)["$defs"]["Receipt"]}},
                },
                **wrong("400", "401", "403", "405", "408", "409", "413", "415", "501", "503"),
            },
        }
    }
}  # fmt: skip


async def journal(request: Request) -> Response:
    """Commit a piece: 200 with a Receipt. 400 not packed as it says, 409 no journal or another project's, 413 too
    large, 415 packed in a way that is not read, 503 the store is away or others wait already."""
    state: State = request.app.state.begat
    access: Access = request.scope["begat.access"]
    access.need("write")
    given = parameters.read(request.query_params.multi_items(), KNOWN)
    encoding = packing(request)
    body = await collected(request, state.limits)
    try:
        work = partial(
            _commit, body=body, encoding=encoding, limits=state.limits, offset=given.get("offset"),
            ended=given.get("ended") == "true", project=access.project,
        )  # fmt: skip
        receipt = await asyncio.wrap_future(state.receiver.hand_in(work))
    finally:
        body.close()
    return Response(msgspec.json.encode(receipt), media_type="application/json")


def _commit(
    store: Store, *, body: BinaryIO, encoding: str, limits: Limits, offset: int | None, ended: bool, project: str | None
) -> Receipt:
    with opened(body, encoding, limits) as piece:
        try:
            return receive(store, piece, offset, project=project, ended=ended)
        except FormatError as e:  # the request is one, but what is in it disagrees with itself
            raise Problem(409, "no journal", str(e)) from e
        except Foreign as e:
            raise Problem(409, "another project's", str(e)) from e
