"""The first words with a server that is starting: wait until it answers, and give it its password."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, LiteralString

from begat.graph_schema.errors import MissingExtra, StoreError

try:
    from neo4j import GraphDatabase
    from neo4j.exceptions import AuthError, DriverError, Neo4jError
except ModuleNotFoundError as e:
    if e.name != "neo4j":
        raise
    raise MissingExtra("a Neo4j server", "neo4j") from e

#: A machine under load takes a minute and more; one that ended is noticed at once.
START_S: Final = 300.0
_COMPLAINT: Final = re.compile(r"\bERROR\b|Exception|Error\b")
_GIVE: Final = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"


def log_in(port: int, password: str, *, new: bool, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server can be asked with `password`; a new one is given it first.

    It runs as `process`, whose words go to `log`. Raises StoreError when it does not come up.
    """

    def died() -> str | None:
        return None if process.poll() is None else reason(log)

    if new:
        try:
            _until_it_answers(port, "neo4j", "system", _GIVE, password, died)
        except AuthError:
            pass  # it was given its password, and ended before that was written down
    try:
        _until_it_answers(port, password, "neo4j", "RETURN 1", password, died)
    except AuthError as e:
        raise StoreError("Neo4j does not take the password it was given when it was new") from e


def _until_it_answers(
    port: int, by: str, database: str, statement: LiteralString, password: str, died: Callable[[], str | None]
) -> None:
    until = time.monotonic() + START_S
    with GraphDatabase.driver(f"bolt://127.0.0.1:{port}", auth=("neo4j", by)) as driver:
        while True:
            try:
                with driver.session(database=database) as session:
                    session.run(statement, password=password).consume()
                return
            except AuthError:
                raise
            except (DriverError, Neo4jError) as e:
                why = died() or (str(e) if time.monotonic() > until else None)
                if why is not None:
                    raise StoreError(f"Neo4j did not start: {why}") from e
                time.sleep(0.1)


def reason(log: Path) -> str:
    """Why a server ended, by what it said: its first complaint, else its last line."""
    lines = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
    return next((line for line in lines if _COMPLAINT.search(line)), lines[-1]).strip()
