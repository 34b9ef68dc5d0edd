"""The image: each instruction of its Dockerfile is carried out, without a container engine, and what came of it is run.

What is not tried, since it takes an engine: the base image (this machine's system and Python stand for it), layers and
their cache, the network and the ports of a container, limits of memory and processors. An unprivileged user tries it
without changing users.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from tests.docker.compose import SERVICES
from tests.docker.dockerfile import FILE, ROOT, Stage, stages
from tests.needs import ALONE, cannot

#: What an engine, too, hands on while it builds: where certificates and packages are found.
HANDED_ON: Final = ("SSL_CERT_FILE", "PIP_CERT", "PIP_INDEX_URL", "HTTPS_PROXY", "https_proxy", "NO_PROXY")
OUTSIDE: Final = ("unshare", "--mount", "--propagation", "private")


@pytest.fixture(scope="module")
def image() -> list[Stage]:
    return stages(FILE.read_text())


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an engine is sent: what .dockerignore names, and nothing else."""
    folder = tmp_path_factory.mktemp("context")
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert ignored[0] == "*"
    everywhere = shutil.ignore_patterns(*(line.removeprefix("**/") for line in ignored if line.startswith("**/")))
    for name in (line.removeprefix("!") for line in ignored if line.startswith("!")):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=everywhere)
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def told(image: list[Stage], context: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What came of building and starting it: as it is, and as compose.yaml starts it, by another user."""
    namespace = OUTSIDE if os.geteuid() == 0 else ALONE
    if shutil.which("unshare") is None or subprocess.run([*namespace, "true"], capture_output=True).returncode:
        cannot("nobody may make a root folder of their own here (unshare --mount)")
    service = SERVICES["begat"]
    as_composed = {
        "name": "composed", "user": "4242:4242", "command": service["command"],
        "env": {k: v for k, v in service["environment"].items() if k == "BEGAT_SPOOL"},
        "secrets": {".begat/tokens.db": "/run/secrets/begat_tokens"},
    }  # fmt: skip
    plan = {
        "stages": msgspec.to_builtins(image),
        "context": str(context),
        "env": {k: v for k, v in os.environ.items() if k in HANDED_ON},
        "runs": [{"name": "plain"}, as_composed],
    }
    folder = tmp_path_factory.mktemp("room")
    try:
        done = subprocess.run(
            [*namespace, sys.executable, str(Path(__file__).with_name("room.py")), str(folder)],
            input=json.dumps(plan), capture_output=True, text=True, timeout=900,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-6000:]
        yield json.loads(done.stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("how", ["plain", "composed"])
def test_it_is_built_and_serves(how: str, told: dict[str, Any]) -> None:
    run = told[how]
    assert run["token"] == 0
    assert run["healthy"] == [0, ""], run["said"]
    assert run["asked"] == ["401", "200"]
    assert run["ended"] == 0, run["said"]
    assert run["healthy after its end"][0] == 1
    assert "no answer" in run["healthy after its end"][1]
    assert "Traceback" not in run["said"]


@pytest.mark.parametrize("how", ["plain", "composed"])
def test_it_serves_nobody_before_there_is_a_token(how: str, told: dict[str, Any]) -> None:
    code, said = told[how]["without a token"]
    assert code == 2
    assert "begat token create" in said


@pytest.mark.parametrize("how", ["plain", "composed"])
def test_it_may_write_its_data_alone(how: str, told: dict[str, Any]) -> None:
    run = told[how]
    assert 0 not in run["writes its programs"]
    assert run["writes its data"] == 0
    assert run["capabilities"][1].split() == ["CapEff:", "0" * 16]
    if run["other users"]:
        assert run["who"] == [0, {"plain": "10001", "composed": "4242"}[how]]


def test_what_it_says_of_itself(image: list[Stage]) -> None:
    build, final = image
    assert (build.name, build.base) == ("build", final.base)
    assert final.user == "10001:10001"
    assert final.folder in final.volumes
    assert final.ports == [final.command[final.command.index("--port") + 1]]
    assert final.health[0] == "python"
    assert "curl" not in FILE.read_text()


def test_secrets_and_history_stay_outside(context: Path) -> None:
    names = {p.relative_to(context).parts[0] for p in context.iterdir()}
    assert {".src", "api", "graph_schema", "pyproject.toml"} <= names
    assert not names & {".git", ".cache", ".venv", "tests", ".begat", "benchmarks"}
    assert [p.name for p in (context / "docker").iterdir()] == ["health.py"]


@pytest.mark.parametrize("lock", ["image", "build"])
def test_it_has_the_versions_that_are_tested(lock: str) -> None:
    tested = _pins("dev")
    assert _pins(lock)
    assert _pins(lock) <= tested


def _pins(lock: str) -> set[str]:
    lines = (ROOT / f"requirements/{lock}.txt").read_text().splitlines()
    return {line.partition(" ")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}


def test_the_lock_has_all_that_the_image_is_for() -> None:
    """Each package that an extra of the image names."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    wanted = {spec.split(">=")[0] for extra in ("arrow", "fast", "neo4j", "rdf", "service") for spec in extras[extra]}
    assert wanted <= {pin.split("==")[0] for pin in _pins("image")}


def test_hadolint_finds_nothing() -> None:
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        cannot("hadolint has no wheel for this machine")
    done = subprocess.run([program, "--config", os.devnull, FILE], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
