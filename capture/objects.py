"""Objects that flow between captured functions, known by their identity: never by their value, never by an address.

The registry holds no object alive and forgets one that is gone, so a reused address links nothing. What cannot be
referenced weakly (numbers, text, lists, dicts) has no identity here: numbers and text are settings, containers are
looked into one level deep. So are the public attributes of an object that a captured function returns, and the items of
a container that has an identity (one of a library's own class): one of them that is used later is derived from that
object, one that nobody uses is not recorded.

Not seen is what lies two levels deep, what a property makes anew each time it is asked, what was put into an object
after the function had returned it, and views and copies (`frame["x"]`, `array[:10]`): those are new objects. What a
function returns is taken to be made by it, also where it was there before and nobody had seen it.
"""

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from os import PathLike
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import ref

from begat.capture import records, values
from begat.capture.entity import Entity
from begat.capture.learned import Learned
from begat.capture.values import MOST_ITEMS
from begat.graph_schema import ids
from begat.graph_schema.events import Event, Node, Relate

if TYPE_CHECKING:
    from begat.capture.runs import Run

#: How many live objects are remembered; beyond it the one that was seen first is forgotten.
MOST: Final = 100_000

_NO_IDENTITY: Final = (str, int, float, bool, bytes, type(None), complex, set, frozenset, PathLike, Enum)
_SEQUENCES: Final = (list, tuple, set, frozenset)
_SCALARS: Final = frozenset((str, int, float, bool, bytes, type(None)))
#: Weakly referenceable, but means to do something rather than things that flow.
_MEANS: Final = (type, FunctionType, BuiltinFunctionType, MethodType, ModuleType)
#: Modules whose objects are means too: locks, loggers, open files, runs.
_MACHINERY: Final = frozenset((
    "logging", "threading", "_thread", "concurrent", "asyncio", "_asyncio", "multiprocessing", "queue", "_queue", "io",
    "_io", "socket", "subprocess", "weakref", "contextvars", "contextlib", "functools", "re", "random", "_random",
    "tempfile", "begat",
))  # fmt: skip

_LEARNING: Final = (("fit", "predict"), ("state_dict", "forward"))


class Known(ref):  # type: ignore[type-arg]
    """What is known of a live object. `claimed` is the activity taken to have made it, where nobody saw it made;
    `learned` is what a model knew when it became this entity."""

    __slots__ = ("claimed", "entity", "key", "learned")

    key: int
    entity: str
    claimed: "Run | None"
    learned: Learned | None


_known: Final[dict[int, Known]] = {}


def _gone(known: Any) -> None:
    key: int = known.key
    if _known.get(key) is known:
        _known.pop(key, None)


def can_flow(thing: object) -> bool:
    """Whether a thing has an identity that can be followed."""
    cls: Any = type(thing)
    known: Class = _class_of(cls)
    return known.flows


def find(thing: object, run: "Run | None") -> str | None:
    """The entity that an object is now, as seen from an activity; None if begat does not know it.

    An object that an activity is only taken to have made is known in that activity, in its parts and in what it is a
    part of, nowhere else: two activities are never linked by an assumption.
    """
    known = _known.get(id(thing))
    if known is None or known() is not thing:
        return None
    if known.claimed is not None and (run is None or not run.is_kin(known.claimed)):
        return None
    return known.entity


def register(thing: object, entity: str, claimed: "Run | None" = None) -> None:
    """From now on the object is this entity (a new version of it, if it was another one)."""
    known = Known(thing, _gone)
    known.key = id(thing)
    known.entity = entity
    known.claimed = claimed
    known.learned = Learned(thing) if is_model(thing) else None
    _known.pop(known.key, None)
    _known[known.key] = known
    _bound(_known)


def has_learned(thing: object) -> bool:
    """Whether a model has been fitted since it became the entity that it is known as."""
    known = _known.get(id(thing))
    return known is not None and known.learned is not None and known() is thing and known.learned != Learned(thing)


def describe(
    thing: object, name: str | None, types: list[str], attributes: dict[str, Any], shared: bool = False
) -> Node:
    """A new entity for an object: its class, shape and data type, and what `content.facts` tells of its content."""
    cls: Any = type(thing)
    known: Class = _class_of(cls)
    found: dict[str, Any] = {"class": known.name}
    if known.measured:
        found.update(_measures(thing, cls))
    found.update(with_content(thing, attributes, shared))
    return Node(0, 0, ids.mint(), "Entity", types or (["Model"] if known.learns else []), name, found)


def _measures(thing: object, cls: Any) -> dict[str, Any]:
    """The shape and data type that an object tells, and the names of its columns."""
    found: dict[str, Any] = {}
    # Asked of the class first: a frame's columns are its attributes too, whatever their names.
    shape = getattr(thing, "shape", None) if hasattr(cls, "shape") else None
    if isinstance(shape, tuple) and all(isinstance(n, int) for n in shape):
        found["shape"] = [int(n) for n in shape]
    dtype = getattr(thing, "dtype", None) if hasattr(cls, "dtype") else None
    if dtype is not None and not callable(dtype):
        found["dtype"] = str(dtype)
    columns = getattr(thing, "columns", None) if shape is not None and hasattr(cls, "columns") else None
    if columns is not None and len(columns) <= MOST_ITEMS and all(isinstance(c, str | int) for c in columns):
        found["columns"] = [str(c) for c in columns]
    return found


#: What `digest` may say of an object; as of a file, "now" asks for it.
_ASKED: Final = {True: True, "now": True, False: False, None: None}


def with_content(thing: object, attributes: dict[str, Any], shared: bool = False) -> dict[str, Any]:
    """What is said of an object, with its schema and digest. `digest` says whether one is wanted, or what it is."""
    from begat.capture import content  # not for who hands in no object

    if not attributes:
        return content.facts(thing, None, shared)
    asked = attributes.get("digest")
    if not isinstance(asked, list) and asked in _ASKED:
        said = {k: v for k, v in attributes.items() if k != "digest"}
        return content.facts(thing, _ASKED[asked], shared) | said
    return content.facts(thing, False) | attributes


def is_model(thing: object) -> bool:
    """Whether an object learns: scikit-learn's and its kin's estimators, Keras' and PyTorch's models."""
    cls: Any = type(thing)
    known: Class = _class_of(cls)
    return known.learns


class Class(NamedTuple):
    """What there is to know of a class: its name, whether its objects learn, have an identity, tell a shape or a data
    type, and what is inside."""

    name: str
    learns: bool
    flows: bool
    measured: bool
    holds_items: bool
    has_attributes: bool


@lru_cache(1000)
def _class_of(cls: type) -> Class:
    learns = any(all(hasattr(cls, method) for method in methods) for methods in _LEARNING)
    means = issubclass(cls, _MEANS + _NO_IDENTITY)  # pyright: ignore[reportGeneralTypeIssues] PathLike
    has_attributes = not means and cls not in (list, tuple, dict)
    means = means or cls.__module__.partition(".")[0] in _MACHINERY
    offset: Any = cls.__weakrefoffset__
    flows = not means and offset > 0
    measured = any(hasattr(cls, name) for name in ("shape", "dtype"))
    holds_items = issubclass(cls, (*_SEQUENCES, Mapping))
    name = values.clean(f"{cls.__module__}.{cls.__qualname__}")
    return Class(name, learns, flows or cls is Entity, measured, holds_items, has_attributes)


def parts(thing: object) -> "list[tuple[str, object]]":
    """The objects that can flow in a thing, with their places: itself, or those one level inside it."""
    return [("", thing)] if can_flow(thing) else inside(thing)


def inside(thing: object) -> "list[tuple[str, object]]":
    """The objects that can flow one level inside a thing: a container's items, and the attributes of any object."""
    cls: Any = type(thing)
    known: Class = _class_of(cls)
    found: list[tuple[str, object]] = []
    if known.holds_items:
        found = [(f"[{k!r}]", v) for k, v in flowing(_items(thing)).items()]
    if known.has_attributes and (held := attributes(thing)):
        found += [(f".{k}", v) for k, v in held.items()]
    return found


def _items(thing: Any) -> "Mapping[Any, Any]":
    if isinstance(thing, _SEQUENCES):
        return dict(enumerate(thing)) if len(thing) <= MOST_ITEMS else {}
    return values.nested(thing) or {}


def flowing(fields: "Mapping[Any, Any]") -> dict[Any, Any]:
    """Those of some names and values that can flow."""
    return {k: v for k, v in list(fields.items()) if can_flow(v)} if len(fields) <= MOST_ITEMS else {}


def attributes(thing: object) -> dict[str, Any]:
    """The attributes of an object that can flow. What a class computes when it is asked for (a property) is none."""
    if isinstance(thing, Entity):
        return {}
    held = records.public(thing)
    return {k: v for k, v in held.items() if type(v) not in _SCALARS and can_flow(v)} if held else {}


def is_known(thing: object, run: "Run | None") -> bool:
    """Whether begat knows where an object comes from."""
    return isinstance(thing, Entity) or find(thing, run) is not None or _owner(thing) is not None


class Held(ref):  # type: ignore[type-arg]
    """An object that was an attribute of an entity when a captured function returned that."""

    __slots__ = ("entity", "key")

    key: int
    entity: str


_held: Final[dict[int, Held]] = {}


def _let_go(held: Any) -> None:
    key: int = held.key
    if _held.get(key) is held:
        _held.pop(key, None)


def hold(thing: object, entity: str) -> None:
    """Remember what a returned object has for attributes: who uses one of them uses what came out of that function."""
    for _, part in inside(thing):
        if isinstance(part, Entity) or ((known := _known.get(id(part))) is not None and known() is part):
            continue
        held = Held(part, _let_go)
        held.key, held.entity = id(part), entity
        _held.pop(held.key, None)
        _held[held.key] = held
    _bound(_held)


def _owner(thing: object) -> str | None:
    held = _held.get(id(thing))
    return held.entity if held is not None and held() is thing else None


def came_from(thing: object, entity: str) -> list[Event]:
    """What there is to say of a new entity that was an attribute of another one when a function returned that."""
    owner = _owner(thing)
    return [] if owner is None else [Relate(0, 0, "wasDerivedFrom", entity, owner)]


def _bound(registry: dict[int, Any]) -> None:
    while len(registry) > MOST:
        try:
            del registry[next(iter(registry))]
        except (KeyError, RuntimeError, StopIteration):  # another thread changed it meanwhile: it has room again
            break
