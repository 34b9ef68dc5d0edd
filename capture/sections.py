"""Sections of a run, epochs mostly: when they start, when they end, and that settings inside belong to them."""

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

from begat.capture import problems, values
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import End, Outcome, Start
from begat.graph_schema.terms import SECTION_TYPE

if TYPE_CHECKING:
    from begat.capture.runs import Run


def counted(items: Any) -> Iterable[Any]:
    """A number of epochs, numpy's too, as range has it; any iterable as it is."""
    return range(items) if hasattr(items, "__index__") else items


def iterate(run: "Run", items: int | Iterable[Any], name: str) -> Generator[Any, None, None]:
    """The items, each inside a section of its own. A section that a break leaves ends when the loop lets go of it."""
    for index, item in enumerate(counted(items)):
        section = _start(run, index, name)
        run.sections = (*run.sections, section)
        run.section = section
        try:
            yield item
        finally:
            # A loop that nobody finished may be let go of after its run has ended, and ended its sections.
            if section in run.sections:
                _leave(run, run.sections.index(section), "finished")


def close(run: "Run", outcome: Outcome) -> None:
    """End the sections that are open when their run ends: as it did."""
    _leave(run, 0, outcome)


def _leave(run: "Run", first: int, outcome: Outcome) -> None:
    """End the run's open sections from the one at `first` on, the innermost one first."""
    left, run.sections = run.sections[first:], run.sections[:first]
    run.section = run.sections[-1] if run.sections else None
    for section in reversed(left):
        _end(section, outcome)


def _start(run: "Run", index: int, name: str) -> str:
    section = ids.mint()
    try:
        if not WRITER.off:
            WRITER.emit(
                Start(
                    0, 0, section, values.name(name), [SECTION_TYPE], section_of=run.id, attributes={"index": index}
                )
            )
    except Exception as e:  # the hook boundary
        problems.note(e)
    return section


def _end(section: str, outcome: Outcome) -> None:
    try:
        if not WRITER.off:
            WRITER.emit(End(0, 0, section, outcome))
    except Exception as e:  # the hook boundary
        problems.note(e)
