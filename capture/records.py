"""Objects that are names and values: dataclasses, attrs, pydantic and msgspec classes, namespaces, OmegaConf, click.

What an object is, its class says, never an attribute of its own: a mock has every attribute one asks for.
"""

import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MemberDescriptorType
from typing import Any, Final

Fields = Mapping[Any, Any]


def fields(value: object) -> Fields | None:
    """The names and values of a mapping or a record, None for anything else. Raises what the object's class does."""
    kind: Any = type(value)
    reads = _reader(kind)
    return None if reads is None else reads(value)


def is_record(cls: type) -> bool:
    """Whether objects of a class are names and values."""
    kind: Any = cls
    return _reader(kind) is not None


def public(value: object) -> dict[str, Any]:
    """What an object of any class has for attributes: those in its dictionary and slots without an underscore.

    None of its class's code runs.
    """
    kind: Any = type(value)
    found = _own(value) if kind.__dictoffset__ else {}
    slots = _slots(kind)
    if slots:
        found = dict(found)
        for name, slot in slots:
            try:
                found[name] = slot.__get__(value)
            except AttributeError:  # not set
                continue
    return {name: held for name, held in found.copy().items() if not name.startswith("_")} if found else {}


def _own(value: object) -> dict[str, Any]:
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:  # a class may hide it
        return {}
    return own if type(own) is dict else {}


@lru_cache(1000)
def _slots(cls: type) -> tuple[tuple[str, Any], ...]:
    return tuple((k, v) for base in cls.__mro__ for k, v in vars(base).items() if type(v) is MemberDescriptorType)


def _present(value: object, names: Any) -> dict[str, Any]:
    """Those attributes of a value that are set."""
    unset = _UNSET
    pairs = ((name, getattr(value, name, unset)) for name in names if isinstance(name, str))
    return {name: held for name, held in pairs if held is not unset}


_UNSET: Final = object()


def _itself(value: Any) -> Fields:
    own: Fields = value
    return own


def _omegaconf(value: Any) -> Fields:
    """With what it refers to; where that cannot be found or is missing, as it is written."""
    conf = sys.modules["omegaconf"].OmegaConf
    try:
        made: Fields = conf.to_container(value, resolve=True)
    except Exception:  # a value that is missing, or refers to nothing: the others are kept
        made = conf.to_container(value, resolve=False)
    return made


def _pydantic(value: Any) -> Fields:
    return {**vars(value), **(getattr(value, "__pydantic_extra__", None) or {})}


def _items(value: Any) -> Fields:
    return {key: value[key] for key in value.keys()}  # noqa: SIM118 it need not be one that can be gone through


#: By a class, or one that it is made from.
_CLASSES: Final[dict[str, Callable[[Any], Fields]]] = {
    "omegaconf.dictconfig.DictConfig": _omegaconf,
    "argparse.Namespace": vars,
    "types.SimpleNamespace": vars,
    "optparse.Values": vars,
    "click.core.Context": lambda value: value.params,
    "absl.flags._flagvalues.FlagValues": lambda value: value.flag_values_dict(),
    "pydantic.main.BaseModel": _pydantic,
    "pydantic.v1.main.BaseModel": _pydantic,
}
#: By what a class has: its name, and how its objects' fields are read.
_MARKS: Final[tuple[tuple[str, Callable[[Any], Fields]], ...]] = (
    ("__dataclass_fields__", lambda value: _present(value, type(value).__dataclass_fields__)),
    ("__attrs_attrs__", lambda value: _present(value, (a.name for a in type(value).__attrs_attrs__))),
    ("__struct_fields__", lambda value: _present(value, type(value).__struct_fields__)),
)


@lru_cache(1000)
def _reader(cls: type) -> Callable[[Any], Fields] | None:
    for base in cls.__mro__:
        found = _CLASSES.get(f"{base.__module__}.{base.__qualname__}")
        if found is not None:
            return found
    if issubclass(cls, Mapping):
        return _itself
    for mark, reads in _MARKS:
        if hasattr(cls, mark):
            return reads
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return lambda value: dict(zip(type(value)._fields, value, strict=False))
    if cls.__name__ == "Namespace":
        return vars
    like = all(hasattr(cls, name) for name in ("keys", "__getitem__"))
    if like and not hasattr(cls, "shape") and (hasattr(cls, "to_dict") or hasattr(cls, "as_dict")):
        return _items
    return None
