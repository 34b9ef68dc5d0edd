"""Names of types and concepts as users write them: one or several, in full or in shorthand."""

from collections.abc import Iterable
from typing import Any

from begat.capture import values


def types(given: str | Iterable[str] | None) -> list[str]:
    """Type names as a list, shorthand written out."""
    names = several(given)
    if not names:
        return []
    from begat.graph_schema import terms

    return [terms.ALIASES.get(name, name) for name in names]


def several(given: Any) -> tuple[str, ...]:
    """One name or several, as names."""
    if given is None or (isinstance(given, str) and not given):
        return ()
    return tuple(map(values.name, given if isinstance(given, list | tuple | set | frozenset) else (given,)))
