"""Each environment variable that begat reads or sets is told of in the docs."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("graph_schema", "capture", "ingest", "queries", "orchestration", "api")


def test_each_variable_is_in_the_docs() -> None:
    known = re.compile(r"\bBEGAT_[A-Z0-9_]*[A-Z0-9]\b")
    read = {name for folder in FOLDERS for p in (ROOT / folder).rglob("*.py") for name in known.findall(p.read_text())}
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    told = {name for page in pages for name in known.findall(page.read_text())}
    assert {"BEGAT_SPOOL", "BEGAT_PARENT"} <= read
    assert read - told == set()
