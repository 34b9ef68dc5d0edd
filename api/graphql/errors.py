"""How an error is told: a line and a code in `extensions`, never a traceback nor a statement of a store."""

import logging
from collections.abc import Iterable
from typing import Any, Final

from graphql import GraphQLError

from begat.api.graphql.asking import in_words
from begat.graph_schema.errors import (
    Ambiguous,
    BegatError,
    MissingExtra,
    NotFound,
    StoreAway,
    StoreBusy,
    StoreError,
    TookTooLong,
    UsageError,
)
from begat.queries.clock import timed

#: Beside the code of what lies with who asks, by the word that other servers and clients of GraphQL have for it: the
#: same request would end the same way, and nothing is wrong with the service.
ASKED: Final = {"classification": "BAD_REQUEST"}
#: Such errors.
OF_THE_ASKER: Final = (NotFound, UsageError)
INVALID: Final = "INVALID_DOCUMENT"
VARIABLES: Final = "INVALID_VARIABLES"
LIMIT: Final = "OVER_LIMIT"
UNTRUSTED: Final = "NOT_TRUSTED"
#: A subscription that did not come over a WebSocket; a mutation that came by GET, or from who may not write.
BY_SOCKET: Final = "BY_SOCKET"
BY_POST: Final = "BY_POST"
FORBIDDEN: Final = "FORBIDDEN"
#: Too many ask at once.
BUSY: Final = "BUSY"
INTERNAL: Final = "INTERNAL"
#: Errors of one document that are told.
MOST: Final = 50
#: Signs of a line.
LONGEST: Final = 500
#: Matches of a name that are told.
MATCHES: Final = 20

_log: Final = logging.getLogger(__name__)


class TooSlow(BegatError):
    """A subscriber does not take what there is."""


#: The first that fits.
CODES: Final = (
    (TooSlow, "TOO_SLOW"),
    (Ambiguous, "AMBIGUOUS"),
    (NotFound, "NOT_FOUND"),
    (MissingExtra, "MISSING_EXTRA"),
    (UsageError, "BAD_INPUT"),
    (TookTooLong, "TOOK_TOO_LONG"),
    (StoreAway, "STORE_AWAY"),
    (StoreBusy, "STORE_BUSY"),
    (StoreError, "STORE"),
    (BegatError, "FAILED"),
)


class Refused(Exception):
    """A request of which nothing is executed."""

    def __init__(self, code: str, *messages: str, errors: Iterable[GraphQLError] = ()) -> None:
        super().__init__(code, *messages)
        self.code = code
        plain = [{"message": line(m), "extensions": {"code": code}} for m in messages]
        self._told = plain + [told(e, code) for e in errors][:MOST]

    def told(self) -> list[dict[str, Any]]:
        """As the response has them."""
        return self._told

    def again(self) -> "Refused":
        """The same, of another request."""
        return self.told_before(self.code, self._told)

    @classmethod
    def told_before(cls, code: str, told: list[dict[str, Any]]) -> "Refused":
        """Of what the response has."""
        one = cls(code)
        one._told = told
        return one


def line(text: str) -> str:
    """One line of bounded length, without half characters."""
    short = text.split("\n", 1)[0].removesuffix(", give one of these ids:")
    short = short if len(short) <= LONGEST else f"{short[:LONGEST]} ..."
    return short.encode("utf-8", "backslashreplace").decode()


def told(error: GraphQLError, code: str = INTERNAL) -> dict[str, Any]:
    """An error as the response has it; one that nobody foresaw is logged, and told as no more than that."""
    original = error.original_error
    shown: dict[str, Any] = {"message": line(error.message)}
    if error.locations:
        shown["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        shown["path"] = list(error.path)
    extensions: dict[str, Any] = {"code": code}
    if isinstance(original, BegatError):
        return shown | of_begat(original)
    if code == INTERNAL and original is not None and not isinstance(original, GraphQLError):
        _log.error("a field could not be answered", exc_info=original)
        shown["message"] = "an error inside begat: it is in the log of the service"
    elif code == INTERNAL:
        extensions = {"code": "BAD_INPUT"} | ASKED
    return shown | {"extensions": extensions}


def of_begat(wrong: BegatError, code: str | None = None) -> dict[str, Any]:
    """One of begat's errors, by the code that it has unless told."""
    extensions: dict[str, Any] = {"code": code or next(c for kind, c in CODES if isinstance(wrong, kind))}
    if isinstance(wrong, OF_THE_ASKER) and not isinstance(wrong, MissingExtra):
        extensions |= ASKED
    if wrong.retryable:
        extensions["retryable"] = True
    if isinstance(wrong, TookTooLong):
        timed(wrong)
    if isinstance(wrong, Ambiguous):
        extensions["matches"] = [{"id": line(i), "what": line(w)} for i, w in wrong.matches[:MATCHES]]
    return {"message": line(in_words(str(wrong))), "extensions": extensions}
