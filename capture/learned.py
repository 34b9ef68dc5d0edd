"""What a model has learned, as a token to compare: has it been fitted since?

Looked at are scikit-learn's fitted attributes (those that end in an underscore) and those of the estimators inside,
the boosters of its kin, and of a PyTorch module the version counters of some tensors, those first that can be trained.
Never whole arrays: of one, whether it is the same object, and a few of its values. What a model keeps besides (a flag,
a cache) is no learning. A change that moves none of these is not seen: weights changed through `.data`, an array
changed in place between the values that are looked at, one frozen layer among many.
"""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final
from weakref import WeakKeyDictionary, ref

#: Facts that are compared.
MOST: Final = 2_000
#: Tensors that are looked at, of those that can be trained and of the others.
TRAINED: Final = 24
FROZEN: Final = 8
#: How deep estimators are looked for in estimators.
DEEPEST: Final = 4
#: Values of an array that are compared.
VALUES: Final = 16
#: Learned, though no underscore ends its name: XGBoost's and LightGBM's estimators.
BOOSTER: Final = "_Booster"

_SCALARS: Final = (bool, int, float, complex, str, bytes, type(None))


class Learned:
    """What a model knew when it was looked at."""

    __slots__ = ("facts",)

    def __init__(self, model: object) -> None:
        self.facts = list(islice(_facts(model, 0), MOST))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Learned) and self.facts == other.facts

    __hash__ = None  # type: ignore[assignment]


class _Same:
    """An object, kept weakly: equal only to itself, and to nothing once it is gone."""

    __slots__ = ("of",)

    def __init__(self, thing: object) -> None:
        self.of: Any = ref(thing) if type(thing).__weakrefoffset__ else lambda: thing

    def __eq__(self, other: object) -> bool:
        mine = self.of()
        return mine is not None and isinstance(other, _Same) and mine is other.of()

    __hash__ = None  # type: ignore[assignment]


def _facts(model: Any, depth: int) -> Iterator[object]:
    if callable(getattr(type(model), "state_dict", None)) and callable(getattr(type(model), "parameters", None)):
        for tensor in _tensors(model):
            yield id(tensor), getattr(tensor, "_version", None)
        return
    for name, value in list(getattr(model, "__dict__", {}).items()):
        if name == BOOSTER or (name.endswith("_") and not name.startswith("_")):
            yield name
            yield from _value(value, depth)
        elif depth < DEEPEST:
            yield from _inside(value, depth + 1)


#: Going through a large module costs more than training a small one: the tensors to look at are chosen once.
_chosen: Final[WeakKeyDictionary[Any, list[Any]]] = WeakKeyDictionary()


def _tensors(module: Any) -> list[Any]:
    chosen = [tensor() for tensor in _chosen.get(module, (lambda: None,))]
    if any(tensor is None for tensor in chosen):
        kinds: tuple[list[Any], list[Any]] = ([], [])
        for tensor in chain(module.parameters(), getattr(module, "buffers", tuple)()):
            kinds[not getattr(tensor, "requires_grad", False)].append(tensor)
        chosen = [*_spread(kinds[0], TRAINED), *_spread(kinds[1], FROZEN)]
        _chosen[module] = [ref(tensor) for tensor in chosen]
    return chosen


def _spread(some: list[Any], most: int) -> list[Any]:
    """So many of a list, evenly, its last among them."""
    return some[:: -(-len(some) // most)] + some[-1:] if some else []


def _value(value: Any, depth: int) -> Iterator[object]:
    if isinstance(value, _SCALARS):
        yield value if value == value else "nan"
    elif isinstance(value, list | tuple):
        yield len(value)
        for item in islice(value, MOST):
            yield from _value(item, depth)
    else:
        yield _Same(value)
        if hasattr(type(value), "__array_interface__") and value.size:
            yield value.flat[:: value.size // VALUES + 1].tobytes()
        elif depth < DEEPEST:
            yield from _inside(value, depth + 1)


def _inside(value: Any, depth: int) -> Iterator[object]:
    """The estimators in a value: itself, or those in a list of them or of (name, estimator)."""
    if hasattr(type(value), "fit"):
        yield from _facts(value, depth)
    elif isinstance(value, list | tuple) and depth <= DEEPEST:
        for item in islice(value, MOST):
            if not isinstance(item, _SCALARS):
                yield from _inside(item, depth + 1)
