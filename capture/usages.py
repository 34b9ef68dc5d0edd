"""What a run uses: files, folders, addresses and objects; models that are scored, and on which data."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from begat.capture import problems, things, values
from begat.capture.entity import Entity, unrecorded
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Event, Generated, Node, Relate, Used

if TYPE_CHECKING:
    from begat.capture.runs import Run


def used(
    run: "Run", thing: Any, role: str | None = None, type: str | Iterable[str] | None = None,
    *, name: str | None = None, **attributes: Any,
) -> Entity:  # fmt: skip
    """This run uses a file, a folder, an object or a handle, from here on.

    A folder or a pattern (`data/*.csv`) is all the files in it. Files are read whole, so that the version used is
    known: up to 16 MB here, more by a thread, unless `digest` says "now", "later" or "sampled", or is the digest
    itrun ("sha256:..."). An address is as it is given; `version` (its version id or ETag) or `digest` say which
    version. What is not there is recorded as such. Files of no other known type are taken as Dataset. The handle
    can be opened like the path it was made from.
    """
    try:
        if WRITER.off:
            return unrecorded(thing)
        role, name = values.name_or_none(role), values.name_or_none(name)
        kinds = things.types_in(role, type)
        found = things.find(thing, run, kinds, name, values.attributes(attributes), used=True)
        run.note_used(found.entity.id, *(m.id for m in found.members))
        WRITER.emit(*found.events, Used(0, 0, run.id, found.entity.id, role, run.section))
        return found.entity
    except Exception as e:  # the hook boundary
        problems.note(e)
        return unrecorded(thing)


def evaluated(run: "Run", model: Any, on: Any = None, split: str | None = None, **measures: Any) -> tuple[Entity, ...]:
    """A model was scored: one ModelEvaluation a measure, each of the model and on the data.

    `run.evaluated(model, on="test.csv", split="test", accuracy=0.97)`. Model and data are used by this run from
    here on; both are files, objects or handles, `on` also several of them. Returns the evaluations' handles, in
    the measures' order.
    """
    try:
        if WRITER.off:
            return tuple(Entity("", m) for m in measures)
        scored = things.find(model, run, [], None, {}, used=True, claim=True)
        events: list[Event] = [*scored.events, Used(0, 0, run.id, scored.entity.id, None, run.section)]
        run.note_used(scored.entity.id)
        data = []
        role = values.name_or_none(split)
        for thing in () if on is None else on if isinstance(on, tuple | list) else (on,):
            found = things.find(thing, run, [], None, {}, used=True)
            data.append(found.entity.id)
            run.note_used(found.entity.id, *(m.id for m in found.members))
            events += [*found.events, Used(0, 0, run.id, found.entity.id, role, run.section)]
        facts = values.attributes({"split": role})
        made = []
        for measure, value in ((values.name(m), v) for m, v in measures.items()):
            v = Entity(ids.mint(), measure)
            made.append(v)
            types = ["ModelEvaluation"]
            events += [
                Node(0, 0, v.id, "Entity", types, measure, facts, values.plain(value)),
                Generated(0, 0, run.id, v.id, None, run.section),
                Relate(0, 0, "evaluationOf", v.id, scored.entity.id),
            ]
            events += (Relate(0, 0, "onData", v.id, d) for d in data)
        WRITER.emit(*events)
        return tuple(made)
    except Exception as e:  # the hook boundary
        problems.note(e)
        return tuple(Entity(ids.mint(), m) for m in measures)
