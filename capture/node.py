"""The machine this runs on."""

import os

from begat.capture.machine import machine
from begat.graph_schema import ids, kernel
from begat.graph_schema.events import Attributes, Node


def node() -> Node:
    """This machine: two of the same name are two."""
    system = os.uname()
    facts: Attributes = {
        "machine": machine(),
        "system": system.sysname,
        "architecture": system.machine,
        "cpus": os.cpu_count(),
    }
    return Node(0, 0, ids.agreed("node", machine(), kernel.host()), "Agent", ["Node"], kernel.host(), facts)
