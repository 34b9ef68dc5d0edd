"""Rows of the wide table: what was read of runs as cells, and the columns that hold them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from begat.graph_schema.events import RESUMED, lexical
from begat.graph_schema.terms import RELATIONS, subtypes
from begat.queries.answer import Column, iso
from begat.queries.columns import ENDED, NODE, STARTED, STATUS
from begat.queries.runs.facts import Facts, Near

#: Columns that every table has.
BASE: Final = (
    *NODE,
    STATUS,
    STARTED,
    ENDED,
    Column("duration", "number", "from its start to its end", "s"),
    Column("outcome", "text", "as its last end has it: finished, failed or killed"),
    Column("error", "text", "the exception it ended with"),
    Column("experiment", "text"),
)
#: Those that come after settings and measures.
AROUND: Final = (
    Column("data", "json", "data sets it used: name@digest, eight digits of it"),
    Column("code", "text"),
    Column("commit", "text"),
    Column("who", "text"),
    Column("machine", "text"),
    Column("job", "text"),
)
PARAMS: Final = "params."
METRICS: Final = "metrics."
#: How many digits of a digest tell versions apart.
DIGITS: Final = 8

_INF: Final = float("inf")
_DATA: Final = frozenset((None, *subtypes("Dataset"), "FeatureSet"))
_CODES: Final = {RELATIONS[name].code: name for name in ("used", "wasAssociatedWith", "ranOn", "submittedAs", "partOf")}


def measure_column(name: str, labels: str) -> str:
    """`metrics.loss`, or with a context `metrics.loss[split=val]`."""
    if not labels:
        return METRICS + name
    given = msgspec.json.decode(labels)
    return f"{METRICS}{name}[{','.join(f'{k}={_plain(v)}' for k, v in given.items())}]"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def cells(facts: Facts, ids: Sequence[str], status: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The cells of each run that hold something, by column."""
    rows = {i: _base(facts, i, status.get(i)) for i in ids if i in facts.base}
    for i, settings in facts.settings.items():
        if i in rows:
            rows[i].update(settings)
    _measures(facts, rows)
    around(facts, rows)
    return rows


def _base(facts: Facts, id_: str, status: str | None) -> dict[str, Any]:
    b = facts.base[id_]
    whole = b.started is not None and b.ended is not None
    return {
        "id": b.id,
        "name": b.name,
        "type": b.type,
        "kind": b.kind,
        "status": status,
        "started_at": None if b.started is None else iso(b.started),
        "ended_at": None if b.ended is None else iso(b.ended),
        "duration": ((b.ended or 0) - (b.started or 0)) / 1_000_000 if whole else None,
        "outcome": None if b.outcome == RESUMED else b.outcome,
        "error": b.error,
    }


def _measures(facts: Facts, rows: Mapping[str, dict[str, Any]]) -> None:
    """The last value of each series, with least and greatest where any run has more than one point of it."""
    several = {(name, labels) for _, name, labels, points, *_ in facts.series if points > 1}
    names: dict[tuple[str, str], tuple[str, str, str] | tuple[str]] = {}
    for id_, name, labels, _, last, least, greatest in facts.series:
        row = rows.get(id_)
        if row is None:
            continue
        held = names.get((name, labels))
        if held is None:
            column = measure_column(name, labels)
            held = (column, f"{column}.min", f"{column}.max") if (name, labels) in several else (column,)
            names[name, labels] = held
        row[held[0]] = "NaN" if last is None else last if -_INF < last < _INF else lexical(last)
        if len(held) == 3:
            row[held[1]], row[held[2]] = least, greatest


def around(facts: Facts, rows: Mapping[str, dict[str, Any]]) -> None:
    """Data, code, people and machines; a part has those of its whole where it has none of its own, data apart."""
    known: dict[int, dict[str, Any]] = {}  # by list: many runs are alike in what is around them
    for several in facts.near.values():
        if id(several) not in known:
            known[id(several)] = _cell(several)
    above: dict[str, list[str]] = {}
    for part, whole in facts.wholes:
        above.setdefault(part, []).append(whole)
    for id_, row in rows.items():
        for whole in reversed(_upwards(id_, above)) if id_ in above else ():
            if whole in facts.near:
                row.update(known[id(facts.near[whole])])
        if id_ in above:
            row.pop("data", None)
        if id_ in facts.near:
            row.update(known[id(facts.near[id_])])


def _cell(several: Iterable[Near]) -> dict[str, Any]:
    texts: dict[str, set[str]] = {}
    for n in several:
        for column, text in _around(n):
            texts.setdefault(column, set()).add(text)
    return {c: sorted(held) if c == "data" else ", ".join(sorted(held)) for c, held in texts.items()}


def _around(n: Near) -> Iterable[tuple[str, str]]:
    name = n.name or n.id
    match _CODES[n.relation]:
        case "used" if n.type == "Code":
            yield "code", name
            if isinstance(n.commit, str):
                yield "commit", n.commit
        case "used" if n.type in _DATA:
            yield "data", f"{name}@{short_digest(n.digest)}" if isinstance(n.digest, str) else name
        case "wasAssociatedWith" if n.type == "Person":
            yield "who", name
        case "ranOn":
            yield "machine", name
        case "submittedAs":
            yield "job", name
        case "partOf":
            yield "experiment", name


def short_digest(digest: str) -> str:
    """The first digits of a digest, its algorithm left out."""
    return digest.rpartition(":")[2][:DIGITS]


def _upwards(id_: str, above: Mapping[str, list[str]]) -> list[str]:
    """What a part is a part of, the nearest first; finite where documents go round in a circle."""
    found: dict[str, None] = {}
    level = [id_]
    while level:
        level = [w for part in level for w in sorted(above.get(part, ())) if w not in found and w != id_]
        found |= dict.fromkeys(level)
    return list(found)


def columns(rows: Iterable[Mapping[str, Any]]) -> list[Column]:
    """The columns of a table: settings and measures by name between those that all tables have."""
    held: set[str] = set()
    for row in rows:
        held |= row.keys()
    settings = sorted(c for c in held if c.startswith(PARAMS))
    measures = sorted(c for c in held if c.startswith(METRICS))
    return [
        *BASE,
        *(Column(c, "json", "a setting") for c in settings),
        *(Column(c, "number", "a measure") for c in measures),
        *AROUND,
    ]
