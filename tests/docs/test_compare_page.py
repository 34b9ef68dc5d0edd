"""What the page on comparing shows is what happens."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from begat.queries.diff.row import ASPECTS, COLUMNS

PAGE = (Path(__file__).resolve().parents[2] / "docs/howto/compare-two-runs.md").read_text(encoding="utf-8")


def test_the_example_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in zip(
        ("prepare.py", "train.py"), re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S), strict=True
    ):
        (tmp_path / name).write_text(text)
    (session,) = re.findall(r"^```console\n(.*?)^```$", PAGE, re.M | re.S)
    *commands, (last, expected) = re.findall(r"^\$ (.*)\n((?:[^$].*\n|\n)*)", session, re.M)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    for command, _ in commands:
        subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    done = subprocess.run(["sh", "-c", last], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == expected


def test_it_names_every_part_and_column() -> None:
    assert [a for a in ASPECTS if f"| `{a}` |" not in PAGE] == []
    assert [c.name for c in COLUMNS if f"`{c.name}`" not in PAGE] == []
