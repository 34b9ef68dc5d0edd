"""begat's command line, with small batches, which ends as suddenly as its machine may:

    python ingester.py [--batch EVENTS] [--wait] [--die WHERE N] COMMAND [ARGUMENT...]

--wait: say "ready", and begin when a line comes on standard input. --die: SIGKILL at the N-th time, counted from 1, of

    begin       before a transaction begins        statement   inside one, after a statement
    commit      before one commits                 committed   after that, before anyone learns of it
    replace     before a file is moved over another            replaced    after that
    rename      before one is given its last name              renamed     after that
    unlink      before one is removed                          unlinked    after that

in SQLite or the file system. Python's sqlite3 and functions of os are wrapped for that; of begat, nothing but the size
of a batch is changed.
"""

import argparse
import os
import signal
import sqlite3
import sys
from typing import Any, Final

from begat.api import cli
from begat.ingest.ingest import ingest


class Fate:
    """Where it ends, and how often it has been there."""

    def __init__(self, where: str, times: int) -> None:
        self._where, self._left = where, times

    def at(self, where: str) -> None:
        """This is such a place."""
        if where == self._where:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def mortal_sqlite(fate: Fate) -> None:
    """Have sqlite3 give out connections that meet their fate."""

    class Mortal(sqlite3.Connection):
        def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
            if sql in ("BEGIN IMMEDIATE", "COMMIT"):
                fate.at(sql.split()[0].lower())
                done = super().execute(sql, *more)
                if sql == "COMMIT":
                    fate.at("committed")
                return done
            done = super().execute(sql, *more)
            if self.in_transaction:
                fate.at("statement")
            return done

        def executemany(self, sql: str, *more: Any) -> sqlite3.Cursor:
            done = super().executemany(sql, *more)
            fate.at("statement")
            return done

    plain = sqlite3.connect
    sqlite3.connect = lambda *a, **k: plain(*a, **{"factory": Mortal, **k})


#: Functions of os where it may end, and what the moments before and after are called.
FILES: Final = {"replace": "replaced", "rename": "renamed", "unlink": "unlinked"}


def mortal_files(fate: Fate) -> None:
    """Have functions of os meet their fate."""

    def mortal(before: str, after: str) -> None:
        plain = getattr(os, before)

        def call(*a: Any, **k: Any) -> None:
            fate.at(before)
            plain(*a, **k)
            fate.at(after)

        setattr(os, before, call)

    for before, after in FILES.items():
        mortal(before, after)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--wait", action="store_true")
    parser.add_argument("--die", nargs=2, default=("", "0"))
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    fate = Fate(arguments.die[0], int(arguments.die[1]))
    mortal_sqlite(fate)
    mortal_files(fate)
    assert ingest.__kwdefaults__
    ingest.__kwdefaults__["batch_events"] = arguments.batch
    if arguments.wait:
        print("ready", flush=True)
        sys.stdin.readline()
    return cli.main(arguments.command)


if __name__ == "__main__":
    sys.exit(main())
