"""The random generators as they stand: seeds where a library tells them, else a digest of the generator's state."""

import os
import sys
from typing import Any

from begat.graph_schema.ids import blake2b


def states() -> dict[str, Any]:
    """Of Python, and of numpy and torch where the program has loaded them: enough to tell that two runs began alike."""
    import random

    found: dict[str, Any] = {"python": _digest(repr(random.getstate()).encode())}
    if os.environ.get("PYTHONHASHSEED"):
        found["PYTHONHASHSEED"] = os.environ["PYTHONHASHSEED"]
    numpy: Any = sys.modules.get("numpy.random")
    if numpy is not None:
        kind, keys, position, *_ = numpy.get_state()
        found["numpy"] = _digest(f"{kind} {position} ".encode() + keys.tobytes())
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        found["torch"] = torch.initial_seed()
        if torch.cuda.is_available() and torch.cuda.is_initialized():
            found["cuda"] = torch.cuda.initial_seed()
    return found


def _digest(state: bytes) -> str:
    return "blake2b:" + blake2b(state, digest_size=16).hexdigest()
