"""What a path holds now, to compare recorded versions with: a file by its digest, a folder by those of all in it."""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, Final

#: Folders in a folder that are no part of its versions.
LEFT_OUT: Final = (".git", "__pycache__", ".begat")

Attributes = Mapping[str, Sequence[Any]]


class Present:
    """A path as it is now. Every file is read once at most; what cannot be read raises OSError."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._digests: dict[str, str] = {}

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
        found: set[str] = set()
        for place, folders, names in os.walk(self.path):
            folders[:] = [f for f in folders if f not in LEFT_OUT]
            found.update(os.path.realpath(f) for n in names if os.path.isfile(f := os.path.join(place, n)))
        return found

    def _equals(self, file: str, version: Attributes) -> bool:
        digests, sizes = version.get("digest", ()), version.get("size", ())
        if not any(str(d).startswith("blake2b:") for d in digests):
            return False
        if sizes and os.path.getsize(file) not in sizes:
            return False
        return self._digest(file) in digests

    def _digest(self, file: str) -> str:
        if file not in self._digests:
            state = blake2b(digest_size=32)
            with open(file, "rb") as f:
                while block := f.read(1 << 20):
                    state.update(block)
            self._digests[file] = "blake2b:" + state.hexdigest()
        return self._digests[file]
