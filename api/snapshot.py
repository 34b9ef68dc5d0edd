"""What doctor says of the snapshot of lineage edges beside an embedded store."""

from importlib.util import find_spec
from typing import Any

from begat.graph_schema.sqlite.snapshot import log
from begat.graph_schema.sqlite.snapshot.beside import SMALL
from begat.graph_schema.store import Store
from begat.queries.accelerated import VARIABLE, way


def snapshot(store: Store, path: str) -> str:
    """Whether it is there and current, and what to do if not."""

    def read(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        return store.read(sql, params)

    state = log.state(read)
    if state is None:
        edges = read("SELECT count(*) FROM (SELECT 1 FROM flow LIMIT :small)", {"small": SMALL})[0][0]
        return "none: lineage is followed by SQL" + (
            "; begat accelerate has much of it followed in memory" if edges == SMALL else ""
        )
    if state.token is None or state.full:
        return "not current, more came in than its log takes: begat accelerate"
    place = log.place(path, state.token)
    if not place.exists():
        return f"{place} is gone: begat accelerate"
    told = f"{place}, {place.stat().st_size / 1e6:,.1f} MB, current, {state.last - state.mark:,} changes since"
    if way() == "off":
        return f"{told}; not used: {VARIABLE}=off"
    return told if find_spec("numpy") else f"{told}; not used: pip install 'begat[fast]'"
