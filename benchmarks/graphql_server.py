"""`python -m benchmarks.graphql_server STORE`: the service, and in the same process the routes it is compared with.

/by-hand?n= is made by hand for just these rows, /strawberry is a schema as strawberry's documentation would have it,
/uncompiled?n= the service's own schema, executed by strawberry: what answers documents that are not compiled.
Its address is its one line of output; it ends when its standard input does.
"""

import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from strawberry.asgi import GraphQL

from begat.api.graphql.asking import Asking, Context
from begat.api.graphql.documents import DOCUMENTS
from begat.api.graphql.execute import Request as Asked
from begat.api.graphql.execute import by_strawberry, encoded
from begat.api.graphql.limits import STANDARD
from begat.api.service.app import application
from begat.api.service.gate import Rules
from begat.api.service.kept import Kept
from begat.api.service.limits import Limits
from begat.api.service.server import listening, serve
from begat.api.service.tokens import Tokens
from begat.ingest.receiver import Receiver
from begat.ingest.watch.log import Log
from begat.ingest.watch.stop import Stop
from benchmarks.by_hand_rows import QUERY, by_hand
from benchmarks.plain_strawberry import SCHEMA


class Plain(GraphQL[Any, Any]):
    """Strawberry's own application, told where the rows are."""

    def __init__(self, store: Kept) -> None:
        super().__init__(SCHEMA)
        self._store = store

    async def get_context(self, request: Any, response: Any) -> Any:
        return {"store": self._store.store()}


def main(address: str, folder: Path) -> None:
    """Serve until the standard input ends."""
    file = Path(urlsplit(address).path) if address.startswith("sqlite:") else None
    store, receiver = Kept(address, file, create=False), Receiver(address, file)
    app = application(store, receiver, "default", Rules(Tokens(folder / "tokens.db"), needed=False))

    def route(request: Request) -> Response:
        body = msgspec.json.decode(request.query_params["n"], type=int)
        return Response(by_hand(store.store(), body), media_type="application/json")

    def uncompiled(request: Request) -> Response:
        asked = Asked(QUERY, variables={"n": msgspec.json.decode(request.query_params["n"], type=int)})
        body = by_strawberry(DOCUMENTS.get(QUERY, STANDARD), asked, Asking(Context(store.store())))
        return Response(encoded(body), media_type="application/json")

    app.router.routes += [
        Route("/by-hand", route), Route("/uncompiled", uncompiled), Mount("/strawberry", Plain(store)),
    ]  # fmt: skip
    where = listening("127.0.0.1", 0)
    print("http://{}:{}".format(*where.getsockname()), flush=True)
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        serve(app, where, Limits(), None, Stop(), Log())
    finally:
        receiver.close()
        store.close()


def _end_with_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(sys.argv[1], Path(made))
