"""What a worker is asked, and what it says: messages with their length before them."""

import struct
from typing import IO, Final, Literal

import msgspec

_LENGTH: Final = struct.Struct("<I")
#: Bytes of a small answer, which needs no file.
SMALL: Final = 256 << 10
#: Why there is no answer.
Wrong = Literal["malformed", "update", "service", "unacceptable", "rows", "bytes", "gone", "engine"]


class Asked(msgspec.Struct, frozen=True):
    """A text, over which graphs, in which form. `graphs`: the default and the named ones of the protocol, None where it
    says none; `rows_form`, `graph_form`: names of forms in worker.py, None where no such answer is wanted. `out` is
    where to make a file for an answer that is no small one. `services`: endpoints that may be called. `seconds`: when
    the worker ends by itself, 0 for never."""

    place: str
    text: str
    out: str
    rows_form: str | None
    graph_form: str | None
    graphs: tuple[list[str], list[str]] | None = None
    rows: int = 100_000
    size: int = 64 << 20
    services: list[str] = []
    seconds: int = 0


class Said(msgspec.Struct, frozen=True):
    """`form` is that of the answer, `body` itself where it is small; `wrong` and `why` tell where there is none."""

    form: str = ""
    body: bytes | None = None
    rows: int = 0
    size: int = 0
    wrong: Wrong | None = None
    why: str = ""


def put(to: IO[bytes], message: Asked | Said) -> None:
    """Send a message."""
    body = msgspec.msgpack.encode(message)
    to.write(_LENGTH.pack(len(body)) + body)
    to.flush()


def get(source: IO[bytes]) -> bytes | None:
    """The body of the next message; None where the other side has gone."""
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    body = source.read(size)
    return body if len(body) == size else None
