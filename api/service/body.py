"""A request's body, read as far as it may be long, and as long as its sender goes on sending."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request

from begat.api.service.problem import Problem


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
