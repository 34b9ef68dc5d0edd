"""Where triples are kept: beside an embedded store, else with what is begat's own; a folder for each project."""

from hashlib import blake2b
from pathlib import Path
from typing import Final

#: For a store that is no file: in the folder that tokens are in, too.
ELSEWHERE: Final = Path(".begat/rdf")


def place_of(url: str, file: Path | None) -> Path:
    """The folder of a store: its address has no password in it."""
    return file.with_name(f"{file.name}.rdf") if file is not None else ELSEWHERE / _digest(url)


def folder_of(place: Path, project: str, inferred: bool = False) -> Path:
    """The folder of a project, whose name may be no name of a folder."""
    return place / (_digest(project) + ("-inferred" if inferred else ""))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
