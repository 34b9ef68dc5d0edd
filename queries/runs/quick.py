"""What is read of runs on the embedded store: the facts of `generic.py` by hand-written SQL, several times as fast.

Only where a node has one visible row and the present is asked about; all else goes by the plans.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from begat.graph_schema.events import RESUMED
from begat.graph_schema.store import Store
from begat.graph_schema.terms import KINDS, RELATIONS, SECTION_TYPE, TYPES
from begat.queries.clock import left
from begat.queries.runs.facts import Base, Facts, Near, Series, Wanted
from begat.queries.runs.generic import NEAR, first, split_of
from begat.queries.scope import Scope
from begat.queries.sql.sight import CONTEXTS, Sight

_SEEN: Final = re.compile(r"\{seen:(\w)\}")
_CODE: Final = {
    "part_of": RELATIONS["partOf"].code,
    "has_setting": RELATIONS["hasSetting"].code,
    "generated": RELATIONS["wasGeneratedBy"].code,
    "evaluation": TYPES["ModelEvaluation"].code,
    "section": TYPES[SECTION_TYPE].code,
    "types": ", ".join(str(t.code) for t in TYPES.values() if t.kind == "Activity" and t.name != SECTION_TYPE),
    "resumed": RESUMED,
    "near": ", ".join(str(RELATIONS[r].code) for r in (*NEAR, "partOf")),
}
_KINDS: Final = tuple((KINDS[k].bit, k) for k in ("Activity", "Agent", "Entity"))


def suits(store: Store, scope: Scope) -> bool:
    """Whether the facts can be read so."""
    return store.dialect == "sqlite" and scope.as_of is None and not scope.folded


def every(store: Store, scope: Scope, steps: bool, limit: int) -> list[str]:
    """The ids of all runs, the latest first; `steps`: with parts that have no type."""
    all_ = text("all", steps)
    return [i for (i,) in rows(store, scope, all_, most=limit)]


def read(store: Store, scope: Scope, ids: Sequence[str], wanted: Wanted) -> tuple[Facts, list[str]]:
    """The facts of runs, and the ids of those that have ended well, with nothing more to be found out of them."""
    facts, well = Facts(), []
    id_of: dict[int, str] = {}
    for nid, id_, name, type_, kinds, started, ended, outcome, error, more in rows(
        store, scope, text("base"), ids=json.dumps(list(ids))
    ):
        id_of[nid] = id_
        kind = next((k for bit, k in _KINDS if kinds & bit), None)
        facts.base[id_] = Base(id_, name, type_, kind, started, ended, outcome, error)
        if outcome == "finished" and not more:
            well.append(id_)
    nids = json.dumps(list(id_of))
    if wanted.settings:
        decode = msgspec.json.Decoder(dict[str, Any]).decode
        told = rows(store, scope, text("settings"), nids=nids)
        facts.settings = {id_of[nid]: decode(t) for nid, t in told if t is not None}
    if wanted.series:
        facts.series += [(id_of[row[0]], *row[1:]) for row in rows(store, scope, text("series"), nids=nids)]
        facts.series += _evaluations(store, scope, nids, id_of)
    if wanted.near:
        _near(store, scope, nids, id_of, facts)
    return facts, well


def _evaluations(store: Store, scope: Scope, nids: str, id_of: dict[int, str]) -> list[Series]:
    found: dict[tuple[str, str, str], float | None] = {}
    for nid, name, attrs, number in rows(store, scope, text("evaluations"), nids=nids):
        found[id_of[nid], name, split_of(first(attrs, "split"))] = number
    return [(*key, 1, number, number, number) for key, number in found.items()]


def _near(store: Store, scope: Scope, nids: str, id_of: dict[int, str], facts: Facts) -> None:
    """Relations of runs and wholes, as one text a run: runs that are alike in them share a list."""
    wholes = rows(store, scope, text("wholes"), nids=nids)
    above = sorted({n for pair in wholes for n in pair} - id_of.keys())
    related = rows(store, scope, text("near"), nids=json.dumps([*id_of, *above]))
    distinct: set[str] = {several for _, several in related if several is not None}
    ends = {several: [tuple(map(int, r.split(" "))) for r in several.split(",")] for several in distinct}
    others = sorted({d for pairs in ends.values() for _, d in pairs}.union(above))
    named = {row[0]: row[1:] for row in rows(store, scope, text("named"), nids=json.dumps(others))}
    id_of = id_of | {n: named[n][0] for n in above if n in named}
    facts.wholes += [(id_of[part], id_of[whole]) for part, whole in wholes if part in id_of and whole in id_of]
    lists = {several: [Near(rel, *named[d]) for rel, d in pairs if d in named] for several, pairs in ends.items()}
    facts.near = {id_of[s]: lists[several] for s, several in related if several is not None and s in id_of}


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


def text(name: str, steps: bool = False) -> str:
    """A statement of quick.sql."""
    return texts()[name].replace("{steps}", "1" if steps else "0")


def rows(store: Store, scope: Scope, statement: str, **params: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement, of what the scope sees."""
    sight = Sight(scope)
    if scope.contexts is not None:
        params[CONTEXTS] = json.dumps([0, *scope.contexts])
    return store.read(_SEEN.sub(lambda m: sight.context(m[1]), statement), params, left())
