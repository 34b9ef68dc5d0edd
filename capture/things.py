"""From what a user hands to a hook to the entity it is: a handle, an id, an address, a file, a folder, an object."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from begat.capture import files, objects, paths, problems, records, values
from begat.capture.entity import Entity
from begat.capture.files import Found
from begat.capture.type_names import types as type_names
from begat.graph_schema.events import Event, Generated, Node, Relate, Used

if TYPE_CHECKING:
    from begat.capture.runs import Run


#: What a thing is by the role it is used in, where its user gives no type.
ROLES: Final = {
    "base_model": "Model",
    "teacher": "Model",
    "checkpoint": "Checkpoint",
    "label": "Label",
    "labels": "Label",
    "publication": "Publication",
}


def find(
    thing: Any, run: "Run", types: list[str], name: str | None, given: dict[str, Any],
    *, used: bool, claim: bool = False,
) -> Found:  # fmt: skip
    """The entity a thing is now. An object that begat has not seen is a new one.

    With `claim` such an object is taken to have been made by this run, no later than now (a model that is scored in
    the run that trained it); what begat assumes so holds within this run's family only.
    """
    if isinstance(thing, Entity):
        if not thing.id:
            return find(thing.__fspath__(), run, types, name, given, used=used)
        if types or given:
            return Found(thing, [Node(0, 0, thing.id, "Entity", types, name, given)])
        return Found(thing, [])
    if isinstance(thing, bytes):
        thing = os.fsdecode(thing)
    if isinstance(thing, str | os.PathLike):
        path = os.fspath(thing)
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if len(path) > values.LONGEST:
            raise ValueError(f"a text of {len(path)} characters is no path")
        if path.startswith("urn:"):
            return find(Entity(path, name), run, types, name, given, used=used)
        if "://" in path:
            from begat.capture import addresses

            here = addresses.path_of(path)
            if here is None:
                return addresses.find(path, types or files.default_types(path, used), name, given)
            path = here
        return paths.find(path, types, name, given, used=used)
    if isinstance(thing, tuple | list) and len(thing) == 1:
        return find(thing[0], run, types, name, given, used=used, claim=claim)
    if not objects.can_flow(thing):
        raise TypeError(f"{type(thing).__name__} is no file, handle or object that can be followed")
    renewed = learned(thing, run, name)
    known = objects.find(thing, run)
    if known is not None:
        more: list[Event] = renewed
        if "digest" in given:
            given = objects.with_content(thing, given)
        more += [Node(0, 0, known, "Entity", types, name, given)] if types or given or name else []
        return Found(Entity(known, name), more)
    node = objects.describe(thing, name or _name_of(thing), types or (["Model"] if claim else []), given)
    came = objects.came_from(thing, node.id)
    claim = claim and not came
    objects.register(thing, node.id, run if claim else None)
    events: list[Event] = [node, *came]
    if claim:
        events.append(Generated(0, 0, run.id, node.id, None, run.section))
    return Found(Entity(node.id, node.name), events)


def make(
    thing: Any, run: "Run", types: list[str], name: str | None, given: dict[str, Any], *, shared: bool = False
) -> Found:
    """The entity that a run has made: a file's present version, a new version of an object.

    With `shared` its digest shares a bounded part of the time, see `content.facts`.
    """
    if isinstance(thing, Entity):
        path = thing.path
        if path is None or not os.path.lexists(path):
            return find(thing, run, types, name, given, used=False)
        # A handle names the version it was made for; what was made is the one that is there now.
        thing, name = path, name or thing.name
    if isinstance(thing, str | bytes | os.PathLike):
        return find(thing, run, types, name, given, used=False)
    if not objects.can_flow(thing):
        raise TypeError(f"{type(thing).__name__} is no file, handle or object that can be followed")
    before = objects.find(thing, run)
    events: list[Event] = []
    if before is not None and before not in run.used_ids:
        run.note_used(before)
        events.append(Used(0, 0, run.id, before, None, run.section))
    node = objects.describe(thing, name or _name_of(thing), types, given, shared)
    events += [node, *(objects.came_from(thing, node.id) if before is None else ())]
    objects.register(thing, node.id)
    return Found(Entity(node.id, node.name), events)


def learned(thing: object, run: "Run | None", name: str | None = None) -> list[Event]:
    """What there is to say of a model that was fitted where nobody saw it: it is a new version of itself.

    The run that comes upon it has made it; without one it is derived from what it was.
    """
    before = objects.find(thing, run)
    if before is None or not objects.has_learned(thing):
        return []
    if run is not None:
        return refitted(thing, run, name)
    node = objects.describe(thing, name or _name_of(thing), [], {})
    objects.register(thing, node.id)
    return [node, Relate(0, 0, "wasDerivedFrom", node.id, before)]


def refitted(thing: object, run: "Run", name: str | None = None) -> list[Event]:
    """A new version of a model, which this run has made of it."""
    found = make(thing, run, [], name, {})
    return [*found.events, Generated(0, 0, run.id, found.entity.id, None, run.section)]


def causes(of: Any, run: "Run") -> tuple[list[Event], list[str]]:
    """The ids of what something was made of, and what is to be said of it first.

    What begat does not know is told, and the rest does not restrict.
    """
    found = []
    said: list[Event] = []
    for thing in of if isinstance(of, list | tuple | set | frozenset) else (of,):
        if objects.can_flow(thing):
            said += learned(thing, run)
        known = _known(thing, run)
        if known is None:
            what = repr(thing) if isinstance(thing, str | os.PathLike) else f"a {type(thing).__name__}"
            problems.warn(
                f"generated(of=...): begat has not seen {what}; recorded as depending on all that was used so far. "
                "Hand it to begat.generated(...) where it is made"
            )
            return said, []
        found.append(known)
    return said, list(dict.fromkeys(found))


def types_in(role: str | None, given: str | Iterable[str] | None) -> list[str]:
    """The types given, else the one that the role implies, if it does."""
    known = ROLES.get(role or "")
    return type_names(given) or ([known] if known else [])


def _known(thing: Any, run: "Run") -> str | None:
    if isinstance(thing, Entity):
        return thing.id or None
    if isinstance(thing, str | bytes | os.PathLike):
        path = os.fsdecode(thing)
        if "://" not in path:
            return path if path.startswith("urn:") else files.known(path)
        from begat.capture import addresses

        here = addresses.path_of(path)
        return addresses.known(path) if here is None else files.known(here)
    return objects.find(thing, run) if objects.can_flow(thing) else None


def _name_of(thing: object) -> str:
    """What an object calls itself (a Series' or a layer's name), else its class."""
    # Without its class's own code, unless that is a property.
    name = records.public(thing).get("name") or (getattr(thing, "name", None) if hasattr(type(thing), "name") else None)
    return values.clean(name) if isinstance(name, str) and name else type(thing).__name__
