"""Which run a script goes on with: its handle, its whole id, or a file that keeps the id for the next attempt."""

import os
from typing import TYPE_CHECKING, Any, Final

from begat.capture import problems, values

if TYPE_CHECKING:
    from begat.capture.runs import Run

PREFIX: Final = "urn:uuid:"
#: Longer than any id.
LONGEST: Final = 200


def before(resume: Any) -> str | None:
    """The id of the run that is gone on with; None where there is none yet, or what is given names none."""
    given = values.name_or_none(getattr(resume, "id", resume))
    if isinstance(resume, os.PathLike):
        given = _kept(os.fspath(resume))
    if not given or given.startswith(PREFIX):
        return given or None
    problems.warn(
        f"begat.run(resume={resume!r}) names no run: recorded as a new run. Give its whole id (run.id), "
        "or a file that keeps it: resume=Path('run.id')"
    )
    return None


def keep(run: "Run", path: "os.PathLike[str]") -> None:
    """Write the id of a run that has begun into a file that is not there yet: the next attempt reads it."""
    try:
        with open(path, "x", encoding="ascii") as file:
            file.write(f"{run.id}\n")
    except FileExistsError:  # kept already, by an earlier attempt or another rank; or a file that is not for this
        pass


def _kept(path: Any) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(LONGEST).strip() or "an empty file"
    except FileNotFoundError:
        return ""
