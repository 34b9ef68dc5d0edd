"""The content of pandas and polars frames and Arrow tables, column by column."""

import sys
from importlib import import_module
from typing import Any, Final

from begat.capture.canonical import ROWS, Canonical
from begat.capture.content import Kind

#: What a cell counts that is an object of its own, in bytes.
CELL: Final = 64
#: A wider table is told by its shape alone.
WIDEST: Final = 1000
#: Arrow's types of texts and bytes.
_TEXTS: Final = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")


def _columns(names: Any, dtypes: Any) -> dict[str, Any]:
    if len(names) > WIDEST:
        return {}
    return {"columns": [str(name) for name in names], "dtypes": [str(dtype) for dtype in dtypes]}


def _plain(dtype: Any) -> bool:
    """Whether a pandas type is one of numpy's, and no object."""
    return hasattr(dtype, "hasobject") and not dtype.hasobject


def _pandas_size(frame: Any) -> int:
    dtypes = list(frame.dtypes) if frame.ndim > 1 else [frame.dtype]
    return len(frame) * sum(dtype.itemsize if _plain(dtype) else CELL for dtype in dtypes)


def _pandas(canonical: Canonical, frame: Any) -> None:
    canonical.text("frame", *frame.shape)
    canonical.items(list(frame.columns))
    _pandas_index(canonical, frame.index)
    dtypes = list(frame.dtypes)
    if dtypes and _plain(dtypes[0]) and all(dtype == dtypes[0] for dtype in dtypes):
        canonical.array(frame.to_numpy())
        return
    for place in range(len(dtypes)):
        _pandas_column(canonical, frame.iloc[:, place])


def _pandas_series(canonical: Canonical, series: Any) -> None:
    canonical.text("series", len(series))
    canonical.items([series.name])
    _pandas_index(canonical, series.index)
    _pandas_column(canonical, series)


def _pandas_index(canonical: Canonical, index: Any) -> None:
    canonical.items(list(index.names))
    if type(index).__name__ == "RangeIndex":
        canonical.text("range", index.start, index.stop, index.step)
        return
    levels = index.to_frame(index=False)
    for place in range(levels.shape[1]):
        _pandas_column(canonical, levels.iloc[:, place])


def _pandas_column(canonical: Canonical, column: Any) -> None:
    dtype = column.dtype
    kind = type(dtype).__name__
    canonical.text(dtype)
    if hasattr(dtype, "hasobject"):
        canonical.array(column.to_numpy())
    elif kind == "ArrowDtype":
        _arrow_column(canonical, column.array.__arrow_array__())
    elif kind == "StringDtype":
        _pandas_strings(canonical, column)
    elif kind == "CategoricalDtype":
        canonical.text(dtype.ordered)
        _pandas_column(canonical, dtype.categories.to_series())
        canonical.array(column.cat.codes.to_numpy())
    elif kind == "DatetimeTZDtype":
        canonical.array(column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
    elif hasattr(dtype, "numpy_dtype"):  # numbers some of which are missing
        canonical.array(column.isna().to_numpy())
        canonical.array(column.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0)))
    else:
        canonical.items(column.astype(object).tolist())


def _pandas_strings(canonical: Canonical, column: Any) -> None:
    """The same bytes whether Arrow holds them or Python."""
    held = column.array.__arrow_array__() if hasattr(column.array, "__arrow_array__") else None
    for start in range(0, len(column), ROWS):
        if held is None or "pyarrow" not in sys.modules:
            canonical.strings(column.iloc[start : start + ROWS].tolist())
        else:
            _arrow_part(canonical, _whole(held.slice(start, ROWS)))


def _polars(canonical: Canonical, frame: Any) -> None:
    canonical.text("frame", *frame.shape)
    for series in frame.get_columns():
        _polars_series(canonical, series)


def _polars_series(canonical: Canonical, series: Any) -> None:
    dtype = series.dtype
    kind = type(dtype).__name__ if not isinstance(dtype, type) else dtype.__name__
    canonical.text("series", series.name, len(series), dtype)
    if kind in ("Categorical", "Enum"):
        series, kind = series.cast(sys.modules["polars"].String), "String"
    for start in range(0, len(series), ROWS):
        part = series.slice(start, ROWS)
        if kind == "String":
            canonical.strings(part.to_list())
        elif kind != "Decimal" and (dtype.is_numeric() or dtype.is_temporal() or kind == "Boolean"):
            canonical.array(part.is_not_null().to_numpy())
            canonical.array(part.drop_nulls().to_physical().to_numpy())
        else:
            canonical.items(part.to_list())


def _arrow(canonical: Canonical, table: Any) -> None:
    canonical.text("table", *table.shape)
    for name, column in zip(table.schema.names, table.columns, strict=True):
        canonical.text(name)
        _arrow_column(canonical, column)


def _arrow_column(canonical: Canonical, column: Any) -> None:
    canonical.text(len(column), column.type)
    for start in range(0, len(column), ROWS):
        _arrow_part(canonical, _whole(column.slice(start, ROWS)))


def _whole(part: Any) -> Any:
    """One array of those that a column is cut into."""
    return part.combine_chunks() if hasattr(part, "combine_chunks") else part


def _arrow_part(canonical: Canonical, array: Any) -> None:
    """The values that are there, and which are: neither what lies under a missing value nor how a text is held."""
    import_module("pyarrow.compute")
    arrow = sys.modules["pyarrow"]
    compute, types = arrow.compute, arrow.types
    if types.is_dictionary(array.type):
        array = array.dictionary_decode()
    array = getattr(array, "storage", array)
    there = _fixed(compute.is_valid(array).cast(arrow.uint8()))
    if any(getattr(types, f"is_{name}")(array.type) for name in _TEXTS):
        array = array.cast(arrow.large_binary()).drop_null()
        lengths = _fixed(compute.binary_length(array).cast(arrow.int64()))
        canonical.strings_as_bytes(there, lengths, _text(array))
        return
    canonical.raw(there)
    array = array.drop_null()
    dtype = array.type
    if types.is_boolean(dtype):
        canonical.raw(_fixed(array.cast(arrow.uint8())))
    elif types.is_struct(dtype):
        for place in range(dtype.num_fields):
            _arrow_part(canonical, compute.struct_field(array, [place]))
    elif types.is_list(dtype) or types.is_large_list(dtype) or types.is_fixed_size_list(dtype):
        canonical.raw(_fixed(compute.list_value_length(array).cast(arrow.int64())))
        _arrow_part(canonical, array.flatten())
    elif types.is_primitive(dtype) or types.is_decimal(dtype) or types.is_fixed_size_binary(dtype):
        canonical.raw(_fixed(array))
    else:
        canonical.items(array.to_pylist())


def _fixed(array: Any) -> memoryview:
    """The values of an array that all have one width."""
    width = array.type.bit_width // 8
    held = array.buffers()[1]
    view = memoryview(held if held is not None else b"")
    return view[array.offset * width : (array.offset + len(array)) * width]


def _text(array: Any) -> memoryview:
    """What the texts of an array hold, one after the other."""
    _, offsets, data = array.buffers()
    if not len(array) or data is None:
        return memoryview(b"")
    at = memoryview(offsets).cast("q")
    return memoryview(data)[at[array.offset] : at[array.offset + len(array)]]


PANDAS: Final = Kind(lambda frame: _columns(frame.columns, frame.dtypes), _pandas_size, _pandas)
PANDAS_SERIES: Final = Kind(lambda series: {}, _pandas_size, _pandas_series)
POLARS: Final = Kind(lambda f: _columns(f.columns, f.dtypes), lambda f: int(f.estimated_size()), _polars)
POLARS_SERIES: Final = Kind(lambda series: {}, lambda s: int(s.estimated_size()), _polars_series)
ARROW: Final = Kind(lambda t: _columns(t.schema.names, t.schema.types), lambda t: int(t.nbytes), _arrow)
ARROW_ARRAY: Final = Kind(
    lambda a: {"shape": [len(a)], "dtype": str(a.type)}, lambda a: int(a.nbytes), _arrow_column
)
