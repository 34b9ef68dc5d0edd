"""Write a set as a spool."""

import argparse
from pathlib import Path

from benchmarks.laboratory import SIZES, Laboratory, laboratory

options = argparse.ArgumentParser(
    prog="python -m benchmarks.laboratory",
    description=laboratory.__doc__,
    formatter_class=argparse.RawDescriptionHelpFormatter,
)
options.add_argument("folder", type=Path)
options.add_argument("--size", choices=SIZES, default="M")
options.add_argument("--seed", type=int, default=0)
given = options.parse_args()
made = Laboratory(SIZES[given.size], given.seed)
print(f"{made.write(given.folder):,} events in {given.folder}: {dict(made.counts)}")
