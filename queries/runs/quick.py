"""What is read of runs on the embedded store: the facts of `generic.py` by hand-written SQL, several times as fast.

Only where a node has one visible row and the present is asked about; all else goes by the plans.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from begat.graph_schema.events import RESUMED
from begat.graph_schema.store import Store
from begat.graph_schema.terms import KINDS, RELATIONS, SECTION_TYPE, TYPES
from begat.queries.clock import left
from begat.queries.runs.facts import Base, Facts, Key, Near, Series, Settings, Wanted
from begat.queries.runs.generic import NEAR, first, split_of
from begat.queries.scope import CONTEXT, CONTEXTS, Scope
from begat.queries.sql.sight import Sight

#: The statements of quick.sql; what else is there stands in them.
STATEMENTS: Final = ("latest", "every", "these", "settings", "series", "evaluations", "wholes", "near", "named")
#: A relation and what it leads to in one number: the lower bits are the relation's code, or WHOLE to what a run is a
#: part of.
BITS: Final = 6
WHOLE: Final = (1 << BITS) - 1

_SEEN: Final = re.compile(r"\{seen:(\w)\}")
_MEASURES: Final = re.compile(r"\{measures:([\w.]+)\}")
_RELATED: Final = re.compile(r"\{related:([\w.]+)\}")
_CODE: Final = {
    "part_of": RELATIONS["partOf"].code,
    "has_setting": RELATIONS["hasSetting"].code,
    "generated": RELATIONS["wasGeneratedBy"].code,
    "influenced": RELATIONS["wasInfluencedBy"].code,
    "curation": TYPES["Curation"].code,
    "evaluation": TYPES["ModelEvaluation"].code,
    "section": TYPES[SECTION_TYPE].code,
    "resumed": RESUMED,
    "near": sum(1 << RELATIONS[r].code for r in (*NEAR, "partOf")),
    "whole": WHOLE,
}
#: What a node of several kinds is shown as, by their bits.
_KIND: Final = tuple(
    next((k for k in ("Activity", "Agent", "Entity") if bits & KINDS[k].bit), None) for bits in range(8)
)

#: A run's number, what `Base` holds of it with its kinds as bits, whether more is known of its starts and ends, the
#: names and cells of its sheet, and its relations.
Row = tuple[Any, ...]
#: The status of a run that one writer started once and ended once, if that alone tells it (see status.py).
_PLAIN: Final = {"finished": "FINISHED", "failed": "FAILED"}


def suits(store: Store, scope: Scope) -> bool:
    """Whether the facts can be read so."""
    return store.dialect == "sqlite" and scope.as_of is None and not scope.folded


def latest(store: Store, scope: Scope, steps: bool, limit: int, wanted: Wanted) -> list[Row]:
    """The latest runs, the last one first; `steps`: with parts that have no type."""
    given = {"steps": steps, "most": limit, "settings": wanted.settings, "near": wanted.near}
    return rows(store, scope, text("latest"), given)


def every(store: Store, scope: Scope, steps: bool) -> list[str]:
    """The ids of all runs, in no order."""
    return [i for (i,) in rows(store, scope, text("every"), {"steps": steps})]


def these(store: Store, scope: Scope, ids: Sequence[str], wanted: Wanted) -> list[Row]:
    """Those runs, in that order."""
    given = {"ids": json.dumps(ids), "settings": wanted.settings, "near": wanted.near}
    return rows(store, scope, text("these"), given)


def read(store: Store, scope: Scope, found: Sequence[Row], wanted: Wanted) -> tuple[Facts, dict[str, str]]:
    """The facts of runs, and the status by id of those of which no more has to be found out."""
    if not found:
        return Facts(), {}
    nids, ids, names, types, kinds, started, ended, outcomes, errors, more, *held = zip(*found, strict=True)
    facts = Facts(Base(nids, ids, names, types, [_KIND[k] for k in kinds], started, ended, outcomes, errors))
    status = {i: _PLAIN[o] for i, o, m in zip(ids, outcomes, more, strict=True) if o in _PLAIN and not m}
    if wanted.settings:
        facts.settings = _settings(store, scope, zip(nids, *held[:2], strict=True))
    if wanted.series:
        given = json.dumps(nids)
        facts.series = rows(store, scope, text("series"), {"nids": given}, wanted.measures)
        facts.series += _evaluations(store, scope, given, wanted)
    if wanted.near:
        _near(store, scope, dict(zip(nids, held[2], strict=True)), facts)
    return facts, status


def _settings(store: Store, scope: Scope, sheets: Iterable[tuple[Key, str | None, str | None]]) -> list[Settings]:
    """Most from their sheets, as texts that are decoded together; what has none is put together from its settings."""
    held: dict[str | None, tuple[list[Key], list[str | None]]] = {}
    for nid, names, cells in sheets:
        keys, texts = held.get(names) or held.setdefault(names, ([], []))
        keys.append(nid)
        texts.append(cells)
    rest, _ = held.pop(None, ([], []))
    found = [
        Settings(tuple(msgspec.json.decode(names or "")), keys, msgspec.json.decode(f"[{','.join(map(str, texts))}]"))
        for names, (keys, texts) in held.items()
    ]
    for nid, told in rows(store, scope, text("settings"), {"nids": json.dumps(rest)}) if rest else ():
        own: dict[str, Any] = msgspec.json.decode(told or "{}")
        found.append(Settings(tuple(own), [nid], [tuple(own.values())]))
    return found


def _evaluations(store: Store, scope: Scope, nids: str, wanted: Wanted) -> list[Series]:
    found: dict[tuple[Key, str, str], float | None] = {}
    for nid, name, attrs, number in rows(store, scope, text("evaluations"), {"nids": nids}, wanted.measures):
        found[nid, name, split_of(first(attrs, "split"))] = number
    return [(*key, 1, number, number, number) for key, number in found.items()]


def _near(store: Store, scope: Scope, related: dict[Key, str | None], facts: Facts) -> None:
    """Relations of runs and wholes, as one text a run: runs that are alike in them share a list."""
    ends = _ends(related.values())
    has_whole = {told for told, pairs in ends.items() if any(rel == WHOLE for rel, _ in pairs)}
    parts = [nid for nid, told in related.items() if told in has_whole]
    wholes = rows(store, scope, text("wholes"), {"nids": json.dumps(parts)}) if parts else []
    above = {whole for _, whole in wholes} - related.keys()
    if above:
        related |= rows(store, scope, text("near"), {"nids": json.dumps(sorted(above))})
        ends = _ends(related.values())
    others = {d for pairs in ends.values() for _, d in pairs}.union(*wholes)
    named = {row[0]: row[1:] for row in rows(store, scope, text("named"), {"nids": json.dumps(sorted(others))})}
    facts.wholes += sorted((pair for pair in wholes if named.keys() >= set(pair)), key=lambda pair: named[pair[1]][0])
    lists = {
        told: [Near(rel, *named[d]) for rel, d in pairs if rel != WHOLE and d in named] for told, pairs in ends.items()
    }
    facts.near = {nid: lists[told] for nid, told in related.items() if told is not None}


def _ends(related: Iterable[str | None]) -> dict[str, list[tuple[int, int]]]:
    """The relations in each text, and what they lead to."""
    return {
        told: [(n & WHOLE, n >> BITS) for n in map(int, told.split(","))] for told in set(related) if told is not None
    }


@cache
def texts() -> dict[str, str]:
    """The statements of quick.sql by name, with the codes of relations and types."""
    held = files("begat.queries.runs").joinpath("quick.sql").read_text("utf-8")
    _, *parts = re.split(r"^-- :(\w+)\n", held, flags=re.M)
    return {name: _filled(body) for name, body in zip(parts[::2], parts[1::2], strict=True)}


def _filled(body: str) -> str:
    for name, code in _CODE.items():
        body = body.replace(f"{{{name}}}", str(code))
    return body


def text(name: str) -> str:
    """A statement of quick.sql."""
    held = texts()
    whole = held[name]
    for part in ("base", "is_run"):
        whole = whole.replace(f"{{{part}}}", held[part].strip())
    return _RELATED.sub(lambda m: held["related"].strip().replace("{related}", m[1]), whole)


def rows(
    store: Store, scope: Scope, statement: str, params: Mapping[str, Any], measures: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Rows of a statement, of what the scope sees; of series only those whose name fits one of the patterns."""
    sight = Sight(scope)
    given: dict[str, Any] = {f"measure{i}": m.replace("[", "[[]").replace("?", "[?]") for i, m in enumerate(measures)}
    either = " OR ".join(f"{{a}} GLOB :{name}" for name in given)
    if scope.contexts is not None:
        given[CONTEXTS] = json.dumps([0, *scope.contexts])
    given[CONTEXT] = scope.context
    seen = _SEEN.sub(lambda m: sight.context(m[1]), statement)
    whole = _MEASURES.sub(lambda m: f" AND ({either.format(a=m[1])})" if either else "", seen)
    return store.read(whole, {**params, **given}, left())
