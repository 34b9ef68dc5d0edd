"""What frames, tables, arrays, tensors and data sets hold: their schema, and a digest of their whole content.

The digest is BLAKE2b-256 over names, types and values, in the order they have; how they lie in memory (blocks, chunks,
strides) makes no difference, and no address or text of an object goes into it. It is a fact of the entity: two
entities of equal content are not linked by it. It is taken when the entity is first seen or made.

It is left out, and the entity says why, of what is larger than LARGEST or lies on a device, unless the hook asks for
it (`begat.used(frame, digest=True)`; `digest=False` never takes it). Of arguments and results of captured functions it
is left out too when digests of such have had their share of the process's time: GRACE seconds, and the part SHARE of
what has passed since the first.

A library is touched only where one of its objects is handed in. How each kind is read: `tables.py`, `arrays.py`.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from time import perf_counter
from typing import Any, Final, NamedTuple

from begat.capture.canonical import Canonical, Unreadable

#: Bytes of content beyond which a digest is taken only where it is asked for: a quarter of a second, about.
LARGEST: Final = 256_000_000
#: Seconds of digests that are free.
GRACE: Final = 1.0
#: The part of the time that digests may take afterwards.
SHARE: Final = 0.01
ASK: Final = "digest=True takes it"


class Kind(NamedTuple):
    """How objects of a kind are read.

    `schema` gives facts that cost nothing, `size` an estimate in bytes, `feed` hands over all that there is. `away` is
    where an object lies if not in this machine's memory.
    """

    schema: Callable[[Any], dict[str, Any]]
    size: Callable[[Any], int]
    feed: Callable[[Canonical, Any], None]
    away: Callable[[Any], str | None] = lambda thing: None


#: By package and class: the module here that reads it, and its name there.
_KINDS: Final = {
    ("numpy", "ndarray"): ("arrays", "NUMPY"),
    ("torch", "Tensor"): ("arrays", "TORCH"),
    ("torch", "DataLoader"): ("loaders", "LOADER"),
    ("torch", "Dataset"): ("loaders", "DATASET"),
    ("xarray", "DataArray"): ("arrays", "XARRAY"),
    ("xarray", "Dataset"): ("arrays", "XARRAY_DATASET"),
    ("pandas", "DataFrame"): ("tables", "PANDAS"),
    ("pandas", "Series"): ("tables", "PANDAS_SERIES"),
    ("polars", "DataFrame"): ("tables", "POLARS"),
    ("polars", "Series"): ("tables", "POLARS_SERIES"),
    ("pyarrow", "Table"): ("tables", "ARROW"),
    ("pyarrow", "RecordBatch"): ("tables", "ARROW"),
    ("pyarrow", "Array"): ("tables", "ARROW_ARRAY"),
    ("pyarrow", "ChunkedArray"): ("tables", "ARROW_ARRAY"),
}


class _Share:
    """The time that digests have taken which nobody asked for."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.spent = 0.0

    def is_left(self) -> bool:
        now = perf_counter()
        if self.first is None:
            self.first = now
        return self.spent <= GRACE + SHARE * (now - self.first)


_share: Final = _Share()


def facts(thing: object, asked: bool | None = None, shared: bool = False) -> dict[str, Any]:
    """Schema and digest of an object of a known kind; nothing of any other. Never raises.

    With `shared` the digest is one of those that share a bounded part of the time.
    """
    cls: Any = type(thing)
    kind = _kind(cls)
    if kind is None:
        return {}
    found: dict[str, Any] = {}
    try:
        found |= kind.schema(thing)
        if asked is False:
            return found
        reason = None if asked else _against(kind, thing, shared)
        found |= {"digest_left_out": reason} if reason else {"digest": digest(thing, shared and not asked)}
    except Exception as e:  # what cannot be read is told where its digest would stand
        own = str(e) if isinstance(e, Unreadable) else f"{type(e).__name__} while reading a {cls.__name__}"
        found["digest_left_out"] = own
    return found


def digest(thing: object, shared: bool = False) -> str:
    """The digest of an object's whole content. Raises Unreadable for what has none, and what its library raises."""
    began = perf_counter()
    canonical = Canonical()
    feed(canonical, thing)
    if shared:
        _share.spent += perf_counter() - began
    return canonical.digest()


def feed(canonical: Canonical, thing: object) -> None:
    """Hand over an object inside another one."""
    cls: Any = type(thing)
    kind = _kind(cls)
    if kind is None:
        raise Unreadable(f"a {cls.__name__} has no content that can be read without running it")
    kind.feed(canonical, thing)


def size(thing: object) -> int:
    """About how many bytes an object holds, 0 where that is not known."""
    cls: Any = type(thing)
    kind = _kind(cls)
    return 0 if kind is None else kind.size(thing)


def _against(kind: Kind, thing: object, shared: bool) -> str | None:
    """Why a digest that nobody asked for is not taken."""
    where = kind.away(thing)
    if where is not None:
        return f"it lies on {where}; {ASK}"
    if kind.size(thing) > LARGEST:
        return f"larger than {LARGEST} bytes; {ASK}"
    if shared and not _share.is_left():
        return "digests of arguments and results have had their share of the time"
    return None


@lru_cache(1000)
def _kind(cls: Any) -> Kind | None:
    for base in cls.__mro__:
        place = _KINDS.get((base.__module__.partition(".")[0], base.__qualname__))
        if place is not None:
            kind: Kind = getattr(import_module(f"begat.capture.{place[0]}"), place[1])
            return kind
    return None
