"""Trusted documents: where there are some, nothing else is answered."""

import hashlib
from pathlib import Path

import msgspec

from begat.graph_schema.errors import UsageError

#: Files of a folder that are documents.
ENDING = ".graphql"


class Trusted:
    """Documents by the SHA-256 of their text in UTF-8, in hex."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def __contains__(self, text: str) -> bool:
        return digest(text) in self._texts

    def __len__(self) -> int:
        return len(self._texts)


def digest(text: str) -> str:
    """The name of a document."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def trusted(path: Path) -> Trusted:
    """The documents of a folder, a `.graphql` file each, or of a JSON object of SHA-256 and text.

    Raises UsageError for a file that cannot be read, and for a text that has another digest.
    """
    try:
        if path.is_dir():
            texts = [p.read_text(encoding="utf-8") for p in sorted(path.glob(f"*{ENDING}"))]
            return Trusted({digest(t): t for t in texts})
        held = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as e:
        wanted = f"give a folder of *{ENDING} files, or a JSON object of sha256 and text"
        raise UsageError(f"{path} has no trusted documents: {e}; {wanted}") from None
    for name, text in held.items():
        if digest(text) != name.lower():
            raise UsageError(f"{path}: the text under {name[:64]} has the digest {digest(text)}: correct one of them")
    return Trusted({name.lower(): text for name, text in held.items()})
