"""Colours and shapes: those in which PROV's own documents are drawn."""

from typing import Final, NamedTuple

from begat.api.pictures.drawing import Arrow
from begat.queries.plan import LINEAGE


class Look(NamedTuple):
    """How a kind is drawn: Graphviz' shape, its fill and its line."""

    dot: str
    fill: str
    line: str


class Dash(NamedTuple):
    """How an arrow is drawn: Graphviz' style, SVG's class, and what it means."""

    dot: str
    css: str
    meaning: str


KINDS: Final = {
    "Entity": Look("ellipse", "#FFFC87", "#808080"),
    "Activity": Look("box", "#9FB1FC", "#0000FF"),
    "Agent": Look("house", "#FED37F", "#808080"),
}
DASHES: Final = {
    "lineage": Dash("solid", "lineage", "depends on"),
    "around": Dash("dashed", "around", "other relation"),
    "through": Dash("dotted", "through", "by way of what is not shown"),
}


def dash(a: Arrow) -> Dash:
    """Lineage is solid; what else is said of a thing is dashed."""
    if a.through:
        return DASHES["through"]
    return DASHES["lineage" if not a.relation or a.relation in LINEAGE else "around"]
