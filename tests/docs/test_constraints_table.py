"""The table of docs/reference/conformance.md and the page on checking documents say what is."""

import re
import shlex
from pathlib import Path

import pytest

from begat.api.cli import main
from begat.queries.constraints.rules import RULES

DOCS = Path(__file__).resolve().parents[2] / "docs"
TABLE = (DOCS / "reference/conformance.md").read_text("utf-8").partition("\n## Constraints\n")[2].partition("\n## ")[0]
PAGE = (DOCS / "howto/check-documents.md").read_text("utf-8")
#: The document behind the answer on the page.
DERIVED = """document
  prefix ex <http://example.org/>
  activity(ex:write)
  entity(ex:report)
  wasGeneratedBy(ex:report, ex:write, -)
  wasStartedBy(ex:write, ex:notes, -, -)
  wasDerivedFrom(ex:notes, ex:report)
endDocument
"""


def test_every_rule_is_in_the_table_with_its_documents() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TABLE.splitlines() if line.startswith("| ")]
    told = {int(n): (name, section, sentence) for n, name, section, sentence, _ in rows[1:]}
    assert told == {n: (r.name, r.section, r.sentence) for n, r in RULES.items()}
    for number, *_, documents in rows[1:]:
        linked = dict(re.findall(r"\[(\w+)\]\(([^)]*)\)", documents))
        assert linked.keys() == ({"passes", "fails"} if RULES[int(number)].breakable else {"passes"})
        assert all((DOCS / "reference" / path).is_file() for path in linked.values())


def test_the_answer_on_the_page_is_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("derived.provn").write_text(DERIVED)
    assert main(["check", "derived.provn"]) == 1
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.S)
    assert capsys.readouterr().out == shown


def test_the_commands_on_the_page_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("run.provn").write_text('document prefix ex <http://e/> entity(ex:m, [prov:label="model.pt"]) endDocument')
    Path("again.provn").write_text(Path("run.provn").read_text())
    assert main(["import", "run.provn"]) == 0
    for command in re.findall(r"^\$ begat (.*)$", PAGE, re.M):
        assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out.endswith(
        "run.provn: valid, 1 statement\nall projects: valid, 1 statement\nmodel.pt: valid, 1 statement\n"
        "run.provn and again.provn are equivalent\n"
    )
