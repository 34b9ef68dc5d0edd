"""What is needed to make a thing again, and what of that nobody has recorded: see questions/reproduce.py."""

from collections.abc import Iterator

from begat.graph_schema.statements import canonical
from begat.graph_schema.terms import subtypes
from begat.queries.question import Row
from begat.queries.questions.reproduce import USED, needed
from begat.queries.reach import reach
from begat.queries.sparql.finishing.lineage import ACTIVITY, behind
from begat.queries.sparql.finishing.told import Finished, Told, attributes, grouped, things


def finish(told: Told) -> Finished:
    """Of what the makers used, only what stands behind the thing counts."""
    start = told.values["thing"]
    commands = {id_: min((r["command"] for r in of if r["command"] is not None), default=None)
                for (id_,), of in grouped(told.rows["makers"], "id").items()}  # fmt: skip
    acts = {start: {"kind": ACTIVITY}} if start in commands else {}  # an activity is its own maker
    reached = reach(behind(told.rows["edges_behind"], start, acts)).found
    used = grouped([r for r in _used(told) if r["id"] in reached], "of")
    settings = grouped(told.rows["makers_settings"], "of")
    return Finished(needed([
        {"id": id_, "command": command, "used": used.get((id_,), []), "settings": settings.get((id_,), [])}
        for id_, command in sorted(commands.items())
    ]))  # fmt: skip


def _used(told: Told) -> Iterator[Row]:
    for (of, id_), rows in grouped(told.rows["makers_used"], "of", "id").items():
        thing, attrs = things(rows)[id_], canonical(attributes(rows))
        for what, (types, _) in USED.items():
            if any(not set(subtypes(t)).isdisjoint(thing["types"]) for t in types):
                yield {"of": of, "what": what, "name": thing["name"], "id": id_, "attrs": attrs}
