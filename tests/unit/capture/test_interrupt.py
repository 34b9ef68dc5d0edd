"""Ctrl-C ends a process as it does without begat: it dies of SIGINT, so the shell's loop around it ends too."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / ".src"
SCRIPT = """
import time
import begat

with begat.run("train"):
    print("started", flush=True)
    for _ in range(600):
        time.sleep(0.1)  # CPython misses a signal that comes just before a sleep until the sleep is over
"""


@pytest.mark.parametrize("after", [0.0, 1.5])
def test_a_process_that_is_interrupted_dies_of_it(after: float, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"started\n"
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert err.endswith(b"KeyboardInterrupt\n")
