"""Speaking with the server: a pooled driver, managed transactions, the schema, and Neo4j's errors as begat's."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, LiteralString, TypeVar

from begat.graph_schema.errors import MissingExtra, StoreAway, StoreError, StoreOlder
from begat.graph_schema.migrations import latest, pending
from begat.graph_schema.neo4j.address import Address
from begat.graph_schema.neo4j.cypher import cypher, ours, statements

try:
    from neo4j import READ_ACCESS, Driver, GraphDatabase, ManagedTransaction, Result, Session, unit_of_work
    from neo4j.exceptions import (
        AuthError,
        ConfigurationError,
        DriverError,
        IncompleteCommit,
        Neo4jError,
        ServiceUnavailable,
        SessionExpired,
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
RETRY_S: Final = 30.0
#: Rows a statement takes at a time: what goes over in one message, and is undone together.
ROWS: Final = 10_000

Row = dict[str, Any]
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
#: Transient by name, but the same again would end the same way.
_FINAL: Final = ("OutOfMemoryError", "TransactionTimedOut")


def told(e: Exception, where: Address) -> StoreError:
    """An error of the driver or the server as one line for people."""
    if isinstance(e, Neo4jError):
        code, line = e.code or "", (e.message or str(e)).splitlines()[0]
        for known, text in _TOLD:
            if code.startswith(known):
                return StoreError(f"{where}: {text.format(e=line)}")
        if isinstance(e, AuthError):
            return StoreError(f"{where}: the user or password is wrong")
        # What a server that starts, stops or loses its leader says; it was tried for RETRY_S already.
        kind = StoreAway if e.is_retryable() else StoreError
        return kind(f"{where}: {line} ({code})")
    if isinstance(e, (ServiceUnavailable, SessionExpired, OSError)):
        first = (str(e).splitlines() or ["no answer"])[0]
        return StoreAway(f"no Neo4j server answers at {where}: {first}")
    if isinstance(e, ConfigurationError):
        return StoreError(f"{where}: {e}")
    return StoreError(f"{where}: {str(e) or type(e).__name__}")


class _Rows(list[Any]):
    """Rows on their way: the driver makes a text of every parameter, for a log that is off."""

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


class Transaction:
    """A managed transaction: runs statements by their file and name (see cypher.cypher for `names`)."""

    def __init__(self, tx: ManagedTransaction) -> None:
        self._tx = tx
        self._last: Result | None = None

    def run(self, subject: str, name: str, names: Mapping[str, str] | None = None, **params: Any) -> list[list[Any]]:
        """Rows of a statement."""
        return [r.values() for r in self._tx.run(cypher(subject, name, **(names or {})), params)]

    def many(
        self, subject: str, name: str, rows: list[Any], names: Mapping[str, str] | None = None, of: str = "rows",
        **params: Any,
    ) -> list[list[Any]]:  # fmt: skip
        """Rows of a statement that unwinds `$rows` (or what `of` says), for as many at a time as one message takes."""
        text = cypher(subject, name, **(names or {}))
        found: list[list[Any]] = []
        for i in range(0, len(rows), ROWS):
            found += (r.values() for r in self._tx.run(text, {**params, of: _Rows(rows[i : i + ROWS])}))
        return found

    def put(
        self, subject: str, name: str, rows: list[Any], names: Mapping[str, str] | None = None, of: str = "rows",
        **params: Any,
    ) -> None:  # fmt: skip
        """The same with a statement that gives no rows: the server works on it while the next is made ready."""
        text = cypher(subject, name, **(names or {}))
        for i in range(0, len(rows), ROWS):
            self._last = self._tx.run(text, {**params, of: _Rows(rows[i : i + ROWS])})

    def do(self, text: LiteralString) -> None:
        """Run a text of ours to its end."""
        self._tx.run(text).consume()

    def finish(self) -> None:
        """Wait until all is done: what went wrong comes to light here, if not before."""
        if self._last is not None:
            self._last.consume()


def _run(tx: ManagedTransaction, text: LiteralString) -> None:
    tx.run(text, schema=SCHEMA).consume()


class Connection:
    """A database on a server. Threads may share it."""

    def __init__(self, url: str, *, create: bool, check: bool = True) -> None:
        """`check=False`: of whatever schema it is, or without any. Else raises StoreNewer and StoreOlder."""
        self.address = Address.of(url)
        auth = None if self.address.user is None else (self.address.user, self.address.password or "")
        with self._errors():
            self._driver: Driver = GraphDatabase.driver(
                self.address.server,
                auth=auth,
                connection_timeout=CONNECT_S,
                connection_acquisition_timeout=CONNECT_S,
                max_transaction_retry_time=RETRY_S,
                notifications_min_severity="OFF",
                user_agent="begat",
            )
        try:
            if check:
                self._open(create)
        except BaseException:
            self._driver.close()
            raise

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
        # Asked once more: another process may be making the store, and writing to it already.
        if self.read(cypher("store", "strangers"), {})[0][0] and not self.schema():
            raise StoreError(f"{self.address} holds a graph, but not a begat store")
        with self._errors(), self.session() as session:
            for text in (*statements("schema"), cypher("store", "begin")):
                session.execute_write(_run, text)

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

        @unit_of_work(timeout=WRITE_S)
        def once(tx: ManagedTransaction) -> T:
            try:
                transaction = Transaction(tx)
                result = work(transaction)
                transaction.finish()
                return result
            except Neo4jError as e:
                if any(name in (e.code or "") for name in _FINAL):
                    raise told(e, self.address) from e
                raise

        until = time.monotonic() + RETRY_S
        with self._errors(), self.session() as session:
            while True:
                try:
                    return session.execute_write(once)
                except IncompleteCommit:
                    if time.monotonic() > until:
                        raise

    def read(self, text: str, params: Mapping[str, Any], limit_s: float | None = None) -> list[tuple[Any, ...]]:
        """Rows of a Cypher text, which the server works on for `limit_s` seconds at most."""

        @unit_of_work(timeout=READ_S if limit_s is None else limit_s)
        def once(tx: ManagedTransaction) -> list[tuple[Any, ...]]:
            try:
                return [tuple(r.values()) for r in tx.run(ours(text), dict(params))]
            except Neo4jError as e:
                if any(name in (e.code or "") for name in _FINAL):
                    raise told(e, self.address) from e
                raise

        with self._errors(), self.session(default_access_mode=READ_ACCESS) as session:
            return session.execute_read(once)

    def stream(self, text: str, params: Mapping[str, Any] | None = None) -> Iterator[list[Any]]:
        """Rows of a Cypher text as they come, of any number: not repeated, without a limit of time."""
        with self._errors(), self.session(default_access_mode=READ_ACCESS, fetch_size=ROWS) as session:
            for record in session.run(ours(text), dict(params or {})):
                yield record.values()

    def close(self) -> None:
        """Close the pooled connections."""
        self._driver.close()
