"""A question is data: its words, its parameters, its columns, and the plan that answers it on every store."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from begat.queries.answer import Column
from begat.queries.plan import Query

#: thing: something named by id, path or name (see naming.py); depth: how far a traversal goes.
ParameterType = Literal["thing", "text", "texts", "integer", "number", "time"]
Rows = list[dict[str, Any]]
Values = dict[str, Any]


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parameter of a question. `main`: the first, positional one; `least`: a number is not less than this."""

    name: str
    type: ParameterType
    help: str
    default: Any = None
    required: bool = False
    main: bool = False
    least: int | None = None


class Question(msgspec.Struct, frozen=True):
    """`query` may select columns beyond `columns`: those are for `finish`, which gets the rows as stored.

    `derive` makes further values for the plan of the parameters', which are checked and found by then. `details` are
    plans of lists that belong to the rows: asked for the ids of the `key` column, as parameter `ids`, in a statement
    each; the first column says whose a row is, and each row gets its own under the name of the list. `finish` sees
    them. `status` names the column that takes the derived status of the node in column `key`, see status.py.
    """

    name: str
    sentence: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    query: Query
    example: str
    status: str | None = None
    finish: Callable[[Rows], Rows] | None = None
    derive: Callable[[Values], Values] | None = None
    details: Mapping[str, Query] = {}
    key: str = "id"
