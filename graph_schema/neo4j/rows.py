"""Statements as rows of the graph, and back: positions, descriptions, overruled values."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from begat.graph_schema.fold import NodeFold, default_time
from begat.graph_schema.law import FIRST, LAST, Key
from begat.graph_schema.neo4j.long_ids import LONGEST_NAME
from begat.graph_schema.neo4j.transaction import Row
from begat.graph_schema.statements import Context, Folded, Position, Relation, Stop, canonical
from begat.graph_schema.terms import KINDS, TYPES

#: Labels of the store's own: a foreign type of this name is in a node's `types` alone.
RESERVED: Final = frozenset(
    (
        "Resource", "Facet", "Past", "OpenRelation", "Phase", "Series", "Points", "Context", "Begat", "Writer",
        "Commit", "Bookmark", "Quarantined", "Marked", "LongId",
    )
)  # fmt: skip
KNOWN: Final = frozenset((*KINDS, *TYPES))
#: A longer type is no label: every label is kept for ever.
_LONGEST: Final = 500


@lru_cache(maxsize=4096)
def labels(kinds: tuple[str, ...], types: tuple[str, ...]) -> list[str]:
    """The labels of a node that has these kinds and types."""
    return [*kinds, *(t for t in types if t in KNOWN or _fits(t))]


def _fits(type_: str) -> bool:
    return bool(type_) and type_ not in RESERVED and "\0" not in type_ and len(type_) < _LONGEST


def key_of(t: int | None, w: str, n: int, unknown: int = LAST) -> Key:
    """A stored position as the law orders it; `unknown` is FIRST for usages."""
    return (unknown, "", 0) if t is None else (t, w, n)


def use_key(t: int | None, w: str, n: int) -> Key:
    """A stored usage's position as the law orders it."""
    return key_of(t, w, n, FIRST)


@lru_cache(maxsize=4096)
def _text(key: str) -> str:
    return canonical(key)


def _stamp(p: Row, at: Position | None, t: str, w: str, n: str) -> None:
    if at is not None:
        p[t], p[w], p[n] = at


def _position(p: Row, t: str, w: str, n: str) -> Position | None:
    return Position(p.get(t), p[w], p[n]) if w in p else None


def fold_of(p: Row, past: Iterable[Row]) -> NodeFold:
    """A stored description as it can be folded on."""
    fold = NodeFold(set(p["kinds"]), set(p["types"]))
    for key, held in msgspec.json.decode(p.get("attrs", "{}")).items():
        fold.attributes[key] = {canonical(v) for v in held}
    for single, column in ((fold.name, "name"), (fold.value, "value")):
        at = _position(p, f"{column}_t", f"{column}_w", f"{column}_n")
        if at is not None:
            single.held[str(p.get(f"long_{column}", p[column]))] = at
    start, end = _position(p, "started_at", "start_w", "start_n"), _position(p, "ended_at", "end_w", "end_n")
    if start is not None:
        fold.starts.add(start)
    if end is not None:
        fold.ends.add(Stop(end, p["outcome"], p.get("error"), p.get("trace")))
    for h in past:
        at = Position(h.get("t"), h["w"], h["n"])
        match h["key"]:
            case "name":
                fold.name.held[h["value"]] = at
            case "value":
                fold.value.held[h["value"]] = at
            case "start":
                fold.starts.add(at)
            case "end":
                fold.ends.add(Stop(at, h["outcome"], h.get("error"), h.get("trace")))
    return fold


def columns_of(f: Folded, ctx: int) -> Row:
    """A folded description as stored, without what is null."""
    p: Row = {"ctx": ctx, "kinds": list(f.kinds), "types": list(f.types)}
    if f.types:
        p["type"] = f.types[0]
    if f.name is not None:
        p["name"], p["long_name"] = f.name[:LONGEST_NAME], f.name if len(f.name) > LONGEST_NAME else None
        _stamp(p, f.named, "name_t", "name_w", "name_n")
    if f.value is not None:
        p["value"], p["number"] = f.value, f.number
        _stamp(p, f.valued, "value_t", "value_w", "value_n")
    if f.attributes:
        p["attrs"] = canonical(f.attributes)
        p["facts"] = [f"{_text(k)}:{canonical(v)}" for k, vs in f.attributes.items() for v in vs]
    if f.starts:
        _stamp(p, f.starts[0], "started_at", "start_w", "start_n")
    if f.ends:
        end = f.ends[-1]
        _stamp(p, end.position, "ended_at", "end_w", "end_n")
        p["outcome"], p["error"], p["trace"] = end.outcome, end.error, end.trace
    return p


def past_of(f: Folded) -> list[Row]:
    """What of a description later values have overruled, and its further starts and ends."""
    past: list[Row] = [{"key": h.key, "value": h.value, **_at(h.position)} for h in f.history]
    past += [{"key": "start", **_at(at)} for at in f.starts[1:]]
    past += [
        {"key": "end", "outcome": e.outcome, "error": e.error, "trace": e.trace, **_at(e.position)}
        for e in f.ends[:-1]
    ]
    return past


def _at(p: Position) -> Row:
    return {"t": p.time, "w": p.writer, "n": p.seq}


def relation_of(
    name: str, source: str | None, target: str | None, context: Context, p: Row
) -> Relation:
    """A stored relation as scan gives it."""
    extra = msgspec.json.decode(p["more"]) if "more" in p else {}
    at = Position(p.get("t"), p["w"], p["n"])
    return Relation(
        context,
        at,
        name,
        source,
        target,
        role=p.get("role"),
        id=extra.get("id"),
        time=extra.get("time", default_time(name, at.time)),
        arguments=extra.get("arguments", {}),
        attributes=extra.get("attributes", {}),
        exact=p.get("exact", False),
        observed_source=p.get("sobs"),
        observed_target=p.get("dobs"),
    )


def without_nulls(p: Row) -> Row:
    """The properties that are there."""
    return {k: v for k, v in p.items() if v is not None}
