"""Files and folders as entities: a version is a canonical URI and a content digest."""

import os
from typing import Any, Final, NamedTuple

from begat.capture import digest, problems, uri, values
from begat.capture.entity import Entity
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Attributes, Event, Node, Relate
from begat.graph_schema.ids import blake2b

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
    """An entity, the events that describe it, and its members if it is a collection."""

    entity: Entity
    events: list[Event]
    members: "tuple[Entity, ...]" = ()


_last: dict[str, str] = {}
_told: set[tuple[str, str, str, str, str]] = set()


def known(path: str) -> str | None:
    """The version of a file that a hook of this process has named last, None if none has."""
    return _last.get(os.path.realpath(path))


def find(path: str, types: list[str], name: str | None, given: dict[str, Any], *, used: bool) -> Found:
    """The version a path holds now; one that is not there or cannot be read is an entity of unknown version."""
    real = os.path.realpath(path)
    shown = name or _shown(path)
    try:
        if os.path.isdir(real):
            return _folder(path, real, shown, types or (["Dataset"] if used else []), given)
        return _file(path, real, shown, types or default_types(real, used), given)
    except OSError as e:
        problems.warn(f"{path}: {e.strerror or e}; recorded as a version unknown")
        return _unknown(path, real, shown, types, given | {"problem": e.strerror or str(e)})


def default_types(path: str, used: bool) -> list[str]:
    """The types of a file of which the user says nothing."""
    ending = os.path.splitext(path)[1].lower()
    return ["Dataset"] if ending in DATA or (used and ending not in NO_DATA) else []


def _file(path: str, real: str, shown: str, types: list[str], given: dict[str, Any]) -> Found:
    content = digest.of_file(real)
    if content.digest is None:
        problems.warn(f"{path} changed while it was read; recorded as a version unknown")
        return _unknown(path, real, shown, types, given | {"changed_while_read": True})
    where = uri.canonical(real)
    version = ids.file_version(where, content.digest)
    facts: Attributes = {
        "path": values.clean(real),
        "uri": where,
        "digest": content.digest,
        "size": content.size,
        "mtime": _time(content.mtime_ns),
    }
    _last[real] = version
    node = Node(0, 0, version, "Entity", types, shown, facts | given)
    return Found(Entity(version, shown, path), _once(node, bool(given)))


def _folder(path: str, real: str, shown: str, types: list[str], given: dict[str, Any]) -> Found:
    """A collection of the file versions in a folder, by the digest of their names and digests."""
    members: list[Entity] = []
    events: list[Event] = []
    total = blake2b(digest_size=32)
    size = 0
    files, links = _walk(real)
    if links:
        problems.warn(f"{path}: what is behind links to folders is no part of it: {', '.join(links[:3])}")
    for link in links:
        total.update(f"link {os.readlink(os.path.join(real, link))}".encode("utf-8", "surrogateescape"))
    for file in files:
        below = os.path.relpath(file, real)
        found = find(file, [], os.path.join(shown, below), {}, used=False)
        members.append(found.entity)
        events += found.events
        total.update(f"{len(os.fsencode(below))}:".encode() + os.fsencode(below) + b"\0" + found.entity.id.encode())
        size += 1
    where = uri.canonical(real)
    hexes = "blake2b:" + total.hexdigest()
    version = ids.agreed("folder", where, hexes)
    facts: Attributes = {"path": values.clean(real), "uri": where, "digest": hexes, "members": size}
    node = _once(Node(0, 0, version, "Collection", types, shown, facts | given), bool(given))
    if node:
        events += node
        events += (Relate(0, 0, "hadMember", version, member.id) for member in members)
    _last[real] = version
    return Found(Entity(version, shown, path), events, tuple(members))


def _walk(folder: str) -> tuple[list[str], list[str]]:
    """The files below a folder that have content (no pipes, no links to nowhere), and its links to other folders.

    Such links are not followed: one may lead to a whole disk, or back.
    """
    found, links = [], []
    for place, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f not in (".git", "__pycache__", ".begat")]
        found += [file for name in names if os.path.isfile(file := os.path.join(place, name))]
        links += [os.path.relpath(f, folder) for name in folders if os.path.islink(f := os.path.join(place, name))]
    return sorted(found), sorted(links)


def _unknown(path: str, real: str, shown: str, types: list[str], given: dict[str, Any]) -> Found:
    version = ids.mint()
    facts: Attributes = {"path": values.clean(real), "version": "unknown"}
    _last[real] = version
    return Found(Entity(version, shown, path), [Node(0, 0, version, "Entity", types, shown, facts | given)])


def _once(node: Node, always: bool) -> list[Event]:
    """A description is sent once a writer, unless it says something more."""
    key = (WRITER.id, node.id, node.name or "", " ".join(node.types), str(node.attributes.get("path")))
    if key in _told and not always:
        return []
    _told.add(key)
    return [node]


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


def _time(ns: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ns // 1_000_000_000, UTC).replace(microsecond=ns // 1000 % 1_000_000).isoformat()
