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
        before, section = run.section, _start(run, index, name)
        run.section = section
        try:
            yield item
        finally:
            # A loop that nobody finished may be let go of after its run has ended, and ended its sections.
            if run.section == section:
                run.section = before
                _end(section, "finished")


def close(run: "Run", outcome: Outcome) -> None:
    """End the section that is open when its run ends: as its run did."""
    section, run.section = run.section, None
    if section is not None:
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
