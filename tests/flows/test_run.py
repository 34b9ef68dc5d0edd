"""`begat run -- CMD`: the command sees no difference, and what it did is recorded."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

SOURCE: Final = Path(__file__).parents[2] / ".src"
BEGAT: Final = (sys.executable, "-m", "begat.api.cli")

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    return tmp_path


@pytest.fixture
def run() -> Run:
    """Run a command by `begat run`; options stand before `--`."""

    def call(*words: str, **given: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*BEGAT, "run", *words], capture_output=True, text=True, check=False, timeout=60, **given
        )

    return call


@pytest.fixture
def ask() -> Ask:
    """The rows of a command of begat's, or all it says of one thing."""

    def call(*words: str) -> Any:
        done = subprocess.run([*BEGAT, *words, "--format", "json"], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return call


def facts(ask: Ask) -> dict[str, Any]:
    """The attributes of the one activity there is."""
    (row,) = ask("find", "Activity")["rows"]
    shown = ask("show", row["id"])
    return {"status": row["status"], "error": shown["error"], **{k: v[0] for k, v in shown["attributes"].items()}}


def test_a_command_is_recorded_with_its_files(run: Run, ask: Ask, folder: Path) -> None:
    (folder / "in.csv").write_text("1,2\n")
    (folder / "train.sh").write_text("cat in.csv > model.txt; echo done; echo odd >&2\n")
    named = ("--type", "Training", "--experiment", "digits")
    done = run(*named, "--in", "*.csv", "--out", "model.*", "--", "sh", "train.sh")
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "odd\n")
    (trained,) = ask("find", "Training")["rows"]
    assert (trained["name"], trained["status"]) == ("train.sh", "FINISHED")
    behind = {row["name"] for row in ask("ancestors", "model.txt")["rows"]}
    assert {"in.csv", "train.sh"} <= behind
    said = facts(ask)
    assert said["command"] == "sh train.sh"
    assert said["folder"] == str(folder)
    assert said["exit_code"] == 0
    assert (said["output_tail"], said["error_tail"]) == ("done", "odd")
    assert 0 < said["duration_s"] < 60
    assert said["max_rss_bytes"] > 100_000
    assert said["cpu_user_s"] + said["cpu_system_s"] < 60


@pytest.mark.parametrize(
    ("script", "code", "status", "error"),
    [
        ("exit 3", 3, "FAILED", "exit code 3"),
        ("kill -SEGV $$", -signal.SIGSEGV, "FAILED", "signal 11 (SIGSEGV)"),
        ("kill -KILL $$", -signal.SIGKILL, "KILLED", "signal 9 (SIGKILL)"),
        ("kill -TERM $$", -signal.SIGTERM, "KILLED", "signal 15 (SIGTERM)"),
    ],
)
def test_its_end_is_begats_end(run: Run, ask: Ask, script: str, code: int, status: str, error: str) -> None:
    """MLflow's `mlflow run` turns every end into exit code 1."""
    assert run("--", "sh", "-c", script).returncode == code
    told = facts(ask)
    assert (told["status"], told["error"]) == (status, error)
    assert told["exit_code"] == (code if code > 0 else 128 - code)


def test_what_is_no_command_ends_as_in_a_shell(run: Run, ask: Ask, folder: Path) -> None:
    (folder / "data.csv").write_text("1,2\n")
    missing = run("--", "no-such-program", "x")
    assert (missing.returncode, missing.stderr) == (127, "begat: no-such-program: No such file or directory\n")
    assert run("--", "./data.csv").returncode == 126
    assert {row["status"] for row in ask("find", "Activity")["rows"]} == {"FAILED"}
    empty = run("--", "", "x")
    assert (empty.returncode, empty.stderr) == (127, "begat: '': no such command: its name is empty\n")
    nothing = run()
    assert nothing.returncode == 2
    assert "begat run -- python train.py" in nothing.stderr


def test_a_script_that_does_not_say_what_runs_it_is_a_shells(run: Run, folder: Path) -> None:
    (folder / "plain").write_text("echo $1\n")
    (folder / "plain").chmod(0o755)
    assert run("--", "./plain", "hello").stdout == "hello\n"


def test_a_command_is_called_what_it_was_called_by(run: Run, ask: Ask, folder: Path) -> None:
    """Debian's awk is a link to a link to mawk."""
    (folder / "fit.v3.sh").write_text("#!/bin/sh\necho fitted\n")
    (folder / "fit.v3.sh").chmod(0o755)
    (folder / "fit").symlink_to("fit.v3.sh")
    assert run("--", "./fit").stdout == "fitted\n"
    assert [row["name"] for row in ask("find", "Activity")["rows"]] == ["fit"]
    (code,) = ask("find", "Code")["rows"]
    assert ask("show", code["id"])["attributes"]["path"] == [str(folder / "fit.v3.sh")]


@pytest.mark.parametrize("ignored", [signal.SIGCHLD, signal.SIGHUP])
def test_where_signals_are_ignored(run: Run, ask: Ask, ignored: signal.Signals) -> None:
    """As a daemon may leave it (SIGCHLD: the kernel keeps no exit code then), or nohup: nobody has ended it."""
    wait = "import os, signal, sys; os.kill(os.getppid(), signal.SIGHUP); sys.exit(3)"

    def ignore() -> None:
        signal.signal(ignored, signal.SIG_IGN)

    done = run("--", sys.executable, "-c", wait if ignored == signal.SIGHUP else "exit(3)", preexec_fn=ignore)
    assert (done.returncode, done.stderr) == (3, "")
    assert facts(ask)["status"] == "FAILED"


def test_words_of_the_command_are_its_own(run: Run) -> None:
    done = run("--tail", "5", "--", "printf", "%s|", "--store", "ingest", "--", "--help")
    assert done.stdout == "--store|ingest|--|--help|"


def test_secrets_are_masked(run: Run, folder: Path) -> None:
    word = "hunter2"
    address = f"https://ada:{word}@lab/x"
    run("--", "echo", f"--password={word}", "--api-key", word, f"TOKEN={word}", address, f"curl --token {word}")
    journals = b"".join(p.read_bytes() for p in (folder / ".begat").rglob("*.seg"))
    assert re.search(rb"--password=\*\*\*'? --api-key '?\*\*\*", journals)
    assert word.encode() not in journals


def test_hooks_inside_join_it(run: Run, ask: Ask, folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "train.py").write_text(
        "import begat, os; os.chdir('below')\nwith begat.run('fit', type='Training') as r: r.metric('loss', 0.5)\n"
    )
    assert run("--name", "outer", "--", sys.executable, "train.py").returncode == 0
    assert {row["name"] for row in ask("find", "Activity")["rows"]} == {"outer", "fit"}
    outer = next(row["id"] for row in ask("find", "Activity")["rows"] if row["name"] == "outer")
    assert outer in json.dumps(ask("show", "fit"))


def test_what_the_command_left_as_it_was_it_did_not_make(run: Run, ask: Ask, folder: Path) -> None:
    """DVC's `run` and Make take every declared output for the command's work, whoever wrote it."""
    (folder / "models").mkdir()
    (folder / "models/old.txt").write_text("of last week")
    (folder / "old.log").write_text("of last week")
    (folder / "data.csv").write_text("1")
    done = run("--in", "data.csv", "--out", "models", "*.log", "no.txt", "--", "sh", "-c", "echo new > models/new.txt")
    assert done.returncode == 0
    assert "--out: 1 left as they were" in done.stderr
    assert "--out no.txt: the command made no such file" in done.stderr
    assert "data.csv" in {row["name"] for row in ask("ancestors", "models/new.txt")["rows"]}
    assert ask("ancestors", "models/old.txt")["rows"] == []


def test_a_signal_to_begat_is_the_commands(ask: Ask) -> None:
    """A handler of the command's own decides, as without begat."""
    script = (
        "import signal, sys, time\nsignal.signal(15, lambda *_: sys.exit(7))\n"
        "print('ready', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([*BEGAT, "run", "--", sys.executable, "-c", script], stdout=subprocess.PIPE) as begat:
        assert begat.stdout is not None
        assert begat.stdout.readline() == b"ready\n"  # handed on at once, not when a buffer is full
        begat.send_signal(signal.SIGTERM)
        assert begat.wait(30) == 7
    assert facts(ask)["status"] == "KILLED"


def test_killed_for_good_the_run_is_lost(ask: Ask) -> None:
    with subprocess.Popen([*BEGAT, "run", "--", "sh", "-c", "echo $$; exec sleep 60"], stdout=subprocess.PIPE) as begat:
        assert begat.stdout is not None
        child = int(begat.stdout.readline())
        begat.kill()
        begat.wait()
        os.kill(child, signal.SIGKILL)
    (row,) = ask("find", "Activity")["rows"]
    assert row["status"] == "LOST"


SEES: Final = "import os, sys, time; print([os.isatty(n) for n in range(3)], os.getpgrp() == os.getpgid(os.getppid()))"


def at_a_terminal(*words: str, keys: bytes = b"") -> tuple[bytes, int]:
    """What a program writes to a terminal of its own, where `keys` are typed once it has written something."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(words[0], words)
    said = b""
    typed = False
    while True:
        try:
            some = os.read(terminal, 1000)
        except OSError:  # it has ended
            break
        said += some
        if keys and not typed and b"ready" in said:
            typed = True
            os.write(terminal, keys)
    os.close(terminal)
    return said, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_terminal_stays_a_terminal() -> None:
    direct, _ = at_a_terminal(sys.executable, "-c", SEES.replace("os.getpgrp() == os.getpgid(os.getppid())", "True"))
    assert at_a_terminal(*BEGAT, "run", "--", sys.executable, "-c", SEES) == (direct, 0)
    assert direct.startswith(b"[True, True, True]")


def test_ctrl_c_comes_once(ask: Ask) -> None:
    script = (
        "import signal, sys, time\ncame = []\nsignal.signal(2, lambda *_: came.append(1))\nprint('ready', flush=True)\n"
        "until = time.monotonic() + 1.0\nwhile time.monotonic() < until: time.sleep(0.05)\nsys.exit(40 + len(came))"
    )
    _, code = at_a_terminal(*BEGAT, "run", "--", sys.executable, "-c", script, keys=b"\x03")
    assert code == 41
    assert facts(ask)["status"] == "KILLED"


def test_ctrl_c_ends_both_by_the_signal() -> None:
    _, code = at_a_terminal(*BEGAT, "run", "--", "sh", "-c", "echo ready; sleep 60", keys=b"\x03")
    assert code == -signal.SIGINT


@pytest.mark.parametrize("spool", ["file", "file/below", "/proc/none"])
def test_a_spool_that_cannot_be_written_stops_no_command(run: Run, folder: Path, spool: str) -> None:
    (folder / "file").write_text("no folder")
    done = run("--in", "file", "--out", "made", "--spool", spool, "--", "sh", "-c", "echo out; touch made; exit 5")
    assert (done.returncode, done.stdout) == (5, "out\n")
    assert done.stderr.count("\n") == 1
    assert "nothing can be recorded" in done.stderr


@pytest.mark.parametrize("off", [{"BEGAT_DISABLED": "1"}, {"BEGAT_SINK": "noop:"}])
def test_disabled_it_only_runs_the_command(run: Run, folder: Path, off: dict[str, str]) -> None:
    done = run("--in", "none", "--", "sh", "-c", "echo ${BEGAT_PARENT-none}; exit 4", env={**os.environ, **off})
    assert (done.returncode, done.stdout, done.stderr) == (4, "none\n", "")
    assert not (folder / ".begat").exists()


def test_output_in_a_file_is_read_there(run: Run, ask: Ask, folder: Path) -> None:
    (folder / "log").write_text("before\n")
    with (folder / "log").open("ab") as log:
        sees = "import os, stat, sys; print(stat.S_ISREG(os.fstat(1).st_mode)); print('later', file=sys.stderr)"
        command = [*BEGAT, "run", "--", sys.executable, "-u", "-c", sees]
        assert subprocess.run(command, stdout=log, stderr=log, check=False).returncode == 0
    assert (folder / "log").read_text() == "before\nTrue\nlater\n"
    assert facts(ask)["output_tail"] == "True\nlater"


def test_the_tail_is_bounded_and_the_output_whole(run: Run, ask: Ask) -> None:
    done = run("--tail", "3", "--", sys.executable, "-c", "for i in range(200_000): print(i)")
    assert done.stdout.splitlines() == [str(i) for i in range(200_000)]
    assert facts(ask)["output_tail"] == "199997\n199998\n199999"


def test_of_a_progress_bar_its_last_state_is_kept(run: Run, ask: Ask) -> None:
    bar = "print('start'); [print(f'\\r{n:3}%', end='') for n in range(101)]; print(); print('\\x0cend\\r\\n', end='')"
    done = run("--tail", "3", "--", sys.executable, "-c", bar)
    assert done.stdout.count("%") == 101
    assert facts(ask)["output_tail"] == "start\n100%\n\x0cend"


def test_a_reader_that_goes_away_ends_the_command_as_ever(ask: Ask) -> None:
    program = f"{' '.join(BEGAT)} run -- sh -c 'while echo y; do :; done; exit 9' | head -n 1"
    done = subprocess.run(["sh", "-c", program], capture_output=True, timeout=30, check=False)
    assert done.stdout == b"y\n"
    assert facts(ask)["status"] in ("FAILED", "KILLED")


def test_what_it_leaves_running_may_go_on_writing(run: Run, ask: Ask) -> None:
    began = time.monotonic()
    done = run("--", "sh", "-c", "(sleep 2; echo later) & echo now")
    assert (done.returncode, done.stdout) == (0, "now\nlater\n")
    assert time.monotonic() - began >= 2
    assert facts(ask)["duration_s"] < 2


def test_other_signals_are_handed_on_too() -> None:
    script = "trap 'exit 3' USR1; echo on; while :; do sleep 0.1; done"
    with subprocess.Popen([*BEGAT, "run", "--", "sh", "-c", script], stdout=subprocess.PIPE) as begat:
        assert begat.stdout is not None
        assert begat.stdout.readline() == b"on\n"
        begat.send_signal(signal.SIGUSR1)
        assert begat.wait(30) == 3


def test_large_files_are_read_to_their_ends(run: Run, ask: Ask, folder: Path) -> None:
    (folder / "in.csv").write_bytes(bytes(40_000_000))
    assert run("--in", "in.csv", "--out", "out.bin", "--", "cp", "in.csv", "out.bin").returncode == 0
    shown = [ask("show", name)["attributes"] for name in ("in.csv", "out.bin")]
    assert shown[0]["digest"] == shown[1]["digest"]
