"""A question is data: its words, its parameters, its columns, and the plan that answers it on every store."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from begat.queries.answer import Column
from begat.queries.plan import Query

#: thing: something named by id, path or name (see naming.py); depth: how far a traversal goes.
ParameterType = Literal["thing", "text", "integer", "number", "time"]
Rows = list[dict[str, Any]]


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

    `status` names the column that takes the derived status of the row's node (id), see status.py.
    """

    name: str
    sentence: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    query: Query
    example: str
    status: str | None = None
    finish: Callable[[Rows], Rows] | None = None
