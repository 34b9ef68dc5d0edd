"""What all requests share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from begat.api.graphql.limits import STANDARD
from begat.api.graphql.limits import Limits as GraphqlLimits
from begat.api.service.kept import Kept
from begat.api.service.limits import Limits
from begat.api.service.threads import Threads
from begat.ingest.receiver import Receiver

if TYPE_CHECKING:
    from begat.api.service.observed import Observed


@dataclass(frozen=True)
class State:
    """`project` is asked about where nobody says which; `receiver` commits what is handed in."""

    store: Kept
    project: str
    limits: Limits
    threads: Threads
    observed: "Observed"
    receiver: Receiver
    graphql: GraphqlLimits = STANDARD
