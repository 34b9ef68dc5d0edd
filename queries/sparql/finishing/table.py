"""Questions that take several SELECTs: which, and what makes their rows of what these find."""

from collections.abc import Callable
from typing import Final, NamedTuple

from begat.queries.sparql.finishing import how_created, impact
from begat.queries.sparql.finishing.told import Finished, Told


class Several(NamedTuple):
    """`selects`: texts of the folder selects/; `further`: parameters that only the finishing takes."""

    selects: tuple[str, ...]
    finish: Callable[[Told], Finished]
    further: tuple[str, ...] = ()


SEVERAL: Final = {
    "how_created": Several(("edges_behind", "relations_behind", "things_behind"), how_created.finish, ("depth",)),
    "impact": Several(("edges_after", "things_after"), impact.finish, ("depth",)),
}
