"""Many processes, one run: however a process was started, what it records is under the run that it works for."""

import textwrap
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from begat.capture import ranks
from begat.graph_schema.events import Alias, End, Metric, Node, Relate, Setting, Start, Used

Play = Callable[..., Any]
Launch = Callable[..., Any]

#: A script that multiprocessing's spawn can load a second time.
WORK = """
import multiprocessing, concurrent.futures
@begat.activity
def work(i):
    begat.metric("inside", i)
    return i
def bare(i):
    begat.metric("bare", i)
    return i
"""


def parents(events: Any) -> Counter[tuple[str, str]]:
    """How many activities of a name have a parent of a name."""
    names = {s.run: s.name for s in events.of(Start)}
    return Counter((s.name, names[s.parent]) for s in events.of(Start) if s.parent)


def metrics(events: Any) -> Counter[tuple[str, str]]:
    """How many points of a name are an activity's of a name."""
    names = {s.run: s.name for s in events.of(Start)}
    return Counter((m.name, names[m.run]) for m in events.of(Metric))


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_workers_of_a_pool_work_for_the_run_that_is_open(play: Play, method: str) -> None:
    """Peers start a run in each worker, or write all into the last one."""
    done = play(
        WORK
        + f"""
if __name__ == "__main__":
    with begat.run("first"):
        with multiprocessing.get_context({method!r}).Pool(2) as pool:
            pool.map(work, range(10))
            pool.map(bare, range(10))
            pool.close()
            pool.join()
    with begat.run("second"):
        with multiprocessing.get_context({method!r}).Pool(2) as pool:
            pool.map(work, range(5))
            pool.close()
            pool.join()
"""
    )
    assert (done.code, done.err) == (0, "")
    assert parents(done.events) == {("work", "first"): 10, ("work", "second"): 5}
    assert metrics(done.events) == {("inside", "work"): 15, ("bare", "first"): 10}


@pytest.mark.parametrize("preload", ["", "begat.capture.hooks"])
def test_a_fork_server_outlives_the_run_it_was_started_in(play: Play, preload: str) -> None:
    """Its environment is that of the first run for ever, and newer Pythons have it load the script, hooks and all."""
    done = play(
        WORK
        + f"""
if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([{preload!r}] if {preload!r} else [])
    for name in ("first", "second"):
        with begat.run(name):
            with context.Pool(2) as pool:
                pool.map(work, range(4))
                pool.close()
                pool.join()
            alone = context.Process(target=bare, args=(0,))
            alone.start()
            alone.join()
    alone = context.Process(target=work, args=(0,))
    alone.start()
    alone.join()
"""
    )
    assert (done.code, done.err) == (0, "")
    assert parents(done.events) == {("work", "first"): 4, ("work", "second"): 4}
    assert metrics(done.events) == {("inside", "work"): 9, ("bare", "first"): 1, ("bare", "second"): 1}


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_pool_that_is_older_than_the_runs_it_works_for(play: Play, method: str) -> None:
    done = play(
        WORK
        + f"""
if __name__ == "__main__":
    context = multiprocessing.get_context({method!r})
    with concurrent.futures.ProcessPoolExecutor(2, context) as pool:
        list(pool.map(abs, range(10)))
        for name in ("first", "second"):
            with begat.run(name):
                list(pool.map(work, range(10)))
                list(pool.map(bare, range(10)))
"""
    )
    assert (done.code, done.err) == (0, "")
    assert parents(done.events) == {("work", "first"): 10, ("work", "second"): 10}
    assert metrics(done.events) == {("inside", "work"): 20, ("bare", "first"): 10, ("bare", "second"): 10}


def test_workers_of_joblib_are_used_again_for_the_next_run(play: Play) -> None:
    done = play(
        WORK
        + """
import joblib
for name in ("first", "second"):
    with begat.run(name):
        joblib.Parallel(n_jobs=2)(joblib.delayed(work)(i) for i in range(10))
        joblib.Parallel(n_jobs=2)(joblib.delayed(bare)(i) for i in range(10))
"""
    )
    assert done.code == 0
    assert parents(done.events) == {("work", "first"): 10, ("work", "second"): 10}
    assert metrics(done.events) == {("inside", "work"): 20, ("bare", "first"): 10, ("bare", "second"): 10}


def test_a_run_may_be_handed_to_a_worker(play: Play) -> None:
    done = play(
        WORK
        + """
def handed(given):
    run, i = given
    with run:
        work(i)
    run.metric("handed", i)
if __name__ == "__main__":
    with begat.run("one") as one, begat.run("two"):
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            pool.map(handed, [(one, i) for i in range(4)])
            pool.close()
            pool.join()
"""
    )
    assert (done.code, done.err) == (0, "")
    assert parents(done.events) == {("two", "one"): 1, ("work", "one"): 4}
    assert metrics(done.events) == {("inside", "work"): 4, ("handed", "one"): 4}
    assert len(done.events.all(End)) == len(done.events.all(Start)) == 6


def test_a_child_of_a_run_by_any_other_way_is_told_in_its_environment(play: Play) -> None:
    done = play("""
        import subprocess
        before = os.environ.get("BEGAT_PARENT")
        child = "import begat; begat.metric('loss', 1.0)"
        grandchild = "import begat\\nwith begat.run('child'): begat.metric('loss', 2.0)"
        with begat.run("study") as study:
            with begat.run("trial") as trial:
                assert os.environ["BEGAT_PARENT"] == trial.id
                subprocess.run([sys.executable, "-c", child], check=True)
            subprocess.run([sys.executable, "-c", grandchild], check=True)
        assert os.environ.get("BEGAT_PARENT") == before
    """)
    assert (done.code, done.err) == (0, "")
    assert parents(done.events) == {("trial", "study"): 1, ("child", "study"): 1}
    assert metrics(done.events) == {("loss", "trial"): 1, ("loss", "child"): 1}


def test_of_runs_side_by_side_none_is_told_to_children(play: Play) -> None:
    """A guess would put a child's work under the wrong one."""
    done = play("""
        import threading
        def told(): return os.environ.get("BEGAT_PARENT")
        with begat.run("study") as study:
            with begat.run("a") as a:
                ready, go = threading.Event(), threading.Event()
                def other():
                    with begat.run("b", parent=study):
                        ready.set()
                        go.wait(10)
                thread = threading.Thread(target=other)
                thread.start()
                ready.wait(10)
                both = told()
                go.set()
                thread.join()
                alone = told()
            print(both == a.id, alone == a.id, told() == study.id)
    """)
    assert done.code == 0
    assert done.out.split()[1:] == ["True", "True"]


def test_numbers_are_never_given_twice_by_eight_processes(play: Play) -> None:
    """Peers mint ids from the clock, and collide: 160,000 activities in eight processes at once."""
    done = play(
        """
        @begat.activity
        def work(i): return i
        children = []
        with begat.run("study"):
            for _ in range(8):
                if (child := os.fork()) == 0:
                    for i in range(20_000):
                        work(i)
                    sys.exit(0)
                children.append(child)
            for child in children:
                os.waitpid(child, 0)
        """
    )
    assert (done.code, done.err) == (0, "")
    starts = done.events.of(Start)
    assert len(starts) == len({s.run for s in starts}) == 160_001
    assert len({j.header.writer for j in done.journals}) == 9


TORCHRUN = {"TORCHELASTIC_RUN_ID": "none", "WORLD_SIZE": "8", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500",
            "TORCHELASTIC_RESTART_COUNT": "0", "GROUP_WORLD_SIZE": "1"}  # fmt: skip
SLURM = {"SLURM_JOB_ID": "4711", "SLURM_CLUSTER_NAME": "levante", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "8",
         "SLURM_NTASKS": "8"}  # fmt: skip


@pytest.mark.parametrize(("fixed", "number"), [(TORCHRUN, "RANK"), (SLURM, "SLURM_PROCID")])
def test_eight_ranks_are_one_run_with_eight_writers(launch: Launch, fixed: dict[str, str], number: str) -> None:
    """Peers crash on rank 1, or make eight runs. All 800 tasks of all ranks are there."""
    events = launch(fixed, number, tasks=100)
    assert len({s.run for s in events.all(Start, name="train")}) == 1
    assert len(events.all(Start, name="train")) == len(events.all(End, run=events.id_of("train"))) == 8
    assert len({s.run for s in events.all(Start, name="task")}) == 800
    assert parents(events) == {("task", "train"): 800}
    again = {"TORCHELASTIC_RESTART_COUNT": "1"} if fixed is TORCHRUN else {"SLURM_RESTART_COUNT": "1"}
    events = launch(fixed, number, **again)
    assert len({s.run for s in events.all(Start, name="train")}) == 2
    attempts = {n.attributes["attempt"] for n in events.all(Node, name="train")}
    assert attempts == {0, 1}


def test_ranks_that_no_launcher_tells_of_are_eight_runs(launch: Launch) -> None:
    assert len({s.run for s in launch({}, "NUMBER").all(Start, name="train")}) == 8


def test_attempts_of_a_job_are_submissions_of_one_job(launch: Launch) -> None:
    launch(SLURM, "SLURM_PROCID")
    events = launch(SLURM, "SLURM_PROCID", SLURM_RESTART_COUNT="1")
    submitted = {(r.source, r.target) for r in events.all(Relate, relation="submittedAs")}
    assert len(submitted) == 2
    assert len({job for _, job in submitted}) == 1
    assert {n.name for n in events.all(Node, types=["Job"])} == {"Slurm job 4711"}


def test_what_all_ranks_share_may_be_stated_by_one(launch: Launch) -> None:
    events = launch(SLURM, "SLURM_PROCID", ranks=3)
    assert [u.role for u in events.of(Used)] == ["code", "environment"]
    assert len(events.of(Setting)) == 1 + 8 * 5  # the tasks' own are theirs
    assert len(events.all(Relate, relation="ranOn")) == 8
    assert len(events.of(Metric)) == 40
    assert len(events.of(Alias)) == 2


def test_two_launches_by_torchrun_with_the_same_id_are_two_runs(launch: Launch) -> None:
    """Its default id is "none" and its default port is always the same: what differs is the folder of its logs."""
    for log in ("none_a", "none_b"):
        events = launch(TORCHRUN, "RANK", TORCHELASTIC_ERROR_FILE=f"/tmp/logs/{log}/attempt_0/0/error.json")
    assert len({s.run for s in events.all(Start, name="train")}) == 2


SEVERAL = TORCHRUN | {"GROUP_WORLD_SIZE": "2"}


@pytest.mark.parametrize(
    ("told", "runs"),
    [
        ({"TORCHELASTIC_RUN_ID": "job-7"}, 1),  # an id that somebody has given is believed
        ({"SLURM_JOB_ID": "4711", "SLURM_STEP_ID": "3"}, 1),  # srun torchrun ...
        ({}, 2),  # nothing tells this launch from the next on the same machines and port
    ],
)
def test_torchrun_on_several_machines(monkeypatch: pytest.MonkeyPatch, told: dict[str, str], runs: int) -> None:
    """The second machine's launcher has a log folder of its own; a later launch has others again."""

    def launched(*folders: str) -> set[str | None]:
        found = set()
        for number, folder in enumerate(folders):
            monkeypatch.setenv("TORCHELASTIC_ERROR_FILE", f"/tmp/{folder}/attempt_0/{number}/error.json")
            monkeypatch.setenv("RANK", str(number))
            monkeypatch.delenv("BEGAT_RANK", raising=False)
            monkeypatch.setattr(ranks, "_ordinals", {})
            found.add(ranks.run_id("train"))
        return found

    for name, value in (SEVERAL | told).items():
        monkeypatch.setenv(name, value)
    assert len(first := launched("none_a", "none_b")) == runs
    if "TORCHELASTIC_RUN_ID" not in told:
        monkeypatch.setenv("SLURM_STEP_ID", "4")
        assert not first & launched("none_c", "none_d")


def test_what_a_rank_starts_is_no_rank(play: Play) -> None:
    """Workers find the launcher's words in their environment. The same name in two of them is two runs."""
    done = play(
        """
        import subprocess
        child = "import begat\\nwith begat.run('prepare'): pass"
        with begat.run("train"):
            for _ in range(2):
                subprocess.run([sys.executable, "-c", child], check=True)
                if os.fork() == 0:
                    with begat.run("prepare"): pass
                    sys.exit(0)
                os.wait()
        """,
        **SLURM,
        SLURM_PROCID="0",
    )
    assert (done.code, done.err) == (0, "")
    assert len({s.run for s in done.events.all(Start, name="prepare")}) == 4
    assert parents(done.events) == {("prepare", "train"): 4}


def test_three_runs_one_after_the_other_in_one_folder_are_all_kept(play: Play) -> None:
    for i in range(3):
        assert play(f'with begat.run("train"): begat.metric("i", {i})').code == 0
    events = play("").events
    assert len({s.run for s in events.of(Start)}) == 3
    assert sorted(m.value for m in events.of(Metric)) == [0, 1, 2]


def test_threads_and_tasks_of_a_pool(play: Play) -> None:
    done = play(
        textwrap.dedent(WORK)
        + """
import asyncio
async def main():
    with begat.run("async"):
        await asyncio.gather(*(asyncio.to_thread(work, i) for i in range(8)))
with begat.run("threads"), concurrent.futures.ThreadPoolExecutor(4) as pool:
    list(pool.map(work, range(8)))
asyncio.run(main())
"""
    )
    assert (done.code, done.err) == (0, "")
    assert parents(done.events) == {("work", "threads"): 8, ("work", "async"): 8}


def test_threads_and_forks_join_a_run_that_they_are_handed(play: Play) -> None:
    """As workers do. Elsewhere the second `with` begins the run anew, and its end ends it for all."""
    done = play(
        WORK
        + """
import threading
barrier = threading.Barrier(2)
def handed(run, i):
    with run:
        barrier.wait(10)
        work(i)
    run.metric("handed", i)
with begat.run("one") as one:
    with begat.run("two") as two, two:
        with one:
            begat.metric("joined", 1)
        begat.metric("nested", 2)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(handed, [one] * 4, range(4)))
    barrier = threading.Barrier(1)
    child = multiprocessing.get_context("fork").Process(target=handed, args=(one, 4))
    child.start()
    child.join(20)
    begat.metric("after", 3)
"""
    )
    assert (done.code, done.err) == (0, "")
    assert parents(done.events) == {("two", "one"): 1, ("work", "one"): 5}
    assert metrics(done.events) == {
        ("joined", "one"): 1, ("nested", "two"): 1, ("inside", "work"): 5, ("handed", "one"): 5, ("after", "one"): 1,
    }  # fmt: skip
    assert len(done.events.all(End)) == len(done.events.all(Start)) == 7


@pytest.mark.parametrize("method", ["spawn", "fork", "thread"])
def test_a_worker_that_an_exception_leaves_fails_the_run(play: Play, method: str) -> None:
    """Nobody asks such a worker how it went: elsewhere the run is FINISHED."""
    done = play(
        f"""
        import multiprocessing, threading
        def handed(run, bad):
            with run:
                begat.metric("m", 0)
                if bad: raise bad
        if __name__ == "__main__":
            threading.excepthook = lambda args: None
            with begat.run("one") as one:
                for bad in (ValueError("in the worker"), ValueError("again"), None, SystemExit(0)):
                    make = threading.Thread if {method!r} == "thread" else \\
                        multiprocessing.get_context({method!r}).Process
                    worker = make(target=handed, args=(one, bad))
                    worker.start()
                    worker.join(20)
        """
    )
    assert done.code == 0
    assert "begat:" not in done.err
    ends = done.events.all(End)
    failed = [e for e in ends if e.outcome == "failed"]
    assert [e.outcome for e in ends if e not in failed] == ["finished"]
    assert failed[0].error == "ValueError: in the worker"
    assert 'raise bad' in failed[0].trace
    assert len(failed) == (1 if method == "thread" else 2), "once a process"


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_child_that_resumes_the_run_it_belongs_to_is_no_part_of_itself(play: Play, method: str) -> None:
    done = play(
        f"""
        import multiprocessing
        def attempt(run):
            with begat.run(resume=run) as again:
                again.metric("loss", 0.5)
        if __name__ == "__main__":
            with begat.run("train") as run:
                child = multiprocessing.get_context({method!r}).Process(target=attempt, args=(run.id,))
                child.start()
                child.join(20)
        """
    )
    assert (done.code, done.err) == (0, "")
    assert [s.parent for s in done.events.of(Start)] == [None, None]
    assert len({s.run for s in done.events.of(Start)}) == 1
