"""What the command line says of itself: wrong usage in one line, the counts it promises, where it looks."""

import json
from pathlib import Path

import pytest

from begat.api.cli import main
from begat.graph_schema import events as ev


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a journal of one run in its spool."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / ".begat" / "spool" / "host"
    folder.mkdir(parents=True)
    header = ev.Header(1, "w", 1, "default", "host", "boot", 1, 1, "ns", 0, 0)
    run = (ev.Start(1, 10, "run", "train", ["Training"]), ev.End(2, 20, "run"))
    folder.joinpath("w.0001.open").write_bytes(ev.line(header) + b"".join(ev.line(e) for e in run))
    return folder


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "impact", "x", "--foo", "1"], "unrecognized arguments: --foo 1; see begat ask impact --help"),
        (["ask", "how_created"], "the following arguments are required: THING; see begat ask how_created --help"),
        (["find"], "the following arguments are required: "),
        (["frobnicate"], "argument COMMAND: invalid choice: 'frobnicate'"),
        (["stats", "--format", "xml"], "argument --format: invalid choice: 'xml'"),
    ],
)
def test_wrong_usage_is_one_line(
    arguments: list[str], said: str, spool: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith(f"begat: {said}")
    assert " --help\n" in err


def test_stats_tells_what_is_held_however_it_came_there(spool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "entities": 0,
        "activities": 1,
        "agents": 0,
        "relations": 0,
        "metric_points": 0,
        "by_type": {"Training": 1},
        "pending_events": 0,
        "pending_bytes": 0,
        "lag_seconds": 0.0,
        "quarantined": 0,
        "dropped": 0,
        "snapshot": None,
    }


def test_the_spool_is_where_the_sink_has_the_hooks_write(
    spool: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = spool.parent.parent.parent / "elsewhere"
    spool.parent.rename(elsewhere)
    monkeypatch.setenv("BEGAT_SINK", f"file:{elsewhere}")
    assert main(["show", "train"]) == 0
    assert "Training" in capsys.readouterr().out


def test_doctor_names_what_is_left_alone(spool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = spool / "x.0001.seg"
    newer.write_bytes(ev.line(ev.Header(99, "x", 1, "default", "host", "boot", 1, 1, "ns", 0, 0)))
    main(["doctor"])
    (said,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("left alone "))
    assert f" {newer.relative_to(Path.cwd())}: journal format 99" in said
