"""compose.yaml is a composition by the specification's own schema, and keeps to what its README promises."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from begat.api.neo4j_server.container import IMAGE
from tests.docker.compose import COMPOSE, FILE, SERVICES
from tests.docker.dockerfile import FILE as DOCKERFILE
from tests.docker.dockerfile import stages

#: What runs for long; `token` is called by hand.
LASTING: Final = ("begat", "neo4j")
#: A test whose name has a server's in it would need that one running.
AS_TESTS: Final = {"neo4j": "server"}


def name_of(service: str) -> str:
    return AS_TESTS.get(service, service)


def test_it_is_what_the_specification_says() -> None:
    """The schema is that of the Compose specification, as the package check-jsonschema brings it."""
    program = str(Path(sys.executable).with_name("check-jsonschema"))
    command = [program, "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(FILE)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    broken = subprocess.run([*command, "-"], capture_output=True, text=True, input="services: {a: {imagee: b}}")
    assert broken.returncode == 1


@pytest.mark.parametrize("name", SERVICES, ids=name_of)
def test_no_service_has_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    uid = service["user"].partition(":")[0]
    assert uid.isdecimal()
    assert int(uid) > 0
    assert not {"privileged", "cap_add", "pid", "ipc", "devices"} & service.keys()
    # Neo4j's image writes its settings at each start.
    assert service.get("read_only") is (None if name == "neo4j" else True)


@pytest.mark.parametrize("name", LASTING, ids=name_of)
def test_each_is_bounded_and_started_again(name: str) -> None:
    service = SERVICES[name]
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory", "pids"} <= limits.keys()
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"]["max-size"]


def test_begat_waits_until_its_server_is_healthy() -> None:
    assert SERVICES["begat"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert SERVICES["neo4j"]["healthcheck"]["test"][0] == "CMD"
    assert stages(DOCKERFILE.read_text())[-1].health, "begat's own is that of its image"


def test_only_begat_is_reached_and_only_from_this_machine() -> None:
    assert SERVICES["begat"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in SERVICES["neo4j"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["neo4j"]["networks"] == ["inside"]


def test_secrets_are_files_and_in_no_environment() -> None:
    assert COMPOSE["secrets"].keys() == {"neo4j_auth", "begat_tokens"}
    assert all(list(s) == ["file"] for s in COMPOSE["secrets"].values())
    for name in LASTING:
        service = SERVICES[name]
        environment: dict[str, Any] = service["environment"]
        assert not [v for v in environment.values() if re.search(r"://[^/]*:[^/]*@", str(v))]
        used = {str(v) for v in (*environment.values(), *service.get("command", ()))}
        for path in (v for v in used if v.startswith("/run/secrets/")):
            assert path.removeprefix("/run/secrets/") in service["secrets"]
    assert "/run/secrets/begat_tokens" in SERVICES["begat"]["command"]


def test_what_is_written_lies_in_volumes() -> None:
    for name in LASTING:
        for volume in SERVICES[name]["volumes"]:
            assert volume.partition(":")[0] in COMPOSE["volumes"]
    assert [m.partition(":")[0] for m in SERVICES["begat"]["tmpfs"]] == ["/tmp"]
    assert {v.partition(":")[2] for v in SERVICES["neo4j"]["volumes"]} == {"/data", "/logs"}


def test_the_server_is_the_one_that_begat_is_tested_with() -> None:
    assert SERVICES["neo4j"]["image"] == IMAGE


def test_the_page_tells_of_every_variable() -> None:
    page = FILE.with_name("README.md").read_text() + FILE.read_text().partition("name: begat")[0]
    for name in set(re.findall(r"\$\{(\w+)", FILE.read_text())):
        assert name in page


def test_a_server_is_healthy_when_it_speaks_bolt(neo4j_server: str) -> None:
    """The check as it stands in the file, at another port."""
    port = re.search(r":(\d+)/", neo4j_server)
    assert port
    words = SERVICES["neo4j"]["healthcheck"]["test"][1:]
    for at, code in ((port[1], 0), ("1", 1)):
        command = [w.replace("/7687", f"/{at}") for w in words]
        assert bool(subprocess.run(command, capture_output=True).returncode) is bool(code)
