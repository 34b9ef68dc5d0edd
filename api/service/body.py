"""A request's body, read as far as it may be long, and as long as its sender goes on sending."""

import asyncio
from collections.abc import AsyncIterator
from typing import BinaryIO

from starlette.requests import ClientDisconnect, Request

from begat.api.service.limits import Limits
from begat.api.service.problem import RETRY, Problem
from begat.graph_schema.errors import FormatError, MissingExtra, UsageError
from begat.ingest.unpacked import READERS, TooLarge, held, unpacked


async def pieces(request: Request, most: int, patience: float) -> AsyncIterator[bytes]:
    """It as it comes. Raises Problem: 413 beyond `most` bytes, 408 where nothing more comes for `patience` seconds."""
    size = 0
    if int(request.headers.get("content-length", 0)) > most:  # the gate has seen that it is a number
        raise _too_large(most)
    stream = request.stream()
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), patience)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Problem(408, "too slow", f"no more of the body came for {patience:g} seconds") from None
        size += len(piece)
        if size > most:
            raise _too_large(most)
        yield piece


def _too_large(most: int) -> Problem:
    return Problem(413, "too large", f"the body has more than {most} bytes, which is the limit")


async def read(request: Request, most: int, patience: float) -> bytes:
    """The whole of it; raises as `pieces`."""
    return b"".join([piece async for piece in pieces(request, most, patience)])


def packing(request: Request) -> str:
    """How a body is packed, by HTTP's name. Raises Problem (415) for a packing that is not read."""
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in READERS:
        known = ", ".join(filter(None, READERS))
        raise Problem(415, "not read", f"Content-Encoding {encoding[:40]!r} is not read here: {known} are",
                      {"Accept-Encoding": known})  # fmt: skip
    return encoding


async def collected(request: Request, limits: Limits) -> BinaryIO:
    """All of it in a file, as it came. Raises Problem where that is too much or too slow, or stops in the middle."""
    body = held()
    try:
        async for some in pieces(request, limits.body, limits.patience):
            body.write(some)
    except ClientDisconnect:
        body.close()
        raise Problem(400, "cut off", "the body stopped in the middle: nothing of it was stored") from None
    except OSError as e:
        body.close()
        raise no_room(e) from e
    except BaseException:
        body.close()
        raise
    return body


def no_room(e: OSError) -> Problem:
    """Large bodies wait in temporary files, for which a disk may be too full."""
    why = f"the body cannot be kept until it is committed: {e.strerror or e}"
    return Problem(503, "no room", why, {"Retry-After": str(RETRY)})


def opened(body: BinaryIO, encoding: str, limits: Limits) -> BinaryIO:
    """A body, unpacked. Raises Problem where that is too much, or it is not packed as it says; MissingExtra."""
    try:
        return unpacked(body, encoding, limits.body)
    except TooLarge as e:
        raise Problem(413, "too large", str(e)) from e
    except MissingExtra:
        raise
    except OSError as e:
        raise no_room(e) from e
    except (FormatError, UsageError) as e:
        raise Problem(400, "wrong request", str(e)) from e
