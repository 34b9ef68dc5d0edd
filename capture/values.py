"""From Python values to JSON: numpy scalars, NaN, enums, paths, dates, sets, nested settings, secrets."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from begat.graph_schema.events import lexical, tagged

#: A value whose text is longer than this is cut, with a mark at its end.
LONGEST: Final = 64 * 1024
#: A container of more items than this is data, not a setting: only its type and length are kept.
MOST_ITEMS: Final = 1000
DEEPEST: Final = 8
#: What one value may hold in all, in characters; what is beyond is told as its type and length.
MOST_IN_ALL: Final = 1 << 20
#: What an item counts besides its text.
ITEM: Final = 16
#: A name that is longer is cut: it is content that was meant to go elsewhere.
LONGEST_NAME: Final = 4096

_JSON: Final = (str, int, float, bool, type(None))
_LARGEST_INT: Final = 2**63

_SECRET: Final = ("password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "access_key",
                  "private_key", "secret_key", "credential", "credentials")  # fmt: skip
#: The tokens of language models are no secrets.
_NO_SECRET: Final = ("pad", "eos", "bos", "unk", "cls", "sep", "mask", "special", "start", "end", "image", "per")
MASK: Final = "***"


def number(value: Any) -> float | str:
    """A metric's value as it travels. Raises TypeError or ValueError when it is no number."""
    if isinstance(value, str | bytes):
        raise TypeError(f"{value!r} is text, not a number")
    return lexical(float(value))


def step(value: Any) -> int | float | None:
    """A metric's step. Raises TypeError or ValueError when it is no number."""
    if value is None or type(value) is int or type(value) is float:
        return value
    plain_value = value.item() if hasattr(value, "item") else value
    return int(plain_value) if isinstance(plain_value, int) else float(plain_value)


class _Room:
    """What is left of MOST_IN_ALL. A depth alone bounds nothing: containers that hold each other grow by powers."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MOST_IN_ALL

    def take(self, made: Any) -> Any:
        self.left -= ITEM + (len(made) if isinstance(made, str) else 0)
        return made


def plain(value: Any, depth: int = 0, room: _Room | None = None) -> Any:
    """A value as JSON has it, NaN and infinities tagged; what JSON has no form for becomes text. Never raises.

    What a nested value's name says is secret is masked.
    """
    kind = type(value)
    if kind is float:
        return tagged(value)
    if kind is str:
        return _cut(value)
    if kind is int:
        return value if -_LARGEST_INT <= value < _LARGEST_INT else str(value)
    if kind in _JSON:
        return value
    try:
        return _plain(value, depth, room or _Room())
    except Exception as e:  # the user's own __repr__, __iter__ or __len__ may raise anything
        return f"<{kind.__name__}: {type(e).__name__}>"


def _plain(value: Any, depth: int, room: _Room) -> Any:
    from datetime import date, datetime
    from enum import Enum

    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime | date) or hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, bytes | bytearray):
        return _cut(value.hex())
    if hasattr(value, "__fspath__"):
        return _cut(str(value))
    for base in (bool, int, float, str):  # subclasses: numpy.float64, IntEnum's kin
        if isinstance(value, base):
            return plain(base(value), depth)
    if hasattr(value, "dtype") and hasattr(value, "item") and getattr(value, "size", 1) == 1:
        return plain(value.item(), depth + 1, room) if depth < DEEPEST else _cut(repr(value))
    if isinstance(value, type) or hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    if hasattr(value, "tolist") and hasattr(value, "shape"):
        return plain(value.tolist(), depth + 1, room) if value.size <= MOST_ITEMS else _length(value)
    if isinstance(value, Mapping):
        if depth >= DEEPEST or len(value) > MOST_ITEMS or room.left < ITEM * len(value):
            return _length(value)
        named = ((name(k), v) for k, v in value.items())
        return {room.take(k): masked(k, room.take(plain(v, depth + 1, room))) for k, v in named}
    if isinstance(value, list | tuple | set | frozenset):
        if depth >= DEEPEST or len(value) > MOST_ITEMS or room.left < ITEM * len(value):
            return _length(value)
        items = [room.take(plain(v, depth + 1, room)) for v in value]
        return sorted(items, key=repr) if isinstance(value, set | frozenset) else items
    return _cut(repr(value))


def attribute(value: Any) -> Any:
    """A value as a node's attribute may be: a scalar, a tagged literal, or a list of these; else its JSON as text."""
    made = plain(value)
    if isinstance(made, list) and all(isinstance(v, _JSON) or _is_literal(v) for v in made):
        return made
    if isinstance(made, list | dict) and not _is_literal(made):
        from begat.graph_schema.statements import canonical

        return canonical(made)
    return made


def attributes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as they travel, secrets masked; None is no value."""
    return {name(k): masked(k, attribute(v)) for k, v in given.items() if v is not None}


def settings(
    given: Mapping[Any, Any], above: str = "", around: tuple[int, ...] = (), room: _Room | None = None
) -> Iterator[tuple[str, Any]]:
    """Name and value of each setting, nested mappings flattened with dots, secrets masked."""
    room = room or _Room()
    for key, value in given.items():
        full = room.take(name(f"{above}{name(key)}"))
        if (
            isinstance(value, Mapping) and value and id(value) not in around
            and len(around) < DEEPEST and len(value) <= MOST_ITEMS and room.left > ITEM * len(value)
        ):  # fmt: skip
            yield from settings(value, full + ".", (*around, id(value)), room)
        else:
            yield full, masked(full, room.take(plain(value, room=room)))


def masked(name: str, value: Any) -> Any:
    """The value, or a mask when the name says that it is a secret."""
    return MASK if is_secret(name) else value


@lru_cache(10_000)
def is_secret(name: str) -> bool:
    """Whether a name says that its value is nobody's business."""
    low = name.rpartition(".")[2].lower().replace("-", "_")
    for word in _SECRET:
        if low.endswith(word):
            before = low[: -len(word)].rstrip("_").rpartition("_")[2]
            return before not in _NO_SECRET
    return False


def name(given: Any) -> str:
    """What a user gave for a name, as one: text that UTF-8 can hold, of bounded length. Never raises."""
    text = given if type(given) is str else str(plain(given))
    if len(text) > LONGEST_NAME:
        text = f"{text[:LONGEST_NAME]}..."
    return clean(text)


def name_or_none(given: Any) -> str | None:
    """The same where there may be none."""
    return None if given is None else name(given)


def clean(text: str) -> str:
    """Text that UTF-8 can hold: file names may have bytes that are none."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def _cut(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... [cut, {len(text)} characters]"


def _length(value: Any) -> str:
    size = value.size if hasattr(value, "size") else len(value)
    return f"<{type(value).__name__} of {size}>"


def _is_literal(value: Any) -> bool:
    return isinstance(value, dict) and "$" in value
