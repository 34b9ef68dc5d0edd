"""The command line on what a training script left behind: answers, formats, settings, and every wrong use."""

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from begat.api.cli import COMMANDS, main
from begat.ingest.lock import try_lock

SCRIPT = """
import begat
from pathlib import Path

Path("data.csv").write_text("1,2\\n3,4\\n")
Path("test.csv").write_text("5,6\\n")
with begat.run("train", type="Training", experiment="digits") as run:
    run.used("data.csv", role="train")
    run.params(lr=0.1, layers=3)
    for epoch in run.epochs(3):
        run.metric("loss", 1 / (epoch + 1), step=epoch)
    Path("model.pt").write_text("weights")
    model = run.generated("model.pt", type="Model")
    run.evaluated(model, on="test.csv", split="test", accuracy=0.97)
"""


class Said(NamedTuple):
    code: int
    out: str
    err: str


Begat = Callable[..., Said]


@pytest.fixture
def begat(capsys: pytest.CaptureFixture[str]) -> Begat:
    """Run a command in this process."""

    def run(*arguments: str) -> Said:
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def trained(folder: Path) -> Path:
    """A folder where a training script has run; nothing has been taken in."""
    folder.joinpath("train.py").write_text(SCRIPT)
    subprocess.run([sys.executable, "train.py"], check=True)
    return folder


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the script has run, for all tests: only to be copied."""
    folder = tmp_path_factory.mktemp("recorded")
    folder.joinpath("train.py").write_text(SCRIPT)
    subprocess.run([sys.executable, "train.py"], check=True, cwd=folder)
    return folder


@pytest.fixture
def copied(recorded: Path, folder: Path) -> Path:
    """A copy of it: quicker to have than `trained`, and as good where no path is asked for."""
    shutil.copytree(recorded, folder, dirs_exist_ok=True)
    return folder


def segment(folder: Path) -> Path:
    [found] = folder.glob(".begat/spool/*/*.seg")
    return found


# -- help


def test_help_needs_nothing_and_has_examples(folder: Path, begat: Begat) -> None:
    said = begat("--help")
    assert said.code == 0
    assert "begat ask how_created model.pt" in said.out
    assert all(name in said.out for name in COMMANDS)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(command: str, folder: Path, begat: Begat) -> None:
    said = begat(command, "--help")
    assert said.code == 0
    assert f"for example:\n  begat {command}" in said.out
    assert "--store" in said.out


def test_each_question_has_help_with_an_example(folder: Path, begat: Begat) -> None:
    listed = json.loads(begat("questions", "--format", "json").out)
    assert {"raw_sources", "loss_curve", "impact", "how_created"} <= {q["name"] for q in listed}
    offered = " ".join(begat("ask", "--help").out.split())  # its lines are wrapped
    for q in listed:
        assert set(q) == {"name", "sentence", "parameters", "columns"}
        said = begat("ask", q["name"], "--help")
        assert said.code == 0
        assert f"for example:\n  begat ask {q['name']}" in said.out
        assert q["sentence"] in offered


def test_help_is_quick_and_imports_no_command() -> None:
    code = (
        "import sys; from begat.api.cli import main; main(['--help']); "
        "heavy = ('sqlite3', 'msgspec', 'begat.queries', 'begat.ingest', 'begat.capture'); "
        "sys.exit(', '.join(m for m in sys.modules if m.startswith(heavy)) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


# -- reading what is there


def test_a_reading_command_takes_in_what_is_pending(trained: Path, begat: Begat) -> None:
    said = begat("stats", "--format", "json")
    assert (said.code, said.err) == (0, "")
    stats = json.loads(said.out)
    assert stats["by_type"]["Training"] == stats["by_type"]["Model"] == 1
    assert stats["metric_points"] == 3
    assert (stats["pending_events"], stats["quarantined"]) == (0, 0)
    assert {"entities", "activities", "agents", "relations"} <= set(stats)
    assert "metric points" in begat("stats").out


def test_a_question_right_after_the_script(trained: Path, begat: Begat) -> None:
    said = begat("ask", "how_created", "model.pt", "--format", "json")
    assert (said.code, said.err) == (0, "")
    answer = json.loads(said.out)
    assert list(answer) == ["question", "params", "columns", "rows", "truncated", "as_of", "pending"]
    assert answer["question"] == "how_created"
    assert (answer["truncated"], answer["as_of"], answer["pending"]) == (False, None, 0)
    found = {(r["name"], r["type"]) for r in answer["rows"]}
    assert {("data.csv", "Dataset"), ("train", "Training"), ("lr", "HyperparameterSetting")} <= found
    assert "test.csv" not in {name for name, _ in found}
    assert all({"id", "name", "type", "kind", "depth"} <= set(r) for r in answer["rows"])


def test_the_formats_say_the_same(trained: Path, begat: Begat) -> None:
    question = ("ask", "how_created", "model.pt", "--format")
    rows = json.loads(begat(*question, "json").out)["rows"]
    listed = list(csv.DictReader(io.StringIO(begat(*question, "csv").out)))
    assert [r["id"] for r in listed] == [r["id"] for r in rows]
    table = begat(*question, "table").out.splitlines()
    assert len(table) == len(rows) + 1
    assert "urn:uuid:" not in "".join(table)
    tree = begat(*question, "tree").out.splitlines()
    assert tree[0] == "model.pt"
    assert tree[1] == "└─ train: layers=3 lr=0.1 [Training]"
    assert any(line.endswith("data.csv [Dataset, train]") for line in tree)
    assert len(tree) == len(rows) - 2 + 1


def test_loss_curve(trained: Path, begat: Begat) -> None:
    rows = json.loads(begat("ask", "loss_curve", "train", "--format", "json").out)["rows"]
    assert [(r["step"], r["value"]) for r in rows if r["name"] == "loss"] == [(0, 1.0), (1, 0.5), (2, 1 / 3)]
    said = begat("ask", "loss_curve", "train", "--limit", "2")
    assert len(said.out.splitlines()) == 3
    assert "--limit" in said.err
    said = begat("ask", "loss_curve", "train", "--format", "tree")
    assert (said.code, said.out) == (2, "")


@pytest.mark.parametrize("asked", [("ask", "how_created", "model.pt"), ("find", "Entity"), ("runs", "--steps")])
def test_page_after_page(trained: Path, begat: Begat, asked: tuple[str, ...]) -> None:
    whole = json.loads(begat(*asked, "--format", "json").out)
    assert "next" not in whole
    found: list[dict[str, Any]] = []
    after: tuple[str, ...] = ()
    while True:
        said = begat(*asked, *after, "--limit", "3", "--format", "json")
        page = json.loads(said.out)
        found += page["rows"]
        if "next" not in page:
            break
        assert f"or go on with --after {page['next']}\n" in said.err
        after = ("--after", page["next"])
    assert [r["id"] for r in found] == [r["id"] for r in whole["rows"]]
    wrong = begat("ask", "how_created", "model.pt", "--after", "x")
    assert (wrong.code, wrong.out) == (2, "")
    assert "--after: 'x' is no place in an answer" in wrong.err


def test_find_show_and_lineage(trained: Path, begat: Begat) -> None:
    [model] = json.loads(begat("find", "Model", "--where", "name = 'model.pt'", "--format", "json").out)["rows"]
    assert model["name"] == "model.pt"
    for name in (model["id"], model["id"][-8:], "model.pt", str(trained / "model.pt")):
        shown = json.loads(begat("show", name, "--format", "json").out)
        assert (shown["id"], shown["types"]) == (model["id"], ["Model"])
    shown = begat("show", "train").out
    assert "lr      0.1" in shown
    assert "urn:uuid:" in shown
    behind = json.loads(begat("ancestors", "model.pt", "--format", "json").out)
    assert list(behind) == ["question", "params", "columns", "rows", "truncated", "as_of", "pending"]
    assert {"train", "data.csv", "train.py"} <= {r["name"] for r in behind["rows"]}
    assert begat("ancestors", "model.pt", "--depth", "1", "--format", "tree").out == "model.pt\n└─ train [Training]\n"
    before = json.loads(begat("descendants", "data.csv", "--type", "Model", "--format", "json").out)
    assert [r["name"] for r in before["rows"]] == ["model.pt"]


def test_the_tree_of_a_run_that_used_what_it_had_made(trained: Path, begat: Begat) -> None:
    """The training evaluated its own model: it is among its causes, and drawn there once more, without its own."""
    tree = begat("ask", "how_created", "train", "--format", "tree").out.splitlines()
    assert tree[0] == "train: layers=3 lr=0.1"
    assert any("model.pt [Model]" in line for line in tree)
    assert sum("data.csv" in line for line in tree) == 1


def test_a_name_of_several_is_not_guessed(trained: Path, begat: Begat) -> None:
    subprocess.run([sys.executable, "train.py"], check=True)
    said = begat("show", "train")
    assert (said.code, said.out) == (3, "")
    assert "'train' names 2 things, give one of these ids:" in said.err
    given = said.err.splitlines()[1].split()[0]
    assert begat("show", given).code == 0


def test_as_of_a_time_before_all(trained: Path, begat: Begat) -> None:
    said = begat("ask", "loss_curve", "train", "--as-of", "2020-01-01", "--format", "json")
    assert said.code == 0
    answer = json.loads(said.out)
    assert (answer["rows"], answer["as_of"]) == ([], "2020-01-01T00:00:00Z")
    assert said.err == "begat: train: nothing of that name was known by 2020-01-01T00:00:00Z\n"


def test_while_another_process_takes_in_the_answer_says_what_is_pending(trained: Path, begat: Begat) -> None:
    trained.joinpath(".begat").mkdir(exist_ok=True)
    with try_lock(trained / ".begat" / "graph.db.lock") as mine:
        assert mine
        said = begat("stats", "--format", "json")
    pending = json.loads(said.out)["pending_events"]
    assert pending > 10
    assert said.err == f"begat: {pending} events pending, this answer is without them: begat ingest\n"
    assert json.loads(begat("stats", "--format", "json").out)["pending_events"] == 0


# -- settings


def test_settings_stand_before_and_after_the_command(trained: Path, begat: Begat) -> None:
    spool = str(trained / ".begat" / "spool")
    assert begat("--store", "sqlite:///a.db", "--spool", spool, "stats").code == 0
    assert Path("a.db").exists()
    assert begat("stats", "--store", "sqlite:///b.db", "--spool", spool).code == 0
    assert Path("b.db").exists()
    assert begat("ask", "--store", "sqlite:///c.db", "loss_curve", "train", "--spool", spool).code == 0
    assert Path("c.db").exists()


def test_flag_beats_variable_beats_file(trained: Path, begat: Begat, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = trained / "deep" / "er"
    deep.mkdir(parents=True)
    trained.joinpath("pyproject.toml").write_text(
        '[tool.begat]\nstore = "sqlite:///file.db"\nspool = ".begat/spool"\nproject = "default"\n'
    )
    monkeypatch.chdir(deep)
    assert begat("stats").code == 0
    assert trained.joinpath("file.db").exists()
    monkeypatch.setenv("BEGAT_STORE", "sqlite:///variable.db")
    assert begat("stats").code == 0
    assert Path("variable.db").exists()
    assert begat("stats", "--store", "sqlite:///flag.db").code == 0
    assert Path("flag.db").exists()
    assert "variable.db (from BEGAT_STORE)" in begat("doctor").out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[tool.begat\n", "pyproject.toml cannot be read"),
        ("[tool.begat]\nstorr = 'x'\n", "no setting 'storr': known are store, spool, project"),
        ("[tool.begat]\nstore = 3\n", "store in [tool.begat] must be a text, not 3"),
        ("[tool]\nbegat = 3\n", "must be a table"),
    ],
)
def test_a_bad_settings_file_is_wrong_usage(text: str, told: str, folder: Path, begat: Begat) -> None:
    folder.joinpath("pyproject.toml").write_text(text)
    said = begat("stats")
    assert (said.code, said.out) == (2, "")
    assert told in said.err


def test_another_project_sees_nothing(trained: Path, begat: Begat) -> None:
    assert begat("ask", "loss_curve", "train", "--project", "other").code == 3


# -- wrong use


def one_line(said: Said) -> bool:
    """Nothing on stdout, on stderr one line and no traceback."""
    return said.out == "" and said.err.startswith("begat: ") and said.err.count("\n") == 1


READING = (
    ("stats",),
    ("ask", "how_created", "model.pt"),
    ("find", "Model"),
    ("show", "model.pt"),
    ("ancestors", "model.pt"),
    ("descendants", "train.py", "--depth", "1"),
)


@pytest.mark.parametrize("command", READING)
def test_where_nothing_was_recorded_there_is_nothing_to_read(
    command: tuple[str, ...], folder: Path, begat: Begat
) -> None:
    said = begat(*command)
    assert said.code == 4
    assert one_line(said)
    assert "nothing in the spool" in said.err
    assert "BEGAT_STORE" in said.err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        (("nonsense",), 2, "invalid choice: 'nonsense'"),
        ((), 2, "usage: begat"),
        (("stats", "--colour"), 2, "unrecognized arguments: --colour"),
        (("stats", "--format", "xml"), 2, "invalid choice: 'xml'"),
        (("ask",), 2, "QUESTION"),
        (("ask", "how_create", "model.pt"), 3, "lists them); did you mean how_created"),
        (("ask", "how_created"), 2, "required: THING"),
        (("ask", "how_created", "modle.pt"), 3, "modle.pt"),
        (("ask", "how_created", "model.pt", "--colour", "red"), 2, "unrecognized arguments: --colour red"),
        (("ask", "how_created", "model.pt", "--depth", "deep"), 2, "invalid int value: 'deep'"),
        (("ask", "how_created", "model.pt", "--limit", "0"), 2, "limit"),
        (("ask", "how_created", "model.pt", "--as-of", "soon"), 2, "'soon' is not a time"),
        (("ask", "how_created", "model.pt", "--as-of", "9999-12-31T23:00:00-14:00"), 2, "not within the years"),
        (("ask", "how_created", "\udcff.csv"), 3, "nothing is called"),
        (("find", "Model", "--where", "(" * 600 + "a = 1" + ")" * 600), 2, "words, signs and values"),
        (("find", "\udcff"), 3, "no kind or type"),
        (("find", "Modle"), 3, "no kind or type 'Modle'; did you mean Model"),
        (("find",), 2, "required: KIND-OR-TYPE"),
        (("find", "Model", "--where", "name ="), 2, "--where"),
        (("find", "Model", "--limit", "-1"), 2, "limit"),
        (("show", "nothing"), 3, "nothing"),
        (("show",), 2, "required: ID"),
        (("ancestors", "0123456789"), 3, "0123456789"),
        (("descendants", "model.pt", "--depth", "x"), 2, "invalid int value: 'x'"),
        (("ingest", "nowhere.seg"), 2, "no file or folder nowhere.seg"),
        (("stats", "--store", "redis://x"), 2, "no store for 'redis:'"),
        (("stats", "--store", "sqlite:graph.db"), 2, "write sqlite:///PATH"),
        (("stats", "--spool", "train.py"), 2, "the spool train.py is a file"),
        (("rebuild", "--store", "memory:"), 2, "only an embedded store"),
    ],
)
def test_wrong_use_is_one_clear_line(
    command: tuple[str, ...], code: int, told: str, copied: Path, begat: Begat
) -> None:
    said = begat(*command)
    assert (said.code, said.out) == (code, "")
    assert told in said.err
    assert "Traceback" not in said.err


def test_a_near_name_is_offered(copied: Path, begat: Begat) -> None:
    assert "model.pt" in begat("ask", "how_created", "modle.pt").err.replace("modle.pt", "")


@pytest.mark.parametrize("command", [*READING, ("ingest",), ("rebuild",), ("doctor",)])
class TestAStoreThatCannotBeUsed:
    def store(self, copied: Path) -> Path:
        copied.joinpath(".begat").mkdir(exist_ok=True)
        return copied / ".begat" / "graph.db"

    def refused(self, said: Said, command: tuple[str, ...], told: str) -> None:
        assert said.code == 4
        if command == ("doctor",):
            assert told in said.out
        else:
            assert one_line(said), said.err
            assert told in said.err

    def test_a_directory(self, command: tuple[str, ...], copied: Path, begat: Begat) -> None:
        self.store(copied).mkdir()
        self.refused(begat(*command), command, "is a directory")

    def test_a_newer_schema(self, command: tuple[str, ...], copied: Path, begat: Begat) -> None:
        begat("ingest")
        db = sqlite3.connect(self.store(copied))
        db.execute("PRAGMA user_version = 99")
        db.close()
        self.refused(begat(*command), command, "schema 99")

    def test_another_programs_database(self, command: tuple[str, ...], copied: Path, begat: Begat) -> None:
        db = sqlite3.connect(self.store(copied))
        db.execute("CREATE TABLE theirs (x)")
        db.commit()
        db.close()
        before = self.store(copied).read_bytes()
        self.refused(begat(*command), command, "not a begat store")
        assert self.store(copied).read_bytes() == before

    def test_no_folder_to_write_in(self, command: tuple[str, ...], copied: Path, begat: Begat) -> None:
        said = begat(*command, "--store", "sqlite:////proc/begat/graph.db")
        if command != ("doctor",):  # which does not try
            self.refused(said, command, "/proc/begat")

    def test_a_damaged_file(self, command: tuple[str, ...], copied: Path, begat: Begat) -> None:
        self.store(copied).write_bytes(b"this is no database at all, " * 100)
        if command == ("rebuild",):
            said = begat("rebuild")
            assert said.code == 0
            assert "kept as" in said.err
            assert begat("ask", "loss_curve", "train").code == 0
            [aside] = copied.glob(".begat/graph.db.damaged-*")
            assert aside.read_bytes().startswith(b"this is no database")
        else:
            self.refused(begat(*command), command, "begat rebuild")


def test_doctor_finds_a_torn_page(copied: Path, begat: Begat) -> None:
    begat("ingest")
    assert begat("doctor").code == 0
    store = copied / ".begat" / "graph.db"
    with store.open("r+b") as file:
        file.seek(store.stat().st_size - 8192)
        file.write(b"?" * 8192)
    said = begat("doctor")
    assert said.code == 4
    assert "begat rebuild" in said.out
    assert begat("rebuild").code == 0
    assert begat("doctor").code == 0


# -- ingest and rebuild


def test_ingest_tells_what_it_did(copied: Path, begat: Begat) -> None:
    said = begat("ingest", "--once")
    assert (said.code, said.out) == (0, "")
    assert "(3 metric points) from 1 files" in said.err
    assert begat("ingest").err.startswith("0 events")
    assert begat("ingest", ".begat/spool").code == 0


def test_ingest_with_nothing_there_makes_nothing(folder: Path, begat: Begat) -> None:
    said = begat("ingest")
    assert (said.code, said.out) == (0, "")
    assert "nothing to take in" in said.err
    assert list(folder.iterdir()) == []


def test_a_flipped_byte_is_kept_aside_and_told(copied: Path, begat: Begat) -> None:
    written = segment(copied).read_bytes()
    segment(copied).write_bytes(written.replace(b'"loss"', b'"lost"', 1))
    said = begat("ingest")
    assert (said.code, said.out) == (1, "")
    assert "1 line could not be taken in" in said.err
    assert "the footer's crc does not fit" in said.err
    assert begat("ingest").code == 0  # nothing new is wrong
    stats = json.loads(begat("stats", "--format", "json").out)
    assert (stats["metric_points"], stats["quarantined"]) == (2, 1)
    doctor = begat("doctor")
    assert doctor.code == 0
    assert f"{segment(copied).relative_to(copied)} at byte {offset(written)}: crc does not fit" in doctor.out
    # The clean journal comes back: the hole is filled.
    segment(copied).unlink()
    next(copied.glob(".begat/spool/*")).joinpath("copy.seg").write_bytes(written)
    assert json.loads(begat("stats", "--format", "json").out)["metric_points"] == 3


def offset(written: bytes) -> int:
    """Where the first line about the loss starts."""
    return written.rindex(b"\n", 0, written.index(b'"loss"')) + 1


def test_a_journal_of_a_newer_begat_is_left_alone(copied: Path, begat: Begat) -> None:
    from zlib import crc32

    header = b'{"type":"journal","format":2}'
    newer = segment(copied).with_name("newer.0001.seg")
    newer.write_bytes(b"%08x %b\nwho knows\n" % (crc32(header), header))
    said = begat("ingest")
    assert said.code == 1
    assert "journal format 2, this begat reads up to 1: upgrade begat, nothing is lost" in said.err
    said = begat("ask", "loss_curve", "train")
    assert said.code == 0
    assert "journal format 2" in said.err
    assert newer.exists()


def test_rebuild_makes_the_same_graph(copied: Path, begat: Begat) -> None:
    before = begat("ask", "how_created", "model.pt", "--format", "json").out
    store = copied / ".begat" / "graph.db"
    inode = store.stat().st_ino
    said = begat("rebuild")
    assert (said.code, said.out) == (0, "")
    assert store.stat().st_ino != inode
    assert begat("ask", "how_created", "model.pt", "--format", "json").out == before
    assert not list(store.parent.glob("*rebuild*"))


def test_rebuild_refuses_to_lose_what_the_spool_lacks(copied: Path, begat: Begat) -> None:
    begat("ingest")
    old = segment(copied)
    old.rename(copied / "away.seg")
    said = begat("rebuild")
    assert said.code == 4
    assert "nothing to rebuild" in said.err
    subprocess.run([sys.executable, "train.py"], check=True)
    before = copied.joinpath(".begat/graph.db").read_bytes()
    said = begat("rebuild")
    assert said.code == 4
    assert one_line(said)
    assert "lacks events 1 to" in said.err
    assert copied.joinpath(".begat/graph.db").read_bytes() == before
    assert not list(copied.glob(".begat/graph.db.rebuild*"))


def test_rebuild_waits_for_nobody(copied: Path, begat: Begat) -> None:
    begat("ingest")
    db = sqlite3.connect(copied / ".begat" / "graph.db")
    db.execute("SELECT count(*) FROM node").fetchall()
    said = begat("rebuild")
    db.close()
    assert said.code == 4
    assert "open in another process" in said.err
    assert begat("stats").code == 0


# -- as a program


def program(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "begat.api.cli", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_a_reader_that_goes_away_is_no_error(trained: Path) -> None:
    command = f"{sys.executable} -m begat.api.cli ask how_created model.pt --format json | head -c 1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], cwd=trained, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_is_one_clear_line(copied: Path) -> None:
    command = f"{sys.executable} -m begat.api.cli stats > /dev/full"
    done = subprocess.run(["bash", "-c", command], cwd=copied, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (4, "begat: output: No space left on device\n")


def test_a_terminal_without_box_characters(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    said = program("ask", "how_created", "model.pt", "--format", "tree", cwd=trained)
    assert said.returncode == 0
    assert "train: layers=3 lr=0.1 [Training]" in said.stdout


def test_an_interrupt_ends_with_130(trained: Path, begat: Begat, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("begat.api.settings.load", interrupted)
    assert begat("stats").code == 130


def test_the_program_knows_its_version(folder: Path) -> None:
    from begat import __version__

    assert program("--version", cwd=folder).stdout == f"begat {__version__}\n"


def test_a_killed_training_loses_nothing_that_its_hooks_returned(folder: Path, begat: Begat) -> None:
    killed = SCRIPT.replace('    Path("model.pt")', "    import os\n    os.kill(os.getpid(), 9)\n    Path('model.pt')")
    folder.joinpath("killed.py").write_text(killed)
    assert subprocess.run([sys.executable, "killed.py"], check=False).returncode == -9
    said = begat("ask", "loss_curve", "train", "--format", "json")
    assert (said.code, said.err) == (0, "")
    assert [r["step"] for r in json.loads(said.out)["rows"]] == [0, 1, 2]
    assert begat("doctor").out.count("0 of them known to be alive") == 1
