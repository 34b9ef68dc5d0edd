"""Calls of the operating system, counted."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class Calls:
    """Calls of the operating system that following makes, made and counted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stats = self.listings = self.opened = 0
        stat, scandir, open_ = os.stat, os.scandir, Path.open

        def counted_stat(*a: Any, **k: Any) -> Any:
            self.stats += 1
            return stat(*a, **k)

        def counted_scandir(*a: Any, **k: Any) -> Any:
            self.listings += 1
            return scandir(*a, **k)

        def counted_open(*a: Any, **k: Any) -> Any:
            self.opened += not str(a[0]).startswith("/proc")  # there writers are looked up
            return open_(*a, **k)

        monkeypatch.setattr(os, "stat", counted_stat)
        monkeypatch.setattr(os, "scandir", counted_scandir)
        monkeypatch.setattr(Path, "open", counted_open)

    def of(self, action: Callable[[], object]) -> tuple[int, int, int]:
        self.stats = self.listings = self.opened = 0
        action()
        return self.stats, self.listings, self.opened
