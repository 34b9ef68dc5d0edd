"""The server that journals are sent to: a connection that is kept, and what its answers mean.

The standard library alone, imported by who sends, never by a hook. The token goes into one header of a request, and
into no text of ours.
"""

import http.client
import os
import socket
import ssl
import zlib
from typing import Final

import msgspec

from begat.capture.segment import apart
from begat.capture.server_address import address
from begat.graph_schema.errors import JournalRefused, ServerAway, ServerError, UsageError
from begat.graph_schema.receipt import JOURNAL, Receipt

#: Bytes of journal in a piece: 300 kB on the wire, which any proxy lets pass, and a batch of some 9,000 events.
PIECE: Final = 2 << 20
#: Seconds to wait for a connection, and for an answer.
CONNECT: Final = 5.0
ANSWER: Final = 30.0
#: Bytes of an answer that are read; ours have some hundred.
ANSWER_BYTES: Final = 64 << 10
#: Seconds that a server may ask for.
LONGEST_PAUSE: Final = 3600.0
#: Signs of a server's own words that are shown.
SHOWN: Final = 300
#: What passes: overload, restarts, a proxy whose server is away.
PASSING: Final = frozenset((408, 425, 429, 500, 502, 503, 504))
#: What is wrong with one journal and perhaps not with another.
OF_THE_JOURNAL: Final = frozenset((400, 409, 413, 422))


class Server:
    """A server and the connection to it. One thread sends; others may `pause` it.

    `name` is its address as shown; `piece` are the bytes of journal that it takes at a time, less where a proxy is
    stricter.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        """Raises UsageError for an address or a token that is none; `token` is BEGAT_TOKEN's if it is None."""
        self._at = address(url)
        self.name = str(self._at)
        self._headers = {
            "Content-Type": "application/x-ndjson", "Content-Encoding": "gzip", "Accept": "application/json",
            "User-Agent": "begat",
        }  # fmt: skip
        token = os.environ.get("BEGAT_TOKEN", "") if token is None else token
        if token:
            if not token.isascii() or not token.isprintable() or " " in token:
                raise UsageError("BEGAT_TOKEN is no token: it holds a blank or a sign that is none of ASCII's")
            self._headers["Authorization"] = f"Bearer {token}"
        self._context = ssl.create_default_context() if self._at.secure else None
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._paused = self._busy = False
        self.piece = PIECE

    def send(self, piece: bytes, offset: int, *, ended: bool = False, answer: float = ANSWER) -> Receipt:
        """Send a piece: a header line, and the lines behind it, which begin at byte `offset` of their segment.

        Waits `answer` seconds for the answer, and no longer for a connection. Raises JournalRefused, ServerAway, or
        ServerError for what concerns all journals.
        """
        query = f"?offset={offset}&ended=true" if ended else f"?offset={offset}"
        body = _packed(piece)
        kept = self._connection is not None
        try:
            try:
                return self._asked(query, body, answer)
            except (ConnectionError, http.client.BadStatusLine):
                # A server closes what was idle for long; no answer is no sign that nothing was done, and again is safe.
                if not kept or self._paused:
                    raise
                self.close()
                return self._asked(query, body, answer)
        except ssl.SSLCertVerificationError as e:
            self.close()
            raise ServerError(
                f"{self.name}: its certificate is not trusted here ({e.verify_message}); SSL_CERT_FILE names a file of "
                "those that are"
            ) from e
        except (OSError, http.client.HTTPException) as e:
            self.close()
            raise ServerAway(f"{self.name}: {_why(e)}") from e

    def _asked(self, query: str, body: bytes, answer: float) -> Receipt:
        self._busy = True
        try:
            if self._paused:
                raise OSError("paused")
            connection = self._connection or self._connect(min(CONNECT, answer))
            assert connection.sock is not None
            connection.sock.settimeout(answer)
            try:
                connection.request("POST", self._at.path + JOURNAL + query, body, self._headers)
            except BrokenPipeError:  # who does not want all of it has perhaps said why
                pass
            response = connection.getresponse()
            told = response.read(ANSWER_BYTES)
            # Cut off among its headers an answer looks whole, and has no body.
            if (response.length and len(told) < ANSWER_BYTES) or (response.status == 200 and not told):
                raise http.client.IncompleteRead(told, response.length)
        finally:
            self._busy = False
        if response.will_close or not response.isclosed():
            self.close()
        return self._understood(response.status, response.headers.get("Retry-After", ""), told)

    def _understood(self, status: int, after: str, told: bytes) -> Receipt:
        if status == 200:
            try:
                return msgspec.json.decode(told, type=Receipt)
            except ValueError as e:
                raise ServerError(f"{self.name}: no begat server answers there") from e
        says = f"{self.name} answers {status}{_words(told)}"
        if status in PASSING:
            seconds = float(after) if after.isdecimal() and len(after) < 9 else 0.0
            raise ServerAway(says, min(seconds, LONGEST_PAUSE))
        if status in OF_THE_JOURNAL:
            raise JournalRefused(says, status)
        if status == 401:
            says += "; BEGAT_TOKEN has to be a token that it knows"
        elif 300 <= status < 400:
            says += ": it is elsewhere, and begat follows no redirection"
        raise ServerError(says)

    def _connect(self, patience: float) -> http.client.HTTPConnection:
        """A connection whose socket others can shut, also while it is still being made."""
        at, failed = self._at, OSError("the name has no address")
        for family, kind, protocol, _, place in socket.getaddrinfo(at.host, at.port, type=socket.SOCK_STREAM):
            made = socket.socket(family, kind, protocol)
            made = self._socket = socket.socket(fileno=apart(made.detach()))
            try:
                made.settimeout(patience)
                if self._paused:
                    raise OSError("paused")
                made.connect(place)
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._context is not None:
                    # Known before the handshake, so that it can be shut during that.
                    made = self._socket = secured = self._context.wrap_socket(
                        made, server_hostname=at.host, do_handshake_on_connect=False
                    )
                    secured.do_handshake()
                break
            except OSError as e:
                made.close()
                failed = e
        else:
            raise failed
        self._connection = http.client.HTTPConnection(at.host, at.port)
        self._connection.sock = made
        return self._connection

    def pause(self) -> None:
        """Break off what is under way, from another thread; nothing is sent until `resume`."""
        self._paused = True
        under_way = self._socket
        if self._busy and under_way is not None:
            try:
                socket.socket.shutdown(under_way, socket.SHUT_RDWR)  # an SSLSocket's own is for the thread that uses it
            except OSError:  # not connected, or closed meanwhile: nothing is under way
                pass

    def resume(self) -> None:
        """Send again."""
        self._paused = False

    @property
    def paused(self) -> bool:
        """Whether somebody has broken off what was under way."""
        return self._paused

    def close(self) -> None:
        """Close the connection; what is sent next makes another."""
        connection, self._connection = self._connection, None
        made, self._socket = self._socket, None
        if connection is not None:
            connection.close()
        if made is not None:
            made.close()


def _packed(piece: bytes) -> bytes:
    """As gzip, at the level that takes the least time: a sixth of the journal's size."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(piece) + packer.flush()


def _why(e: Exception) -> str:
    if isinstance(e, TimeoutError):
        return "no answer in time"
    if isinstance(e, OSError):
        return f"no connection: {e.strerror or str(e) or type(e).__name__}"
    return f"no answer that can be read: {type(e).__name__}"


class _Problem(msgspec.Struct):
    detail: str = ""


def _words(told: bytes) -> str:
    """What a server says for people, in application/problem+json."""
    try:
        detail = msgspec.json.decode(told, type=_Problem).detail
    except ValueError:  # a proxy's page
        return ""
    return f": {''.join(c for c in detail if c.isprintable())[:SHOWN]}" if detail else ""
