"""The reference page of the questions is what their definitions say."""

from pathlib import Path

import pytest

from begat.api.cli import main
from begat.queries import QUESTIONS
from begat.queries.outline import outline
from begat.queries.plan import Query
from tests.asked import OF_ONE

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/questions.md"


def test_the_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions", "--format", "markdown"]) == 0
    made = capsys.readouterr().out
    assert PAGE.read_text(encoding="utf-8") == made, f"begat questions --format markdown > {PAGE}"


def test_the_page_has_all_that_a_question_has() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for q in QUESTIONS.values():
        part = page.partition(f"\n## {q.name}\n")[2].partition("\n## ")[0]
        names = [*(p.name for p in q.parameters), *(c.name for c in q.columns)]
        for text in (q.sentence, q.example, *(f"`{n}`" for n in names)):
            assert text in part, (q.name, text)


@pytest.mark.parametrize("name", OF_ONE)
def test_every_word_of_the_language_has_an_outline(name: str) -> None:
    """No line falls back to how Python shows an object."""
    query: Query = OF_ONE[name]
    lines = outline(query)
    assert lines[-1].startswith("order by ")
    assert not [line for line in lines if "Var(" in line or "begat." in line or "None" in line]


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_help_of_a_question_has_its_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", name, "--help"]) == 0
    told = capsys.readouterr().out
    assert QUESTIONS[name].example in told
    assert "a row holds:" in told
