"""The journal: what a hook wrote is there, whatever happens to the process afterwards."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from begat.graph_schema.events import Beat, End, Gap, Metric, Start

Play = Callable[..., Any]


def test_a_clean_exit_seals_the_journal(play: Play) -> None:
    done = play("""
        with begat.run("train") as run:
            run.metric("loss", 0.5, step=1)
    """)
    assert (done.code, done.err) == (0, "")
    (journal,) = done.journals
    assert journal.path.suffix == ".seg"
    header = journal.header
    assert (header.format, header.segment, header.project) == (1, 1, "default")
    assert journal.path.parent.name == header.host
    assert header.pid > 0
    assert header.pid_start > 0
    assert header.boot
    assert header.pid_ns.startswith("pid:")
    assert done.events.one(Metric).value == 0.5
    assert done.events.one(End).outcome == "finished"


def test_lines_can_be_read_with_grep(play: Play) -> None:
    done = play('with begat.run("train"): begat.metric("loss", 0.5)')
    text = done.journals[0].path.read_text()
    assert all(line[8:10] == " {" for line in text.splitlines())


def test_sigkill_loses_nothing_that_returned(play: Play) -> None:
    done = play("""
        with begat.run("train") as run:
            for i in range(1000):
                run.metric("loss", 1 / (i + 1), step=i)
            os.kill(os.getpid(), signal.SIGKILL)
    """)
    assert done.code == -signal.SIGKILL
    (journal,) = done.journals
    assert journal.path.suffix == ".open"
    assert [e.step for e in done.events.of(Metric)] == list(range(1000))
    assert done.events.of(End) == []


def test_sigterm_ends_what_is_open_as_killed_and_kills(play: Play) -> None:
    done = play("""
        with begat.run("train"), begat.activity("fit"):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(10)
    """)
    assert done.code == -signal.SIGTERM
    assert [e.outcome for e in done.events.of(End)] == ["killed", "killed"]
    assert done.journals[0].path.suffix == ".seg"


def test_a_handler_that_was_there_before_decides(play: Play) -> None:
    done = play("""
        def stop(number, frame):
            print("saving")
            sys.exit(3)
        signal.signal(signal.SIGTERM, stop)
        with begat.run("train"):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(10)
    """)
    assert (done.code, done.out) == (3, "saving\n")
    assert done.events.one(End).outcome == "killed"


def test_a_job_that_goes_on_after_a_warning_is_not_killed(play: Play) -> None:
    done = play("""
        signal.signal(signal.SIGTERM, lambda number, frame: print("checkpoint"))
        with begat.run("train"):
            os.kill(os.getpid(), signal.SIGTERM)
    """)
    assert (done.code, done.out) == (0, "checkpoint\n")
    assert done.events.one(End).outcome == "finished"


def test_an_ignored_sigterm_stays_ignored(play: Play) -> None:
    done = play("""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with begat.run("train"):
            os.kill(os.getpid(), signal.SIGTERM)
    """)
    assert done.code == 0


def test_a_fork_writes_a_journal_of_its_own(play: Play) -> None:
    done = play("""
        with begat.run("train") as run:
            run.metric("loss", 1.0, step=0)
            if (child := os.fork()) == 0:
                run.metric("loss", 2.0, step=1)
                sys.exit(0)
            os.waitpid(child, 0)
            run.metric("loss", 3.0, step=2)
    """)
    assert (done.code, done.err) == (0, "")
    parent, child = sorted(done.journals, key=lambda j: -len(j.events))
    assert parent.header.writer != child.header.writer
    assert parent.header.pid != child.header.pid
    assert [e.value for e in child.events if isinstance(e, Metric)] == [2.0]
    assert [e.value for e in parent.events if isinstance(e, Metric)] == [1.0, 3.0]
    assert len(done.events.of(Start)) == 1
    done.events.one(End)


def test_workers_of_a_pool_seal_their_journals(play: Play) -> None:
    done = play("""
        import multiprocessing
        def work(i):
            begat.metric("worked", i, step=i)
        with begat.run("study"):
            context = multiprocessing.get_context("fork")
            processes = [context.Process(target=work, args=(i,)) for i in range(3)]
            for p in processes: p.start()
            for p in processes: p.join()
    """)
    assert (done.code, done.err) == (0, "")
    assert [j.path.suffix for j in done.journals] == [".seg"] * 4
    assert sorted(e.value for e in done.events.of(Metric)) == [0, 1, 2]
    assert {e.run for e in done.events.of(Metric)} == {done.events.one(Start).run}


def _but_the_longest(path: Path) -> int:
    """Bytes of all lines but one: what is installed is told in a line that may be longer than a segment."""
    lines = path.read_bytes().splitlines(keepends=True)
    return sum(map(len, lines)) - max(map(len, lines))


def test_a_full_segment_is_sealed_and_the_next_one_begun(play: Play) -> None:
    done = play("""
        from begat.capture.writer import WRITER
        WRITER.limit = 5_000
        with begat.run("train") as run:
            for i in range(200):
                run.metric("loss", 0.5, step=i)
    """)
    assert (done.code, done.err) == (0, "")
    assert len(done.journals) > 4
    assert [j.header.segment for j in done.journals] == list(range(1, len(done.journals) + 1))
    assert all(j.path.suffix == ".seg" for j in done.journals)
    assert all(_but_the_longest(j.path) < 6_500 for j in done.journals[:-1])
    assert [e.step for e in done.events.of(Metric)] == list(range(200))


def test_a_full_disk_drops_counts_and_tells_when_there_is_space_again(play: Play) -> None:
    done = play("""
        import resource
        with begat.run("train") as run:
            run.metric("loss", 0.0, step=0)
            from begat.capture.writer import WRITER
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            # In the middle of a line: what was written of it has to be taken back.
            resource.setrlimit(resource.RLIMIT_FSIZE, (os.fstat(WRITER.fd).st_size + 40, hard))
            for i in range(1, 4):
                run.metric("loss", 0.0, step=i)
            run.params(lr=0.1)
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            run.metric("loss", 0.0, step=4)
            resource.setrlimit(resource.RLIMIT_FSIZE, (os.fstat(WRITER.fd).st_size, hard))
            run.metric("loss", 0.0, step=5)
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            run.metric("loss", 0.0, step=6)
    """)
    assert done.code == 0
    assert "5 hooks could not record" in done.err
    assert [e.step for e in done.events.of(Metric)] == [0, 4, 6]
    gaps = done.events.of(Gap)
    assert [gap.dropped for gap in gaps] == [4, 5]  # each tells all that was dropped so far
    assert gaps[0].reason
    assert done.events.one(End)


def test_a_spool_that_cannot_be_written_is_told_once_and_stops_nothing(play: Play, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = play(
        """
        with begat.run("train") as run:
            run.metric("loss", 1.0)
            print(open(run.used("script.py")).readline().strip())
            @begat.activity
            def work(x): return x + 1
            print(work(1))
        """,
        BEGAT_SPOOL=str(tmp_path / "file" / "spool"),
    )
    assert done.code == 0
    assert done.out == "import os, sys, time, signal\n2\n"
    assert done.err.count("\n") == 1
    assert "BEGAT_SPOOL" in done.err


@pytest.mark.parametrize("env", [{"BEGAT_DISABLED": "1"}, {"BEGAT_SINK": "noop:"}])
def test_disabled_hooks_write_nothing(play: Play, env: dict[str, str]) -> None:
    done = play(
        """
        with begat.run("train") as run:
            for e in run.epochs(2):
                run.metric("loss", 1.0, step=e)
            print(open(begat.used("script.py")).readline().strip())
            run.generated("nothing.pt", of="script.py")
            run.evaluated("nothing.pt", on="script.py", accuracy=1.0)
        """,
        **env,
    )
    assert (done.code, done.out, done.err) == (0, "import os, sys, time, signal\n", "")
    assert not done.spool.exists()


def test_the_default_spool_is_where_the_script_was_started(play: Play, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    done = play(
        """
        with begat.run("a"):
            pass
        os.chdir("elsewhere")
        with begat.run("b"):
            pass
        """,
        BEGAT_SPOOL="",
        BEGAT_PROJECT="seismic",
    )
    assert done.code == 0
    (path,) = (tmp_path / ".begat/spool").glob("*/*.seg")
    assert b'"project":"seismic"' in path.read_bytes()


def test_silence_is_broken_by_a_beat(play: Play) -> None:
    done = play("""
        from begat.capture import lifecycle
        lifecycle.SYNC, lifecycle.BEAT = 0.05, 0.2
        with begat.run("train"):
            time.sleep(0.8)
    """)
    assert 1 <= len(done.events.of(Beat)) <= 8


def test_a_finalizer_that_calls_a_hook_hangs_nothing(play: Play) -> None:
    done = play("""
        import gc
        class Loud:
            def __init__(self): self.me = self
            def __del__(self): begat.metric("gone", 1.0)
        gc.set_threshold(1, 1, 1)
        with begat.run("train") as run:
            for i in range(200):
                Loud()
                run.params(a=i, b=[i])
    """)
    assert (done.code, done.err) == (0, "")
    assert done.spool.exists()


def test_a_fork_before_the_first_hook_makes_two_writers(play: Play) -> None:
    done = play("""
        from begat.capture.writer import WRITER
        child = os.fork()
        with begat.run("child" if child == 0 else "parent"):
            pass
        if child:
            os.waitpid(child, 0)
    """)
    assert (done.code, done.err) == (0, "")
    assert len({j.header.writer for j in done.journals}) == 2


def test_sigterm_ends_every_open_section(play: Play) -> None:
    done = play("""
        with begat.run("train") as run:
            for epoch in run.epochs(2):
                for batch in run.epochs(2, "batch"):
                    os.kill(os.getpid(), signal.SIGTERM)
                    time.sleep(10)
    """)
    names = done.events.names()
    assert [(names[e.run], e.outcome) for e in done.events.of(End)] == [
        ("batch", "killed"), ("epoch", "killed"), ("train", "killed"),
    ]  # fmt: skip


def test_a_spool_that_was_removed_is_written_again(play: Play) -> None:
    """Also one that is removed just before the end, when the timer does not see it any more."""
    done = play("""
        import shutil
        with begat.run("train") as run:
            run.metric("loss", 1.0, step=0)
            shutil.rmtree(os.environ["BEGAT_SPOOL"])
            run.metric("loss", 2.0, step=1)
            time.sleep(1.5)
            run.metric("loss", 3.0, step=2)
            shutil.rmtree(os.environ["BEGAT_SPOOL"])
    """)
    assert [e.step for e in done.events.of(Metric)] == [0, 1, 2]
    assert done.journals[0].footer is not None
    assert "was removed while it was written to: written again" in done.err
    assert done.events.of(Gap) == []  # nothing was lost


def test_a_journal_never_takes_the_place_of_a_closed_stream(play: Play) -> None:
    """What a library prints to file 2 would stand among the events."""
    done = play("""
        os.close(1)
        os.close(2)
        with begat.run("train") as run:
            for fd in (1, 2):
                try:
                    os.write(fd, b"library: hello\\n")
                except OSError:
                    pass
    """)
    assert done.code == 0
    assert done.events.one(End).outcome == "finished"


def test_a_program_that_closes_all_it_does_not_know_gets_none_of_our_lines(play: Play, tmp_path: Path) -> None:
    """As daemons do. Its next files have the numbers that ours had."""
    done = play("""
        with begat.run("before") as run:
            run.metric("loss", 1.0)
            os.closerange(3, 4096)
            own = [open(f"own-{n}", "w+b", buffering=0) for n in range(3)]
            run.metric("loss", 2.0)
            run.metric("loss", 3.0)
        with begat.run("after") as run:
            run.metric("loss", 4.0)
            child = os.environ["BEGAT_PARENT"]
        own[0].write(b"mine")
        print(child == run.id)
    """)
    assert (done.code, done.out) == (0, "True\n")
    assert [(tmp_path / f"own-{n}").read_bytes() for n in range(3)] == [b"mine", b"", b""]
    kept = [line for path in sorted(done.spool.glob("*/*")) for line in path.read_text().splitlines()]
    values = [json.loads(line[9:])["value"] for line in kept if '"metric"' in line]
    assert values == [1.0, 3.0, 4.0]
    assert sum('"gap"' in line for line in kept) == 1
    assert sum('"end"' in line for line in kept) == 2
