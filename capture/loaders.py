"""The content of torch data sets and loaders: of those that hold tensors. Others would have to be run to be read."""

from typing import Any, Final

from begat.capture import content
from begat.capture.canonical import Canonical, Unreadable
from begat.capture.content import Kind

#: By a data set's class: where it has its content.
_INSIDE: Final = {
    "TensorDataset": ("tensors",),
    "Subset": ("dataset", "indices"),
    "ConcatDataset": ("datasets",),
}


def _inside(data: Any) -> tuple[str, ...]:
    for base in type(data).__mro__:
        if base.__qualname__ in _INSIDE:
            return _INSIDE[base.__qualname__]
    return ()


def _data_set(canonical: Canonical, data: Any) -> None:
    places = _inside(data)
    if not places:
        raise Unreadable(f"a {type(data).__name__} would have to be run to be read")
    canonical.text(type(data).__qualname__)
    for place in places:
        _part(canonical, getattr(data, place))


def _part(canonical: Canonical, part: Any) -> None:
    if not isinstance(part, list | tuple | range):
        content.feed(canonical, part)
    elif all(isinstance(item, int) for item in part):
        canonical.items(list(part))
    else:
        canonical.text(len(part))
        for item in part:
            content.feed(canonical, item)


def _size(data: Any) -> int:
    total = 0
    for place in _inside(data):
        part = getattr(data, place)
        total += sum(map(content.size, part)) if isinstance(part, list | tuple) else content.size(part)
    return total


def _facts(data: Any) -> dict[str, Any]:
    return {"length": len(data)} if hasattr(type(data), "__len__") else {}


def _loader_facts(loader: Any) -> dict[str, Any]:
    data = loader.dataset
    return {
        "dataset": f"{type(data).__module__}.{type(data).__qualname__}",
        "batch_size": loader.batch_size,
        "sampler": type(loader.sampler).__qualname__,
        "drop_last": bool(loader.drop_last),
        "workers": loader.num_workers,
        **_facts(data),
    }


def _loader(canonical: Canonical, loader: Any) -> None:
    content.feed(canonical, loader.dataset)


DATASET: Final = Kind(_facts, _size, _data_set)
LOADER: Final = Kind(_loader_facts, lambda loader: content.size(loader.dataset), _loader)
