"""Notebooks and consoles of IPython: their process does not end, so a run ends with the cell that opened it."""

import sys
from typing import Any

from begat.capture import problems
from begat.capture.runs import Run

_open: list[Run] = []
_watched: list[Any] = []


def watch(run: Run) -> None:
    """End this run with its cell, if it is still open then. A block or `finish` in the cell ends it before."""
    shell: Any = sys.modules["IPython"].get_ipython()
    if shell is None:  # a program that has loaded IPython and runs no shell
        return
    if shell not in _watched:
        shell.events.register("post_run_cell", _ended)
        _watched.append(shell)
    _open.append(run)


def _ended(result: Any) -> None:
    """A cell has ended, with an exception if it has one: so have its runs, the innermost first."""
    try:
        error = getattr(result, "error_in_exec", None) or getattr(result, "error_before_exec", None)
        while _open:
            _open.pop().finish(error if isinstance(error, BaseException) else None)
    except Exception as e:  # the hook boundary
        problems.note(e)
