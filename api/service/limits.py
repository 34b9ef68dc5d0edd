"""How much of everything: each limit has a number, a flag of `begat serve`, and is told by its name when it is met."""

from typing import Annotated

import msgspec

Positive = Annotated[int, msgspec.Meta(ge=1)]


class Limits(msgspec.Struct, frozen=True):
    """Defaults are those of `begat serve`."""

    #: Questions asked of the store at once.
    threads: Positive = 8
    #: Seconds that a question may take.
    seconds: float = 60.0
    #: Rows of an answer.
    rows: Positive = 100_000
    #: Bytes of a request's body.
    body: Positive = 64 << 20
    #: Processes that answer SPARQL, and bytes of memory that each may take.
    workers: Positive = 4
    memory: Positive = 1 << 30
    #: Connections at once.
    connections: Positive = 1_000
    #: WebSockets at once, and subscriptions on all of them.
    sockets: Positive = 500
    subscriptions: Positive = 1_000
    #: Seconds that a client may take to send a request, and to send more of its body.
    patience: float = 20.0
