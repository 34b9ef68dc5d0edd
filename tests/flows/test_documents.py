"""`begat import` and `begat export`: PROV documents of others in the graph, and what begat knows as a document."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import prov.model as pm
import pytest

from begat.api.cli import main
from tests.dumped import dumped

DOCUMENT = """document
  prefix ex <http://example.org/>
  entity(ex:rain, [prov:label="rain.csv", prov:type='prov:Plan', ex:size=12])
  activity(ex:train, 2024-01-01T10:00:00Z, 2024-01-01T11:00:00Z, [prov:label="train"])
  used(ex:train, ex:rain, 2024-01-01T10:01:00Z, [prov:role="train"])
  entity(ex:model, [prov:label="model.pt", ex:note="gut"@de])
  wasGeneratedBy(ex:g; ex:model, ex:train, 2024-01-01T10:59:00Z)
  agent(ex:ada, [prov:type='prov:Person'])
  wasAssociatedWith(ex:train, ex:ada, -)
  bundle ex:said
    entity(ex:model, [ex:size=13])
  endBundle
endDocument
"""
TRAINING = """
import begat
with begat.run("train", type="Training", experiment="demo") as run:
    begat.params(lr=0.1, optimizer="adam")
    open("data.csv", "w").write("1")
    begat.used("data.csv", role="train")
    for epoch in begat.epochs(3):
        begat.metric("loss", 1 / (epoch + 1))
    open("model.pt", "w").write("m")
    begat.generated("model.pt")
    begat.evaluated("model.pt", accuracy=0.9)
"""
Told = Callable[..., str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "doc.provn").write_text(DOCUMENT)
    return tmp_path


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """What a command that goes well prints."""

    def tell(*words: str) -> str:
        capsys.readouterr()
        assert main(list(words)) == 0
        return capsys.readouterr().out

    return tell


def document(text: str, form: str = "provn") -> pm.ProvDocument:
    return pm.ProvDocument.deserialize(content=text, format=form)


def test_a_document_is_asked_about_as_all_else(told: Told) -> None:
    told("import", "doc.provn")
    rows = told("ask", "how_created", "model.pt", "--format", "csv").splitlines()[1:]
    assert {(row.split(",")[0], row.split(",")[1]) for row in rows} >= {
        ("http://example.org/train", "train"),
        ("http://example.org/rain", "rain.csv"),
    }


@pytest.mark.parametrize(("form", "read"), [("prov-n", "provn"), ("prov-json", "json")])
def test_it_comes_out_as_it_went_in_with_its_prefixes(form: str, read: str, told: Told) -> None:
    told("import", "doc.provn")
    out = told("export", "--format", form)
    assert document(out, read) == document(DOCUMENT)
    assert "ex:model" in out


def test_taken_in_twice_it_is_there_once_and_again_after_a_rebuild(folder: Path, told: Told) -> None:
    told("import", "doc.provn")
    once = dumped(folder)
    told("import", "doc.provn", "doc.provn")
    assert dumped(folder) == once
    assert len(list((folder / ".begat/spool/documents").iterdir())) == 1
    for file in (folder / ".begat").glob("graph.db*"):
        file.unlink()
    told("rebuild")
    assert dumped(folder) == once


def test_standard_input_into_a_project_of_its_own(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(DOCUMENT.encode())))
    told("import", "-", "--project", "wells")
    assert "ex:model" not in told("export", "--format", "prov-n")
    assert document(told("export", "--format", "prov-n", "--project", "wells")) == document(DOCUMENT)
    assert document(told("export", "--format", "prov-n", "--all")) == document(DOCUMENT)


def test_only_what_lies_around_a_thing(told: Told) -> None:
    told("import", "doc.provn")
    near = told("export", "--from", "rain.csv", "--direction", "down", "--depth", "1", "--format", "prov-n")
    assert "entity(ex:rain" in near
    assert "activity(ex:train" in near
    assert "ex:model" not in near
    assert "used(ex:train, ex:rain" in near


def test_what_hooks_recorded_is_a_document_that_others_read(folder: Path, told: Told) -> None:
    (folder / "t.py").write_text(TRAINING)
    subprocess.run([sys.executable, "t.py"], check=True)
    told("export", "--output", "run.json")
    whole = document((folder / "run.json").read_text(), "json")
    assert whole == document(told("export", "--format", "prov-n"))
    labels = {str(label) for r in whole.get_records() for label in r.get_attribute("prov:label")}
    assert labels >= {"train", "data.csv", "model.pt", "loss", "accuracy", "lr"}
    (lr,) = (r for r in whole.get_records() if "lr" in map(str, r.get_attribute("prov:label")))
    assert lr.get_attribute("prov:value") == {0.1}
    points = [r for r in whole.get_records() if "loss" in map(str, r.get_attribute("prov:label"))]
    assert len(points) == 3
    assert len(told("export", "--no-points")) < len(told("export"))
    again = folder / "again"
    again.mkdir()
    there = ("--store", f"sqlite:///{again}/graph.db", "--spool", str(again / "spool"))
    told(*there, "import", "run.json")
    out = told(*there, "export", "--format", "prov-n")
    assert document(out) == whole


def test_a_wrong_document_leaves_nothing(folder: Path, capsys: pytest.CaptureFixture[str], told: Told) -> None:
    (folder / "wrong.provn").write_text(DOCUMENT.replace("endBundle", "endbundle"))
    told("import", "doc.provn")
    before = dumped(folder)
    assert main(["import", "wrong.provn"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("begat: wrong.provn: no PROV-N: line 12, column 3: 'endbundle' is no kind of statement")
    assert dumped(folder) == before
    assert len(list((folder / ".begat/spool/documents").iterdir())) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["import", "none.provn"], "none.provn cannot be read: No such file"),
        (["import", "."], ". cannot be read: Is a directory"),
        (["export", "--depth", "2"], "--depth is how far --from goes"),
        (["export", "--output", "none/there.json"], "--output none/there.json: No such file"),
        (["export", "--from", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_done(words: list[str], says: str, told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    told("import", "doc.provn")
    assert main(words) != 0
    assert says in capsys.readouterr().err


def test_an_export_that_breaks_off_leaves_the_file_as_it_was(
    folder: Path, capsys: pytest.CaptureFixture[str], told: Told
) -> None:
    bundle = "document\nprefix ex <http://x/>\nbundle ex:b\nentity(ex:e)\nendBundle\nendDocument\n"
    (folder / "bundle.provn").write_text(bundle)
    told("import", "doc.provn", "bundle.provn")
    (folder / "all.ttl").write_text("of yesterday")
    assert main(["export", "--format", "turtle", "--output", "all.ttl"]) == 2
    assert "turtle has one graph" in capsys.readouterr().err
    assert (folder / "all.ttl").read_text() == "of yesterday"
    assert not [p for p in folder.iterdir() if p.name.startswith(".all")]


def test_rdf_goes_in_and_out_and_what_is_kept_otherwise_is_told(
    told: Told, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "run.ttl").write_text(
        "@prefix prov: <http://www.w3.org/ns/prov#> . @prefix ex: <http://example.org/> .\n"
        'ex:train prov:used ex:rain ; prov:generated ex:model . ex:note ex:says "hm" .'
    )
    assert main(["import", "run.ttl"]) == 0
    line = capsys.readouterr().err
    assert line == (
        "run.ttl: 1 things and 2 relations; 1 things without a class of PROV-O, kept as entities\n"
    )
    lines = told("export", "--format", "n-triples").splitlines()
    assert "<http://example.org/model> <http://www.w3.org/ns/prov#wasGeneratedBy> <http://example.org/train> ." in lines
    assert "@prefix ex: <http://example.org/> ." in told("export", "--format", "turtle").splitlines()
