"""The address of a Neo4j store: neo4j://USER:PASSWORD@HOST:7687/DATABASE."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from begat.graph_schema.errors import UsageError


class Address(NamedTuple):
    """Where a server is, as whom to speak to it, and its database (None: the user's home database)."""

    server: str
    user: str | None
    password: str | None
    database: str | None

    @classmethod
    def of(cls, url: str) -> "Address":
        """From a store's URL. Raises UsageError for what is none."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as e:
            raise UsageError(f"{_without_password(url)!r} is not a store: {e}") from e
        if not parts.hostname or parts.query or parts.fragment or "/" in parts.path[1:]:
            raise UsageError(
                f"{_without_password(url)!r} is not a store: write {parts.scheme}://USER:PASSWORD@HOST:7687/DATABASE"
            )
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        user = None if parts.username is None else unquote(parts.username)
        password = None if parts.password is None else unquote(parts.password)
        server = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
        return cls(server, user, password, unquote(parts.path[1:]) or None)

    def __str__(self) -> str:
        """As messages say it: without the password."""
        return self.server + (f"/{self.database}" if self.database else "")


def _without_password(url: str) -> str:
    before, at, after = url.rpartition("@")
    return f"{before.partition('://')[0]}://...@{after}" if at else url
