"""Questions from Python: begat.ask on what a training script left behind, and the answer as a DataFrame."""

import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas
import pytest

import begat
from begat.api.cli import main
from begat.graph_schema.errors import MissingExtra, NotFound, StoreError, UsageError
from begat.queries.answer import Answer, Column

SCRIPT = """
import begat
from pathlib import Path
from typing import Any

Path("data.csv").write_text("1,2\\n3,4\\n")
with begat.run("train", type="Training") as run:
    run.used("data.csv", role="train")
    run.params(lr=0.1)
    for epoch in run.epochs(3):
        run.metric("loss", float("nan") if epoch == 2 else 1 / (epoch + 1), step=epoch)
    Path("model.pt").write_text("weights")
    run.generated("model.pt", type="Model")
"""


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where a training script has run; nothing has been taken in."""
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("train.py").write_text(SCRIPT)
    subprocess.run([sys.executable, "train.py"], check=True)
    return tmp_path


def test_the_first_parameter_needs_no_name(trained: Path) -> None:
    answers = [
        begat.ask("impact", "data.csv"),
        begat.ask("impact", thing="data.csv"),
        begat.ask("impact", entity="data.csv"),
        begat.ask("impact", "data.csv", project="default", store="sqlite:///.begat/graph.db", spool=".begat/spool"),
    ]
    assert [[r["name"] for r in a.rows] for a in answers] == [["train", "model.pt"]] * 4


def test_limits_and_moments(trained: Path) -> None:
    assert begat.ask("loss_curve", "train", limit=2).truncated
    before = datetime.now(UTC) - timedelta(days=1)
    for moment in (before, before.replace(tzinfo=None), before.isoformat(), int(before.timestamp() * 1e6)):
        answer = begat.ask("impact", "data.csv", as_of=moment)
        assert answer.rows == []
        assert answer.as_of is not None
        assert datetime.fromisoformat(answer.as_of) == before
        assert "nothing of that name was known" in answer.notes[0]


def test_page_after_page(trained: Path) -> None:
    whole = begat.ask("how_created", "model.pt")
    first = begat.ask("how_created", "model.pt", limit=2)
    rest = begat.ask("how_created", "model.pt", after=first.next)
    assert (whole.next, rest.next) == (None, None)
    assert [*first.rows, *rest.rows] == whole.rows
    models = begat.find("Entity", limit=1)
    assert begat.find("Entity", after=models.next).rows == begat.find("Entity").rows[1:]


def test_what_is_wrong_is_told_as_an_error(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound, match=r"no question 'impakt'.*did you mean impact"):
        begat.ask("impakt", "data.csv")
    with pytest.raises(NotFound, match=r"nothing is called 'dato.csv'; did you mean data.csv"):
        begat.ask("impact", "dato.csv")
    with pytest.raises(UsageError, match="impact was given thing twice"):
        begat.ask("impact", "data.csv", thing="data.csv")
    with pytest.raises(UsageError, match="impact needs thing"):
        begat.ask("impact")
    with pytest.raises(UsageError, match="no parameter 'deph'; did you mean depth"):
        begat.ask("impact", "data.csv", deph=2)
    with pytest.raises(UsageError, match="is not a time"):
        begat.ask("impact", "data.csv", as_of="yesterday")
    monkeypatch.chdir(trained / ".begat")
    with pytest.raises(StoreError, match="no store at"):
        begat.ask("impact", "data.csv")


def test_the_same_rows_as_on_the_command_line(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "how_created", "model.pt", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    answer = begat.ask("how_created", "model.pt")
    assert lines[0] == ",".join(c.name for c in answer.columns)
    assert [line.split(",")[0] for line in lines[1:]] == [r["id"] for r in answer.rows]


def test_an_answer_as_a_frame(trained: Path) -> None:
    curve = begat.ask("loss_curve", "train").to_pandas()
    assert list(curve.columns) == [c.name for c in begat.ask("loss_curve", "train").columns]
    assert curve["step"].tolist() == [0, 1, 2]
    assert curve["value"].tolist()[:2] == [1.0, 0.5]
    assert math.isnan(curve["value"].tolist()[2])
    assert str(curve["at"].dtype) == "datetime64[us, UTC]"
    made = begat.ask("how_created", "model.pt").to_pandas()
    assert made["depth"].dtype == "Int64"
    assert made.loc[made["name"] == "lr", "value"].tolist() == [0.1]
    started = made.loc[made["name"] == "data.csv", "started_at"]
    assert started.isna().all()


def test_a_frame_keeps_what_no_calendar_has_and_what_is_not_finite() -> None:
    columns = [Column("at", "time"), Column("x", "number"), Column("n", "integer"), Column("v", "json")]
    rows: list[dict[str, Any]] = [
        {"at": "+10000-01-01T00:00:00Z", "x": "-INF", "n": None, "v": False},
        {"at": None, "x": None, "n": 2**60 + 1, "v": ""},
    ]
    made = Answer("q", {}, columns, rows).to_pandas()
    assert made["at"].tolist()[0] == "+10000-01-01T00:00:00Z"
    assert made["x"].tolist()[0] == -math.inf
    assert made["n"].tolist()[1] == 2**60 + 1
    assert made["v"].tolist() == [False, ""]
    none = Answer("q", {}, columns, []).to_pandas()
    assert list(none.columns) == ["at", "x", "n", "v"]
    assert isinstance(none, pandas.DataFrame)


def test_without_pandas_one_line_says_what_to_install(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtra, match=r"pip install 'begat\[pandas\]'"):
        begat.ask("impact", "data.csv").to_pandas()
