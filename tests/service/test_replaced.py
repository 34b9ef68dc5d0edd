"""A store that takes the place of another under a running service, as when one is copied back."""

import os
import subprocess
import sys
from pathlib import Path

from tests.service.conftest import NewService

SCRIPT = "import begat\nwith begat.run('{name}') as r:\n    r.params(lr=0.1)\n"


def trained(folder: Path, name: str) -> Path:
    """A store with one run of that name."""
    folder.mkdir()
    (folder / "t.py").write_text(SCRIPT.format(name=name))
    for command in (["t.py"], ["-m", "begat", "ingest"]):
        subprocess.run([sys.executable, *command], cwd=folder, check=True, capture_output=True)
    return folder / ".begat/graph.db"


def test_what_stands_there_now_is_asked(tmp_path: Path, service: NewService) -> None:
    here, other = trained(tmp_path / "here", "before"), trained(tmp_path / "other", "after")
    with service(tmp_path / "here", "--no-watch").client() as client:
        assert [r["name"] for r in client.get("/api/v1/find/Activity").json()["rows"]] == ["before"]
        os.replace(other, here)
        assert [r["name"] for r in client.get("/api/v1/find/Activity").json()["rows"]] == ["after"]
        here.unlink()
        assert client.get("/api/v1/find/Activity").status_code == 503
