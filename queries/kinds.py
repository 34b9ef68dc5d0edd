"""Kinds, types and relations as people write them: in any case, by their shorthand; the nearest where there is none."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from begat.graph_schema.errors import NotFound, UsageError
from begat.graph_schema.store import Store
from begat.graph_schema.terms import ALIASES, KINDS, RELATIONS, TYPES
from begat.queries.engine import run
from begat.queries.expr import Var
from begat.queries.plan import N, Query
from begat.queries.scope import Scope

_TYPES: Final = {name.lower(): ALIASES.get(name, name) for name in (*KINDS, *TYPES, *ALIASES)}
_RELATIONS: Final = {name.lower(): name for name in RELATIONS}


def own(text: str) -> str | None:
    """begat's own kind or type of that name, in any case; None where there is none."""
    return _TYPES.get(text.lower())


def kind_or_type(store: Store, text: str, scope: Scope) -> str:
    """The kind or type of that name; a foreign one has to be known to the store, letter by letter.

    Raises NotFound with the nearest.
    """
    if (known := own(text)) is not None:
        return known
    held = Query((N("x", (text,)),), {"id": Var("x")}, ("id",))
    if run(store, held, {}, scope, 1).rows:
        return text
    near = get_close_matches(text, [*KINDS, *TYPES, *ALIASES], 3, 0.5)
    raise NotFound(f"no kind or type {text!r}", tuple(near))


def kinds_or_types(store: Store, texts: Iterable[str], scope: Scope) -> tuple[str, ...]:
    """The same of many, each once."""
    return tuple(dict.fromkeys(kind_or_type(store, t, scope) for t in texts))


def relations_named(texts: Iterable[str]) -> tuple[str, ...]:
    """The relations of these names, each once. Raises UsageError with the nearest."""
    found: dict[str, None] = {}
    for text in texts:
        known = _RELATIONS.get(text.lower())
        if known is None:
            near = get_close_matches(text, RELATIONS, 3, 0.4)
            hint = f"; did you mean {', '.join(near)}?" if near else f": known are {', '.join(RELATIONS)}"
            raise UsageError(f"no relation {text!r}{hint}")
        found[known] = None
    return tuple(found)
