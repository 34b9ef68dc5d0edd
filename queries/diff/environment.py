"""Environments that differ: Python, its packages, the container, and the machine."""

import re
from collections.abc import Iterator
from typing import Any, Final

from begat.queries.diff.facts import Fact, ids_of, label_of
from begat.queries.diff.row import Row, row
from begat.queries.diff.side import Side, versions

PACKAGES: Final = "packages"
#: What is told of a machine, with its unit.
HARDWARE: Final = {
    "system": None, "architecture": None, "cpu_model": None, "cpus": None, "cpus_usable": None, "memory": "B",
    "gpus": None, "gpu_driver": None,
}  # fmt: skip


def environment(a: Side, b: Side) -> Iterator[Row]:
    """The environments behind both sides that are not equal, fact by fact, and the machines of the two runs."""
    for x, y in versions(a, b, "Environment", lambda f: "any"):
        if x is None or y is None:
            yield row("environment", label_of(x, y), [f.label if f else None for f in (x, y)], ids_of(x, y))
        else:
            yield from _facts(x, y)
            yield from _packages(x, y)
    yield from _machines(a, b)


def _facts(x: Fact, y: Fact) -> Iterator[Row]:
    for key in sorted((x.attributes.keys() | y.attributes.keys()) - {PACKAGES}):
        told = [single(f.attributes.get(key, [])) for f in (x, y)]
        if told[0] != told[1]:
            yield row("environment", key, told, (x.id, y.id))


def _packages(x: Fact, y: Fact) -> Iterator[Row]:
    of_x, of_y = _versions(x), _versions(y)
    for name in sorted(of_x.keys() | of_y.keys()):
        told = [of.get(name) for of in (of_x, of_y)]
        if told[0] != told[1]:
            yield row("environment", name, told, (x.id, y.id), step="packages")


def _versions(fact: Fact) -> dict[str, str]:
    """Versions by package, its name as indexes compare it; several of one package in a line."""
    found: dict[str, set[str]] = {}
    for told in fact.attributes.get(PACKAGES, ()):
        name, _, version = str(told).partition("==")
        found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}


def _machines(a: Side, b: Side) -> Iterator[Row]:
    of_a, of_b = (side.known.machines.get(side.root or "", []) for side in (a, b))
    if {f.id for f in of_a} == {f.id for f in of_b}:
        return
    ids = [of[0].id if len(of) == 1 else None for of in (of_a, of_b)]
    names = [single([f.label for f in of]) for of in (of_a, of_b)]
    yield row("environment", "name", names, ids, step="machine")
    for key, unit in HARDWARE.items():
        told = [single([v for f in of for v in f.attributes.get(key, [])]) for of in (of_a, of_b)]
        if told[0] != told[1]:
            yield row("environment", key, told, ids, step="machine", unit=unit)


def single(values: list[Any]) -> Any:
    """The one value of a set, else all of it in order; None where there is none."""
    held: list[Any] = []
    for v in values:
        if not any(v == h and type(v) is type(h) for h in held):
            held.append(v)
    return None if not held else held[0] if len(held) == 1 else sorted(held, key=lambda v: (str(type(v)), str(v)))
