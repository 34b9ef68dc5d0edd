"""The page on adding a question: its example is saved as the one file it is, found, and asked on every store."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from begat.api.cli import main
from begat.api.demo.study import study
from begat.graph_schema.store import Store
from begat.queries import QUESTIONS, catalogue, questions
from begat.queries.ask import ask_question
from begat.queries.question import Question

if TYPE_CHECKING:
    from tests.contract.conftest import Load

PAGE: Final = (Path(__file__).resolve().parents[2] / "docs/howto/add-a-question.md").read_text(encoding="utf-8")


@pytest.fixture
def made_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Question:
    """The question of the page, out of a file that lies beside the others."""
    (text,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
    (tmp_path / "made_by.py").write_text(text)
    monkeypatch.setattr(questions, "__path__", [*questions.__path__, str(tmp_path)])
    found = {q.name: q for q in catalogue.discovered()}
    sys.modules.pop("begat.queries.questions.made_by")
    assert found.keys() == {*QUESTIONS, "made_by"}
    monkeypatch.setitem(QUESTIONS, "made_by", found["made_by"])
    return found["made_by"]


def test_every_store_answers_it(made_by: Question, store: Store, load: "Load") -> None:
    """Bob curated and annotated, trained b, and forecast with it: the arrows to him in the picture."""
    load(store, [s for teller in study() for s in teller.statements()])
    answer = ask_question(store, made_by, {"thing": "bob@lab"})
    assert [c.name for c in answer.columns] == ["id", "name", "type", "kind", "run_name", "role"]
    assert {(r["name"], r["run_name"], r["role"]) for r in answer.rows} == MADE_BY_BOB
    assert ask_question(store, made_by, {"thing": "bob@lab", "role": "nobody's"}).rows == []
    assert ask_question(store, made_by, {"thing": "bob@lab", "role": "author"}).rows == [
        r for r in answer.rows if r["role"] == "author"
    ]


MADE_BY_BOB: Final = {
    ("data/rain-clean.csv", "clean", "curator"),
    ("data/floods.csv", "annotate", "annotator"),
    ("models/b.pt", "train-b", "author"),
    ("out/flood-mulde.csv", "forecast", "forecaster"),
}


def test_the_command_line_explains_it(made_by: Question, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "made_by", "--help"]) == 0
    told = capsys.readouterr().out
    for text in ("What did the runs of this person make?", "--role", "run_name  the run that made it", made_by.example):
        assert text in told
