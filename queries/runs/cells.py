"""The wide table by columns: what was read of runs as cells. Column by column is several times as fast as by row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple

import msgspec

from begat.graph_schema.events import RESUMED, lexical
from begat.graph_schema.terms import RELATIONS, subtypes
from begat.queries.answer import Column, iso
from begat.queries.columns import ENDED, NODE, STARTED, STATUS
from begat.queries.runs.facts import Base, Facts, Key, Near, Series, Settings

EXPERIMENT: Final = Column("experiment", "text")
#: Columns that every table has.
BASE: Final = (
    *NODE,
    STATUS,
    STARTED,
    ENDED,
    Column("duration", "number", "from its start to its end", "s"),
    Column("outcome", "text", "as its last end has it: finished, failed or killed"),
    Column("error", "text", "the exception it ended with"),
    EXPERIMENT,
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
_NUMBERS: Final = frozenset((int, float, type(None)))
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


Cells = Sequence[Any]


class Table(NamedTuple):
    """Columns, and by column a cell a run."""

    columns: list[Column]
    cells: Mapping[str, Cells]


def table(facts: Facts, status: Mapping[str, str]) -> Table:
    """All columns of these runs; `status` by id."""
    at = {key: i for i, key in enumerate(facts.base.keys)}
    settings, measures = _settings(facts.settings, at), _measures(facts.series, at)
    held = [
        *BASE,
        *(Column(c, _type_of(settings[c]), "a setting") for c in sorted(settings)),
        *(Column(c, "number", "a measure") for c in sorted(measures)),
        *AROUND,
    ]
    return Table(held, _base(facts.base, status) | settings | measures | around(facts))


def _base(b: Base, status: Mapping[str, str]) -> dict[str, Cells]:
    times = zip(b.started, b.ended, strict=True)
    return {
        "id": b.ids,
        "name": b.names,
        "type": b.types,
        "kind": b.kinds,
        "status": [status.get(i) for i in b.ids],
        "started_at": [None if t is None else iso(t) for t in b.started],
        "ended_at": [None if t is None else iso(t) for t in b.ended],
        "duration": [None if start is None or end is None else (end - start) / 1e6 for start, end in times],
        "outcome": [None if o == RESUMED else o for o in b.outcomes],
        "error": b.errors,
    }


def _settings(groups: Iterable[Settings], at: Mapping[Key, int]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for names, keys, values in groups:
        places = _places(keys, at)
        for name, column in zip(names, zip(*values, strict=True), strict=True):
            _put(found, PARAMS + name, places, column, len(at))
    return found


def _places(keys: Iterable[Key], at: Mapping[Key, int]) -> Sequence[int]:
    """Where the cells of these runs stand; a range where these are all runs in their order."""
    places, every = [at[key] for key in keys], range(len(at))
    return every if places == list(every) else places


def _put(found: dict[str, list[Any]], column: str, places: Sequence[int], cells: Iterable[Any], size: int) -> None:
    held = found.get(column)
    if held is None:
        if places == range(size):
            found[column] = list(cells)
            return
        held = found[column] = [None] * size
    for i, cell in zip(places, cells, strict=True):
        held[i] = cell


def _type_of(cells: Iterable[Any]) -> Literal["number", "json"]:
    """A setting that is a number wherever it is given has a column of numbers."""
    return "number" if set(map(type, cells)) <= _NUMBERS else "json"


def _measures(series: Iterable[Series], at: Mapping[Key, int]) -> dict[str, list[Any]]:
    """The last value of each series, with least and greatest where any run has more than one point of it."""
    groups: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for s in series:
        groups[s[1:3]].append(s)
    found: dict[str, list[Any]] = {}
    for (name, labels), several in sorted(groups.items(), key=itemgetter(0)):
        column = measure_column(name, labels)
        keys, _, _, points, last, least, greatest = zip(*several, strict=True)
        places = _places(keys, at)
        shown = ["NaN" if v is None else v if -_INF < v < _INF else lexical(v) for v in last]
        _put(found, column, places, shown, len(at))
        if max(points) > 1:
            _put(found, f"{column}.min", places, least, len(at))
            _put(found, f"{column}.max", places, greatest, len(at))
    return found


def around(facts: Facts) -> dict[str, Cells]:
    """Data, code, people and machines; a part has those of its whole where it has none of its own, data apart."""
    known: dict[int, dict[str, Any]] = {}  # by list: many runs are alike in what is around them
    for several in facts.near.values():
        if id(several) not in known:
            known[id(several)] = _cell(several)
    above: dict[Key, list[Key]] = {}
    for part, whole in facts.wholes:
        above.setdefault(part, []).append(whole)
    found: dict[str, list[Any]] = {c.name: [None] * len(facts.base.keys) for c in (EXPERIMENT, *AROUND)}
    for i, key in enumerate(facts.base.keys):
        own = known[id(facts.near[key])] if key in facts.near else {}
        for column, cell in (own if key not in above else _inherited(facts, key, above, known) | own).items():
            found[column][i] = cell
    return {**found}


def _inherited(
    facts: Facts, part: Key, above: Mapping[Key, list[Key]], known: Mapping[int, dict[str, Any]]
) -> dict[str, Any]:
    """What a part has of what it is a part of, of the nearest first."""
    found: dict[str, Any] = {}
    for whole in reversed(_upwards(part, above)):
        if whole in facts.near:
            found |= known[id(facts.near[whole])]
    found.pop("data", None)
    return found


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


def _upwards(part: Key, above: Mapping[Key, list[Key]]) -> list[Key]:
    """What a part is a part of, the nearest first; finite where documents go round in a circle."""
    found: dict[Key, None] = {}
    level = [part]
    while level:
        level = [w for p in level for w in above.get(p, ()) if w not in found and w != part]
        found |= dict.fromkeys(level)
    return list(found)
