"""Where triples are kept: beside an embedded store, else with what is begat's own; a folder for each project."""

from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal

#: For a store that is no file: in the folder that tokens are in, too.
ELSEWHERE: Final = Path(".begat/rdf")
#: What is told besides what is recorded: nothing, what PROV-O lets be concluded, or what depends on what by lineage.
More = Literal["no", "prov-o", "depends-on"]
#: By these, how the folder's name ends.
MORE: Final[dict[More, str]] = {"no": "", "prov-o": "-inferred", "depends-on": "-lineage"}


def place_of(url: str, file: Path | None) -> Path:
    """The folder of a store: its address has no password in it."""
    return file.with_name(f"{file.name}.rdf") if file is not None else ELSEWHERE / _digest(url)


def folder_of(place: Path, project: str, more: More = "no") -> Path:
    """The folder of a project, whose name may be no name of a folder."""
    return place / (_digest(project) + MORE[more])


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
