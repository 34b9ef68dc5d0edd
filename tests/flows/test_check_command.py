"""`begat check` from the command line: documents, things, projects, and what begat records itself."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from begat.api.cli import main

HEAD = "document\n  prefix ex <http://example.org/>\n"
#: A run that writes the same content twice, and another file later.
TWICE = """
import begat
with begat.run("train", type="Training"):
    for line in "aab":
        with open("model.pt", "w") as file:
            file.write(line)
        begat.generated("model.pt")
"""
VALID = HEAD + "  entity(ex:e)\nendDocument\n"
INVALID = HEAD + "  entity(ex:e)\n  bundle ex:b\n    entity(ex:x)\n    activity(ex:x)\n  endBundle\nendDocument\n"



@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("valid.provn").write_text(VALID)
    Path("invalid.provn").write_text(INVALID)
    return tmp_path


def test_a_valid_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "valid.provn"]) == 0
    assert capsys.readouterr().out == "valid.provn: valid, 1 statement\n"


def test_an_invalid_one_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "valid.provn", "invalid.provn"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "valid.provn: valid, 1 statement",
        "invalid.provn: 1 violation, 3 statements in 2 instances",
        "  55 entity-activity-disjoint: ex:x is an entity and an activity",
        "     entity(ex:x)",
        "     activity(ex:x)",
        "     in the bundle ex:b",
    ]


def test_of_many_violations_some_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    body = "".join(f"entity(ex:e{n}) wasDerivedFrom(ex:e{n}, ex:e{n})\n" for n in range(101))
    Path("many.provn").write_text(HEAD + body + "endDocument")
    assert main(["check", "many.provn"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "many.provn: 101 violations, 202 statements"
    assert sum("is derived from itself" in line for line in lines) == 100
    assert lines[-1] == "  42: 101 violations, 100 of each constraint and instance are shown"


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "invalid.provn", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["valid"] is False
    (checked,) = told["checked"]
    assert (checked["what"], checked["statements"], checked["counts"]) == ("invalid.provn", 3, {"55": 1})
    assert checked["violations"] == [
        {
            "constraint": 55,
            "name": "entity-activity-disjoint",
            "sentence": "ex:x is an entity and an activity",
            "statements": ["entity(ex:x)", "activity(ex:x)"],
            "through": [],
            "bundle": "ex:b",
        }
    ]


def test_standard_input_and_a_form_that_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(INVALID.encode())))
    assert main(["check", "-"]) == 1
    assert main(["check", "valid.provn", "--input-format", "prov-json"]) == 1
    assert "valid.provn: no PROV-JSON" in capsys.readouterr().err


def test_input_of_no_form(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"hello")))
    assert main(["check", "-"]) == 2
    assert "-: of none of the forms, as it seems: --input-format says which one of " in capsys.readouterr().err


def test_a_file_that_is_no_document_is_a_thing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("model.pt").write_bytes(b"\x80\x02weights")
    Path("run.provn").write_text(HEAD + 'entity(ex:m, [prov:label="model.pt"]) endDocument')
    assert main(["import", "run.provn"]) == 0
    assert main(["check", "model.pt"]) == 0
    assert capsys.readouterr().out == "model.pt: valid, 1 statement\n"


def test_what_is_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    """Each project and each bundle for itself; a thing with what it depends on."""
    assert main(["import", "valid.provn"]) == 0
    assert main(["import", "invalid.provn", "--project", "other"]) == 0
    capsys.readouterr()
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "project default: valid, 1 statement\n"
    assert main(["check", "--project", "other"]) == 1
    assert main(["check", "--all"]) == 1
    out = capsys.readouterr().out
    assert "all projects: 1 violation, 4 statements in 3 instances" in out
    assert out.count("ex:x is an entity and an activity") == 2
    assert main(["check", "http://example.org/e"]) == 0
    assert capsys.readouterr().out == "http://example.org/e: valid, 1 statement\n"


def test_what_is_recorded_of_an_unsound_thing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("circle.provn").write_text(
        HEAD + "entity(ex:d) entity(ex:e) wasDerivedFrom(ex:d, ex:e) wasDerivedFrom(ex:e, ex:d) endDocument"
    )
    assert main(["import", "circle.provn"]) == 0
    assert main(["check", "http://example.org/e"]) == 1
    assert "  42 derivation-generation-generation-ordering: " in capsys.readouterr().out


def test_documents_that_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    Path("one.provn").write_text(HEAD + "activity(ex:a) used(ex:a, ex:d, -, [ex:size=1]) endDocument")
    Path("two.provn").write_text(HEAD.replace("ex ", "e ") + "used(e:a, e:d, -, [e:size=1]) activity(e:a) endDocument")
    Path("three.provn").write_text(HEAD + "activity(ex:a) used(ex:a, ex:d, -, [ex:size=2]) endDocument")
    assert main(["check", "one.provn", "--equivalent", "two.provn"]) == 0
    assert capsys.readouterr().out == "one.provn and two.provn are equivalent\n"
    assert main(["check", "one.provn", "--equivalent", "three.provn"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "one.provn and three.provn are not equivalent",
        "  2 statements of the normal form only of one.provn",
        "     used(ex:a, ex:d, -, [ex:size=1])",
        "     wasInfluencedBy(ex:a, ex:d, [ex:size=1])",
        "  2 statements of the normal form only of three.provn",
        "     used(ex:a, ex:d, -, [ex:size=2])",
        "     wasInfluencedBy(ex:a, ex:d, [ex:size=2])",
    ]
    assert main(["check", "one.provn", "--equivalent", "three.provn", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["equivalent"], told["first"], told["second"]) == (False, "one.provn", "three.provn")
    assert [d["only_first"] for d in told["differences"]] == [2]
    assert main(["check", "one.provn", "--equivalent", "invalid.provn"]) == 1
    assert capsys.readouterr().out.startswith("invalid.provn: 1 violation")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["check", "--equivalent", "valid.provn"], 2, "begat check A --equivalent B"),
        (["check", "nothing", "--equivalent", "valid.provn"], 2, "nothing is no PROV document"),
        (["check", "--all", "valid.provn"], 2, "--all is for all projects"),
        (["check", "valid.provn", "--input-format", "nonsense"], 2, "invalid choice"),
        (["check", "nothing.provn", "--input-format", "prov-n"], 2, "nothing.provn cannot be read"),
        (["check", "nothing.pt"], 3, "nothing.pt"),
    ],
)
def test_wrong_usage(words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "valid.provn"]) == 0
    assert main(words) == code
    assert said in capsys.readouterr().err


def test_what_was_said_of_one_event_several_times(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two ranks of one run, each with a start, an end and three generations of two contents."""
    rank = {"WORLD_SIZE": "2", "MASTER_ADDR": "host", "MASTER_PORT": "1", "TORCHELASTIC_RUN_ID": "run"}
    for n in "01":
        environment = os.environ | rank | {"RANK": n, "LOCAL_RANK": n}
        subprocess.run([sys.executable, "-c", TWICE], cwd=folder, env=environment, check=True)
    assert main(["check"]) == 0
    assert main(["export", "--format", "prov-n", "-o", "one.provn"]) == 0
    text = Path("one.provn").read_text()
    assert (text.count("alsoStartedAt="), text.count("alsoEndedAt="), text.count("begat:again=")) == (1, 1, 4)
    there = ["--store", "sqlite:///other.db", "--spool", "other"]
    assert main(["import", "one.provn", *there]) == 0
    assert main(["export", "--format", "prov-n", "-o", "two.provn", *there]) == 0
    assert main(["check", "one.provn", "--equivalent", "two.provn"]) == 0
    capsys.readouterr()
    told = []
    for where in ([], there):
        assert main(["ancestors", "model.pt", "--format", "json", *where]) == 0
        told.append([(row["name"], row["depth"]) for row in json.loads(capsys.readouterr().out)["rows"]])
    assert told[0] == told[1]


@pytest.mark.parametrize("flags", [[], ["--study"]], ids=["demo", "study"])
def test_what_begat_records_itself_is_valid(
    flags: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", *flags, "--dir", "made"]) == 0
    monkeypatch.chdir("made")
    capsys.readouterr()
    assert main(["check", "--all"]) == 0
    assert capsys.readouterr().out.startswith("all projects: valid, ")


def test_doctor_tells_of_it_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["import", "valid.provn"]) == 0
    assert main(["doctor"]) == 0
    assert "constraints    none is broken\n" in capsys.readouterr().out
    assert main(["import", "invalid.provn"]) == 0
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out.partition("constraints    ")[2].splitlines()
    assert told[0] == "1 violation of PROV-CONSTRAINTS: begat check --all"
    assert told[1].split(maxsplit=2)[0] == "55"
    assert told[1].endswith("http://example.org/x is an entity and an activity")
    monkeypatch.setattr("begat.api.commands.doctor.CHECKED", 2)
    assert main(["doctor"]) == 0
    assert "constraints    not looked at, as the store holds 3 statements" in capsys.readouterr().out
