"""What became of a run, from who started and ended it and whether these processes live."""

from typing import TYPE_CHECKING

import pytest

from begat.graph_schema.events import Header, Outcome
from begat.graph_schema.statements import AnyStatement, Context, Description, Ended, Position, Relation, Started
from begat.graph_schema.store import Batch, Writer
from begat.queries.engine import look, run
from begat.queries.expr import Prop, Var
from begat.queries.plan import N, Query
from begat.queries.status import Status, statuses

if TYPE_CHECKING:
    from tests.unit.queries.conftest import Shelf

HERE = Context()


def header(writer: str) -> Header:
    return Header(1, writer, 1, "default", "host", "boot", 1, 1, "", 0, 0)


def start(time: int, writer: str = "w") -> AnyStatement:
    return Started(HERE, Position(time, writer, time), "run")


def end(time: int, outcome: Outcome, writer: str = "w") -> AnyStatement:
    return Ended(HERE, Position(time, writer, time), "run", outcome)


def status(
    shelf: "Shelf",
    *said: AnyStatement,
    dead: tuple[str, ...] = (),
    unknown: tuple[str, ...] = (),
    at: int | None = None,
) -> Status | None:
    """Told by writers v and w, of which some are dead, and of some it cannot be told."""
    shelf.store.write(Batch(list(said), writers=[Writer(header(w), 15) for w in ("v", "w")]))

    def living(h: Header) -> bool | None:
        return None if h.writer in unknown else h.writer not in dead

    return statuses(shelf.store, look(shelf.store, as_of=at), ["run"], living).get("run")


def test_without_an_end_it_runs_while_its_process_does(shelf: "Shelf") -> None:
    assert status(shelf, start(10)) == "RUNNING"
    assert status(shelf, unknown=("w",)) == "RUNNING"
    assert status(shelf, dead=("w",)) == "LOST"
    assert status(shelf, dead=("w",), at=12) == "RUNNING"  # its process spoke at 15
    assert status(shelf, dead=("w",), at=9) is None


def test_an_end_tells(shelf: "Shelf") -> None:
    assert status(shelf, start(10), end(20, "finished"), dead=("w",)) == "FINISHED"
    assert status(shelf, at=19, dead=()) == "RUNNING"


def test_a_failure(shelf: "Shelf") -> None:
    assert status(shelf, start(10), end(20, "failed")) == "FAILED"


def test_any_failure_shows_on_many_ranks(shelf: "Shelf") -> None:
    assert status(shelf, start(10), start(11, "v"), end(20, "failed"), end(21, "finished", "v")) == "FAILED"


def test_a_rank_that_is_still_at_work(shelf: "Shelf") -> None:
    assert status(shelf, start(10), start(11, "v"), end(20, "finished")) == "RUNNING"
    assert status(shelf, dead=("v",)) == "LOST"
    assert status(shelf, end(25, "killed", "v")) == "KILLED"


def test_what_another_process_ended_has_ended(shelf: "Shelf") -> None:
    assert status(shelf, start(10), end(20, "killed", "v"), dead=("w",)) == "KILLED"


def resumed(time: int, writer: str) -> tuple[AnyStatement, AnyStatement]:
    return end(time, "resumed", writer), start(time, writer)


def test_a_resumed_run_is_what_its_last_attempt_is(shelf: "Shelf") -> None:
    """The first attempt was killed with kill -9, the second goes on with it."""
    assert status(shelf, start(10), dead=("w",)) == "LOST"
    assert status(shelf, *resumed(20, "v"), dead=("w",)) == "RUNNING"
    assert status(shelf, dead=("v", "w")) == "LOST"
    assert status(shelf, end(30, "finished", "v"), dead=("v", "w")) == "FINISHED"
    assert status(shelf, dead=("v", "w"), at=19) == "LOST"


def test_a_failure_before_a_run_was_resumed_is_history(shelf: "Shelf") -> None:
    assert status(shelf, start(10), end(15, "failed"), *resumed(20, "v"), end(30, "finished", "v")) == "FINISHED"
    assert status(shelf, at=19) == "FAILED"
    assert status(shelf, *resumed(40, "w"), end(50, "killed")) == "KILLED"


def submitted(time: int) -> AnyStatement:
    return Relation(HERE, Position(time, "w", time), "submittedAs", "run", "job")


def job(time: int, outcome: Outcome) -> AnyStatement:
    return Ended(HERE, Position(time, "books", time), "job", outcome)


@pytest.mark.parametrize(
    ("own", "books", "status_is"),
    [
        (None, None, "RUNNING"),
        (None, "killed", "KILLED"),  # TIMEOUT, OUT_OF_MEMORY: it could say nothing any more
        (None, "failed", "FAILED"),
        (None, "finished", "LOST"),  # whoever killed it, its script went on
        ("killed", None, "KILLED"),
        ("killed", "failed", "FAILED"),  # a signal before the end of its time; what came of it the books know
        ("killed", "finished", "KILLED"),
        ("failed", "killed", "FAILED"),
        ("failed", "finished", "FAILED"),
        ("finished", "failed", "FINISHED"),  # one of several runs of a job that failed later
        ("finished", "killed", "FINISHED"),
    ],
)
def test_what_the_scheduler_says_of_its_job(
    shelf: "Shelf", own: Outcome | None, books: Outcome | None, status_is: Status
) -> None:
    """Slurm's accounting comes later; elsewhere a training that ran out of memory stays "running" for ever."""
    said = [start(10), submitted(11)]
    said += [end(20, own)] if own else []
    said += [job(30, books)] if books else []
    assert status(shelf, *said) == status_is
    assert status(shelf, at=29) == {None: "RUNNING", "killed": "KILLED", "failed": "FAILED"}.get(own, "FINISHED")


def test_a_rank_that_was_killed_with_its_job(shelf: "Shelf") -> None:
    assert status(shelf, start(10), start(11, "v"), submitted(12), end(20, "finished"), job(30, "killed")) == "KILLED"


def test_the_job_of_an_attempt_before_is_history(shelf: "Shelf") -> None:
    assert status(shelf, start(10), submitted(11), job(12, "killed"), *resumed(20, "v")) == "RUNNING"


def ended(shelf: "Shelf", *said: AnyStatement, at: int | None = None) -> int | None:
    """When the run ended, as it is shown."""
    shelf.write(said)
    shown = Query((N("x", ("Activity",)),), {"id": Var("x"), "ended": Prop("x", "ended")}, ("id",))
    rows = run(shelf.store, shown, {}, look(shelf.store, as_of=at)).rows
    return {str(node): None if end is None else int(end) for node, end in rows}.get("run")


@pytest.mark.parametrize(
    "beside", [Context(), Context("another"), Context(bundle="urn:b")], ids=["alone", "project", "bundle"]
)
def test_a_run_that_is_resumed_has_no_end_until_it_ends_again(shelf: "Shelf", beside: Context) -> None:
    """Elsewhere a training that goes on shows the end of the attempt that was killed."""
    further = Description(beside, Position(5, "w", 5), "run" if beside.bundle else "elsewhere", ("Activity",))
    assert ended(shelf, further, start(10), end(15, "failed")) == 15
    assert ended(shelf, *resumed(20, "v")) is None
    assert ended(shelf, at=19) == 15
    assert ended(shelf, at=14) is None
    assert ended(shelf, end(30, "finished", "v")) == 30
    assert [ended(shelf, at=t) for t in (19, 20, 29, 30)] == [15, None, None, 30]
