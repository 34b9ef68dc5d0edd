"""Sections of a run, epochs mostly: when they start, when they end, and that settings inside belong to them."""

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from begat.capture import problems, values
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import End, Outcome, Start
from begat.graph_schema.terms import SECTION_TYPE

if TYPE_CHECKING:
    from begat.capture.runs import Run


T = TypeVar("T")

#: How many sections of a run are known by their number.
REMEMBERED: Final = 1000


@overload
def epochs(run: "Run", items: int, name: str = "epoch") -> Generator[int, None, None]: ...


@overload
def epochs(run: "Run", items: Iterable[T], name: str = "epoch") -> Generator[T, None, None]: ...


def epochs(run: "Run", items: int | Iterable[T], name: str = "epoch") -> Generator[Any, None, None]:
    """Go through a number of epochs or any iterable; each is a section of this run, with its own settings.

    A section ends with its epoch, one that a break leaves when the loop lets go of it. Lineage is the run's own, as
    without sections.
    """
    items = values.counted(items)
    number = numbered(items)
    for place, item in enumerate(items):
        index = number(place, item)
        section = _start(run, index, name)
        _remember(run, name, index, section)
        run.sections = (*run.sections, section)
        run.section = section
        try:
            yield item
        finally:
            # A loop that nobody finished may be let go of after its run has ended, and ended its sections.
            if section in run.sections:
                _leave(run, run.sections.index(section), "finished")


def numbered(items: Any) -> Any:
    """The number of each section: what range and enumerate say, so that a resumed training goes on with its own.

    Else they are counted from 0. A progress bar around them (tqdm's `iterable`) changes nothing.
    """
    inner = getattr(items, "iterable", items)
    if isinstance(inner, range):
        return lambda _, item: item
    if isinstance(inner, enumerate):
        return lambda _, item: item[0]
    return lambda index, _: index


def of_epoch(run: "Run", epoch: Any) -> str | None:
    """The section of this number, the latest of that name; None where no loop of this run had it."""
    return run.numbers.get(("epoch", epoch))


def index_of(run: "Run", section: str | None) -> int | None:
    """The number of a section that is remembered."""
    found = [number for (_, number), known in run.numbers.items() if known == section]
    return found[-1] if found else None


def close(run: "Run", outcome: Outcome) -> None:
    """End the sections that are open when their run ends: as it did."""
    _leave(run, 0, outcome)


def _leave(run: "Run", first: int, outcome: Outcome) -> None:
    """End the run's open sections from the one at `first` on, the innermost one first."""
    left, run.sections = run.sections[first:], run.sections[:first]
    run.section = run.sections[-1] if run.sections else None
    for section in reversed(left):
        _end(section, outcome)


def _remember(run: "Run", name: str, index: int, section: str) -> None:
    """The last sections by name and number, so that what is told of one after its end names it."""
    if not run.numbers:
        run.numbers = {}
    run.numbers.pop((name, index), None)
    run.numbers[name, index] = section
    if len(run.numbers) > REMEMBERED:
        del run.numbers[next(iter(run.numbers))]


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
