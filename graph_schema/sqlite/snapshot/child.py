"""Taking a snapshot for another process: at low priority, and no longer than that one lives.

    python -P -m begat.graph_schema.sqlite.snapshot.child PATH

Standard input is a pipe whose other end the parent holds: however the parent dies, it ends, and so does this. What was
taken is a line of JSON; what was wrong is a line on standard error, with the error's exit code.
"""

import os
import sys
import threading

import msgspec

from begat.graph_schema.errors import BegatError
from begat.graph_schema.sqlite.snapshot.build import build


def main(path: str) -> int:
    """Take it."""
    os.nice(19)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        built = build(path)
    except BegatError as wrong:
        print(wrong, file=sys.stderr)
        return wrong.exit_code
    print(msgspec.json.encode(built._asdict()).decode())
    return 0


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)  # what is half done is undone by SQLite, and removed by the next


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
