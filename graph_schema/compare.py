"""Compare two canonical dumps, apart from the code that made them: `python -m begat.graph_schema.compare A B`.

Exit 0: equal. Exit 1: they differ, and the first lines that only one has are printed. Exit 2: a file cannot be read.
"""

import sys
from collections import Counter
from itertools import islice

from begat.graph_schema.dump import read

SHOWN = 20


def differences(a: str, b: str) -> list[str]:
    """The lines that one of two dump files has more often than the other, `<` or `>` before them as in diff."""
    left, right = Counter(read(a)), Counter(read(b))
    sides = (("<", left - right), (">", right - left))
    return [f"{side} {line.decode()}" for side, more in sides for line in sorted(more.elements())]


def main(argv: list[str]) -> int:
    if len(argv) != 2:
        print("usage: python -m begat.graph_schema.compare DUMP DUMP", file=sys.stderr)
        return 2
    try:
        found = differences(*argv)
    except OSError as e:
        print(f"compare: {e}", file=sys.stderr)
        return 2
    for line in islice(found, SHOWN):
        print(line)
    if len(found) > SHOWN:
        print(f"... {len(found) - SHOWN} more")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
