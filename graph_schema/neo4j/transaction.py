"""A transaction's statements, given from one thread and run by another: the server works while the next are made ready.

The driver is spoken to by the thread that wants the work done, and by it alone, so that Ctrl-C and a lost connection
end what is running as they would without us; the work, which only thinks, has the other.
"""

from collections.abc import Callable, Mapping
from queue import Queue, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, LiteralString, NamedTuple, TypeVar, cast

from begat.graph_schema.neo4j.cypher import cypher

if TYPE_CHECKING:
    from neo4j import Transaction as DriverTransaction

#: Rows a statement takes at a time: what goes over in one message, and is undone together.
ROWS: Final = 10_000
#: Statements that wait at most.
AHEAD: Final = 8
#: A graph that grows fast would have every statement planned anew every ten seconds, and each plan is the one it was:
#: all begin with a unique key or an index, on an empty store too. But relationships are sought by their elements only
#: where there are many: where few are, the server reads them all.
_KEEP: Final[LiteralString] = "CYPHER replan=skip "
_SOUGHT: Final = "elementId(r) ="

Row = dict[str, Any]
T = TypeVar("T")


class _Rows(list[Any]):
    """Rows on their way: the driver makes a text of every parameter, for a log that is off."""

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


def text_of(subject: str, name: str, names: Mapping[str, str] | None = None) -> LiteralString:
    """A statement as a batch takes it."""
    text = cypher(subject, name, **(names or {}))
    return text if _SOUGHT in text else _KEEP + text


class _Order(NamedTuple):
    text: LiteralString
    params: dict[str, Any]
    asks: bool


class _Done(NamedTuple):
    result: Any
    error: BaseException | None


class _Undone(BaseException):
    """The transaction has ended without the work."""


class Transaction:
    """What work is given: runs statements by their file and name (see cypher.cypher for `names`)."""

    def __init__(self) -> None:
        self._orders: Queue[_Order | _Done] = Queue(AHEAD)
        self._answers: SimpleQueue[list[list[Any]] | None] = SimpleQueue()
        self._undone = False

    # -- of the work

    def run(self, subject: str, name: str, names: Mapping[str, str] | None = None, **params: Any) -> list[list[Any]]:
        """Rows of a statement, which sees all that was put before."""
        return self._ask(text_of(subject, name, names), params)

    def many(
        self, subject: str, name: str, rows: list[Any], names: Mapping[str, str] | None = None, of: str = "rows",
        **params: Any,
    ) -> list[list[Any]]:  # fmt: skip
        """Rows of a statement that unwinds `$rows` (or what `of` says), for as many at a time as one message takes."""
        text = text_of(subject, name, names)
        found: list[list[Any]] = []
        for i in range(0, len(rows), ROWS):
            found += self._ask(text, {**params, of: _Rows(rows[i : i + ROWS])})
        return found

    def put(
        self, subject: str, name: str, rows: list[Any], names: Mapping[str, str] | None = None, of: str = "rows",
        **params: Any,
    ) -> None:  # fmt: skip
        """The same with a statement that gives no rows, without waiting for it."""
        text = text_of(subject, name, names)
        for i in range(0, len(rows), ROWS):
            self._order(_Order(text, {**params, of: _Rows(rows[i : i + ROWS])}, asks=False))

    def do(self, text: LiteralString) -> None:
        """Run a text of ours to its end."""
        self._ask(text, {})

    def _ask(self, text: LiteralString, params: dict[str, Any]) -> list[list[Any]]:
        self._order(_Order(text, params, asks=True))
        rows = self._answers.get()
        if rows is None:
            raise _Undone
        return rows

    def _order(self, order: _Order) -> None:
        if self._undone:
            raise _Undone
        self._orders.put(order)

    # -- of who wants it done

    def execute(self, work: Callable[["Transaction"], T], tx: "DriverTransaction") -> T:
        """Do work; returns what it returns when all its statements have run. Raises what it or the driver raises."""
        thread = Thread(target=self._work, args=(work,), name="begat-transaction", daemon=True)
        thread.start()
        try:
            while isinstance(order := self._orders.get(), _Order):
                result = tx.run(order.text, order.params)
                if order.asks:
                    self._answers.put([r.values() for r in result])
                else:
                    result.consume()
        except BaseException:
            self._undone = True
            self._answers.put(None)
            while isinstance(self._orders.get(), _Order):
                pass
            raise
        thread.join()
        if order.error is not None:
            raise order.error
        return cast("T", order.result)

    def _work(self, work: Callable[["Transaction"], T]) -> None:
        try:
            self._orders.put(_Done(work(self), None))
        except BaseException as e:  # whatever it is, it is raised by who wants the work done
            self._orders.put(_Done(None, e))
