"""What docs/howto/exchange-documents.md shows is what happens."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from begat.api.cli import main
from tests.flows.test_documents import DOCUMENT

PAGE: Final = (Path(__file__).resolve().parents[2] / "docs/howto/exchange-documents.md").read_text("utf-8")
COMMANDS: Final = re.findall(r"^\$ begat (.*)$", PAGE, re.M)

#: How people call the forms.
NAMED: Final = {
    "prov-json": "PROV-JSON", "prov-n": "PROV-N", "prov-xml": "PROV-XML", "prov-jsonld": "PROV-JSONLD",
    "turtle": "Turtle", "trig": "TriG", "n-triples": "N-Triples", "n-quads": "N-Quads", "rdf-xml": "RDF/XML",
    "json-ld": "JSON-LD",
}  # fmt: skip


def test_the_commands_do_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("run.provn").write_text(DOCUMENT)
    for command in COMMANDS:
        assert main(shlex.split(command)) == 0
    assert "model.pt" in Path("model.json").read_text()
    assert "endDocument" in capsys.readouterr().out


def test_every_form_is_on_the_page() -> None:
    from begat.ingest.documents.forms import FORMS as READ
    from begat.queries.documents.export import FORMS as WRITTEN

    assert READ.keys() == WRITTEN.keys() == NAMED.keys()
    assert all(name in PAGE for name in NAMED.values())
