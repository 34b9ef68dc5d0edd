"""The address of a Neo4j store: neo4j://USER:PASSWORD@HOST:7687/DATABASE."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

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
        except ValueError as e:  # its text may hold a part of the password
            raise _wrong(url) from e
        if not parts.hostname or parts.query or parts.fragment or "/" in parts.path[1:]:
            raise _wrong(url)
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        user = None if parts.username is None else unquote(parts.username)
        password = None if parts.password is None else unquote(parts.password)
        server = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
        return cls(server, user, password, unquote(parts.path[1:]) or None)

    def __str__(self) -> str:
        """As messages say it: without the password."""
        return self.server + (f"/{self.database}" if self.database else "")


def _wrong(url: str) -> UsageError:
    scheme = url.partition("://")[0]
    return UsageError(
        f"{without_password(url)!r} is not a store: write {scheme}://USER:PASSWORD@HOST:7687/DATABASE, "
        "in the password %2F for /, %40 for @, %23 for # and %3F for ?"
    )


def without_password(url: str) -> str:
    """A store's address as people may see it."""
    return re.sub(r"://([^:/@]*):.*@", r"://\1:***@", url)


def signed(url: str, auth: Callable[[], tuple[str, str]]) -> str:
    """A server's address with the user and password that `auth` tells; as it is where it names a user, or is a file."""
    scheme, between, rest = url.partition("://")
    if not between or not rest or rest.startswith("/") or "@" in rest:
        return url
    user, password = auth()
    return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{rest}"
