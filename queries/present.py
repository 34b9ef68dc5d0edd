"""What a path holds now, to compare recorded versions with: a file by its digest, a folder by those of all in it."""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from begat.capture import digest, folders

#: Digests that can be compared with: of the whole content, and of pieces of it.
KINDS: Final = ((digest.WHOLE, False), (digest.SAMPLED, True))

Attributes = Mapping[str, Sequence[Any]]


class Present:
    """A path as it is now. Every file is read once at most, and not if its digest is remembered on this machine.

    What cannot be read raises OSError.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._digests: dict[tuple[str, bool], str | None] = {}

    @property
    def is_here(self) -> bool:
        return os.path.lexists(self.path)

    @property
    def is_folder(self) -> bool:
        return os.path.isdir(self.path)

    def is_file_of(self, version: Attributes) -> bool:
        """Whether the file has the content of a version, given its attributes."""
        return os.path.isfile(self.path) and self._equals(self.path, version)

    def may_be_folder_of(self, version: Attributes) -> bool:
        """Whether the folder holds as many files as a version of it: else its members need not be looked at."""
        return self.is_folder and list(version.get("members", ())) == [len(self._files)]

    def is_folder_of(self, members: Sequence[Attributes]) -> bool:
        """Whether the folder holds exactly the file versions with these attributes."""
        held = [{p: m for p in m.get("path", ()) if p in self._files} for m in members]
        named = {p for m in held for p in m}
        return named == self._files and all(any(self._equals(p, v) for p, v in m.items()) for m in held)

    @cached_property
    def _files(self) -> set[str]:
        """The real paths of all files below the folder; links to folders are not followed."""
        return {real for _, real in folders.inside(self.path).files}

    def _equals(self, file: str, version: Attributes) -> bool:
        digests, sizes = version.get("digest", ()), version.get("size", ())
        if sizes and os.path.getsize(file) not in sizes:
            return False
        return any(
            self._digest(file, sampled) in digests
            for kind, sampled in KINDS
            if any(str(d).startswith(kind) for d in digests)
        )

    def _digest(self, file: str, sampled: bool) -> str | None:
        """None of a file that changes just now."""
        if (file, sampled) not in self._digests:
            found = digest.sampled(file, digest.look(file)) if sampled else digest.of_file(file)
            self._digests[file, sampled] = found
        return self._digests[file, sampled]
