"""What NVIDIA's GPUs do, by NVML. Its Python package is loaded only here, where sampling was asked for."""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from begat.capture import problems
from begat.capture.hardware import NVIDIA


class Cards:
    """The GPUs of this machine, all of those NVML shows; none where there is no NVML."""

    def __init__(self) -> None:
        self.nvml: Any = None
        self.handles: list[Any] = []
        self.began: dict[int, float] = {}
        try:
            pynvml: Any = import_module("pynvml")
        except ImportError:
            if os.path.isdir(NVIDIA):
                problems.say("GPUs are not sampled: pip install nvidia-ml-py")
            return
        try:
            pynvml.nvmlInit()
            self.handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(pynvml.nvmlDeviceGetCount())]
        except pynvml.NVMLError:  # the package is here, a driver or the right to ask it is not
            return
        self.nvml = pynvml

    def readings(self) -> Iterator[tuple[str, float, str, str]]:
        """Name, value, unit and GPU of each reading; what a GPU does not tell is left out."""
        if self.nvml is None:
            return
        for number, handle in enumerate(self.handles):
            for name, unit, read in (
                ("gpu", "%", lambda h: self.nvml.nvmlDeviceGetUtilizationRates(h).gpu),
                ("gpu_memory", "B", lambda h: self.nvml.nvmlDeviceGetMemoryInfo(h).used),
                ("power", "W", lambda h: self.nvml.nvmlDeviceGetPowerUsage(h) / 1000),
            ):
                value = self._ask(read, handle)
                if value is not None:
                    yield name, value, unit, f"gpu-{number}"
            energy = self._ask(lambda h: self.nvml.nvmlDeviceGetTotalEnergyConsumption(h) / 1000, handle)
            if energy is not None:
                began = self.began.setdefault(number, energy)
                yield "energy", round(energy - began, 3), "J", f"gpu-{number}"

    def close(self) -> None:
        """Let NVML go."""
        if self.nvml is not None:
            self.nvml.nvmlShutdown()
            self.nvml = None

    def _ask(self, read: Callable[[Any], Any], handle: Any) -> float | None:
        try:
            return float(read(handle))
        except self.nvml.NVMLError:  # this model, or a slice of one, does not tell it
            return None
