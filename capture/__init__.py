"""Hooks in user code that write journal files.

Names are looked up when first used, so that importing a part of capture imports that part alone.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from begat.capture.activities import activity as activity
    from begat.capture.entity import Entity as Entity
    from begat.capture.further_hooks import about as about
    from begat.capture.further_hooks import agent as agent
    from begat.capture.further_hooks import artifact as artifact
    from begat.capture.further_hooks import checkpoint as checkpoint
    from begat.capture.further_hooks import domain as domain
    from begat.capture.further_hooks import excluded as excluded
    from begat.capture.further_hooks import label as label
    from begat.capture.further_hooks import metrics as metrics
    from begat.capture.further_hooks import note as note
    from begat.capture.further_hooks import plan as plan
    from begat.capture.further_hooks import publication as publication
    from begat.capture.further_hooks import tag as tag
    from begat.capture.hooks import epochs as epochs
    from begat.capture.hooks import evaluated as evaluated
    from begat.capture.hooks import generated as generated
    from begat.capture.hooks import metric as metric
    from begat.capture.hooks import params as params
    from begat.capture.hooks import run as run
    from begat.capture.hooks import used as used

_HOME = {
    "Entity": "begat.capture.entity",
    "activity": "begat.capture.activities",
    **dict.fromkeys(("epochs", "evaluated", "generated", "metric", "params", "run", "used"), "begat.capture.hooks"),
    **dict.fromkeys(
        (
            "about", "agent", "artifact", "checkpoint", "domain", "excluded", "label", "metrics", "note", "plan",
            "publication", "tag",
        ),
        "begat.capture.further_hooks",
    ),
}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'begat.capture' has no attribute {name!r}")
    from importlib import import_module

    try:
        found: object = getattr(import_module(home), name)
    except OSError:  # a hook does not raise into user code, not even where it has opened all files that it may
        from begat.capture.later import postponed

        return postponed(home, name)
    globals()[name] = found
    return found
