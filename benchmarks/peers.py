"""begat beside other libraries that record trainings, in an environment that has them; see README for making one."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.budget import plain
from benchmarks.scratch import scratch

#: The Python of that environment; without it, the one that runs this, which has begat alone.
PYTHON: Final = "BEGAT_BENCH_PEERS"
ROOT: Final = Path(__file__).resolve().parents[1]
PEERS: Final = ("begat", "flowcept", "provlake", "mlflow", "yprov4ml")
#: Processes that are timed from start to end; metrics and tasks before a process is killed.
ROUNDS, CALLS = 3, 550
VERSION: Final = "from importlib.metadata import version; import sys; print(version(sys.argv[1]))"


def peers() -> dict[str, Any]:
    """Import, first hook, a metric, a task's start and end, and what is lost when a process is killed, of each."""
    found: dict[str, Any] = {}
    for peer in PEERS:
        version = _said(ROOT, "-c", VERSION, peer)
        found |= _measured(peer, version) if version else {f"{peer}, left out": {"error": "not installed"}}
    return found


def _measured(peer: str, version: str) -> dict[str, Any]:
    print(f" {peer}", end="", file=sys.stderr, flush=True)
    script = ("-m", f"benchmarks.peer_scripts.with_{peer}")
    with scratch() as folder:
        bare = _least(folder, "-c", "import os; os._exit(0)")
        imported = _least(folder, "-c", f"import {peer}, os; os._exit(0)")
        first = _least(folder, *script, "first")
        costs = {what: json.loads(_said(folder, *script, what) or "null") for what in ("metric", "task")}
    if bare is None or imported is None or first is None:
        return {f"{peer} {version}, left out": {"error": "it does not run here, see stderr"}}
    found = {
        "import": plain(imported - bare, "ms over bare Python"),
        "first hook ready": plain(first - bare, "ms over bare Python"),
    }
    for what, cost in costs.items():
        if cost:
            more = {"cpu_us": round(cost["cpu_us"], 2), "calls": cost["calls"]}
            found[what] = plain(cost["us"], "us, the median of hundreds", **more)
    return {f"{peer} {version}, {what}": value for what, value in {**found, **_lost(script)}.items()}


def _lost(script: tuple[str, str]) -> dict[str, Any]:
    """Of so many calls that had returned, how many left no trace when the process was killed right after them."""
    with scratch() as folder:
        killed = _run(folder, *script, "kill", str(CALLS))
        if killed.returncode != -signal.SIGKILL:
            return {}
        kept = json.loads(_said(folder, *script, "kept") or "{}")
    return {f"{what}s lost": plain(CALLS - kept.get(what, 0), f"of {CALLS}") for what in json.loads(killed.stdout)}


def _least(folder: Path, *words: str) -> float | None:
    """Milliseconds from a process's start to its end, least of several; None where it fails."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        if _run(folder, *words).returncode:
            return None
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


def _said(folder: Path, *words: str) -> str:
    done = _run(folder, *words)
    return "" if done.returncode else done.stdout.strip().rpartition("\n")[2]


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    settings = {k: v for k, v in os.environ.items() if not k.startswith("BEGAT_")}
    done = subprocess.run(
        [os.environ.get(PYTHON) or sys.executable, "-W", "ignore", *words], cwd=folder, text=True, check=False,
        env={**settings, "PYTHONPATH": str(ROOT)}, capture_output=True,
    )  # fmt: skip
    if done.returncode not in (0, -signal.SIGKILL) and VERSION not in words:
        print(f" {words[-2:]}: {done.stderr.strip()[-500:]}", file=sys.stderr)
    return done
