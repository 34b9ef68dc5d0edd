"""What was refused last is refused again without being read; what is new is read apart, where something can do that."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock
from typing import Final

import msgspec

from begat.api.graphql.apart import Apart
from begat.api.graphql.errors import Refused
from begat.api.graphql.limits import Limits
from begat.api.graphql.request import Request


class Refusals:
    """By the SHA-256 of a request, as it may be a large one."""

    def __init__(self) -> None:
        self._last: OrderedDict[bytes, Refused] = OrderedDict()
        self._lock = Lock()
        #: What reads requests apart, if anything does.
        self.apart: Apart | None = None

    @contextmanager
    def of(self, request: Request, limits: Limits) -> Iterator[None]:
        """Raises Refused as the last time, or as it is told apart; else remembers what the block raises."""
        if len(request.query) > limits.length:  # which is found at once
            yield
            return
        key = sha256(msgspec.msgpack.encode((request, limits))).digest()
        with self._lock:
            last = self._last.get(key)
            if last is not None:
                self._last.move_to_end(key)
                raise last.again()
        try:
            refused = self.apart.refusal(request, limits) if self.apart is not None else None
            if refused is not None:
                raise refused
            yield
        except Refused as e:
            with self._lock:
                self._last[key] = e.again()
                if len(self._last) > limits.cached:
                    self._last.popitem(last=False)
            raise


#: Of this process.
REFUSALS: Final = Refusals()
