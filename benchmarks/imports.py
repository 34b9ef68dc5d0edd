"""How long a script waits for begat: `import begat`, and until its first hooks have returned, over bare Python."""

import compileall
import os
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Any

import msgspec

import begat
from benchmarks.budget import at_most, plain
from benchmarks.scratch import scratch
from benchmarks.timing import Cost

ROUNDS = 25
#: Each ends the interpreter there and then, so that only what comes before counts.
END = "\nimport os; os._exit(0)\n"
SCRIPTS = {
    "bare": "",
    "msgspec": "import msgspec",
    "import": "import begat",
    "hook": "import begat\nbegat.run('train').start().metric('loss', 0.5, step=0)",
    "hooks": """
import begat
run = begat.run("train", type="Training", experiment="digits").start()
run.used("data.csv", role="train")
run.params(lr=0.1)
run.metric("loss", 0.5, step=0)
""",
}


def imports() -> dict[str, Any]:
    """Import time and first hook ready, on compiled files: here, and where begat is all that is installed.

    The difference is msgspec's: where it finds typing_extensions, it imports that too. On a machine that does other
    work, the CPU says more than the wall.
    """
    package = Path(begat.__file__).parent
    for folder in (package, *(f for f in package.iterdir() if f.is_dir())):  # it would not follow links
        compileall.compile_dir(folder, quiet=1)
    with scratch() as folder:
        alone = _alone(folder, package)
        here, there = _least(folder, sys.executable, str(alone))
    return {**_told(here, ""), **_told(there, ", alone in its environment")}


def _alone(folder: Path, package: Path) -> Path:
    """The Python of an environment that holds what `pip install begat` brings, and nothing else."""
    venv.EnvBuilder(symlinks=True).create(folder / "alone")
    (packages,) = (folder / "alone").glob("lib/python*/site-packages")
    for each in (package, Path(msgspec.__file__).parent):
        (packages / each.name).symlink_to(each)
    return folder / "alone/bin/python"


def _least(folder: Path, *pythons: str) -> list[dict[str, Cost]]:
    """The cost of each script with each Python, least of all rounds, in turn."""
    costs: list[dict[str, list[Cost]]] = [{name: [] for name in SCRIPTS} for _ in pythons]
    (folder / "data.csv").write_text("1,2\n")
    for name, script in SCRIPTS.items():
        (folder / f"script_{name}.py").write_text(script + END)
    for _ in range(ROUNDS):
        for name in SCRIPTS:
            for python, found in zip(pythons, costs, strict=True):
                found[name].append(_process(folder, python, f"script_{name}.py"))
    return [{name: Cost(*map(min, zip(*each, strict=True))) for name, each in found.items()} for found in costs]


def _process(folder: Path, *command: str) -> Cost:
    """What a process costs from its start to its end, in milliseconds."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Cost((time.perf_counter() - began) * 1000, (used.ru_utime + used.ru_stime) * 1000)


def _told(cost: dict[str, Cost], where: str) -> dict[str, Any]:
    bare = cost["bare"]

    def over(name: str) -> tuple[float, dict[str, float]]:
        return cost[name].wall - bare.wall, {"cpu_ms": round(cost[name].cpu - bare.cpu, 1)}

    (begat, cpu), (hook, hook_cpu) = over("import"), over("hook")
    (hooks, hooks_cpu), (its, its_cpu) = over("hooks"), over("msgspec")
    unit = "ms over bare Python"
    return {
        f"import begat{where}": at_most(begat, 20, unit, **cpu),
        f"first hook ready{where}": at_most(hook, 40, unit, **hook_cpu),
        f"run, file, setting, metric ready{where}": plain(hooks, unit, **hooks_cpu),
        f"import msgspec{where}": plain(its, unit, **its_cpu),
        f"bare Python{where}": plain(bare.wall, "ms", cpu_ms=round(bare.cpu, 1)),
    }
