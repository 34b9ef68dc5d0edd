"""What is found by what became of it: by its own word, by its job's, and while one of its writers is at work."""

from typing import TYPE_CHECKING, Any

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema.store import Store
from begat.queries import ask, find, runs
from tests.contract.test_questions import Script

if TYPE_CHECKING:
    from tests.contract.conftest import Load


def with_a_job(outcome: str | None, job: str | None) -> Script:
    """A training that ended so, or said nothing more, in a job that ended so, or is at work."""
    say = Script()
    say(ev.Start, run="train", name="train", types=["Training"])
    say(ev.Start, run="job:7", name="job 7", types=["Job"])
    say(ev.Relate, relation="submittedAs", source="train", target="job:7")
    if outcome is not None:
        say(ev.End, run="train", outcome=outcome)
    if job is not None:
        say(ev.End, run="job:7", outcome=job)
    return say


@pytest.mark.parametrize(
    ("outcome", "job", "status"),
    [
        (None, "failed", "FAILED"),
        (None, "killed", "KILLED"),
        (None, "finished", "LOST"),
        ("killed", "failed", "FAILED"),
        ("failed", "killed", "FAILED"),
        ("finished", "failed", "FINISHED"),
        (None, None, "RUNNING"),
    ],
)
def test_who_asks_for_a_status_finds_who_has_it(
    store: Store, load: "Load", outcome: str | None, job: str | None, status: str
) -> None:
    load(store, with_a_job(outcome, job).said)
    assert [r["status"] for r in find(store, "Training").rows] == [status]
    for asked in ("FAILED", "KILLED", "LOST", "RUNNING", "FINISHED"):
        where = f"status = '{asked}'"
        expected = ["train"] if asked == status else []
        assert [r["name"] for r in find(store, "Training", where).rows] == expected
        assert [r["name"] for r in runs(store, where=where, types=("Training",)).rows] == expected


def test_a_training_runs_as_long_as_one_of_its_ranks_does(store: Store, load: "Load") -> None:
    first, second = Script("rank 0"), Script("rank 1")
    for say in (first, second):
        say(ev.Start, run="train", name="train", types=["Training"])
    second(ev.Metric, run="train", name="loss", value=float("nan"), step=3)
    first(ev.End, run="train")

    def asked(question: str) -> list[tuple[Any, ...]]:
        return [(r["name"], r.get("trouble")) for r in ask(store, question, {}).rows]

    load(store, [*first.said, *second.said])
    assert asked("running_now") == [("train", None)]
    assert ("train", "diverging") in asked("in_trouble")
    second(ev.End, run="train")
    load(store, second.said)
    assert asked("running_now") == asked("in_trouble") == []
