"""The folders, their links, and who may import whom."""

import ast
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

import begat

SCRIPTS = Path(sysconfig.get_path("scripts"))


def test_every_folder_has_its_link_and_every_link_its_folder(root: Path, folders: list[str]) -> None:
    links = {link.name: os.readlink(link) for link in (root / ".src/begat").iterdir() if link.is_symlink()}
    assert links == {name: f"../../{name}" for name in folders}


def test_links_are_committed_as_links(root: Path, folders: list[str]) -> None:
    listing = subprocess.run(
        ["git", "ls-files", "--stage", ".src/begat"], cwd=root, capture_output=True, text=True, check=True
    )
    links = [line.split("/")[-1] for line in listing.stdout.splitlines() if line.startswith("120000")]
    assert sorted(links) == folders


def test_import_begat_loads_begat_and_nothing_else(root: Path) -> None:
    program = (
        "import json, sys; sys.path.insert(0, '.src'); before = {*sys.modules, 'json', 'sys'};"
        "import begat; print(json.dumps(sorted({*sys.modules} - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == ["begat"]


def test_type_checkers_see_the_lazy_names(root: Path) -> None:
    tree = ast.parse((root / ".src/begat/__init__.py").read_text(encoding="utf-8"))
    seen = {
        alias.asname: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    assert seen == begat._HOME


def test_what_begat_starts_imports_nothing_of_the_current_folder(root: Path, folders: list[str]) -> None:
    """Somebody's select.py would stand before Python's own."""
    started = 0
    for file in (f for name in folders for f in (root / name).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            words = [e.value for e in getattr(node, "elts", ()) if isinstance(e, ast.Constant)]
            if any(str(word).startswith("begat.") for word in words) and "-m" in words:
                started += 1
                assert "-P" in words[: words.index("-m")], file
    assert started > 2


@pytest.mark.parametrize("name", sorted(begat._HOME))
def test_every_lazy_name_is_there(name: str) -> None:
    assert getattr(begat, name) is not None
    assert name in dir(begat)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"begat.*no_such_name"):
        begat.no_such_name  # noqa: B018


@pytest.mark.parametrize("place", ["capture/example.py", "tests/unit/test_example.py"])
def test_the_linter_refuses_a_top_level_import(root: Path, folders: list[str], place: str) -> None:
    for name in folders:
        for line in (f"import {name}", f"import {name}.part", f"from {name} import part"):
            assert "TID251" in lint(root, place, line), line


def test_the_linter_refuses_relative_imports(root: Path) -> None:
    assert "TID252" in lint(root, "capture/example.py", "from . import part")
    assert "TID" not in lint(root, "capture/example.py", "from begat.capture import part")


def lint(root: Path, place: str, source: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", place, "-"],
        cwd=root, input=source + "\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout


def test_the_import_rules_are_kept(root: Path) -> None:
    done = lint_imports(root, root / ".src")
    assert done.returncode == 0, done.stdout


def upward(package: Path) -> None:
    (package / "graph_schema/example.py").write_text("import begat.api\n")


def siblings(package: Path) -> None:
    (package / "ingest/example.py").write_text("import begat.capture\n")


def no_layer(package: Path) -> None:
    (package / "attic").mkdir()
    (package / "attic/__init__.py").touch()


@pytest.mark.parametrize("breach", [upward, siblings, no_layer])
def test_a_breach_of_the_import_rules_is_found(
    root: Path, tmp_path: Path, breach: Callable[[Path], None]
) -> None:
    shutil.copytree(root / ".src/begat", tmp_path / "begat", ignore=shutil.ignore_patterns("__pycache__"))
    breach(tmp_path / "begat")
    done = lint_imports(root, tmp_path)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout or "exhaustive" in done.stdout.lower(), done.stdout


def lint_imports(root: Path, source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIPTS / "lint-imports", "--no-logo", "--no-cache", "--config", root / "pyproject.toml"],
        cwd=source, env=os.environ | {"PYTHONPATH": str(source)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
