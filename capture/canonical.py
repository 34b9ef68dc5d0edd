"""A digest over values of many kinds, so that equal content gives equal bytes wherever and however it is held."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from begat.graph_schema.ids import blake2b

#: Rows that are looked at in one go.
ROWS: Final = 65_536
#: Bytes of an array that are copied in one go, where they do not lie in order.
BLOCK: Final = 1 << 20


class Unreadable(TypeError):
    """Content of which no digest can be taken; the text says why."""


class Canonical:
    """What has been handed over so far. Each part goes in with its length, so that parts cannot run together."""

    def __init__(self) -> None:
        self._state = blake2b(digest_size=32)

    def digest(self) -> str:
        """The digest as files have theirs: "blake2b:" and 64 hex digits."""
        return "blake2b:" + self._state.hexdigest()

    def raw(self, data: Any) -> None:
        """Bytes, or anything that shows its bytes in order."""
        view = memoryview(data)
        self._state.update(b"%d:" % view.nbytes)
        self._state.update(view)

    def text(self, *parts: object) -> None:
        """Names, types and sizes."""
        for part in parts:
            self.raw(str(part).encode("utf-8", "surrogatepass"))

    def items(self, values: Sequence[Any]) -> None:
        """Python objects: numbers, texts, dates, containers of these. Raises Unreadable for any other."""
        self.text(len(values))
        for start in range(0, len(values), ROWS):
            part = values[start : start + ROWS]
            # Their types too: a decimal and the text of it are not the same.
            self.text(*sorted({f"{t.__module__}.{t.__qualname__}" for t in map(type, part)}))
            try:
                encoded = _encoder.encode(part)
            except OverflowError:
                encoded = _encoder.encode([_small(value) for value in part])
            self.raw(encoded)

    def strings(self, values: Iterable[Any]) -> None:
        """Texts, some of which are missing: which are there, how long they are, and what they hold."""
        there = [isinstance(v, str) for v in values]
        data = [v.encode("utf-8", "surrogatepass") for v in values if isinstance(v, str)]
        self.strings_as_bytes(bytes(there), b"".join(len(d).to_bytes(8, "little") for d in data), b"".join(data))

    def strings_as_bytes(self, there: Any, lengths: Any, data: Any) -> None:
        """The same from a column that has them so: a byte for each row, eight for each length, UTF-8."""
        for part in (there, lengths, data):
            self.raw(part)

    def array(self, array: Any) -> None:
        """A numpy array: type, shape and values, row by row whatever its strides."""
        dtype = array.dtype
        if dtype.names:
            for field in dtype.names:
                self.text(field)
                self.array(array[field])
            return
        self.text(dtype.str, *array.shape)
        if dtype.hasobject or dtype.kind not in "biufcmMSUV":
            self.items(array.ravel().tolist())
        elif array.nbytes:
            self._state.update(b"%d:" % array.nbytes)
            self._bytes(array)

    def _bytes(self, array: Any) -> None:
        if array.flags.c_contiguous:
            self._state.update(array.reshape(-1).view("u1"))
            return
        if array.ndim > 1 and array.nbytes > BLOCK * len(array):
            for part in array:
                self._bytes(part)
            return
        rows = max(1, BLOCK * len(array) // array.nbytes)
        for start in range(0, len(array), rows):
            self._state.update(array[start : start + rows].copy("C").reshape(-1).view("u1"))


def _small(value: Any) -> Any:
    """A whole number that is too large for msgpack as text that no other value has."""
    return ["int", hex(value)] if type(value) is int and value.bit_length() > 63 else value


def _hook(value: Any) -> Any:
    """What msgpack has no form for: scalars and arrays of libraries, by their class and what they hold."""
    cls: Any = type(value)
    library = cls.__module__.partition(".")[0]
    if library == "numpy":
        return [cls.__qualname__, value.dtype.str, list(value.shape), value.tolist()]
    if library == "pandas":  # timestamps, periods, intervals, and what stands for a missing value
        return [cls.__qualname__, str(value)]
    raise Unreadable(f"a {cls.__module__}.{cls.__qualname__} among the values has no form that is the same elsewhere")


_encoder: Final = msgspec.msgpack.Encoder(enc_hook=_hook, order="deterministic")
