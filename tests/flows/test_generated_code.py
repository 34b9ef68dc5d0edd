"""A script that a run generated is the code of the run that it is: its generator is behind what it makes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from begat.api.cli import main

GENERATOR = """
import begat
from pathlib import Path

Path("spec.txt").write_text("two layers")
with begat.run("generate") as run:
    run.used("spec.txt")
    Path("train.py").write_text('''
import begat
with begat.run("train", type="Training") as run:
    open("model.pt", "w").write("weights")
    run.generated("model.pt", type="Model")
''')
    run.generated("train.py")
"""


def test_the_generator_and_its_input_are_behind_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "generator.py").write_text(GENERATOR)
    for script in ("generator.py", "train.py"):
        subprocess.run([sys.executable, script], check=True)
    assert main(["ancestors", "model.pt", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    named = {row["name"] for row in rows if row["type"] != "Environment"}
    assert named == {"train", "train.py", "generate", "generator.py", "spec.txt"}
    assert [row["type"] for row in rows if row["name"] == "train.py"] == ["Code"]
