"""Frames, tables, arrays and tensors: their schema, and a digest of their whole content."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy
import pandas
import polars
import pyarrow
import pytest
import xarray

import begat
from begat.capture import content
from begat.graph_schema.events import Node, Used

Told = Callable[[], Any]

ROWS = 20_000


def columns() -> dict[str, Any]:
    """A column of each common kind, some values of which are missing."""
    n = range(ROWS)
    return {
        "whole": [i % 7 for i in n],
        "real": [i / 3 for i in n],
        "text": [f"row {i}" for i in n],
        "some": [None if i % 5 == 0 else f"caf\u00e9 {i}" for i in n],
        "yes": [i % 2 == 0 for i in n],
        "day": [date(2026, 1, 1 + i % 28) for i in n],
        "at": [datetime(2026, 1, 1, i % 24, tzinfo=UTC) for i in n],
        "exact": [Decimal(i) / 4 for i in n],
        "many": [[i, i + 1] for i in n],
        "nested": [{"a": i, "b": "x"} for i in n],
    }


MAKERS: list[Callable[[dict[str, Any]], Any]] = [pandas.DataFrame, polars.DataFrame, pyarrow.table]


@pytest.mark.parametrize("make", MAKERS, ids=["pandas", "polars", "arrow"])
def test_frames_that_differ_in_row_15001_have_different_digests(make: Callable[[Any], Any]) -> None:
    """MLflow's digest looks at 10,000 rows: what differs below is the same data to it."""
    for name, values in columns().items():
        other = list(values)
        other[15_001] = other[15_002]
        first, again, changed = (content.digest(make({name: v})) for v in (values, list(values), other))
        assert first == again != changed


@pytest.mark.parametrize("make", MAKERS, ids=["pandas", "polars", "arrow"])
def test_used_and_generated_frames_tell_their_schema_and_digest(told: Told, make: Callable[[Any], Any]) -> None:
    @begat.activity
    def prepare(table: Any) -> Any:
        return make(columns())

    with begat.run("r") as run:
        given = make(columns())
        run.used(given, name="given")
        prepare(given)
        run.generated(make({"real": [0.5]}), name="changed")
    nodes = {n.name: n.attributes for n in told().of(Node) if "digest" in n.attributes and "class" in n.attributes}
    assert set(nodes) == {"given", "prepare()", "changed"}
    assert nodes["given"]["digest"] == nodes["prepare()"]["digest"] != nodes["changed"]["digest"]
    assert nodes["given"]["digest"].startswith("blake2b:")
    assert len(nodes["given"]["digest"]) == 8 + 64
    assert nodes["given"]["shape"] == list(given.shape)
    assert nodes["given"]["columns"][:3] == ["whole", "real", "text"]
    assert len(nodes["given"]["dtypes"]) == given.shape[1]


@pytest.mark.parametrize("dtype", ["category", "Int64", "double[pyarrow]", "boolean", "complex128", "Sparse[int64]"])
def test_pandas_own_types_count_too(dtype: str) -> None:
    plain = pandas.Series([i % 2 for i in range(ROWS)], dtype="int64")
    other = plain.copy()
    other[15_001] = 0
    first, again, changed = (content.digest(s.astype(dtype)) for s in (plain, plain.copy(), other))
    assert first == again != changed


def test_equal_content_is_a_fact_and_no_link(told: Told) -> None:
    with begat.run("r") as run:
        run.used(numpy.zeros(9))
        run.used(numpy.zeros(9))
    events = told()
    a, b = [e.entity for e in events.of(Used) if e.role is None]
    assert a != b
    digests = [n.attributes["digest"] for n in events.of(Node) if n.id in (a, b)]
    assert digests[0] == digests[1]


def test_how_an_array_lies_in_memory_makes_no_difference() -> None:
    plain = numpy.arange(3_000_000, dtype="f4").reshape(1500, 2000)
    same = [
        plain.copy(order="F"),
        numpy.repeat(plain, 2, axis=1)[:, ::2],
        numpy.flip(numpy.flip(plain, 0).copy(), 0),
        plain.reshape(1, 1500, 2000)[0],
        plain.view(numpy.memmap),
    ]
    assert {content.digest(a) for a in same} == {content.digest(plain)}
    wide = numpy.arange(3_000_000).reshape(1, 3_000_000)
    assert content.digest(numpy.repeat(wide, 2, axis=1)[:, ::2]) == content.digest(wide)


def test_type_shape_and_every_value_of_an_array_count() -> None:
    plain = numpy.zeros((4, 6))
    others = [
        numpy.zeros((6, 4)), numpy.zeros(24), numpy.zeros((4, 6), "f4"), numpy.zeros((4, 6), ">f8"),
        numpy.zeros((4, 6), "i8"), numpy.zeros((0, 6)), numpy.zeros((0, 7)), numpy.zeros((4, 6), "M8[s]"),
        numpy.zeros((4, 6), "U3"), numpy.zeros((4, 6), "O"), numpy.ma.masked_equal(numpy.zeros((4, 6)), 1),
        numpy.zeros((4, 6), [("a", "f8")]), numpy.array(0.0), numpy.zeros((4, 6), "?"), numpy.zeros((4, 6), "c16"),
    ]  # fmt: skip
    one = plain.copy()
    one[3, 5] = 1e-300
    assert len({content.digest(a) for a in [plain, one, *others]}) == 2 + len(others)


def test_objects_in_an_array_count_by_what_they_hold_never_by_their_address() -> None:
    def objects() -> Any:
        made = numpy.empty(4, dtype=object)
        made[:] = ["a" * 3, 2**70, numpy.arange(3), pandas.Timestamp("2026-01-02")]
        return made

    assert content.digest(objects()) == content.digest(objects())
    other = objects()
    other[2] = numpy.arange(3, dtype="i4")
    assert content.digest(objects()) != content.digest(other)


def test_a_value_that_has_no_form_leaves_the_digest_out_and_says_so() -> None:
    class Own: ...

    found = content.facts(pandas.DataFrame({"x": [Own()]}))
    assert "digest" not in found
    assert "Own among the values has no form" in found["digest_left_out"]


def test_a_frames_index_names_and_order_count() -> None:
    plain = pandas.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    others = [
        plain[["b", "a"]], plain.rename(columns={"a": "c"}), plain.iloc[::-1], plain.set_index("a"),
        plain.set_index(["a", "b"]), plain.rename_axis("row"), plain.astype("f4"), plain["a"],
        plain.set_index(pandas.date_range("2026", periods=2)), plain.set_index(pandas.period_range("2026", periods=2)),
        plain.astype({"a": "Sparse[float64]"}), plain.astype({"a": "string"}), plain.astype({"a": object}),
    ]  # fmt: skip
    assert len({content.digest(f) for f in [plain, *others]}) == 1 + len(others)
    blocks = pandas.DataFrame({"a": [1.0, 2.0]})
    blocks["b"] = [3.0, 4.0]
    assert content.digest(blocks) == content.digest(plain)


def test_how_arrow_holds_a_column_makes_no_difference() -> None:
    whole = pyarrow.table(columns())
    pieces = pyarrow.concat_tables([whole.slice(0, 7), whole.slice(7, 11_000), whole.slice(11_007)])
    assert content.digest(pieces) == content.digest(whole)
    assert content.digest(polars.concat([polars.DataFrame(columns())[:9], polars.DataFrame(columns())[9:]])) == (
        content.digest(polars.DataFrame(columns()))
    )


ARROW_TYPES = {
    pyarrow.string_view(): ("a", "b"), pyarrow.binary_view(): (b"a", b"b" * 40), pyarrow.float16(): (1.5, 2.5),
    pyarrow.decimal256(50, 2): (Decimal("1.10"), Decimal("1.20")),
    pyarrow.month_day_nano_interval(): ((1, 2, 3), (1, 2, 4)),
    pyarrow.list_view(pyarrow.int8()): ([1], [1, 2]), pyarrow.list_(pyarrow.int8(), 2): ([1, 2], [2, 1]),
    pyarrow.list_(pyarrow.dictionary(pyarrow.int8(), pyarrow.string())): (["a"], ["b"]),
    pyarrow.struct({"a": pyarrow.int8(), "b": pyarrow.string()}): ({"a": 1, "b": None}, {"a": None, "b": "x"}),
    pyarrow.map_(pyarrow.string(), pyarrow.int8()): ([("a", 1)], [("a", 2)]),
    pyarrow.time32("s"): (61, 62), pyarrow.timestamp("ns", "UTC"): (0, 1),
    pyarrow.run_end_encoded(pyarrow.int32(), pyarrow.int8()): (1, 2),
}  # fmt: skip


@pytest.mark.parametrize("kind", ARROW_TYPES, ids=str)
def test_every_value_of_every_type_of_arrows_counts(kind: Any) -> None:
    one, other = ARROW_TYPES[kind]
    column = pyarrow.array([one, None, other], kind)
    cut = pyarrow.chunked_array([column.slice(0, 2), column.slice(2)])
    assert content.digest(pyarrow.chunked_array([column])) == content.digest(cut)
    others = [[one, None, one], [None, one, other], [one, other], [one, None, other, None]]
    digests = {content.digest(pyarrow.array(values, kind)) for values in others}
    assert len({content.digest(column), *digests}) == 5
    table = pyarrow.table({"x": column})
    assert content.facts(table, asked=True)["digest"] == content.digest(table)


def test_texts_of_pandas_are_the_same_with_and_without_arrow() -> None:
    some = ["a", None, "caf\u00e9"]
    arrow = pandas.Series(some, dtype=pandas.StringDtype("pyarrow"))
    plain = pandas.Series(some, dtype=pandas.StringDtype("python"))
    assert content.digest(arrow) == content.digest(plain)


def test_xarray_names_dimensions_and_values_count() -> None:
    plain = xarray.DataArray(numpy.zeros((2, 3)), dims=("x", "y"), name="t")
    other = plain.copy(data=numpy.ones((2, 3)))
    turned = xarray.DataArray(numpy.zeros((2, 3)), dims=("y", "x"), name="t")
    assert len({content.digest(a) for a in (plain, other, turned, plain.to_dataset())}) == 4
    assert content.facts(plain.to_dataset())["dimensions"] == ["x=2", "y=3"]


def test_a_large_array_has_a_digest_when_it_is_asked_for(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "LARGEST", 1000)
    with begat.run("r") as run:
        large = numpy.zeros(1000)
        run.used(large, name="not asked")
        run.used(numpy.zeros(1000), name="asked", digest="now")
        run.used(numpy.zeros(10), name="refused", digest=False)
        run.used(numpy.zeros(10), name="given", digest="sha256:abc")
        run.used(large, digest=True, name="asked later")
    found = {n.name: n.attributes for n in told().of(Node)}
    assert found["not asked"]["digest_left_out"] == "larger than 1000 bytes; digest=True takes it"
    assert found["asked"]["digest"] == found["asked later"]["digest"]
    assert not {"digest", "digest_left_out"} & set(found["refused"])
    assert found["given"]["digest"] == "sha256:abc"


def test_digests_that_nobody_asked_for_take_a_bounded_part_of_the_time(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A captured function in the loop, called with a batch: the loop is not to wait for digests of all of them."""
    longest = 0.0

    class Share(content._Share):
        def __setattr__(self, name: str, value: Any) -> None:
            nonlocal longest
            longest = max(longest, value - self.spent) if name == "spent" and value else longest
            super().__setattr__(name, value)

    monkeypatch.setattr(content, "_share", Share())
    monkeypatch.setattr(content, "GRACE", 0.05)

    @begat.activity
    def step(batch: Any) -> None: ...

    with begat.run("r") as run:
        began = time.perf_counter()
        for _ in range(300):
            step(numpy.zeros(1_000_000, "u1"))
        took = time.perf_counter() - began
        spent = content._share.spent
        run.used(numpy.zeros(3), name="asked", digest=True)
    assert spent <= 0.05 + 0.01 * took + longest  # the last of them was begun within the share
    nodes = [n.attributes for n in told().of(Node) if n.name == "batch"]
    assert len(nodes) == 300
    assert "digest" in nodes[0]
    assert nodes[-1]["digest_left_out"] == "digests of arguments and results have had their share of the time"


def test_a_library_is_touched_only_when_one_of_its_objects_is_handed_in(tmp_path: Path) -> None:
    script = (
        "import sys, begat\n"
        "with begat.run('r') as run:\n"
        "    run.params(lr=0.1)\n"
        "    @begat.activity\n"
        "    def work(x): return [x]\n"
        "    class Own: pass\n"
        "    work(Own())\n"
        "print([m for m in ('numpy', 'pandas', 'polars', 'pyarrow', 'xarray', 'torch') if m in sys.modules])\n"
        "import polars\n"
        "frame = polars.DataFrame({'a': ['x', 'y']})\n"
        "with begat.run('r') as run:\n"
        "    run.used(frame)\n"
        "print([m for m in ('pandas', 'pyarrow', 'xarray', 'torch') if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines() == ["[]", "[]"]
