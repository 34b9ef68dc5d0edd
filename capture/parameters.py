"""The settings that an author states."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from begat.capture import problems, records, values
from begat.capture.writer import WRITER
from begat.graph_schema.events import Setting

if TYPE_CHECKING:
    from begat.capture.runs import Run


def params(run: "Run", mapping: Any = None, /, **named: Any) -> None:
    """Settings of this run, or of the section that is open: names and values, nested mappings with dots.

    Takes a mapping, a namespace or a dataclass, or keywords. Values whose names look secret are masked.
    """
    try:
        if WRITER.off or not run.states:
            return
        given = {**_mapping(mapping), **named}
        owner = run.section or run.id
        events = [Setting(0, 0, owner, k, v) for k, v in values.settings(given)]
        if events:
            WRITER.emit(*events)
    except Exception as e:  # the hook boundary
        problems.note(e)


def _mapping(given: Any) -> Mapping[Any, Any]:
    if given is None:
        return {}
    found = values.nested(given)
    if found is None and not records.is_record(type(given)):
        found = dict(records.public(given))
        if not found and not type(given).__dictoffset__:
            raise TypeError(f"params takes names and values, not {type(given).__name__}")
    if found is None:
        raise TypeError(f"params: the names and values of a {type(given).__name__} cannot be read")
    return found
