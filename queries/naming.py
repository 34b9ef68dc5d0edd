"""Naming a thing: an id or IRI exactly; else a file's path; else a name or a short id. Several matches are told.

Of the versions of one path the one with the file's present content is meant, else the latest known, and a note says
which; where the asker sits elsewhere (elsewhere.py) the latest, and no file is looked at. As of a time, only what was
known by then is meant. Exact look-ups go by index; only endings (short ids, the last part of a path) and suggestions
read all names.
"""

import os
import string
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

import msgspec

from begat.graph_schema import ids
from begat.graph_schema.errors import Ambiguous, NotFound
from begat.graph_schema.store import Store
from begat.queries.answer import iso
from begat.queries.elsewhere import is_elsewhere
from begat.queries.engine import run
from begat.queries.expr import AttrIs, Expr, Par, Prop, Var, not_, op
from begat.queries.plan import Atom, E, Either, N, Opt, Query, Rows, T, Top, W
from begat.queries.present import Present
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
        if isinstance(commit := self.first("commit"), str):
            words.append(f"at commit {commit[:9]}")
        if self.seen is not None:
            words.append(iso(self.seen))
        return " ".join(words)


def find_thing(store: Store, text: str, scope: Scope) -> Thing:
    """The one thing of that name. Raises NotFound with the nearest names, Ambiguous with the matches.

    As of a time, things known by then go first; where there is none a later one is taken, with a note that says so.
    """
    try:
        os.fsencode(text)
    except UnicodeEncodeError:  # half a character is in no path: stores hold it as the hooks write it
        text = text.encode("utf-8", "backslashreplace").decode()
    if _is_known(store, text, scope):
        return Thing(text)
    found, by_path = _found(store, text, scope)
    if not found and scope.as_of is not None:
        return _later(store, text, scope)
    if not found:
        raise NotFound(f"nothing is called {text!r}{_there(text)}", _nearest(store, text, scope))
    if len(found) == 1 and not by_path:
        return Thing(found[0].id)
    if any(m.file is None for m in found):
        raise _ambiguous(text, found)
    return _version(store, text, found, scope)


def _found(store: Store, text: str, scope: Scope) -> tuple[list[Match], bool]:
    """What a text may mean, and whether it is the path of all that."""
    paths = _absolute(text)
    named = _matches(store, BY_NAMES, {"names": _suffixes(text, paths)}, scope)
    versions = [m for m in named if m.first("path") in paths]
    if versions or _is_here(text):
        versions = versions or _matches(store, BY_PATH, {"paths": paths}, scope)
    found = (
        versions
        or [m for m in named if m.name == text]
        or (_matches(store, BY_SUFFIX, {"ending": text.lower()}, scope) if _is_short(text) else [])
        or _matches(store, BY_BASENAME, {"ending": "/" + text}, scope)
    )
    return found, bool(versions)


def _later(store: Store, text: str, scope: Scope) -> Thing:
    """A thing whose name came later than the asked time, be it one of several: nothing is said of it until then."""
    present = msgspec.structs.replace(scope, as_of=None)
    then = iso(scope.as_of or 0)
    if _is_known(store, text, present):
        return Thing(text, [f"{text}: not known by {then}"])
    found, _ = _found(store, text, present)
    if not found:
        raise NotFound(f"nothing is called {text!r}{_there(text)}", _nearest(store, text, present))
    known = [m for m in found if _is_known(store, m.id, scope)]
    if len(known) > 1:
        raise _ambiguous(text, known)
    return Thing(known[0].id) if known else Thing(found[0].id, [f"{text}: nothing of that name was known by {then}"])


def _is_known(store: Store, id: str, scope: Scope) -> bool:
    return bool(run(store, BY_ID, {"id": id}, scope, 1).rows)


def _version(store: Store, text: str, found: Sequence[Match], scope: Scope) -> Thing:
    """Of versions: the one with the content that the file or folder has now, else the latest of one file.

    Several with that content (a script at two commits) are not told apart.
    """
    paths = dict.fromkeys(str(m.first("path")) for m in found if m.first("path") is not None)
    here = None if is_elsewhere() else next((p for p in map(Present, paths) if p.is_here), None)
    present: list[Match] = []
    why = ""
    if here is not None:
        try:
            present = _present(store, found, here, scope)
            if not present:  # one that was given a name of its own is found by its path, which no index has
                found = _matches(store, BY_PATH, {"paths": list(paths)}, scope)
                present = _present(store, found, here, scope)
        except OSError as e:
            why = f"what is there cannot be read: {e.strerror or e}"
    if len(present) > 1 or len({m.file for m in present or found}) > 1:
        raise _ambiguous(text, present or found)
    chosen = max(present or found, key=lambda m: (-1 if m.seen is None else m.seen, m.id))
    if len(found) == 1 and present:
        return Thing(chosen.id)
    which = f"{text}: version {ids.short(chosen.id)}" + ("" if chosen.seen is None else f" seen {iso(chosen.seen)}")
    what = "folder" if (here.is_folder if here else "members" in chosen.attributes) else "file"
    if present:
        return Thing(chosen.id, [f"{which}, the one of {len(found)} with the {what}'s present content"])
    known = "known" if scope.as_of is None else f"known by {iso(scope.as_of)}"
    which += f", the only one {known}" if len(found) == 1 else f", the latest of {len(found)} {known}"
    why = why or (f"the {what} is not here" if here is None else f"the {what}'s present content is not {known}")
    return Thing(chosen.id, [f"{which} ({why})"])


def _present(store: Store, found: Sequence[Match], here: Present, scope: Scope) -> list[Match]:
    """Those that are what is there now."""
    return [m for m in found if m.first("path") == here.path and _is_present(store, m, here, scope)]


def _is_present(store: Store, m: Match, here: Present, scope: Scope) -> bool:
    if here.is_file_of(m.attributes):
        return True
    if not here.may_be_folder_of(m.attributes):
        return False
    return here.is_folder_of([x.attributes for x in _matches(store, MEMBERS, {"id": m.id}, scope, None)])


def _absolute(text: str) -> list[str]:
    """The absolute paths a text may stand for: as written, and with links resolved."""
    if "\0" in text:  # no path has one
        return []
    if is_elsewhere():
        return [os.path.normpath(text)] if os.path.isabs(text) else []
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


def _is_here(text: str) -> bool:
    return not is_elsewhere() and os.path.lexists(text)


def _there(text: str) -> str:
    return ": the file is there, but no recorded run has used or written it" if _is_here(text) else ""


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


def _matches(
    store: Store, query: Query, params: dict[str, Any], scope: Scope, limit: int | None = LOOKED_AT
) -> list[Match]:
    found: dict[str, Match] = {}
    for node, name, type_, kind, seen, attrs in run(store, query, params, scope, limit).rows:
        m = found.setdefault(node, Match(node, name, type_, kind, seen, {}))
        for key, values in msgspec.json.decode(attrs or "{}").items():
            m.attributes.setdefault(key, []).extend(values)
    if scope.as_of is not None and len(found) > 1:
        moments: dict[str, int | None] = dict(run(store, MOMENTS, {"ids": list(found)}, scope).rows)
        for m in found.values():
            # When it was named is only kept for the last time, which may be later than asked for.
            by_then = [t for t in (m.seen, moments.get(m.id)) if t is not None and scope.sees(t)]
            m.seen = max(by_then, default=None)
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
MEMBERS: Final = _candidates(N("whole", id=Par("id")), E("whole", ("hadMember",), "x"))
#: When each was used or made for the last time.
MOMENTS: Final = Query(
    body=(
        Rows("ids", "id"),
        N("x", id=Var("id")),
        Either(((E("by", ("used",), "x", at="at"),), (E("x", ("wasGeneratedBy",), "by", at="at"),))),
        Top(1, ("x",), ("x", "at"), ("-at",)),
    ),
    cols={"id": Var("x"), "at": Var("at")},
    order=("id",),
)
BY_PATH: Final = _candidates(Rows("paths", "path"), N("x"), W(AttrIs("x", "path", "=", Var("path"))))
BY_SUFFIX: Final = _candidates(N("x"), _ending(Prop("x", "id")))
BY_BASENAME: Final = _candidates(N("x"), _ending(Prop("x", "name")))
NAMES: Final = Query(
    body=(N("x"), W(not_(op("isnull", Prop("x", "name"))))), cols={"name": Prop("x", "name")}, order=("name",)
)
