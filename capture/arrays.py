"""The content of numpy arrays, torch tensors and xarray's arrays."""

import sys
from math import prod
from typing import Any, Final

from begat.capture.canonical import BLOCK, Canonical, Unreadable
from begat.capture.content import Kind


def _numpy(canonical: Canonical, array: Any) -> None:
    numpy: Any = sys.modules["numpy"]
    canonical.text("array")
    if hasattr(array, "mask"):  # what is behind a mask is no content
        canonical.array(numpy.ma.getmaskarray(array))
        array = array.filled()
    canonical.array(numpy.asarray(array))


def _tensor_facts(tensor: Any) -> dict[str, Any]:
    return {"shape": [int(n) for n in tensor.shape], "dtype": str(tensor.dtype), "device": str(tensor.device)}


def _away(tensor: Any) -> str | None:
    return None if tensor.device.type == "cpu" else str(tensor.device)


def _tensor(canonical: Canonical, tensor: Any) -> None:
    if tensor.device.type == "meta" or str(tensor.layout) != "torch.strided" or tensor.is_quantized:
        raise Unreadable(f"a {tensor.dtype} tensor on {tensor.device} with {tensor.layout} cannot be read in order")
    canonical.text("tensor", tensor.dtype, *tensor.shape)
    flat = tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
    bytes_of = sys.modules["torch"].uint8
    step = max(1, BLOCK // max(1, flat.element_size()))
    for start in range(0, flat.numel(), step):
        canonical.raw(flat[start : start + step].cpu().view(bytes_of).numpy())


def _variable(canonical: Canonical, name: object, variable: Any) -> None:
    if not getattr(variable, "_in_memory", False):
        raise Unreadable(f"{name} is not in memory yet")
    canonical.text(name, *variable.dims)
    canonical.array(variable.values)


def _data_array(canonical: Canonical, array: Any) -> None:
    canonical.text("DataArray")
    _variable(canonical, array.name, array.variable)
    for name in sorted(array.coords, key=str):
        _variable(canonical, name, array.coords[name].variable)


def _data_set(canonical: Canonical, data: Any) -> None:
    canonical.text("Dataset")
    for name in sorted(data.variables, key=str):
        _variable(canonical, name, data.variables[name])


def _sizes(thing: Any) -> dict[str, Any]:
    return {"dimensions": [f"{name}={length}" for name, length in thing.sizes.items()]}


def _data_set_facts(data: Any) -> dict[str, Any]:
    names = list(data.variables)
    return _sizes(data) | {
        "columns": [str(n) for n in names], "dtypes": [str(data.variables[n].dtype) for n in names],
    }  # fmt: skip


def _bytes(array: Any) -> int:
    return int(array.nbytes) * (8 if array.dtype.hasobject else 1)


NUMPY: Final = Kind(lambda array: {}, _bytes, _numpy)
TORCH: Final = Kind(_tensor_facts, lambda t: prod(t.shape) * int(t.element_size()), _tensor, _away)
XARRAY: Final = Kind(_sizes, lambda array: int(array.nbytes), _data_array)
XARRAY_DATASET: Final = Kind(_data_set_facts, lambda data: int(data.nbytes), _data_set)
