"""One question without a service: the triples are brought up to date by who asks, or by the service that keeps them."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from begat.graph_schema.errors import StoreBusy
from begat.graph_schema.store import Store
from begat.graph_schema.triples.kept import Kept, read_mark
from begat.queries.sparql.feed import Feed
from begat.queries.sparql.place import More

#: Seconds that another process has to come to where the store is.
PATIENCE: Final = 10.0


def bring_up(
    store: Store, folder: Path, project: str, say: Callable[[str], None], *, more: More = "no"
) -> None:
    """Have the triples of a project in a folder as of now: what is committed meanwhile need not be among them. Raises
    StoreBusy where another process keeps them that does not come there; MissingExtra."""
    end, head = time.monotonic() + PATIENCE, store.head()
    while True:
        try:
            with Kept(folder, project) as kept:
                Feed(store, kept, say, more=more).catch_up()
            return
        except StoreBusy:
            mark = read_mark(folder)
            if mark is not None and mark.commit >= head:
                return
            if time.monotonic() > end:
                raise
        time.sleep(0.1)
