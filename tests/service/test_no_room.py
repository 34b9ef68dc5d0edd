"""Bodies that there is no room for: a full disk is the service's trouble, told as 503."""

import asyncio
import resource
from pathlib import Path

import httpx

from begat.api.service.app import application
from begat.api.service.gate import Rules
from begat.api.service.kept import Kept
from begat.api.service.tokens import Tokens
from begat.graph_schema.store import open_store
from begat.ingest.receiver import Receiver
from begat.ingest.unpacked import IN_MEMORY
from tests.service.test_journal import JOURNAL, body


def test_a_body_that_cannot_be_kept(tmp_path: Path) -> None:
    file = tmp_path / "graph.db"
    address = f"sqlite:///{file}"
    open_store(address).close()
    store, receiver = Kept(address, file, create=False), Receiver(address, file)
    app = application(store, receiver, "default", Rules(Tokens(tmp_path / "tokens.db"), needed=False))

    async def sent(content: bytes) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.post(JOURNAL, content=content)

    # No file may grow beyond what is kept in memory: as on a disk without room, but for this test alone.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (IN_MEMORY, before[1]))
    try:
        wrong = asyncio.run(sent(body() + b"\n" * (IN_MEMORY + 1)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (wrong.status_code, wrong.json()["title"]) == (503, "no room")
    assert int(wrong.headers["retry-after"]) > 0
    assert asyncio.run(sent(body())).json()["committed"] == 51
    app.state.begat.feed.close()
    receiver.close()
    store.close()
