"""A request's body, read as far as it may be long, and as long as its sender goes on sending."""

import asyncio

from starlette.requests import Request

from begat.api.service.problem import Problem


async def read(request: Request, most: int, patience: float) -> bytes:
    """The body. Raises Problem: 413 beyond `most` bytes, 408 where nothing more comes for `patience` seconds."""
    pieces: list[bytes] = []
    size = 0
    stream = request.stream()
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), patience)
        except StopAsyncIteration:
            return b"".join(pieces)
        except TimeoutError:
            raise Problem(408, "too slow", f"no more of the body came for {patience:g} seconds") from None
        size += len(piece)
        if size > most:
            raise Problem(413, "too large", f"the body is longer than {most} bytes")
        pieces.append(piece)
