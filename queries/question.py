"""A question is data: its words, its parameters, its columns, and the plan that answers it on every store."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import msgspec

from begat.queries.answer import Column, Way
from begat.queries.plan import Query

#: thing: something named by id, path or name (see naming.py); depth: how far a traversal goes.
ParameterType = Literal["thing", "text", "texts", "integer", "number", "time"]
Row = dict[str, Any]
Rows = list[Row]
Values = dict[str, Any]
#: The parameter that every plan has beside the question's own: the time asked about, in microseconds.
NOW: Final = "now"
#: Another, given only where nothing is asked as of a time: there are roll-ups of series then.
PRESENT: Final = "present"


def as_asked(name: str) -> str:
    """The parameter that has the text by which a caller named the thing `name`."""
    return f"{name}_as_asked"


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parameter of a question. `main`: the first, positional one.

    A number is not less than `least`, nor above `most`; a text is one of `words`, where these are few.
    """

    name: str
    type: ParameterType
    help: str
    default: Any = None
    required: bool = False
    main: bool = False
    least: int | None = None
    most: int | None = None
    words: tuple[str, ...] = ()


class Question(msgspec.Struct, frozen=True):
    """`query` may select columns beyond `columns`: those are for `finish`, which gets the rows as stored.

    `derive` makes further values for the plan of the parameters', which are checked and found by then. `details` are
    plans of lists that belong to the rows: asked for the ids of the `key` column, as parameter `ids`, in a statement
    each; the first column says whose a row is, and each row gets its own under the name of the list. `beside` gives
    them further lists of ids: a parameter's name and the column that they stand in. `status` names the
    column that takes the derived status of the activity in column `key`, see status.py; where `only` names some, rows
    of any other status are left out before details are asked for. `finish` sees all that.
    `whole`: it makes the answer of all that the plan finds, and the limit is one on the rows that it makes; else it
    makes one row of each, in their order. The rows of a whole answer are brought in the `order` of their columns, or of
    what else they hold, "-" before the greatest first, which must tell them apart: without it they have no pages.
    `way` is that of a lineage answer: its rows are nodes, with their depth or step, and can be drawn.
    `curves` names the column of the plan with the things whose measures a picture of the answer shows.
    `first` names the parameter that says how many rows are asked for: those beyond it are left out untold.
    """

    name: str
    sentence: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    query: Query
    example: str
    status: str | None = None
    only: tuple[str, ...] = ()
    finish: Callable[[Rows], Rows] | None = None
    derive: Callable[[Values], Values] | None = None
    details: Mapping[str, Query] = {}
    key: str = "id"
    beside: Mapping[str, str] = {}
    whole: bool = False
    order: tuple[str, ...] = ()
    way: Way | None = None
    curves: str | None = None
    first: str | None = None
