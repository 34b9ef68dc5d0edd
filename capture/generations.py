"""What a run makes: files, folders and objects, and what they depend on."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from begat.capture import files, problems, things, type_names, values
from begat.capture.entity import Entity, unrecorded
from begat.capture.writer import WRITER
from begat.graph_schema.events import Generated

if TYPE_CHECKING:
    from begat.capture.runs import Run


def generated(
    run: "Run", thing: Any, type: str | Iterable[str] | None = None, role: str | None = None,
    *, of: Any = None, name: str | None = None, **attributes: Any,
) -> Entity:  # fmt: skip
    """This run made a file, a folder or an object: it depends on what the run has used until here.

    With `of` (an object, handle or path that begat knows, or several) it depends on that alone: a model that is
    saved after it was tested does not depend on the test data. Of a folder, the files in it that this run has not
    used, and neither it nor its parts have made before, are its work too. `digest` and `version` as in used().
    """
    try:
        if WRITER.off:
            return unrecorded(thing)
        return state(run, thing, type_names.types(type), role, of, name, attributes)
    except Exception as e:  # the hook boundary
        problems.note(e)
        return unrecorded(thing)


def state(
    run: "Run", thing: Any, types: list[str], role: Any, of: Any, name: Any, attributes: dict[str, Any],
    *, unless_used: bool = False,
) -> Entity:  # fmt: skip
    """State that a run made a thing. May raise: its callers are the hooks' boundary.

    With `unless_used`, what the run has used as it is now is described, and not made by it.
    """
    said, causes = things.causes(of, run) if of is not None else ([], [])
    role, name = values.name_or_none(role), values.name_or_none(name)
    found = things.make(thing, run, types, name, values.attributes(attributes))
    events = [*said, *found.events]
    used = {files.same(i) for i in run.used_ids} if found.members or unless_used else set[str]()
    before = used | {files.same(i) for i in run.made_ids} if found.members else used
    new = [m.id for m in found.members if files.same(m.id) not in before]
    if not unless_used or files.same(found.entity.id) not in used:
        new.append(found.entity.id)
    for made in new:
        others = [c for c in causes if files.same(c) != files.same(made)]
        if others or not causes:  # what was made of itself alone is what it was
            its = role if made == found.entity.id else None
            events.append(Generated(0, 0, run.id, made, its, run.section, others))
    if events:
        WRITER.emit(*events)
    run.note_made(new)
    return found.entity
