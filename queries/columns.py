"""Columns and expressions that many answers share, so that a node shows alike everywhere."""

from typing import Final

from begat.queries.answer import Column
from begat.queries.expr import Expr, Prop, Var, op
from begat.queries.question import Parameter

ID: Final = Column("id", "id", "the node's id")
NAME: Final = Column("name", "text", "its name; a file's is its path")
TYPE: Final = Column("type", "text", "the first of its types")
KIND: Final = Column("kind", "text", "Entity, Activity or Agent")
DEPTH: Final = Column("depth", "integer", "least number of entities and activities on the way")
VIA: Final = Column("via", "id", "the node before it on a least way")
STATUS: Final = Column("status", "text", "of an activity: RUNNING, FINISHED, FAILED, KILLED or LOST")
STARTED: Final = Column("started_at", "time", "when an activity started")
ENDED: Final = Column("ended_at", "time", "when an activity ended")

NODE: Final = (ID, NAME, TYPE, KIND)
TIMES: Final = (STATUS, STARTED, ENDED)

MAX_DEPTH: Final = Parameter("depth", "integer", "how far to go, counted in entities and activities", least=1)


def thing(help: str) -> Parameter:
    """The main parameter of a question about one thing; in the plan it is Par("thing")."""
    return Parameter("thing", "thing", help, required=True, main=True)


def node(var: str) -> dict[str, Expr]:
    """The columns NODE of a variable."""
    return {"id": Var(var), "name": Prop(var, "name"), "type": Prop(var, "type"), "kind": Prop(var, "kind")}


def called(var: str) -> Expr:
    """A node's name, or its id where it has none."""
    return op("coalesce", Prop(var, "name"), Prop(var, "id"))


def times(var: str) -> dict[str, Expr]:
    """The stored columns of TIMES; the status is derived."""
    return {"started_at": Prop(var, "started"), "ended_at": Prop(var, "ended")}
