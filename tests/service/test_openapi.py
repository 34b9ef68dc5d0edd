"""What the description promises, tried by schemathesis: it makes up requests, good and bad, and checks each answer."""

import os
import subprocess
import sys
from pathlib import Path

import httpx


def test_the_service_keeps_what_its_openapi_promises(asked: httpx.Client, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [
            program, "run", f"{asked.base_url}/openapi.json", "--checks", "all", "--seed", "7", "--max-examples", "5",
            "--phases", "examples,coverage,fuzzing", "--workers", "2", "--no-color", "--suppress-health-check", "all",
        ],
        cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
