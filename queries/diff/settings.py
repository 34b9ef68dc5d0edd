"""Settings that differ, step by step. Values are told apart by their JSON text: 0, false, "" and null, 1 and 1.0."""

from collections.abc import Iterator
from typing import Any

import msgspec

from begat.queries.diff.facts import Fact, ids_of, label_of
from begat.queries.diff.pairs import pairs
from begat.queries.diff.row import Row, row
from begat.queries.diff.side import Side


def settings(a: Side, b: Side) -> Iterator[Row]:
    """The settings of the two runs and of the steps behind them; a run's sections' are its own."""
    for x, y, label in steps(a, b):
        of_x, of_y = (side.known.settings.get(f.id, {}) if f else {} for side, f in ((a, x), (b, y)))
        for section, name in sorted(of_x.keys() | of_y.keys(), key=lambda k: (k[0] or "", k[1])):
            told = [of.get((section, name)) for of in (of_x, of_y)]
            if told[0] != told[1]:
                yield row(
                    "settings", name, [value(t) for t in told], ids_of(x, y),
                    there=[t is not None for t in told], step=f"{label}/{section}" if section else label,
                )  # fmt: skip


def steps(a: Side, b: Side) -> Iterator[tuple[Fact | None, Fact | None, str]]:
    """Steps of both sides that belong together, and what to call them: the runs, equal ones, those of one name."""
    of_a, of_b = a.activities, b.activities
    keys_a, keys_b = a.keys, b.keys
    alike = (
        lambda f: "run" if f.id in (a.root, b.root) else None,
        lambda f: f.id,
        lambda f: (keys_a.get(f.id) or keys_b.get(f.id), f.name),
        lambda f: (f.type, f.name),
    )
    found = list(pairs(of_a, of_b, *alike))
    labels: dict[str, int] = {}
    several: dict[str, int] = {}
    for x, y in found:
        label = label_of(x, y)
        several[label] = several.get(label, 0) + 1
    for x, y in found:
        label = label_of(x, y)
        labels[label] = labels.get(label, 0) + 1
        yield x, y, label if several[label] == 1 else f"{label} #{labels[label]}"


def value(values: list[str] | None) -> Any:
    """A setting's value as it is shown; those of sections as a list."""
    if values is None:
        return None
    decoded = [msgspec.json.decode(v) if v else None for v in values]
    return decoded[0] if len(decoded) == 1 else decoded
