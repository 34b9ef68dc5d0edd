"""From Python values to JSON: numpy scalars, NaN, enums, paths, dates, sets, nested settings, secrets."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from math import prod
from typing import Any, Final, cast

from begat.capture import records, secrets
from begat.capture.secrets import MASK as MASK
from begat.capture.secrets import is_secret as is_secret
from begat.capture.secrets import masked as masked
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

#: Whole numbers of more bits are told by their size: their digits cost the square of it.
MOST_BITS: Final = 10_000

_JSON: Final = (str, int, float, bool, type(None))
_NUMBERS: Final = (bool, int, float, str)
_CONTAINERS: Final = frozenset((dict, list, tuple, set, frozenset))
_LISTS: Final = ("deque", "dict_keys", "dict_values", "ListConfig")
_ADDRESS: Final = re.compile(r" at 0x[0-9a-fA-F]+| id='\d+'")
_LARGEST_INT: Final = 2**63


def number(value: Any) -> float | str:
    """A metric's value as it travels. Raises TypeError or ValueError when it is no number."""
    if isinstance(value, str | bytes):
        raise TypeError(f"{value!r} is text, not a number")
    return lexical(float(_scalar(value)))


def step(value: Any) -> int | float | None:
    """A metric's step. Raises TypeError or ValueError when it is no number."""
    if value is None or type(value) is int or type(value) is float:
        return value
    plain_value = _scalar(value)
    return int(plain_value) if isinstance(plain_value, int) else float(plain_value)


def _scalar(value: Any) -> Any:
    """What a tensor or array of one value holds. To ask it for a float makes some warn, who have a gradient, say."""
    return value.item() if hasattr(type(value), "item") else value


def counted(items: Any) -> Iterable[Any]:
    """A number of epochs, numpy's too, as range has it; any iterable as it is."""
    return range(items) if hasattr(items, "__index__") else items


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

    What a nested value's name, or a text, says is secret is masked. A value whose own code does not come back in a
    second (`guard.PATIENCE`) is told as such.
    """
    kind: Any = type(value)
    if kind is float:
        return tagged(value)
    if kind is str:
        return _cut(value)
    if kind is int:
        return _whole(value)
    if kind in _JSON:
        return value
    try:
        room = room or _Room()
        if kind in _CONTAINERS:
            return _container(value, depth, room)
        form = _form(kind)
        if form is not None:
            return form(value)
        from begat.capture import guard

        return guard.ask(kind, lambda: _odd(value, depth, room))
    except Exception as e:  # the user's own __repr__, __iter__ or __len__ may raise anything
        return f"<{kind.__name__}: {type(e).__name__}>"


def _whole(value: int) -> int | str:
    if -_LARGEST_INT <= value < _LARGEST_INT:
        return value
    bits = value.bit_length()
    return str(value) if bits <= MOST_BITS else f"<int of {bits} bits>"


def _container(value: Any, depth: int, room: _Room) -> Any:
    """A mapping, or one of the containers that become a list."""
    if depth >= DEEPEST or len(value) > MOST_ITEMS or room.left < ITEM * len(value):
        return _length(value)
    if isinstance(value, Mapping):
        named = ((name(k), v) for k, v in value.items())
        return {room.take(k): masked(k, room.take(plain(v, depth + 1, room))) for k, v in named}
    items = [room.take(plain(v, depth + 1, room)) for v in value]
    if isinstance(value, set | frozenset):
        return sorted(items, key=repr)
    return list(secrets.words(items)) if items and all(type(v) is str for v in items) else items


def _odd(value: Any, depth: int, room: _Room) -> Any:
    """A value of a class that nobody here knows."""
    kind: Any = type(value)
    for base in (bool, int, float, str):
        if issubclass(kind, base):
            return plain(base(value))
    fields = records.fields(value)
    if fields is not None:
        return _container(fields, depth, room)
    if issubclass(kind, (list, tuple, set, frozenset)) or kind.__name__ in _LISTS:
        return _container(value if hasattr(kind, "__len__") else tuple(value), depth, room)
    if hasattr(kind, "tolist") and hasattr(kind, "shape"):
        return _array(value, depth, room)
    if hasattr(kind, "isoformat"):
        return _cut(str(value.isoformat()))
    return _text(value)


def _array(value: Any, depth: int, room: _Room) -> Any:
    size = prod(int(n) for n in value.shape)
    if size > MOST_ITEMS or depth >= DEEPEST:
        return f"<{type(value).__name__} of {size}>"
    return plain(value.tolist(), depth + 1, room)


def _text(value: Any) -> str:
    """What a value says of itself, without the address that tells it from others in this process only."""
    kind: Any = type(value)
    if kind.__repr__ is object.__repr__:
        return f"<{kind.__module__}.{kind.__qualname__}>"
    return _ADDRESS.sub("", _cut(str(value) if hasattr(kind, "__fspath__") else repr(value)))


def _isoformat(value: Any) -> str:
    return str(value.isoformat())


def _numpy_scalar(value: Any) -> Any:
    return str(value) if value.dtype.kind in "Mm" else plain(value.item())


def _hex(value: Any) -> str:
    size = len(value)
    most = LONGEST // 2
    return bytes(value).hex() if size <= most else f"{bytes(value[:most]).hex()}... [cut, {size} bytes]"


def _qualified(value: Any) -> str:
    return f"{value.__module__}.{value.__qualname__}"


#: By a class, or one that it is made from: nothing is imported to know its objects.
_FORMS: Final[dict[str, Callable[[Any], Any]]] = {
    "enum.Enum": lambda value: clean(value.name or str(value)),
    "datetime.date": _isoformat,
    "datetime.time": _isoformat,
    "datetime.timedelta": str,
    "decimal.Decimal": str,
    "fractions.Fraction": str,
    "uuid.UUID": str,
    "pathlib.PurePath": lambda value: _cut(str(value)),
    "builtins.complex": str,
    "builtins.bytes": _hex,
    "builtins.bytearray": _hex,
    "numpy.generic": _numpy_scalar,
    "builtins.type": _qualified,
    "builtins.function": _qualified,
    "builtins.builtin_function_or_method": _qualified,
    "builtins.method": _qualified,
}


@lru_cache(1000)
def _form(cls: Any) -> Callable[[Any], Any] | None:
    """The form of a class whose objects are known to answer at once."""
    for base in cls.__mro__:
        if base in _NUMBERS:  # numpy.float64 is a float, IntEnum's members are named
            continue
        found = _FORMS.get(f"{base.__module__}.{base.__qualname__}")
        if found is not None:
            return found
    return None


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
    """Name and value of each setting, what is nested flattened with dots, secrets masked. Never raises."""
    room = room or _Room()
    for key, value in given.items():
        own = name(key)
        full = room.take(name(f"{above}{own}"))
        inner = None
        if type(value) not in _JSON and id(value) not in around and len(around) < DEEPEST:
            inner = nested(value)
        if inner and len(inner) <= MOST_ITEMS and room.left > ITEM * len(inner) and not is_secret(own, value):
            yield from settings(inner, full + ".", (*around, id(value)), room)
        else:
            yield full, masked(own, room.take(plain(value, room=room)))


def nested(value: Any) -> dict[Any, Any] | None:
    """The names and values inside a value, None if it has none or does not tell. Never raises."""
    kind: Any = type(value)
    if kind is dict:
        own: dict[Any, Any] = value
        return own if len(own) > MOST_ITEMS else dict(own)
    if not records.is_record(kind):
        return None
    try:
        from begat.capture import guard

        return cast("dict[Any, Any]", guard.ask(kind, lambda: dict(records.fields(value) or {})))
    except Exception:  # it is kept as one value, which says what was wrong
        return None


def name(given: Any) -> str:
    """What a user gave for a name, as one: text that UTF-8 can hold, of bounded length. Never raises."""
    text = given if type(given) is str else str(plain(given))
    if len(text) > LONGEST_NAME:
        text = f"{text[:LONGEST_NAME]}..."
    return clean(secrets.text(text))


def name_or_none(given: Any) -> str | None:
    """The same where there may be none."""
    return None if given is None else name(given)


def clean(text: str) -> str:
    """Text that UTF-8 can hold: file names may have bytes that are none."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return clean(secrets.text(text))
    # Masked before it is cut, so that what is cut in half is masked too; cut before that, for time's sake.
    kept = secrets.text(text[: 2 * LONGEST])[:LONGEST]
    return f"{clean(kept)}... [cut, {len(text)} characters]"


def _length(value: Any) -> str:
    size = value.size if hasattr(value, "size") else len(value)
    return f"<{type(value).__name__} of {size}>"


def _is_literal(value: Any) -> bool:
    return isinstance(value, dict) and "$" in value
