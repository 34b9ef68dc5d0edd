"""`--sort` and `--after`: an order of found things, and the page that follows a thing in it.

An order names properties, settings and measures, "-" before the greatest first; nulls come last both ways, and the id
decides ties. Pages are those of paging.py.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from begat.graph_schema.errors import UsageError
from begat.queries import facts
from begat.queries.expr import Expr, Prop, Var
from begat.queries.facts import Subject
from begat.queries.paging import following
from begat.queries.plan import Atom, Either, L, Opt, Top, W
from begat.queries.where import PREFIXES, Source, measure_named, unquoted

#: What a person writes for a property of properties.PROPERTIES.
PROPERTY: Final = {
    "id": "id", "name": "name", "type": "type", "kind": "kind", "value": "number", "number": "number",
    "started_at": "started", "started": "started", "ended_at": "ended", "ended": "ended", "seen": "seen",
}  # fmt: skip
MOST_KEYS: Final = 10


class Key(msgspec.Struct, frozen=True):
    """One key of an order: `what` as asked, as a column, and the atoms that bind it."""

    what: str
    down: bool
    value: Expr
    atoms: tuple[Atom, ...] = ()


class Sorting(msgspec.Struct, frozen=True):
    """Keys, the last one the id. `atoms` bind them, `cols` are their columns by name, `order` is the plan's."""

    keys: tuple[Key, ...]

    def atoms(self) -> tuple[Atom, ...]:
        return tuple(a for k in self.keys for a in k.atoms)

    def cols(self) -> dict[str, Expr]:
        return {f"key{i}": k.value for i, k in enumerate(self.keys)}

    def order(self) -> tuple[str, ...]:
        return tuple(f"{'-' if k.down else ''}key{i}" for i, k in enumerate(self.keys))

    def by(self) -> list[tuple[Expr, bool]]:
        """The expressions, and whether the greatest of each is first."""
        return [(k.value, k.down) for k in self.keys]

    def after(self, held: tuple[Any, ...]) -> W:
        """What comes after a thing that has these keys."""
        return following(self.by(), held)


def words(text: str) -> list[str]:
    """The keys of `-started_at,name`. Raises UsageError where there are none, or one is empty."""
    given = [w.strip() for w in text.split(",")]
    if not all(w.removeprefix("-") for w in given):
        raise UsageError(f"--sort {text!r}: give names with commas between them, '-' before the greatest first")
    if len(given) > MOST_KEYS:
        raise UsageError(f"--sort: {len(given)} names: give at most {MOST_KEYS}")
    return given


def bare(text: str) -> tuple[str, ...]:
    """The names in an order that may be an attribute's, a setting's or a measure's."""
    names = (w.removeprefix("-") for w in words(text))
    return tuple(n for n in names if n not in PROPERTY and n.partition(".")[0] not in PREFIXES)


def sorting(text: str, who: Subject, sources: Mapping[str, Source]) -> Sorting:
    """Read an order. Raises UsageError for attributes, which may have several values of any kind."""
    keys: list[Key] = []
    for i, word in enumerate(words(text)):
        name, down = word.removeprefix("-"), word.startswith("-")
        if name in PROPERTY:
            keys.append(Key(name, down, Prop(who.var, PROPERTY[name])))
            continue
        keys.append(_told(name, down, who, sources, f"val{i}", [f"val{j}" for j, k in enumerate(keys) if k.atoms]))
    if all(k.what != "id" for k in keys):
        keys.append(Key("id", False, Prop(who.var, "id")))
    return Sorting(tuple(keys))


def _told(name: str, down: bool, who: Subject, sources: Mapping[str, Source], var: str, before: list[str]) -> Key:
    prefix, dot, rest = name.partition(".")
    source = PREFIXES.get(prefix) if dot else None
    if source is None:
        source, rest = sources.get(name, "attributes"), name
    if source == "attributes":
        raise UsageError(
            f"--sort: {name!r} is nothing to sort by: give {', '.join(PROPERTY)}, params.NAME or metrics.NAME"
        )
    if source == "params":
        bodies = facts.setting(who, unquoted(rest), lambda s: None)
        value: Expr = Prop("s", "number")
    else:
        bodies = facts.measure(who, *measure_named(rest), lambda v: None)
        value = Var("val")
    found = tuple((*body, L(var, value)) for body in bodies)
    joined = found[0] if len(found) == 1 else (Either(found),)
    # Of several values the one that comes first in this order counts.
    best = Top(1, (who.var,), (*before, var), (f"-{var}" if down else var,))
    return Key(name, down, Var(var), (Opt(joined), best))
