"""What can go wrong, as users see it: what happened, to what, and what to do. `exit_code` is the command line's.

BegatError
|-- UsageError        2  wrong argument, unknown parameter, bad setting
|   `-- MissingExtra  2  a feature needs `pip install begat[...]`
|-- NotFound          3  no such id, name or question (with the nearest matches)
|   `-- Ambiguous     3  a name that several things have
|-- StoreError        4  the store cannot be reached or used
|   |-- StoreNewer    4  written by a newer begat
|   |-- StoreOlder    4  written by an older begat, and not migrated
|   |-- StoreEmpty    4  nothing was ever written to it, or its schema is being written just now
|   |-- TookTooLong   4  a question was stopped at its time limit
|   |-- StoreBusy     4  another process holds the write lock (retryable)
|   `-- StoreAway     4  no server answers, or its disk is full (retryable)
|-- ServerError       4  a server of journals does not take what it is sent
|   |-- JournalRefused 4  this journal; it may take others
|   `-- ServerAway    4  it does not answer, or is busy (retryable)
`-- FormatError       1  a journal or event that this begat cannot read
"""

from typing import ClassVar


class BegatError(Exception):
    """The root: one line for people; `retryable` says whether the same call may succeed later."""

    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False
    #: Signs of the line at most: it may repeat what somebody has given.
    LONGEST: ClassVar[int] = 4000

    def __str__(self) -> str:
        text = super().__str__()
        return text if len(text) <= self.LONGEST else f"{text[: self.LONGEST]} ..."


class UsageError(BegatError):
    """The call itself is wrong."""

    exit_code = 2


class MissingExtra(UsageError):
    """A feature that needs an optional dependency."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an extra: pip install 'begat[{extra}]'")


class NotFound(BegatError):
    """Nothing has this id or name. `nearest` holds what was probably meant."""

    exit_code = 3

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        self.nearest = nearest
        super().__init__(message + (f"; did you mean {', '.join(nearest)}?" if nearest else ""))


class Ambiguous(NotFound):
    """Several things have this name: begat never guesses which was meant. `matches` are (id, description)."""

    #: How many of them the text lists.
    LISTED: ClassVar[int] = 20

    def __init__(self, name: str, matches: tuple[tuple[str, str], ...]) -> None:
        self.matches = matches
        lines = "".join(f"\n  {name_of}  {what}" for name_of, what in matches[: self.LISTED])
        more = len(matches) - self.LISTED
        rest = f"\n  ... and {more} more" if more > 0 else ""
        super().__init__(f"{name!r} names {len(matches)} things, give one of these ids:{lines}{rest}")


class StoreError(BegatError):
    """The store cannot be reached or used."""

    exit_code = 4


class StoreNewer(StoreError):
    """The store was written by a newer begat."""

    def __init__(self, where: str, found: int, known: int) -> None:
        super().__init__(
            f"{where} has schema {found}, this begat knows up to {known}: upgrade begat, or use another store"
        )


class StoreOlder(StoreError):
    """The store was written by an older begat, and is not, or cannot be, brought to this one's schema here."""


class StoreEmpty(StoreError):
    """Nothing was ever written to the store, not even its schema; somebody may be at it."""


class TookTooLong(StoreError):
    """A question was stopped when its time was over. `limit`: the seconds that it had, where they are known."""

    limit: float | None = None

    def __str__(self) -> str:
        text = super().__str__()
        return text if self.limit is None else f"{text} (the time limit is {self.limit:g} s)"


class StoreBusy(StoreError):
    """Another process holds the write lock."""

    retryable = True


class StoreAway(StoreError):
    """Nothing is wrong with the call: the server does not answer, or the disk is full. It may be well again later."""

    retryable = True


class ServerError(BegatError):
    """The server that journals are sent to does not take them; waiting does not mend it."""

    exit_code = 4


class JournalRefused(ServerError):
    """The server does not take this journal. `status` is HTTP's."""

    def __init__(self, message: str, status: int) -> None:
        self.status = status
        super().__init__(message)


class ServerAway(ServerError):
    """The server does not answer, or not now. It asks to be left alone for `after` seconds; 0: it did not say."""

    retryable = True

    def __init__(self, message: str, after: float = 0.0) -> None:
        self.after = after
        super().__init__(message)


class FormatError(BegatError):
    """A journal or event that this begat cannot read."""
