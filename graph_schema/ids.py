"""Identity: minted ids, ids that several processes agree on, and the short form for people.

Minted ids are `urn:uuid:` with UUIDv7 (RFC 9562, 5.7): unique over processes, nodes and forks, and in time order.
Agreed ids are `urn:uuid:` with UUIDv8 (RFC 9562, 5.8) of a BLAKE2b hash of what is agreed on, so that two
processes that see the same thing name it alike without talking to each other.
"""

import os
from collections.abc import Callable
from time import time_ns

# The same function is in hashlib, which loads OpenSSL: 3 of the 40 ms that a first hook may take.
try:
    from _blake2 import blake2b as blake2b
except ImportError:  # a Python that was built without it
    from hashlib import blake2b as blake2b
# The generator that random's is made of; random loads more besides than all of this costs.
try:
    from _random import Random as Random
except ImportError:
    from random import Random as Random  # type: ignore[assignment]

_FREE = ~(0xF << 76 | 0x3 << 62)
_VERSION_7 = 0x7 << 76 | 0x2 << 62
_VARIANT = {f"{n:x}": f"{n & 3 | 8:x}" for n in range(16)}


def _seed() -> int:
    return int.from_bytes(os.urandom(16), "big")


_random = Random(_seed())
_bits = _random.getrandbits
os.register_at_fork(after_in_child=lambda: _random.seed(_seed()))
#: The last millisecond an id was minted in, and how ids of it begin. Two threads may mix these up: by a millisecond.
_moment = 0
_beginning = ""


def mint() -> str:
    """A new id, `urn:uuid:` + UUIDv7."""
    global _moment, _beginning
    moment = time_ns() // 1_000_000
    if moment != _moment:
        h = moment.to_bytes(6, "big").hex()
        _beginning, _moment = f"urn:uuid:{h[:8]}-{h[8:]}-", moment
    # Whole bytes to hex is half the cost of formatting numbers, and every activity needs one.
    h = (_bits(80) & _FREE | _VERSION_7).to_bytes(10, "big").hex()
    return f"{_beginning}{h[:4]}-{h[4:8]}-{h[8:]}"


def agreed(kind: str, *parts: str) -> str:
    """The id of what `kind` and `parts` name: equal arguments give equal ids, in any process."""
    text = "\0".join((kind, *(f"{len(p)}:{p}" for p in parts)))
    return _version_8(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest())


def agreeing(kind: str, *parts: str) -> Callable[[str], str]:
    """`agreed` of these parts and a last one, for many last ones."""
    text = "\0".join((kind, *(f"{len(p)}:{p}" for p in parts), ""))
    begun = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)

    def of(last: str) -> str:
        whole = begun.copy()
        whole.update(f"{len(last)}:{last}".encode("utf-8", "surrogatepass"))
        return _version_8(whole.hexdigest())

    return of


def _version_8(h: str) -> str:
    """A hash in hex as an id: its version, and RFC 9562's variant in the first two bits of the fourth group."""
    return f"urn:uuid:{h[:8]}-{h[8:12]}-8{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:]}"


def short(id: str) -> str:
    """The form people read and type: the last eight hex digits of a urn:uuid, other ids whole."""
    return id[-8:] if id.startswith("urn:uuid:") else id


def file_version(uri: str, digest: str) -> str:
    """The id of a file version: its canonical URI and the digest of its content."""
    return agreed("file", uri, digest)


def setting(activity: str, name: str) -> str:
    """The id of an activity's setting: it belongs to that activity alone, equal values elsewhere are others."""
    return agreed("setting", activity, name)
