"""A Neo4j server to play with, up to its start: what the machine lacks is told in one line."""

import os
from pathlib import Path

import pytest

from begat.api.cli import main
from begat.api.neo4j_server.container import IMAGE, Container
from begat.api.neo4j_server.jars import VERSION, user_cache
from begat.api.neo4j_server.login import reason
from begat.api.neo4j_server.server import Server, java
from begat.graph_schema.errors import StoreError


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of programs there is, and a cache that holds nothing."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    monkeypatch.setenv("PATH", str(bin_))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return bin_


def test_a_machine_that_has_nothing_says_what_to_install(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--start-neo4j"]) == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "begat: this machine has nothing to run Neo4j with: "
        "install Java 17 and Maven (mvn), or start Docker or Podman\n"
    )


@pytest.mark.parametrize(
    ("says", "code", "told"),
    [
        ('openjdk version "11.0.2" 2019-01-15', 0, 'Java 17 or newer, and .*/java is openjdk version "11.0.2"'),
        ('java version "1.8.0_202"', 0, 'Java 17 or newer, and .*/java is java version "1.8.0_202"'),
        ("Unable to locate a Java Runtime", 1, "Java 17 or newer, and Java is not installed"),
    ],
)
def test_a_java_that_will_not_do(path: Path, says: str, code: int, told: str) -> None:
    program(path, "java", f"echo '{says}' >&2; exit {code}")
    with pytest.raises(StoreError, match=told):
        java()


def test_a_java_that_will_do(path: Path) -> None:
    program(path, "java", """echo 'openjdk version "21" 2023-09-19' >&2""")
    assert java() == str(path / "java")


def test_what_maven_could_not_fetch(path: Path, tmp_path: Path) -> None:
    program(path, "java", """echo 'openjdk version "21" 2023-09-19' >&2""")
    program(path, "mvn", "echo '[ERROR] no network'; echo '[ERROR] more'; exit 1")
    with pytest.raises(StoreError, match=r"^Maven could not fetch the Neo4j server \(118 MB\): \[ERROR\] no network$"):
        Server(tmp_path / "home", cache=user_cache(), password="x")
    assert not list(tmp_path.glob("cache/begat/*/complete"))


def test_an_engine_that_does_not_run_is_none(path: Path) -> None:
    program(path, "docker", "exit 1")
    assert main(["doctor", "--start-neo4j"]) == 4


def test_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert user_cache() == tmp_path / ".cache/begat"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert user_cache() == tmp_path / "elsewhere/begat"


def test_a_container_listens_on_this_machine_alone_and_its_command_holds_no_password(tmp_path: Path) -> None:
    one = Container("docker", tmp_path, password="secret", browser=True)
    command = one.command()
    port = one.address.partition("@127.0.0.1:")[2].partition("/")[0]
    assert command[:4] == ["docker", "run", "--rm", f"--name=begat-neo4j-{port}"]
    assert f"--publish=127.0.0.1:{port}:7687" in command
    assert all(c.startswith("--publish=127.0.0.1:") for c in command if c.startswith("--publish"))
    assert f"--volume={tmp_path}/data:/data" in command
    assert f"--user={os.getuid()}:{os.getgid()}" in command
    assert command[-1] == IMAGE == f"docker.io/library/neo4j:{VERSION}-community"
    assert not any("secret" in c for c in command)


def test_the_reason_is_the_first_complaint(tmp_path: Path) -> None:
    log = tmp_path / "console.log"
    log.write_text("INFO  Starting...\nERROR Failed to start Neo4j: port in use\n\tat some.where\nINFO  Stopped.\n")
    assert reason(log) == "ERROR Failed to start Neo4j: port in use"
    log.write_text("")
    assert reason(log) == "it said nothing"


@pytest.mark.parametrize("flags", [["--neo4j-dir", "x"], ["--browser"]])
def test_what_goes_with_a_server_alone(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", *flags]) == 2
    assert capsys.readouterr().err == "begat: --neo4j-dir and --browser go with --start-neo4j\n"
