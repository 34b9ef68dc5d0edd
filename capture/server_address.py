"""A server's address: what BEGAT_SINK and `--to` name, taken apart and checked."""

import os
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from begat.capture.settings import OFF
from begat.graph_schema.errors import UsageError

SCHEMES: Final = ("https", "http")


class Address(NamedTuple):
    """A server's address, taken apart; `path` is what stands before begat's own."""

    secure: bool
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == (443 if self.secure else 80) else f":{self.port}"
        return f"{SCHEMES[not self.secure]}://{host}{port}{self.path}"


def address(url: str) -> Address:
    """Raises UsageError for what is no server's address, and for one that would send a token in the clear."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in SCHEMES or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError("this is no server's address: write https://HOST, with :PORT and /PREFIX if need be")
    if parts.username is not None:
        raise UsageError("an address is kept and shown: give the token in BEGAT_TOKEN, not in the address")
    if parts.query or parts.fragment:
        raise UsageError("a server's address ends with its path: nothing behind ? or #")
    secure = parts.scheme == "https"
    if not secure and not _loopback(host) and os.environ.get("BEGAT_INSECURE", "").lower() in OFF:
        raise UsageError(
            f"http: to {host} would show journals and token to the network: use https:, or set BEGAT_INSECURE=1 where "
            "whoever can listen may know them"
        )
    return Address(secure, host, port or (443 if secure else 80), parts.path.rstrip("/"))


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
