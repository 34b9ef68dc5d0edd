"""Places: no two boxes in one, effects to the right of causes, cycles and all."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from begat.api.pictures import layout as laid
from begat.api.pictures.layout import Edge, layout
from begat.graph_schema.errors import UsageError

EDGES = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=60)


@given(EDGES)
def test_each_box_has_a_place_of_its_own_and_each_line_a_way(edges: list[Edge]) -> None:
    found = layout(20, edges)
    assert len(set(found.places)) == 20
    assert set(found.bends) == {e for e in edges if e[0] != e[1]}
    for (source, target), way in found.bends.items():
        columns = [p.column for p in (found.places[source], *way, found.places[target])]
        assert {b - a for a, b in pairwise(columns)} in ({1}, {-1})


@given(EDGES)
def test_effects_stand_to_the_right_of_their_causes(edges: list[Edge]) -> None:
    found = layout(20, [(max(e), min(e)) for e in edges])  # so there is no cycle
    assert all(found.places[effect].column > found.places[cause].column for effect, cause in found.bends)


def test_the_same_graph_has_the_same_layout() -> None:
    edges = [(n, n // 3) for n in range(1, 300)]
    assert layout(300, edges) == layout(300, edges[::-1])


def test_more_than_a_picture_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laid, "MOST", 10)
    with pytest.raises(UsageError, match="11 boxes are no picture any more: lower --limit or --depth"):
        layout(11, [])
