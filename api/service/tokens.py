"""Bearer tokens (RFC 6750): a file of what each may do, and of each only its hash.

A token is `begat_ID_SECRET`: the id may be seen and is how it is listed and revoked; the secret is shown once, when it
is made.
"""

import hmac
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec

from begat.api.service.access import SCOPES, Access, Refused, Scope
from begat.graph_schema.errors import NotFound, StoreError, UsageError

PREFIX: Final = "begat_"
#: Where they are kept, unless told.
FILE: Final = Path(".begat/tokens.db")
#: Bytes of a secret, and letters of an id.
SECRET, ID = 32, 8
LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
#: Signs of a token at most: what is longer is none.
LONGEST: Final = 200
#: Signs of a token's name.
NAME: Final = 200
_ALL: Final = "SELECT id, name, scope, project, made, expires, revoked FROM token ORDER BY rowid"
#: What is found of an unknown one.
_NONE: Final[tuple[Any, ...]] = (b"", "", "read", None, None, None)
_ONE: Final = "SELECT hash, name, scope, project, expires, revoked FROM token WHERE id = ?"


class Token(msgspec.Struct, frozen=True):
    """A token as it is listed; times in seconds since the epoch."""

    id: str
    name: str
    scope: Scope
    project: str | None
    made: int
    expires: int | None
    revoked: int | None

    def state(self, now: float) -> str:
        """What it is good for: valid, expired or revoked."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= now else "valid"


class Tokens:
    """The tokens in a file, which is made with the first one, for its owner alone."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def create(self, name: str, scope: Scope, project: str | None = None, expires: int | None = None) -> str:
        """Make one, and return it: it cannot be shown again. `expires` in seconds since the epoch.

        Raises UsageError for a scope that nobody knows, a name of no signs or too many, and a time that is over.
        """
        if scope not in SCOPES:
            raise UsageError(f"scope is {scope!r}: give one of {', '.join(SCOPES)}")
        if not 0 < len(name) <= NAME or not name.isprintable():
            raise UsageError(f"name is {name!r}: give one of up to {NAME} printable signs")
        if project == "":
            raise UsageError("project is empty: leave it out for a token for all projects")
        now = int(time.time())
        if expires is not None and expires <= now:
            raise UsageError("it would be expired already: give a time to come")
        id_ = "".join(secrets.choice(LETTERS) for _ in range(ID))
        token = f"{PREFIX}{id_}_{secrets.token_urlsafe(SECRET)}"
        with self._open(create=True) as db:
            db.execute(
                "INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                (id_, _hash(token), name, scope, project, now, expires),
            )
        return token

    def all(self) -> list[Token]:
        """All that were ever made, in that order."""
        if not self.file.exists():
            return []
        with self._open() as db:
            return [Token(*row) for row in db.execute(_ALL)]

    def revoke(self, id_: str) -> Token:
        """Make a token good for nothing, from now on; again, it stays so. Raises NotFound."""
        if self.file.exists():
            with self._open() as db:
                db.execute(
                    "UPDATE token SET revoked = coalesce(revoked, ?) WHERE id = ?", (int(time.time()), id_)
                )
        for token in self.all():
            if token.id == id_:
                return token
        raise NotFound(f"there is no token {id_!r}", tuple(t.id for t in self.all() if t.revoked is None)[:3])

    def access(self, token: str) -> Access:
        """What a token's bearer may. Raises Refused (401) for one that is unknown, expired or revoked."""
        row = None
        if len(token) <= LONGEST and token.startswith(PREFIX) and self.file.exists():
            with self._open() as db:
                row = db.execute(_ONE, (token.removeprefix(PREFIX).partition("_")[0],)).fetchone()
        known, name, scope, project, expires, revoked = row or _NONE
        if not hmac.compare_digest(known, _hash(token)):
            raise Refused("this token is unknown here: `begat token list` on the server tells which there are", 401)
        if revoked is not None:
            raise Refused("this token was revoked", 401)
        if expires is not None and expires <= time.time():
            raise Refused("this token is expired", 401)
        return Access(scope, project, name)

    @contextmanager
    def _open(self, *, create: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction. Raises StoreError where the file cannot be used."""
        try:
            if create:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self.file, timeout=10)) as db, db:
                if create:
                    db.execute(files("begat.api.service").joinpath("tokens.sql").read_text())
                yield db
        except (sqlite3.Error, OSError) as e:
            raise StoreError(f"the tokens in {self.file} cannot be used: {e}") from e


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
