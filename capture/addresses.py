"""Things that have an address elsewhere: known by it and, where somebody says which, by their version.

Nothing is fetched. The version is the one the user gives (an object's version id, generation or ETag), the one the
address itself names, or the digest that the user knows.
"""

import os
from typing import Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from begat.capture import files, problems, secrets, values
from begat.capture.entity import Entity
from begat.capture.files import Found
from begat.capture.machine import machine
from begat.graph_schema import ids
from begat.graph_schema.events import Attributes, Node

#: In the query of an object store's address, these name a version: S3 and its kin, Azure, Google.
NAMES: Final = ("versionid", "snapshot", "generation")

_last: dict[str, str] = {}


def known(address: str) -> str | None:
    """The version of an address that a hook of this process has named last, None if none has."""
    return _last.get(_parts(address)[0])


def find(address: str, types: list[str], name: str | None, given: dict[str, Any]) -> Found:
    """The version of an address, or what the address names as such if nobody says which version that is."""
    given = dict(given)
    where, named = _parts(address)
    version = str(given.pop("version", None) or named or "").strip('"')
    digest = given.pop("digest", None)
    if digest is not None and not (isinstance(digest, str) and files.DIGEST.fullmatch(digest)):
        problems.warn(f"digest={digest!r}: begat does not read {where}; give its digest as ALGORITHM:VALUE")
        digest = None
    facts: Attributes = {"uri": where}
    if version:
        made = ids.agreed("version", where, version)
        facts["version"] = version
    else:
        made = ids.file_version(where, digest) if digest else where
    if digest:
        facts["digest"] = digest
    _last[where] = made
    shown = name or where
    return Found(Entity(made, shown, address), [Node(0, 0, made, "Entity", types, shown, facts | given)])


def path_of(address: str) -> str | None:
    """The path of a file: address on this machine, None for any other address."""
    if not address.startswith("file://"):
        return None
    host, _, path = address.removeprefix("file://").partition("/")
    if host not in ("", "localhost", machine()):
        return None
    as_it_is = "/" + path
    return as_it_is if "%" not in path or os.path.lexists(as_it_is) else unquote(as_it_is, errors="surrogateescape")


def _parts(address: str) -> tuple[str, str | None]:
    """An address less what opens it and what names its version, and that version."""
    address = secrets.text(values.clean(address))
    try:
        parts = urlsplit(address)
    except ValueError:  # no address as the standard has it: kept as it is
        return address, None
    if parts.scheme == "gs" and parts.fragment.isdigit():
        return urlunsplit(parts._replace(fragment="")), parts.fragment
    pairs = parts.query.split("&")
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name.lower() in NAMES and value:
            return urlunsplit(parts._replace(query="&".join(p for p in pairs if p != pair))), unquote(value)
    return address, None
