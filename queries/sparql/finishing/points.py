"""Points of series, each of rows with one of the values that tell its series apart."""

from collections.abc import Iterator
from math import isnan

from begat.graph_schema.statements import canonical
from begat.queries.question import Row, Rows
from begat.queries.sparql.finishing.told import attributes, grouped


def points(rows: Rows) -> Iterator[Row]:
    """Of what they are, when and at which step, their value (null where it is NaN), the labels as canonical JSON."""
    for (of, _), told in grouped(rows, "of", "point").items():
        labels, first = attributes(told), told[0]
        nan = isnan(first["told"])
        yield {
            "of": of, "name": first["name"], "labels": canonical({k: v for k, (v, *_) in labels.items()}),
            "splits": labels.get("split", []), "value": None if nan else first["told"], "nan": int(nan),
            "at": first["at"], "step": first["step"],
        }  # fmt: skip
