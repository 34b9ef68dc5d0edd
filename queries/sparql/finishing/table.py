"""Questions that take several SELECTs: which, and what makes their rows of what these find."""

from collections.abc import Callable
from typing import Final, NamedTuple

from begat.queries.sparql.finishing import (
    compare,
    how_connected,
    how_created,
    impact,
    reproduce,
    retract_window,
    running_now,
    time_breakdown,
)
from begat.queries.sparql.finishing.told import Finished, Told


class Several(NamedTuple):
    """`selects`: texts of the folder selects/; `further`: parameters that only the finishing takes."""

    selects: tuple[str, ...]
    finish: Callable[[Told], Finished]
    further: tuple[str, ...] = ()


_COMPARED: Final = tuple(
    f"compared_{what}" for what in ("models", "parts", "settings", "used", "points", "evaluations")
)
_BEHIND: Final = ("edges_behind", "relations_behind", "things_behind")
SEVERAL: Final = {
    "how_created": Several(_BEHIND, how_created.finish, ("depth",)),
    "how_connected": Several(_BEHIND, how_connected.finish, ("other",)),
    "compare": Several(_COMPARED, compare.finish, ("measure", "split", "best")),
    "impact": Several(("edges_after", "things_after", "uses_of"), impact.finish, ("depth", "since", "until")),
    "reproduce": Several(("makers", "makers_used", "makers_settings", "edges_behind"), reproduce.finish),
    "retract_window": Several(
        ("data_about", "made_without", "edges_after_data", "things_after_data"), retract_window.finish,
        ("since", "until"),
    ),
    "running_now": Several(("at_work", "at_work_around", "at_work_points"), running_now.finish),
    "time_breakdown": Several(("leaves_of_plan",), time_breakdown.finish),
}
