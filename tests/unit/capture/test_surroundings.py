"""Code, environment, person, machine: used from a run's start, found out late; and runs on many ranks."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from begat.capture import code, ranks
from begat.capture.script import Script
from begat.graph_schema.events import Alias, End, Gap, Node, Relate, Start, Used

Play = Callable[..., Any]


def test_a_run_used_its_code_and_environment_from_the_start(play: Play) -> None:
    done = play("""
        with begat.run("a"):
            open("made.txt", "w").write("made")
            begat.generated("made.txt")
        with begat.run("b"):
            pass
    """)
    events = done.events
    kinds = [type(e).__name__ for e in events]
    assert kinds.index("Used") < kinds.index("Generated") < kinds.index("Alias")
    aliases = {e.observation: e.version for e in events.of(Alias)}
    used = [(e.role, aliases[e.entity]) for e in events.of(Used)]
    assert [role for role, _ in used] == ["code", "environment"] * 2
    assert used[:2] == used[2:]
    code = events.one(Node, id=used[0][1])
    assert (code.name, code.types) == ("script.py", ["Code"])
    assert code.attributes["digest"].startswith("blake2b:")
    environment = events.one(Node, id=used[1][1])
    assert environment.types == ["Environment"]
    assert any(p.startswith("msgspec==") for p in environment.attributes["packages"])


def test_who_and_where(play: Play) -> None:
    events = play('with begat.run("a"): pass').events
    person = events.one(Node, types=["Person"])
    node = events.one(Node, types=["Node"])
    assert "@" in person.name
    association = events.one(Relate, relation="wasAssociatedWith")
    assert (association.target, association.role) == (person.id, "author")
    assert events.one(Relate, relation="ranOn").target == node.id


def git(folder: Path, *command: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *command],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_commit_and_whether_files_differ_from_it(play: Play, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("spool\n")
    (tmp_path / "helper.py").write_text("a = 1\n")
    play('with begat.run("a"): pass')
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", "https://ann:secret@example.org/repo.git")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")

    def last_code() -> Any:
        play('with begat.run("a"): pass')
        journal = max(done.glob("*/*.seg"), key=lambda p: p.stat().st_mtime_ns)
        lines = [json.loads(line[9:]) for line in journal.read_text().splitlines()]
        return next(e for e in lines if e.get("attributes", {}).get("commit"))

    done = tmp_path / "spool"
    clean = last_code()
    assert clean["attributes"]["commit"] == git(tmp_path, "rev-parse", "HEAD")
    assert clean["attributes"]["dirty"] is False
    assert clean["attributes"]["repository"] == "https://example.org/repo.git"
    assert last_code()["id"] == clean["id"]
    (tmp_path / "helper.py").write_text("a = 2\n")
    dirty = last_code()
    assert dirty["attributes"]["dirty"] is True
    assert dirty["id"] != clean["id"]
    (tmp_path / "new.py").write_text("b = 1\n")
    first = last_code()
    (tmp_path / "new.py").write_text("b = 2\n")  # git does not know it, and it is other code all the same
    assert len({clean["id"], dirty["id"], first["id"], last_code()["id"]}) == 4


def test_what_differs_from_the_commit_is_kept_without_its_secrets(play: Play, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("spool\n")
    (tmp_path / "helper.py").write_text("a = 1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".gitignore", "helper.py")
    git(tmp_path, "commit", "-qm", "first")
    (tmp_path / "helper.py").write_text("a = 2\npassword='hush-hush'\n")
    (tmp_path / "new.py").write_text("")
    events = play('with begat.run("a"): pass').events
    changes = events.one(Node, name="uncommitted changes")
    assert "-a = 1\n+a = 2\n" in changes.attributes["content"]
    assert "hush" not in changes.attributes["content"]
    assert changes.attributes["untracked"] == "new.py\nscript.py"
    of = events.one(Relate, source=changes.id)
    assert (of.relation, of.target) == ("partOf", events.of(Alias)[0].version)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("color.ui", "always"), ("color.diff", "always"), ("diff.noprefix", "true"), ("diff.mnemonicPrefix", "true"),
        ("diff.renames", "copies"), ("diff.renames", "false"), ("diff.context", "0"), ("diff.interHunkContext", "9"),
        ("diff.algorithm", "patience"), ("diff.external", "false"), ("diff.upper.textconv", "false"),
        ("core.abbrev", "12"), ("diff.submodule", "log"),
    ],
)  # fmt: skip
def test_how_a_user_reads_differences_makes_no_other_code(key: str, value: str, tmp_path: Path) -> None:
    lines = [f"line {n}" for n in range(40)]
    for name in ("script.py", "old.py"):
        (tmp_path / name).write_text("\n".join([name, *lines]))
    (tmp_path / ".gitattributes").write_text("*.py diff=upper\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    (tmp_path / "old.py").rename(tmp_path / "new.py")
    (tmp_path / "copy.py").write_text("\n".join(["script.py", *lines]))
    (tmp_path / "script.py").write_text("\n".join(["script.py", "first", *lines[:9], "new", *lines[10:]]))
    git(tmp_path, "add", "-A")
    what = Script("script.py", str(tmp_path / "script.py"), "blake2b:00")
    before = code.code(what)
    git(tmp_path, "config", key, value)
    assert code.code(what) == before
    (changes,) = (e.attributes for e in before if isinstance(e, Node) and e.name == "uncommitted changes")
    hunk = "\n--- a/script.py\n+++ b/script.py\n@@ -1,4 +1,5 @@\n script.py\n+first\n line 0\n"
    assert hunk in str(changes["content"])


def test_what_git_does_not_tell_is_not_taken_for_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large files that differ take git longer than it is given. Two such versions are never said to be the same."""
    (tmp_path / "script.py").write_text("a = 1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    slow = f'case "$3" in diff) exec sleep 60;; *) exec {shutil.which("git")} "$@";; esac'
    (tmp_path / "git").write_text(f"#!/bin/sh\n{slow}\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(code, "PATIENCE", 0.5)
    what = Script("script.py", str(tmp_path / "script.py"), "blake2b:00")
    (one,), (other,) = code.code(what), code.code(what)
    assert isinstance(one, Node)
    assert isinstance(other, Node)
    assert one.attributes["problem"] == "git did not tell within 0.5 s what differs from the commit"
    assert "dirty" not in one.attributes
    assert one.id != other.id


def test_large_changes_are_cut_but_told_apart(play: Play, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("spool\n")
    (tmp_path / "data.txt").write_text("")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")

    def run_with(last: str) -> Any:
        (tmp_path / "data.txt").write_text("x" * 99 + "\n" + ("y" * 99 + "\n") * 5000 + last)
        return play('with begat.run("a"): pass')

    run_with("a")
    one, other = run_with("b").events.all(Node, name="uncommitted changes")
    assert one.attributes["cut"] is other.attributes["cut"] is True
    assert len(one.attributes["content"]) == 256 * 1024
    assert one.attributes["digest"] != other.attributes["digest"]


def test_a_run_tells_how_its_process_was_started(play: Play, tmp_path: Path) -> None:
    done = play("""
        import subprocess
        code = "import begat\\nwith begat.run('a'): pass"
        subprocess.run([sys.executable, "-c", code, "--password", "hush", "https://me:hush@x.org"], check=True)
    """)
    (told,) = [n for n in done.events.of(Node) if n.kind == "Activity"]
    assert "hush" not in told.attributes["command"]
    assert "--password ***" in told.attributes["command"]
    assert told.attributes["folder"] == str(tmp_path)


@pytest.mark.parametrize("ending", ["", "os.kill(os.getpid(), signal.SIGTERM)"])
def test_what_was_not_found_out_in_time_is_told(play: Play, tmp_path: Path, ending: str) -> None:
    """A repository on a slow network disk, say. The end of the run is not put off for it."""
    (tmp_path / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "git").chmod(0o755)
    done = play(f'with begat.run("train"): {ending or "pass"}', PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.code == (-signal.SIGTERM if ending else 0)
    assert "not recorded: the version of the code (commit and differences), the packages" in done.err
    assert done.events.one(Gap).dropped == 1
    end = done.events.one(End)
    assert end.outcome == ("killed" if ending else "finished")
    assert done.events.one(Gap).at - end.at > 1_500_000


def test_code_that_was_typed_is_not_all_the_same(play: Play) -> None:
    done = play("""
        import subprocess
        for code in "1", "2", "1":
            code += "\\nimport begat\\nwith begat.run('a'): pass"
            subprocess.run([sys.executable, "-c", code], check=True)
    """)
    one, two, again = (j.events for j in sorted(done.journals, key=lambda j: j.header.wall))
    first, second, third = (next(e.version for e in told if isinstance(e, Alias)) for told in (one, two, again))
    assert first == third != second


def test_the_first_hook_starts_no_process_and_loads_nothing_heavy(play: Play) -> None:
    done = play("""
        def no_process(event, args):
            if event in ("subprocess.Popen", "os.fork", "os.posix_spawn"):
                print(event)
        sys.addaudithook(no_process)
        with begat.run("a") as run:
            run.metric("loss", 0.5)
            heavy = "subprocess", "socket", "importlib.metadata", "traceback", "pathlib", "logging", "numpy", "asyncio"
            print([m for m in heavy if m in sys.modules], flush=True)
            os._exit(0)
    """)
    assert done.out.splitlines()[0] == "[]"


#: What a run, its start and a metric need; what else a hook needs it loads when it is first called.
FIRST_HOOK = {
    "begat", "begat.capture", "begat.capture.digest", "begat.capture.entity", "begat.capture.environment",
    "begat.capture.hooks", "begat.capture.later", "begat.capture.lifecycle", "begat.capture.machine",
    "begat.capture.node", "begat.capture.opened", "begat.capture.parent", "begat.capture.person",
    "begat.capture.problems", "begat.capture.ranks", "begat.capture.records", "begat.capture.runs",
    "begat.capture.scope", "begat.capture.script", "begat.capture.secrets", "begat.capture.segment",
    "begat.capture.settings", "begat.capture.surroundings", "begat.capture.type_names", "begat.capture.values",
    "begat.capture.writer", "begat.graph_schema", "begat.graph_schema.events", "begat.graph_schema.ids",
    "begat.capture.point",
    "begat.graph_schema.kernel",  # a journal names its process by what ingest looks up to see whether it lives
}  # fmt: skip


def test_the_first_hook_loads_what_it_needs_and_no_more(play: Play) -> None:
    """Each module is about 0.1 ms of the 40 that a first hook may take: whoever adds one here says why."""
    done = play("""
        import msgspec
        before = {*sys.modules}
        begat.run("a").start().metric("loss", 0.5)
        print(*sorted({*sys.modules} - before | {m for m in sys.modules if m.startswith("begat")}), flush=True)
        os._exit(0)
    """)
    loaded = {*done.out.splitlines()[0].split()}
    assert {m for m in loaded if m.startswith("begat")} == FIRST_HOOK
    assert not loaded & {"random", "weakref", "hashlib", "encodings.ascii", "datetime", "glob", "traceback"}


def test_a_child_that_outlives_its_parent_finds_out_for_itself(play: Play) -> None:
    done = play("""
        with begat.run("parent"):
            if os.fork() == 0:
                with begat.run("child"):
                    pass
                sys.exit(0)
            os.wait()
            os._exit(0)
    """)
    child = next(j for j in done.journals if any(isinstance(e, Start) and e.name == "child" for e in j.events))
    assert len([e for e in child.events if isinstance(e, Alias)]) == 0
    assert [e.parent for e in child.events if isinstance(e, Start)] != [None]


@pytest.mark.parametrize(
    ("env", "several"),
    [
        ({}, False),
        ({"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "4"}, True),
        ({"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "1"}, False),
        ({"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "batch", "SLURM_STEP_NUM_TASKS": "4"}, False),
        ({"TORCHELASTIC_RUN_ID": "x", "WORLD_SIZE": "2"}, True),
        ({"OMPI_MCA_ess_base_jobid": "9", "OMPI_COMM_WORLD_SIZE": "2"}, True),
    ],
)
def test_ranks_agree_on_a_run_where_a_launcher_says_so(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], several: bool
) -> None:
    forget_launchers(monkeypatch)
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    def rank(*names: str) -> list[str | None]:
        monkeypatch.setattr(ranks, "_ordinals", {})
        return [ranks.run_id(name) for name in names]

    one, other = rank("train", "train", "test"), rank("train", "train", "test")
    if several:
        assert one == other
        assert len({*one}) == 3
    else:
        assert one == [None] * 3


def forget_launchers(monkeypatch: pytest.MonkeyPatch) -> None:
    for launcher in ranks.LAUNCHERS:
        for name in (launcher.job, *launcher.further, *launcher.size, *launcher.rank, launcher.restart):
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(ranks.TAKEN, "")


def test_a_requeued_job_is_another_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_launchers(monkeypatch)
    for name, value in {"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "4"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(ranks, "_ordinals", {})
    first = ranks.run_id("train")
    monkeypatch.setenv("SLURM_RESTART_COUNT", "1")
    monkeypatch.setattr(ranks, "_ordinals", {})
    assert ranks.run_id("train") != first
