"""Speaking with the server: a pooled driver, managed transactions, the schema, and Neo4j's errors as begat's."""

import logging
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final, LiteralString, TypeVar

from begat.graph_schema.errors import MissingExtra, StoreAway, StoreError, StoreOlder, TookTooLong
from begat.graph_schema.migrations import latest, pending
from begat.graph_schema.neo4j.address import Address
from begat.graph_schema.neo4j.cypher import cypher, ours, statements
from begat.graph_schema.neo4j.transaction import ROWS, Transaction
from begat.graph_schema.neo4j.unreachable import reason

try:
    from neo4j import READ_ACCESS, WRITE_ACCESS, Driver, GraphDatabase, Session
    from neo4j import Transaction as DriverTransaction
    from neo4j.exceptions import (
        AuthError,
        ConfigurationError,
        DriverError,
        IncompleteCommit,
        Neo4jError,
        ReadServiceUnavailable,
        ServiceUnavailable,
        SessionExpired,
        WriteServiceUnavailable,
    )
except ModuleNotFoundError as e:
    if e.name != "neo4j":
        raise
    raise MissingExtra("a Neo4j store", "neo4j") from e

# What the driver would write to stderr is in the errors it raises: one line is enough.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

PACKAGE: Final = "begat.graph_schema.neo4j"
SCHEMA: Final = latest(PACKAGE)
#: Seconds the server may work on a statement that reads, and on a batch.
READ_S: Final = 60.0
WRITE_S: Final = 600.0
CONNECT_S: Final = 10.0
#: The oldest server whose Cypher has what is used here.
OLDEST: Final = (5, 26)
NEEDED: Final = ".".join(map(str, OLDEST))
#: Seconds in which work is begun again: after a deadlock or a change of leader, and where no server answers at all
#: (who can wait longer, like a watcher, knows better how).
RETRY_S: Final = 30.0
AWAY_S: Final = 5.0

T = TypeVar("T")

#: Server codes and what people are told; `{e}` is the server's own line.
_TOLD: Final = (
    ("Neo.ClientError.Security.Unauthorized", "the user or password is wrong"),
    ("Neo.ClientError.Security.AuthenticationRateLimit", "too many wrong passwords: wait some seconds and try again"),
    ("Neo.ClientError.Security.Credentials", "the password has to be changed first: {e}"),
    ("Neo.ClientError.Security.Forbidden", "the user may not do that: {e}"),
    ("Neo.ClientError.Database.DatabaseNotFound", "there is no such database"),
    ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "the database is read-only"),
    ("Neo.ClientError.General.WriteOnReadOnlyAccess", "the database is read-only"),
    ("Neo.DatabaseError.General.WriteOnReadOnlyAccessDbException", "the database is read-only"),
    ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "the server has too little memory for this: {e}"),
    ("Neo.TransientError.General.OutOfMemoryError", "the server has too little memory for this: {e}"),
    ("Neo.TransientError.General.TransactionOutOfMemoryError", "the server has too little memory for this: {e}"),
    ("Neo.ClientError.Transaction.TransactionTimedOut", "the question took longer than it may"),
    ("Neo.TransientError.Transaction.TransactionTimedOut", "the question took longer than it may"),
)  # fmt: skip
#: A full disk stops the database, which goes on when the server is started again.
_STOPPED: Final = (
    "Neo.DatabaseError.Transaction.TransactionLogError", "Neo.DatabaseError.Transaction.TransactionStartFailed"
)  # fmt: skip
#: What two that make the same index at once are told, IF NOT EXISTS or not: who asks again finds it.
_MADE: Final = ("EquivalentSchemaRuleAlreadyExists", "IndexAlreadyExists", "ConstraintAlreadyExists")
#: Transient by name, but the same again would end the same way.
_FINAL: Final = ("OutOfMemoryError", "TransactionTimedOut")


def supported(agent: str) -> bool:
    """Whether a server is new enough, by what it calls itself: Neo4j/5.26.28, Neo4j/2025.10.1, Neo4j/5.27-aura."""
    found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def told(e: Exception, where: Address) -> StoreError:
    """An error of the driver or the server as one line for people."""
    if isinstance(e, Neo4jError):
        code, line = e.code or "", (e.message or str(e)).splitlines()[0]
        if isinstance(e, AuthError) and where.user is None:
            return StoreError(f"{where}: the server asks for a user: write neo4j://USER:PASSWORD@HOST:7687/DATABASE")
        for known, text in _TOLD:
            if code.startswith(known):
                kind = TookTooLong if "TimedOut" in known else StoreError
                return kind(f"{where}: {text.format(e=line)}")
        if isinstance(e, AuthError):
            return StoreError(f"{where}: the user or password is wrong")
        if code in _STOPPED:
            return StoreAway(
                f"{where}: the database has stopped: make room if the server's disk is full, and restart it ({code})"
            )
        # What a server that starts, stops or loses its leader says; it was tried for a while already.
        kind = StoreAway if e.is_retryable() else StoreError
        return kind(f"{where}: {line} ({code})")
    if isinstance(e, (ServiceUnavailable, SessionExpired, OSError)):
        return StoreAway(f"no Neo4j server answers at {where}: {reason(e)}")
    if isinstance(e, ConfigurationError) and "Notification filtering" in str(e):  # what the oldest have not
        return StoreError(f"{where}: the server is older than begat needs: Neo4j {NEEDED} or newer")
    if isinstance(e, ConfigurationError):
        return StoreError(f"{where}: {e}")
    return StoreError(f"{where}: {str(e) or type(e).__name__}")


def _patience(e: BaseException | None) -> float:
    """For how many seconds it is worth while to begin again after an error."""
    if isinstance(e, IncompleteCommit):  # done or not: what is done is passed over
        return RETRY_S
    if isinstance(e, Neo4jError) and (e.code or "").endswith(_MADE):
        return RETRY_S
    if not isinstance(e, (DriverError, Neo4jError)) or not e.is_retryable():
        return 0
    if isinstance(e, Neo4jError) and any(name in (e.code or "") for name in _FINAL):
        return 0
    # A cluster that is choosing a leader answers, though not for all that is asked.
    away = isinstance(e, ServiceUnavailable) and not isinstance(e, (ReadServiceUnavailable, WriteServiceUnavailable))
    return AWAY_S if away else RETRY_S


def _run(text: LiteralString, tx: DriverTransaction) -> None:
    tx.run(text, schema=SCHEMA).consume()


class Connection:
    """A database on a server. Threads may share it."""

    def __init__(self, url: str, *, create: bool, check: bool = True) -> None:
        """`check=False`: of whatever schema it is, or without any. Else raises StoreNewer and StoreOlder."""
        self.address = Address.of(url)
        self._driver = self._new_driver()
        try:
            if check:
                self._open(create)
        except BaseException:
            self._driver.close()
            raise

    def _new_driver(self) -> Driver:
        auth = None if self.address.user is None else (self.address.user, self.address.password or "")
        with self._errors():
            return GraphDatabase.driver(
                self.address.server,
                auth=auth,
                connection_timeout=CONNECT_S,
                connection_acquisition_timeout=CONNECT_S,
                notifications_min_severity="OFF",
                user_agent="begat",
            )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (Neo4jError, DriverError, OSError) as e:
            raise told(e, self.address) from e

    def session(self, **more: Any) -> Session:
        """A session on the database."""
        return self._driver.session(database=self.address.database, **more)

    def _open(self, create: bool) -> None:
        found = self.schema()
        if found:
            self.check(found)
            return
        if not create:
            raise StoreError(f"there is no store at {self.address}: no begat has written to it yet")
        with self._errors(), self.session(default_access_mode=READ_ACCESS) as session:
            agent = session.run("RETURN 1").consume().server.agent
        if not supported(agent):
            raise StoreError(f"{self.address}: the server is {agent}, and begat needs Neo4j {NEEDED} or newer")
        # Asked once more: another process may be making the store, and writing to it already.
        if self.read(cypher("store", "strangers"), {})[0][0] and not self.schema():
            raise StoreError(f"{self.address} holds a graph, but not a begat store")
        for text in (*statements("schema"), cypher("store", "begin")):
            self._repeated(partial(_run, text), WRITE_S, WRITE_ACCESS)

    def schema(self) -> int:
        """The schema of the store, 0 where there is none."""
        # Not repeated: who opens a store wants to know at once that no server answers.
        found = list(self.stream(cypher("store", "version")))
        return int(found[0][0]) if found else 0

    def check(self, schema: int) -> None:
        """Raises StoreNewer for a store that this begat cannot know, StoreOlder for one to be migrated first."""
        if pending(PACKAGE, str(self.address), schema).steps:
            raise StoreOlder(f"{self.address} has schema {schema}, this begat needs {SCHEMA}: run `begat migrate`")

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do some work in one transaction. It may be called again: where the server says so, and then nothing stays, or
        where the connection was lost during a commit, and then all may be done: it has to look what is."""

        def once(tx: DriverTransaction) -> T:
            return Transaction().execute(work, tx)

        return self._repeated(once, WRITE_S, WRITE_ACCESS)

    def read(self, text: str, params: Mapping[str, Any], limit_s: float | None = None) -> list[tuple[Any, ...]]:
        """Rows of a Cypher text, which the server works on for `limit_s` seconds at most."""

        def once(tx: DriverTransaction) -> list[tuple[Any, ...]]:
            return [tuple(r.values()) for r in tx.run(ours(text), dict(params))]

        return self._repeated(once, READ_S if limit_s is None else limit_s, READ_ACCESS)

    def _repeated(self, once: Callable[[DriverTransaction], T], limit_s: float, access: str) -> T:
        """The driver's own repetition does not know that running out of memory, at a commit too, is final."""
        began: float | None = None
        pause = 0.5
        while True:
            try:
                with self._errors():
                    return self._tried(once, limit_s, access)
            except StoreError as e:
                now = time.monotonic()
                began = now if began is None else began
                wait = pause * random.uniform(0.8, 1.2)
                if now + wait > began + _patience(e.__cause__):
                    raise
            time.sleep(wait)
            pause = min(2 * pause, 4)

    def _tried(self, once: Callable[[DriverTransaction], T], limit_s: float, access: str) -> T:
        session = self.session(default_access_mode=access)
        try:
            tx = session.begin_transaction(timeout=limit_s)
            try:
                result = once(tx)
                tx.commit()
            except Exception:
                tx.close()
                raise
        except Exception:
            session.close()
            raise
        except BaseException:  # Ctrl-C: the server may go on for long, and ends it when nobody listens any more
            self._driver.close()
            self._driver = self._new_driver()
            with suppress(DriverError):
                session.close()
            raise
        session.close()
        return result

    def stream(self, text: str, params: Mapping[str, Any] | None = None) -> Iterator[list[Any]]:
        """Rows of a Cypher text as they come, of any number: not repeated, without a limit of time."""
        with self._errors(), self.session(default_access_mode=READ_ACCESS, fetch_size=ROWS) as session:
            for record in session.run(ours(text), dict(params or {})):
                yield record.values()

    def close(self) -> None:
        """Close the pooled connections."""
        self._driver.close()
