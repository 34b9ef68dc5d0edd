"""Files as entities: a version is a canonical URI and a content digest; an observation is one whose digest is to come.

What is to be read is read in the hook up to LIMIT bytes, more by a thread (digester.py), unless the user says how.
"""

import os
import re
from typing import Any, Final, NamedTuple

from begat.capture import digest, digester, problems, settings, uri, values
from begat.capture.entity import Entity
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Attributes, Event, Node

#: A hook reads no more than this, in bytes, unless asked to.
LIMIT: Final = 16_000_000
#: What a hook may be told to do with a large file: read it now, leave it to the thread, read pieces of it.
NOW: Final = "now"
LATER: Final = "later"
SAMPLED: Final = "sampled"
#: A digest that the user knows: its algorithm and its value.
DIGEST: Final = re.compile(r"[A-Za-z][\w.+-]*:\S+")

#: What the ending of a file's name says about its type where the user says nothing.
DATA: Final = frozenset((
    ".csv", ".tsv", ".parquet", ".feather", ".arrow", ".npy", ".npz", ".jsonl", ".ndjson", ".avro", ".orc", ".zarr",
    ".nc", ".hdf", ".tfrecord", ".xls", ".xlsx", ".arff", ".libsvm", ".svmlight", ".sas7bdat", ".dta", ".fits",
    ".las", ".segy", ".sgy", ".tif", ".tiff", ".wav", ".mat",
))  # fmt: skip
#: What is used and is no data set as a rule: programs, settings, models.
NO_DATA: Final = frozenset((
    ".py", ".ipynb", ".sh", ".r", ".jl", ".toml", ".yaml", ".yml", ".ini", ".cfg", ".conf", ".json", ".md",
    ".pt", ".pth", ".ckpt", ".safetensors", ".onnx", ".joblib", ".keras", ".pb", ".tflite", ".gguf", ".pkl",
    ".pickle", ".model", ".bst", ".ubj", ".whl", ".so",
))  # fmt: skip


class Found(NamedTuple):
    """An entity, the events that describe it, its members if it is a collection, what waits if it is an observation."""

    entity: Entity
    events: list[Event]
    members: "tuple[Entity, ...]" = ()
    waiting: "digester.Waiting | None" = None


_last: dict[str, str] = {}
_told: set[tuple[str, str, str, str, str]] = set()
#: Of a file that was named before it was read: the id it had first, by path and stat; and that of its later ids.
_first: dict[tuple[str, digest.Key], str] = {}
_same: dict[str, str] = {}


def known(path: str) -> str | None:
    """The version of a file that a hook of this process has named last, None if none has."""
    return at(os.path.realpath(path))


def at(real: str) -> str | None:
    """The same for a path that links have been resolved in."""
    return _last.get(real)


def same(id: str) -> str:
    """One id for all that a file was called while stat said the same of it: observations and the version."""
    return _same.get(id, id)


def default_types(path: str, used: bool) -> list[str]:
    """The types of a file of which the user says nothing."""
    ending = os.path.splitext(path)[1].lower()
    return ["Dataset"] if ending in DATA or (used and ending not in NO_DATA) else []


def asked(given: dict[str, Any]) -> tuple[str, str | None]:
    """How the user wants a file to be read, and the digest of it that the user knows. Takes it out of `given`."""
    said = given.pop("digest", None)
    if said in (NOW, LATER, SAMPLED):
        return said, None
    if isinstance(said, str) and DIGEST.fullmatch(said):
        return LATER, said
    if said is not None:
        problems.warn(f"digest={said!r} is none: give now, later, sampled, or ALGORITHM:VALUE. Read as usual")
    return (WRITER.settings or settings.read()).digest, None


def file(
    path: str, real: str, shown: str, types: list[str], given: dict[str, Any], how: str, seen: os.stat_result
) -> Found:
    """The version that a regular file has now, or an observation if it is LATER that it is to be read."""
    content = digest.remembered(seen)
    if content is None:
        if how == LATER:
            return _observed(path, real, shown, types, given, seen)
        by_pieces = how == SAMPLED and seen.st_size > LIMIT
        content = digest.sampled(real, seen) if by_pieces else digest.read(real, seen)
    if content is None:
        problems.warn(f"{path} changed while it was read; recorded as a version unknown")
        return unknown(path, real, shown, types, given | {"changed_while_read": True})
    return version(path, real, shown, types, given, content, seen)


def version(
    path: str, real: str, shown: str, types: list[str], given: dict[str, Any], content: str, seen: os.stat_result
) -> Found:
    """The version of a file with this digest."""
    where = uri.canonical(real, seen.st_dev)
    made = ids.file_version(where, content)
    facts = _facts(real, where, seen) | {"digest": content}
    _last[real] = made
    _remember(real, seen, made)
    node = Node(0, 0, made, "Entity", types, shown, facts | given)
    return Found(Entity(made, shown, path), once(node, bool(given)))


def _observed(
    path: str, real: str, shown: str, types: list[str], given: dict[str, Any], seen: os.stat_result
) -> Found:
    """A file as it was seen at this moment: which version that is the thread finds out."""
    waiting = digester.waiting(real, seen)
    if waiting is not None and not given:
        made, node = waiting.node.id, waiting.node
    else:  # what the user says of it is said of this observation
        made, where = ids.mint(), uri.canonical(real, seen.st_dev)
        facts = _facts(real, where, seen) | {"version": "unknown"}
        node = Node(0, 0, made, "Entity", types, shown, facts | given)
        waiting = digester.Waiting(real, shown, seen, where, node)
        digester.add(waiting)
    _last[real] = made
    _remember(real, seen, made)
    again = Node(0, 0, made, "Entity", types or node.types, shown, node.attributes)
    return Found(Entity(made, shown, path), once(again, False), (), waiting)


def unknown(path: str, real: str, shown: str, types: list[str], given: dict[str, Any]) -> Found:
    """A file of which it will never be known which version it was."""
    made = ids.mint()
    facts: Attributes = {"path": values.clean(real), "version": "unknown"}
    _last[real] = made
    return Found(Entity(made, shown, path), [Node(0, 0, made, "Entity", types, shown, facts | given)])


def once(node: Node, always: bool) -> list[Event]:
    """A description is sent once a writer, unless it says something more."""
    key = (WRITER.id, node.id, node.name or "", " ".join(node.types), str(node.attributes.get("path")))
    if key in _told and not always:
        return []
    _told.add(key)
    return [node]


def named(real: str, made: str) -> None:
    """From now on a path is known as this version."""
    _last[real] = made


def _remember(real: str, seen: os.stat_result, made: str) -> None:
    """Small files have one id as long as they have one content; for large ones it is kept which ids are the same."""
    if seen.st_size < digest.SHARED:
        return
    if len(_first) >= digest.MOST:
        _first.clear()
        _same.clear()
    first = _first.setdefault((real, digest.key(seen)), made)
    if first != made:
        _same.setdefault(made, same(first))


def _facts(real: str, where: str, seen: os.stat_result) -> Attributes:
    return {"path": values.clean(real), "uri": where, "size": seen.st_size, "mtime": _time(seen.st_mtime_ns)}


def _time(ns: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ns // 1_000_000_000, UTC).replace(microsecond=ns // 1000 % 1_000_000).isoformat()
