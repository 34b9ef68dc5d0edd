"""What the code runs in: Python, its packages, the platform."""

import os
import sys

from begat.graph_schema import ids
from begat.graph_schema.events import Node


def name() -> str:
    """Cheap: what the environment is called before its packages are known."""
    return "Python " + sys.version.partition(" ")[0]


def environment() -> Node:
    """This environment, with the versions of all its packages: equal ones on two machines are the same."""
    from importlib.metadata import distributions

    found = {(d.name or "", d.version or "") for d in distributions()}
    packages = sorted(f"{package}=={version}" for package, version in found if package)
    system = os.uname()
    facts = {
        "python": sys.version.partition(" ")[0],
        "implementation": sys.implementation.name,
        "platform": f"{system.sysname} {system.release} {system.machine}",
    }
    version = ids.agreed("environment", *facts.values(), *packages)
    return Node(0, 0, version, "Entity", ["Environment"], name(), {**facts, "packages": list(packages)})
