"""What all requests share."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from begat.api.graphql.limits import STANDARD
from begat.api.graphql.limits import Limits as GraphqlLimits
from begat.api.graphql.live.feed import Feed
from begat.api.graphql.live.trouble import Troubles
from begat.api.service.answering import Answering
from begat.api.service.kept import Kept
from begat.api.service.limits import Limits
from begat.api.service.recorder import Recorder
from begat.api.service.threads import Threads
from begat.graph_schema import ids
from begat.graph_schema.events import Node
from begat.ingest.receiver import Receiver

if TYPE_CHECKING:
    from begat.api.service.gate import Rules
    from begat.api.service.observed import Observed

#: Who says something where nobody has to say who they are.
ANONYMOUS: Final = Node(0, 0, ids.agreed("agent", "anonymous"), "Agent", [], "anonymous")


@dataclass(frozen=True)
class State:
    """`project` is asked about where nobody says which; `receiver` commits what is handed in.

    `recorder` takes what analysts say, if they may say anything; `nobody` is who says it without a token.
    `base`: the IRI that this service is known by, which ends with a slash; without one it is called as it was asked.
    `spool` keeps the documents that are handed in, if any may be; `reading` is had by who reads one,
    `checking` by who checks what is recorded.
    """

    store: Kept
    project: str
    limits: Limits
    threads: Threads
    observed: "Observed"
    receiver: Receiver
    rules: "Rules"
    feed: Feed
    troubles: Troubles
    graphql: GraphqlLimits = STANDARD
    recorder: Recorder | None = None
    nobody: Node = ANONYMOUS
    base: str | None = None
    sparql: Answering | None = None
    spool: Path | None = None
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    checking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
