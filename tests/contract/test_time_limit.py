"""A question that takes too long is stopped, and its answer says so."""

from typing import TYPE_CHECKING

import pytest

from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries import QUESTIONS, ask
from tests.asked import GIVEN
from tests.contract.conftest import few
from tests.contract.thirty.test_thirty import STATEMENTS

if TYPE_CHECKING:
    from tests.contract.conftest import Load


def test_every_question_is_stopped_in_time(store: Store, load: "Load") -> None:
    load(store, STATEMENTS)
    for q in few(QUESTIONS.values(), store, 3):
        given = {p.name: GIVEN[p.name] for p in q.parameters if p.required and p.name in GIVEN}
        given |= {p.name: "ens.pt" for p in q.parameters if p.type == "thing"}
        given |= {p.name: ["level=1"] for p in q.parameters if p.type == "texts"}
        answer = ask(store, q.name, given, time_limit=1e-9)
        assert (answer.rows, answer.truncated, answer.next) == ([], True, None), q.name
        assert answer.notes[-1].startswith("stopped after 1e-09 s")
        assert not ask(store, q.name, given, time_limit=60).truncated


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_what_is_no_time(store: Store, seconds: float) -> None:
    with pytest.raises(UsageError, match=r"time_limit is .*: give seconds, a number above 0"):
        ask(store, "running_now", time_limit=seconds)
