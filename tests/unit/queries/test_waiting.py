"""Pieces that wait: each bundle's come out in their order, however they came, in memory or on disk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from begat.queries.documents import waiting
from begat.queries.documents.waiting import Waiting


def test_pieces_of_bundles_that_came_by_turns() -> None:
    with Waiting() as lines:
        for bundle, line in (("", "a"), ("b", "1"), ("", "é"), ("c", "x"), ("b", "2"), ("b", "3")):
            lines.add(bundle, f"{line}\n".encode())
        assert lines.bundles() == ["b", "c"]
        assert "" in lines
        assert "none" not in lines
        found = ["".join(lines.text_of(bundle)) for bundle in ("", "b", "c", "none")]
        assert found == ["a\né\n", "1\n2\n3\n", "x\n", ""]


@pytest.fixture(params=[1 << 20, 8], ids=["in memory", "on disk"], autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_FEW", request.param)
    monkeypatch.setattr(waiting, "_PIECE", 5)


@given(st.lists(st.tuples(st.sampled_from(("", "b", "c")), st.text("aé🧪", max_size=9))))
def test_pieces_come_out_as_they_went_in(given: list[tuple[str, str]]) -> None:
    with Waiting() as lines:
        for bundle, line in given:
            lines.add(bundle, line.encode())
        for bundle in ("", "b", "c"):
            assert "".join(lines.text_of(bundle)) == "".join(text for of, text in given if of == bundle)
