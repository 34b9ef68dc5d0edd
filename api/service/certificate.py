"""What TLS is spoken with: a certificate and its key, as files in PEM."""

import ssl
from pathlib import Path
from typing import NamedTuple

from begat.graph_schema.errors import UsageError


class Certificate(NamedTuple):
    """`chain`: the server's certificate, and those that vouch for it; `key`: None when it is in the same file."""

    chain: Path
    key: Path | None = None

    def checked(self) -> "Certificate":
        """Itself, when both can be read and belong together; else raises UsageError. No password is asked for."""
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(self.chain, self.key, password=_none)
        except ssl.SSLError as e:
            of = "" if self.key is None else f" and the key in {self.key}"
            raise UsageError(f"--certificate: the certificate in {self.chain}{of}: {_why(e)}") from e
        except OSError as e:
            unread = next((f for f in (self.chain, self.key) if f and not _readable(f)), self.chain)
            raise UsageError(f"--certificate: {unread} cannot be read: {e.strerror or e}") from e
        return self


def _none() -> str:
    raise UsageError("--certificate: the key is locked by a password: give one that is not, readable by begat alone")


def _readable(file: Path) -> bool:
    try:
        file.open("rb").close()
    except OSError:
        return False
    return True


def _why(e: ssl.SSLError) -> str:
    match e.reason or "PEM_LIB":
        case "KEY_VALUES_MISMATCH":
            return "do not belong together"
        case "PEM_LIB" | "NO_START_LINE" | "BAD_END_LINE" | "BAD_BASE64_DECODE":
            return "PEM is expected, of a certificate and a key"
        case reason:
            return reason.lower().replace("_", " ")
