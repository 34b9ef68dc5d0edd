"""What one argument of a captured function is: a thing that is used, what is in a container or record, a setting."""

from typing import Any

from begat.capture import objects, records, scope, things, values
from begat.capture.entity import Entity
from begat.capture.runs import Run
from begat.graph_schema.events import Event, Generated, Node, Setting, Used


def said_of(run: Run, name: str, value: Any) -> list[Event]:
    """What an argument is: a thing that is used, the things and settings in a container or record, or a setting."""
    if isinstance(value, Run):  # handed on so that its hooks can be called: no thing
        return []
    fields = None if objects.is_model(value) else values.nested(value)
    if fields is None:
        parts = objects.parts(value)
        if not parts:
            return settings(run, {name: value})
        events: list[Event] = []
        for place, thing in parts:
            events += use(run, thing, name + place)
            events += _held(run, thing, name + place)
        return events
    outer = scope.current() or run
    flow = {
        key: held for key, held in objects.flowing(fields).items()
        if not records.is_record(type(held)) or objects.is_known(held, outer) or objects.is_model(held)
    }  # fmt: skip
    events = []
    if objects.can_flow(value) and (flow or objects.is_known(value, outer)):
        events += use(run, value, name)
    shown = "[{!r}]" if type(value) is dict else ".{}"
    for key, thing in flow.items():
        events += use(run, thing, name + shown.format(key))
    if flow:
        fields = {key: held for key, held in fields.items() if key not in flow}
    return events + settings(run, {name: fields}) if fields or not flow else events


def _held(run: Run, thing: object, name: str) -> list[Event]:
    """What begat knows of what an object holds is used with it."""
    held = objects.inside(thing)
    if not held:
        return []
    outer = scope.current() or run
    known = [(place, part) for place, part in held if objects.is_known(part, outer)]
    return [event for place, part in known for event in use(run, part, name + place)]


def settings(run: Run, given: dict[str, Any]) -> list[Event]:
    return [Setting(0, 0, run.id, k, v) for k, v in values.settings(given)]


def use(run: Run, thing: object, name: str) -> list[Event]:
    """An argument is used. A model begat has not seen is taken to be made by the activity that hands it on."""
    if isinstance(thing, Entity):
        if not thing.id:
            return []
        run.note_used(thing.id)
        return [Used(0, 0, run.id, thing.id)]
    outer = scope.current()
    events: list[Event] = []
    if objects.is_model(thing):
        events += things.learned(thing, outer, name)
        run.models += (thing,)
    entity = objects.find(thing, outer or run)
    if entity is None:
        node: Node = objects.describe(thing, name, [], {}, shared=True)
        entity = node.id
        came = objects.came_from(thing, entity)
        claimed = outer if not came and outer is not None and objects.is_model(thing) else None
        objects.register(thing, entity, claimed)
        events += [node, *came]
        if claimed is not None:
            events.append(Generated(0, 0, claimed.id, entity, None, claimed.section))
    run.note_used(entity)
    events.append(Used(0, 0, run.id, entity))
    return events
