"""The Prometheus text format, version 0.0.4: a HELP and a TYPE line a family, then its samples."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Sample(NamedTuple):
    """A value, with labels where a family has several; `suffix` is _sum or _count for a summary's."""

    value: float
    labels: Mapping[str, str] = {}
    suffix: str = ""


class Family(NamedTuple):
    """What is told under one name; counters' names end in _total."""

    name: str
    type: Literal["counter", "gauge", "summary"]
    help: str
    samples: tuple[Sample, ...]


def family(name: str, help: str, value: float) -> Family:
    """A family of one sample: a counter if its name says so, else a gauge."""
    return Family(name, "counter" if name.endswith("_total") else "gauge", help, (Sample(value),))


def rendered(families: Iterable[Family]) -> str:
    """The families as text."""
    lines = []
    for f in families:
        help_ = f.help.replace("\\", "\\\\").replace("\n", "\\n")
        lines += [f"# HELP {f.name} {help_}", f"# TYPE {f.name} {f.type}"]
        lines += [f"{f.name}{s.suffix}{_labels(s.labels)} {s.value!r}" for s in f.samples]
    return "".join(f"{line}\n" for line in lines)


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    escaped = (
        (name, value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")) for name, value in labels.items()
    )
    return "{" + ",".join(f'{name}="{value}"' for name, value in escaped) + "}"
