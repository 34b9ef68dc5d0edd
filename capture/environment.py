"""What the code runs in: Python, its packages, the platform."""

import os
import sys

from begat.graph_schema import ids
from begat.graph_schema.events import Attributes, Node


def name() -> str:
    """Cheap: what the environment is called before its packages are known."""
    return "Python " + sys.version.partition(" ")[0]


def environment() -> Node:
    """This environment, with the versions of all packages that are installed: equal ones on two machines are the same.

    Installed, not imported: what a program loads late, or in a worker, belongs to it as well.
    """
    from importlib.metadata import distributions

    from begat.capture import container

    found = {(d.name or "", d.version or "") for d in distributions()}
    packages = sorted(f"{package}=={version}" for package, version in found if package)
    system = os.uname()
    facts = {
        "python": sys.version.partition(" ")[0],
        "implementation": sys.implementation.name,
        "platform": f"{system.sysname} {system.release} {system.machine}",
    }
    inside = container.facts()
    version = ids.agreed("environment", *facts.values(), *(f"{k}={v}" for k, v in inside.items()), *packages)
    told: Attributes = {**facts, **inside, "packages": [*packages]}
    return Node(0, 0, version, "Entity", ["Environment"], name(), told)
