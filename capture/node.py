"""The machine this runs on."""

import os

from begat.capture import uri
from begat.capture.segment import host
from begat.graph_schema import ids
from begat.graph_schema.events import Attributes, Node


def node() -> Node:
    """This machine: two of the same name are two."""
    system = os.uname()
    facts: Attributes = {
        "machine": uri.machine(),
        "system": system.sysname,
        "architecture": system.machine,
        "cpus": os.cpu_count(),
    }
    return Node(0, 0, ids.agreed("node", uri.machine(), host()), "Agent", ["Node"], host(), facts)
