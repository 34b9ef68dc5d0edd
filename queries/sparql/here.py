"""One question without a service: the triples are brought up to date by who asks, or by the service that keeps them."""

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Final

from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.errors import StoreBusy
from begat.graph_schema.store import Store
from begat.graph_schema.triples.kept import Kept, read_mark
from begat.queries.documents.export import exported
from begat.queries.sparql.feed import LOADED, Feed

#: Seconds that another process has to come to where the store is.
PATIENCE: Final = 10.0


def bring_up(
    store: Store, folder: Path, project: str, say: Callable[[str], None], *, inferred: bool = False
) -> None:
    """Have the triples of a project in a folder as of now: what is committed meanwhile need not be among them. Raises
    StoreBusy where another process keeps them that does not come there; MissingExtra."""
    end, head = time.monotonic() + PATIENCE, store.head()
    while True:
        try:
            with Kept(folder, project) as kept:
                Feed(store, kept, say, inferred=inferred).catch_up()
            return
        except StoreBusy:
            mark = read_mark(folder)
            if mark is not None and mark.commit >= head:
                return
            if time.monotonic() > end:
                raise
        time.sleep(0.1)


def with_lineage(store: Store, folder: Path, project: str) -> None:
    """All triples of a project with the edges begat:dependsOn, in an empty folder. One event may change the edges of
    many things, so these triples follow nothing. Raises MissingExtra."""
    with Kept(folder, project) as kept:
        kept.clear()
        head = store.head()
        pieces = map(lines, exported(store, project, depends_on=True))
        while piece := b"".join(islice(pieces, LOADED)):
            kept.load(piece)
        kept.publish(head, "")
