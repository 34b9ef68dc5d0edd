"""Many points at once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from begat.capture import problems, values
from begat.capture.boundary import saying
from begat.capture.writer import WRITER
from begat.graph_schema.events import Metric

if TYPE_CHECKING:
    from begat.capture.runs import Run


@saying
def metrics(run: "Run", measured: Mapping[Any, Any], /, step: Any = None, **context: Any) -> None:
    """A point of each of these series, all at one step and time.

    `run.metrics({"loss": 0.3, "f1": 0.9}, step=7, split="test")`. Nested mappings give names with dots.
    A value that is no number is counted as a problem, and the others are recorded.
    """
    step = values.step(step)
    labels = {values.name(k): values.plain(v) for k, v in context.items()} or None
    points = []
    for name, value in _flat(measured, ""):
        try:
            points.append(Metric(0, 0, run.id, name, values.number(value), step, run.section, labels))
        except Exception as e:  # as at the hook boundary, for each
            problems.note(e)
    WRITER.emit(*points)


def _flat(measured: Mapping[Any, Any], above: str, depth: int = 0) -> "list[tuple[str, Any]]":
    found: list[tuple[str, Any]] = []
    for key, value in measured.items():
        name = values.name(f"{above}{values.name(key)}")
        if isinstance(value, Mapping) and depth < values.DEEPEST:
            found += _flat(value, f"{name}.", depth + 1)
        else:
            found.append((name, value))
    return found
