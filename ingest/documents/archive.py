"""Documents that were taken in, as they were: in the spool, beside the journals, so that a graph can be made again.

`<spool>/documents/<digest>.gz`: a line of JSON that says the form, the project and the file's name, then the document.
"""

import gzip
import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from begat.graph_schema.errors import FormatError

FOLDER: Final = "documents"


class About(msgspec.Struct, tag_field="type", tag="document", omit_defaults=True):
    """The first line. `prefixes`: what the document has them for, so that it can be written with them again."""

    form: str
    project: str
    name: str
    prefixes: dict[str, str] = {}


class Kept(NamedTuple):
    """One of the archive."""

    path: Path
    about: About
    data: bytes


def keep(spool: Path, about: About, data: bytes) -> Path:
    """Keep a document; one that is there already is left. Raises OSError."""
    digest = blake2b(f"{about.form}\n{about.project}\n".encode(), digest_size=16)
    digest.update(data)
    path = spool / FOLDER / f"{digest.hexdigest()}.gz"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with new.open("xb") as file:
            with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                packed.write(msgspec.json.encode(about) + b"\n")
                packed.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return path


def prefixes(spool: Path, project: str | None = None) -> dict[str, str]:
    """Namespaces by the prefixes of a project's documents, of all where it is None; of two for one prefix, one."""
    found: dict[str, str] = {}
    for path in sorted((spool / FOLDER).glob("*.gz")):
        with suppress(OSError, EOFError, msgspec.DecodeError), gzip.open(path) as file:  # who needs it whole is told
            about = msgspec.json.decode(file.readline(1 << 20), type=About)
            found = about.prefixes | found if project in (None, about.project) else found
    return found


def kept(spool: Path) -> Iterator[Kept]:
    """All documents of the archive. Raises FormatError for a file that cannot be read, which is told with its place."""
    for path in sorted((spool / FOLDER).glob("*.gz")):
        try:
            with gzip.open(path) as packed:
                about = msgspec.json.decode(packed.readline(), type=About)
                data = packed.read()
        except (OSError, EOFError, msgspec.DecodeError) as e:
            raise FormatError(f"{path}: this document of the archive cannot be read: {e}") from e
        yield Kept(path, about, data)
