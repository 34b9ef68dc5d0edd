"""begat records how data and models come to be, and answers questions about it.

Names are looked up when first used (PEP 562), so that `import begat` costs a training script nothing:
`begat.run` imports `begat.capture`, `import begat` imports no part of begat at all.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from begat.api.library import ask as ask
    from begat.api.library import diff as diff
    from begat.api.looking import ancestors as ancestors
    from begat.api.looking import descendants as descendants
    from begat.api.looking import find as find
    from begat.api.looking import path as path
    from begat.api.looking import runs as runs
    from begat.api.looking import subgraph as subgraph
    from begat.capture import Entity as Entity
    from begat.capture import about as about
    from begat.capture import activity as activity
    from begat.capture import agent as agent
    from begat.capture import artifact as artifact
    from begat.capture import checkpoint as checkpoint
    from begat.capture import domain as domain
    from begat.capture import epochs as epochs
    from begat.capture import evaluated as evaluated
    from begat.capture import excluded as excluded
    from begat.capture import generated as generated
    from begat.capture import label as label
    from begat.capture import metric as metric
    from begat.capture import metrics as metrics
    from begat.capture import note as note
    from begat.capture import params as params
    from begat.capture import plan as plan
    from begat.capture import publication as publication
    from begat.capture import run as run
    from begat.capture import tag as tag
    from begat.capture import used as used

__version__ = "0.1.0"

_HOME = {
    "Entity": "begat.capture",
    "about": "begat.capture",
    "activity": "begat.capture",
    "agent": "begat.capture",
    "artifact": "begat.capture",
    "ancestors": "begat.api.looking",
    "ask": "begat.api.library",
    "descendants": "begat.api.looking",
    "find": "begat.api.looking",
    "path": "begat.api.looking",
    "runs": "begat.api.looking",
    "subgraph": "begat.api.looking",
    "checkpoint": "begat.capture",
    "diff": "begat.api.library",
    "epochs": "begat.capture",
    "evaluated": "begat.capture",
    "generated": "begat.capture",
    "label": "begat.capture",
    "excluded": "begat.capture",
    "domain": "begat.capture",
    "metric": "begat.capture",
    "metrics": "begat.capture",
    "note": "begat.capture",
    "params": "begat.capture",
    "plan": "begat.capture",
    "publication": "begat.capture",
    "run": "begat.capture",
    "tag": "begat.capture",
    "used": "begat.capture",
}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'begat' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(home), name)
    globals()[name] = value  # the next look-up finds it without coming here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
