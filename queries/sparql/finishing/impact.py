"""What hangs on a thing at its least depth, and on the data that has it as a feature: see questions/impact.py."""

from typing import Final

from begat.queries.paging import ordered
from begat.queries.question import Rows
from begat.queries.reach import reach
from begat.queries.sparql.finishing.lineage import after
from begat.queries.sparql.finishing.told import Finished, Told, grouped, things

_NEAREST: Final = ("depth", "via")


def finish(told: Told) -> Finished:
    """Of several ways the nearest one."""
    start, rows = told.values["thing"], told.rows["things_after"]
    known, edges = things(rows), told.rows["edges_after"]
    again = grouped([r for r in rows if r["made"] is not None], "id")
    made = {id_: [r["made"] for r in of] for (id_,), of in again.items()}
    found = reach(after(edges, start, known, made), told.values["depth"])
    ways: dict[str, Rows] = {id_: [{"depth": r.depth, "via": min(r.vias)}] for id_, r in found.found.items()}
    if start in known and "Feature" in known[start]["types"]:
        for data in {r["id"] for r in rows if r["featured"]}:
            ways.setdefault(data, []).append({"depth": 1, "via": start})
            for id_ in reach(after(edges, data, known, made)).found:
                ways.setdefault(id_, []).append({"depth": None, "via": None})
    return Finished([{**known[id_], **ordered(of, _NEAREST)[0]} for id_, of in ways.items()], found.truncated)
