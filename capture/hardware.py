"""What a machine is made of: CPU model, memory, GPUs and their driver, from what the kernel shows as files.

NVML is asked only where the program has loaded pynvml itself.
"""

import os
import sys
from typing import Any, Final

from begat.graph_schema import kernel
from begat.graph_schema.events import Attributes

#: How /proc/cpuinfo names the model, on x86, POWER and some ARM.
MODEL: Final = ("model name", "cpu", "Model", "Hardware")
NVIDIA: Final = "/proc/driver/nvidia"


def facts(root: str = "") -> Attributes:
    """What is known of this machine; nothing is said of what the system does not show. Memory is in bytes."""
    found: Attributes = {"cpu_model": _cpu(root), "cpus_usable": _usable(), "memory": _memory(root)}
    gpus = _gpus(root) or _nvml()
    if gpus:  # one text: the values of an attribute are a set, in no order
        found["gpus"] = ", ".join(f"{gpus.count(model)} x {model}" for model in dict.fromkeys(gpus))
    driver = _driver(root)
    if driver:
        found["gpu_driver"] = driver
    return {k: v for k, v in found.items() if v not in (None, "")}


def _cpu(root: str) -> str | None:
    for line in kernel.text(f"{root}/proc/cpuinfo").splitlines():
        name, colon, value = line.partition(":")
        if colon and name.strip() in MODEL and value.strip():
            return value.strip()
    return None


def _usable() -> int | None:
    """How many CPUs this process may run on: schedulers give a job some of them."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable is not None else os.cpu_count()


def _memory(root: str) -> int | None:
    """All of the machine's memory, in bytes."""
    for line in kernel.text(f"{root}/proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024
    return None


def _gpus(root: str) -> list[str]:
    """The models of NVIDIA's GPUs, in the order of their addresses."""
    folder = f"{root}{NVIDIA}/gpus"
    try:
        found = sorted(os.listdir(folder))
    except OSError:  # none, or a container that does not show them
        return []
    told = (kernel.text(f"{folder}/{gpu}/information").splitlines() for gpu in found)
    return [next((v.strip() for k, _, v in (line.partition(":") for line in t) if k == "Model"), "GPU") for t in told]


def _nvml() -> list[str]:
    nvml: Any = sys.modules.get("pynvml")
    if nvml is None:
        return []
    try:
        nvml.nvmlInit()
        try:
            handles = [nvml.nvmlDeviceGetHandleByIndex(i) for i in range(nvml.nvmlDeviceGetCount())]
            names = [nvml.nvmlDeviceGetName(handle) for handle in handles]
        finally:
            nvml.nvmlShutdown()
    except nvml.NVMLError:  # no driver on this machine, or no right to ask it
        return []
    return [n.decode() if isinstance(n, bytes) else str(n) for n in names]


def _driver(root: str) -> str | None:
    """The version of NVIDIA's kernel module: `NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.1  date`."""
    words = kernel.text(f"{root}{NVIDIA}/version").partition("\n")[0].split()
    return next((w for w in words if w[0].isdigit() and "." in w), None)
