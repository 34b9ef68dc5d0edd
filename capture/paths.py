"""What a path names: a file, all that is in a folder, or all that a pattern matches."""

import os
from typing import Any, Final

from begat.capture import digest, digester, files, folders, problems, settled, uri, values
from begat.capture.entity import Entity
from begat.capture.files import Found
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Attributes, Event, Node, Relate

#: Reading a small file costs about as much as reading this many bytes.
LEAST: Final = 4096


def find(path: str, types: list[str], name: str | None, given: dict[str, Any], *, used: bool) -> Found:
    """The version a path holds now; one that is not there or cannot be read is an entity of unknown version."""
    given = dict(given)
    how, content = files.asked(given)
    # No path has a null in it; none at all would be the working folder.
    real = os.path.realpath(path) if path and "\0" not in path else path
    shown = name or _shown(path)
    try:
        if not path:
            raise FileNotFoundError(2, "no path is given")
        if any(c in path for c in "*?[") and not os.path.lexists(path):
            return _pattern(path, shown, types or (["Dataset"] if used else []), given, how)
        if os.path.isdir(real):
            types = types or (["Dataset"] if used else [])
            if content is not None:
                return _said(path, real, shown, types, given, content)
            return _folder(path, real, shown, types, given, how)
        types = types or files.default_types(real, used)
        seen = digest.look(real)
        if content is not None:
            return files.version(path, real, shown, types, given, content, seen)
        small = seen.st_size <= files.LIMIT
        return files.file(path, real, shown, types, given, files.NOW if small else how, seen)
    except (OSError, ValueError) as e:  # ValueError: a name with a null in it
        why = _why(e)
        problems.warn(f"{values.clean(path)}: {why}; recorded as a version unknown")
        return files.unknown(path, real, shown, types, given | {"problem": why})
    finally:
        digester.begin()


def _folder(path: str, real: str, shown: str, types: list[str], given: dict[str, Any], how: str) -> Found:
    """A collection of the file versions in a folder, by the digest of their names and versions."""
    inside, links = _listed(path, real)
    if links:
        problems.warn(f"{path}: what is behind links to folders is no part of it: {', '.join(links[:3])}")
    parts = [f"link {os.readlink(os.path.join(real, link))}".encode("utf-8", "surrogateescape") for link in links]
    above = "" if shown == "." else f"{shown.rstrip('/')}/"
    files_in = [(place, below, values.clean(above + below)) for below, place in inside]
    return _members(path, real, shown, types, given, how, files_in, parts)


def _pattern(path: str, shown: str, types: list[str], given: dict[str, Any], how: str) -> Found:
    """A collection of the versions of all files that a pattern matches, and of those in folders that it matches."""
    from glob import glob, has_magic

    inside: dict[str, str] = {}
    for match in glob(path, recursive=True):
        if os.path.isdir(match):
            inside.update((os.path.join(match, below), place) for below, place in _listed(match, match).files)
        elif os.path.isfile(match):
            inside[match] = os.path.realpath(match)
    if not inside:
        raise FileNotFoundError(2, "no file matches")
    base = path
    while has_magic(base):
        base = os.path.dirname(base)
    files_in = [(place, os.path.relpath(f, base or "."), _shown(f)) for f, place in sorted(inside.items())]
    return _members(path, os.path.realpath(path), shown, types, given, how, files_in, [])


def _listed(path: str, folder: str) -> folders.Inside:
    """What is in a folder; what cannot be listed is told."""

    def unreadable(e: OSError) -> None:
        problems.warn(f"{values.clean(path)}: {e.filename} cannot be listed ({_why(e)}), so it is no part of it")

    return folders.inside(folder, unreadable)


def _members(
    path: str, real: str, shown: str, types: list[str], given: dict[str, Any], how: str,
    inside: list[tuple[str, str, str]], parts: list[bytes],
) -> Found:  # fmt: skip
    """A collection of files (real path, name in it, name shown), with the digests' `parts` that are no files.

    They are read in the hook until it has read as much as it may; those that do not fit are read as the user says.
    """
    if not given and (known := settled.again(path, real, shown, types, parts, inside)):
        files.named(real, known[0].id)
        return Found(known[0], [], known[1])
    left = files.LIMIT
    no_files = [""] * len(parts)
    members: list[Found] = []
    events: list[Event] = []
    mark = settled.Mark(shown, types, parts)
    for place, below, name in inside:
        found, cost = _member(place, below, name, how, left, mark)
        left -= cost
        members.append(found)
        events += found.events
        parts.append(f"{len(os.fsencode(below))}:".encode() + os.fsencode(below) + b"\0")
        if len(events) > digester.PIECE:
            WRITER.emit(*events)
            events.clear()
    where = uri.canonical(real)
    facts: Attributes = {"path": values.clean(real), "uri": where, "members": len(members)}
    node = Node(0, 0, ids.mint(), "Collection", types, shown, facts | {"version": "unknown"} | given)
    whole = digester.Collected(node, where, parts, [*no_files, *(m.entity.id for m in members)])
    waiting = [(n, m.waiting) for n, m in enumerate(members, len(no_files)) if m.waiting is not None]
    if digester.collect(whole, waiting):
        node = whole.version()
        mark.keep(real, node.id)
    files.named(real, node.id)
    inner = tuple(m.entity for m in members)
    if said := files.once(node, bool(given)):
        events += said
        for member in inner:
            events.append(Relate(0, 0, "hadMember", node.id, member.id))
            if len(events) > digester.PIECE:
                WRITER.emit(*events)
                events.clear()
    return Found(Entity(node.id, shown, path), events, inner)


def _member(place: str, below: str, shown: str, how: str, left: int, mark: settled.Mark) -> tuple[Found, int]:
    """A file in a collection (its real path), and what of the hook's `left` bytes it took to read it."""
    types = files.default_types(shown, False)
    try:
        seen = digest.look(place)
        cost = 0 if digest.remembered(seen) else max(seen.st_size, LEAST)
        if cost > left:
            found, cost = files.file(place, place, shown, types, {}, how, seen), 0
        else:
            found = files.file(place, place, shown, types, {}, files.NOW, seen)
        mark.add(below, seen, found.entity.id)
        mark.whole = mark.whole and digest.remembered(seen) is not None
        return found, cost
    except OSError as e:
        problems.warn(f"{values.clean(place)}: {_why(e)}; recorded as a version unknown")
        mark.whole = False
        return files.unknown(place, place, shown, types, {"problem": _why(e)}), 0


def _said(path: str, real: str, shown: str, types: list[str], given: dict[str, Any], content: str) -> Found:
    """A folder whose digest the user knows: nothing in it is looked at."""
    where = uri.canonical(real)
    made = ids.agreed("folder", where, content)
    facts: Attributes = {"path": values.clean(real), "uri": where, "digest": content}
    files.named(real, made)
    node = Node(0, 0, made, "Collection", types, shown, facts | given)
    return Found(Entity(made, shown, path), files.once(node, bool(given)))


def _shown(path: str) -> str:
    """A file's name as its user knows it: relative to the working folder if it lies there, else as given."""
    if os.path.isabs(path):
        try:
            here = os.getcwd()
        except OSError:  # the working folder was removed: no name is relative to it
            here = path
        if path.startswith(here + "/"):
            path = os.path.relpath(path, here)
    return values.clean(os.path.normpath(path))


def _why(e: OSError | ValueError) -> str:
    return (e.strerror if isinstance(e, OSError) else None) or str(e)
