"""Fragments about the world: what lies inside a place or is of a class, the data about it, the models made of that."""

from typing import Final

from begat.graph_schema.terms import FROM, TO
from begat.queries.plan import FLOW, Atom, C, E, Either
from begat.queries.scores import A_MODEL

#: Binds `y` to the thing asked for and all that lies in it, at whatever remove.
INSIDE: Final[Atom] = C("x", ("locatedIn",), "y", "down", lo=0)
#: The same, and where the thing asked for is a class, its instances and those of narrower classes.
INSIDE_OR_OF_CLASS: Final[Atom] = Either(
    ((INSIDE,), (C("x", ("broader",), "narrower", "down", lo=0), E("y", ("instanceOf",), "narrower")))
)
#: The ends of the window of an `about`.
WINDOW: Final = {FROM: "since", TO: "until"}
#: Binds `m` to the models made of data `d` that is about `y`.
MODELS_OF: Final[tuple[Atom, ...]] = (E("d", ("about",), "y"), C("d", FLOW, "m", "down"), *A_MODEL)
