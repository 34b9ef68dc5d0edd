"""Naming a thing: an id or IRI exactly; else a file's path; else a name or a short id. Several matches are told.

Of the versions of one path the one with the file's present content is meant, else the latest known, and a note says
which. Exact look-ups go by index; only endings (short ids, the last part of a path) read all names.
"""

import os
import string
from collections.abc import Sequence
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import msgspec

from begat.graph_schema import ids
from begat.graph_schema.errors import Ambiguous, NotFound
from begat.graph_schema.store import Store
from begat.queries.answer import iso
from begat.queries.engine import run
from begat.queries.expr import AttrIs, Expr, Par, Prop, Var, not_, op
from begat.queries.plan import Atom, N, Opt, Query, Rows, T, W
from begat.queries.scope import Scope

#: Things looked at that one name or ending has.
LOOKED_AT: Final = 10_000
#: Names that are compared for a suggestion.
COMPARED: Final = 20_000
#: Fewer digits are not taken for a short id.
SHORTEST: Final = 4

class Thing(msgspec.Struct):
    """What was meant, and what the asker should know about it."""

    id: str
    notes: list[str] = []


class Match(msgspec.Struct):
    """A node that may be meant, with the file it is a version of, if it is."""

    id: str
    name: str | None
    type: str | None
    kind: str | None
    seen: int | None
    attributes: dict[str, list[Any]]

    def first(self, key: str) -> Any:
        return next(iter(self.attributes.get(key, ())), None)

    @property
    def file(self) -> str | None:
        """What all versions of a file share."""
        found: str | None = self.first("uri") or self.first("path")
        return found

    def described(self) -> str:
        words = [self.name or ids.short(self.id), f"[{self.type or self.kind or 'unknown'}]"]
        if self.seen is not None:
            words.append(iso(self.seen))
        return " ".join(words)


def find_thing(store: Store, text: str, scope: Scope) -> Thing:
    """The one thing of that name. Raises NotFound with the nearest names, Ambiguous with the matches."""
    if run(store, BY_ID, {"id": text}, scope, 1).rows:
        return Thing(text)
    paths = _absolute(text)
    named = _matches(store, BY_NAMES, {"names": _suffixes(text, paths)}, scope)
    versions = [m for m in named if m.first("path") in paths]
    if versions or os.path.lexists(text):
        versions = versions or _matches(store, BY_PATH, {"paths": paths}, scope)
    found = (
        versions
        or [m for m in named if m.name == text]
        or (_matches(store, BY_SUFFIX, {"ending": text.lower()}, scope) if _is_short(text) else [])
        or _matches(store, BY_BASENAME, {"ending": "/" + text}, scope)
    )
    if not found:
        raise NotFound(f"nothing is called {text!r}{_there(text)}", _nearest(store, text, scope))
    if len(found) == 1 and not versions:
        return Thing(found[0].id)
    if any(m.file is None for m in found):
        raise _ambiguous(text, found)
    return _version(text, found)


def _version(text: str, found: Sequence[Match]) -> Thing:
    """Of versions of files: the one with the content of the file here, else the latest of one file."""
    here = [p for p in dict.fromkeys(m.first("path") for m in found) if p is not None and Path(p).is_file()]
    present = [m for p in here[:1] for m in found if m.first("path") == p and _has_content(m, p)]
    candidates = present or found
    if len({m.file for m in candidates}) > 1:
        raise _ambiguous(text, candidates)
    chosen = max(candidates, key=lambda m: (-1 if m.seen is None else m.seen, m.id))
    if len(found) == 1 and (present or not here):
        return Thing(chosen.id)
    which = f"version {ids.short(chosen.id)}" + ("" if chosen.seen is None else f" seen {iso(chosen.seen)}")
    if present:
        return Thing(chosen.id, [f"{text}: {which}, the one of {len(found)} with the file's present content"])
    why = "the file's present content is not known" if here else "the file is not here"
    return Thing(chosen.id, [f"{text}: {which}, the latest of {len(found)} known ({why})"])


def _has_content(m: Match, path: str) -> bool:
    digest, size = m.first("digest"), m.first("size")
    if not isinstance(digest, str) or not digest.startswith("blake2b:"):
        return False
    if isinstance(size, int) and size != os.path.getsize(path):
        return False
    return _digest(path) == digest


def _digest(path: str) -> str:
    state = blake2b(digest_size=32)
    with open(path, "rb") as f:
        while block := f.read(1 << 20):
            state.update(block)
    return "blake2b:" + state.hexdigest()


def _absolute(text: str) -> list[str]:
    """The absolute paths a text may stand for: as written, and with links resolved."""
    return list(dict.fromkeys((os.path.abspath(text), os.path.realpath(text))))


def _suffixes(text: str, paths: Sequence[str]) -> list[str]:
    """The names a file may have been given: relative to any folder above it, absolute, or as written here."""
    names = [text, os.path.normpath(text)]
    for path in paths:
        parts = path.strip(os.sep).split(os.sep)
        names += [path, *(os.sep.join(parts[i:]) for i in range(len(parts)))]
    return list(dict.fromkeys(names))


def _is_short(text: str) -> bool:
    digits = text.replace("-", "")
    return len(digits) >= SHORTEST and all(c in string.hexdigits for c in digits)


def _there(text: str) -> str:
    return ": the file is there, but no recorded run has used or written it" if os.path.lexists(text) else ""


def _ambiguous(text: str, found: Sequence[Match]) -> Ambiguous:
    latest = sorted(found, key=lambda m: (-(m.seen or 0), m.id))
    return Ambiguous(text, tuple((m.id, m.described()) for m in latest))


def _nearest(store: Store, text: str, scope: Scope) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for (name,) in run(store, NAMES, {}, scope, COMPARED).rows:
        names.setdefault(name, name)
        names.setdefault(name.rpartition("/")[2], name)
    near = get_close_matches(text, names, 6, 0.5)
    return tuple(dict.fromkeys(names[n] for n in near))[:3]


def _matches(store: Store, query: Query, params: dict[str, Any], scope: Scope) -> list[Match]:
    found: dict[str, Match] = {}
    for node, name, type_, kind, seen, attrs in run(store, query, params, scope, LOOKED_AT).rows:
        m = found.setdefault(node, Match(node, name, type_, kind, seen, {}))
        for key, values in msgspec.json.decode(attrs or "{}").items():
            m.attributes.setdefault(key, []).extend(values)
    return list(found.values())


def _candidates(*body: Atom) -> Query:
    return Query(
        body=(*body, Opt((T("description", "x", {"attrs": "attrs"}),))),
        cols={
            "id": Var("x"),
            "name": Prop("x", "name"),
            "type": Prop("x", "type"),
            "kind": Prop("x", "kind"),
            "seen": Prop("x", "seen"),
            "attrs": Var("attrs"),
        },
        order=("id",),
    )


def _ending(what: Expr) -> W:
    return W(op("ends", what, Par("ending")))


BY_ID: Final = Query(body=(N("x", id=Par("id")),), cols={"id": Var("x")}, order=("id",))
BY_NAMES: Final = _candidates(Rows("names", "given"), N("x", name=Var("given")))
BY_PATH: Final = _candidates(Rows("paths", "path"), N("x"), W(AttrIs("x", "path", "=", Var("path"))))
BY_SUFFIX: Final = _candidates(N("x"), _ending(Prop("x", "id")))
BY_BASENAME: Final = _candidates(N("x"), _ending(Prop("x", "name")))
NAMES: Final = Query(
    body=(N("x"), W(not_(op("isnull", Prop("x", "name"))))), cols={"name": Prop("x", "name")}, order=("name",)
)
