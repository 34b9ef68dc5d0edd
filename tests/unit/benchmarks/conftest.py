"""Benchmarks are no part of the package: they are found in the repository's own folder."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))
