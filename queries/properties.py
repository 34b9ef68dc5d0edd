"""What a plan may read of a node: single properties, and tables of rows that belong to it. Times in microseconds.

A node as seen is the union of its visible descriptions; of a single value the latest by position stands. As of a
time T, starts and ends after T are not yet known, a name or value is the latest said by T (and the present one where
none is: only the latest moment at which a name was said is kept).
"""

from typing import Final, Literal

Type = Literal["id", "text", "integer", "number", "time", "json", "relation"]

PROPERTIES: Final[dict[str, Type]] = {
    "id": "id",
    "name": "text",
    "kind": "text",  # Activity, Agent or Entity, in this order where a node is several
    "type": "text",  # the first of its types: begat's own in the order of terms.TYPES, then foreign ones
    "value": "json",
    "number": "number",
    "started": "time",
    "ended": "time",  # none while who has resumed the activity goes on with it
    "seen": "time",  # its start, else when its name was last said
}

TABLES: Final[dict[str, dict[str, Type]]] = {
    # The points of an activity's series; value is null where nan is 1, labels the context as canonical JSON or "".
    "point": {
        "step": "number", "name": "text", "labels": "json", "value": "number", "nan": "integer", "at": "time",
        "section": "id",
    },
    "rollup": {
        "name": "text", "labels": "json", "count": "integer", "nan": "integer", "infinite": "integer",
        "first": "number", "last": "number", "last_step": "number",
        "min": "number", "argmin": "number", "max": "number", "argmax": "number",
    },
    # Every start and end that was stated, with its writer's id.
    "start": {"writer": "text", "at": "time"},
    "end": {"writer": "text", "at": "time", "outcome": "text", "error": "text", "trace": "text"},
    "type": {"type": "text"},
    # One row a bundle that describes the node; attrs: JSON object, each value a sorted list.
    "description": {"bundle": "text", "attrs": "json"},
    # Names and values that later ones have overruled.
    "past": {"key": "text", "value": "text", "at": "time"},
}
