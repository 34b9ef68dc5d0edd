"""GET /api/v1/check: what `begat check` tells of what is recorded, over HTTP."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.conftest import NewService, Service
from tests.service.test_access import token
from tests.service.test_access import two as two

CHECK = "/api/v1/check"
#: What derives from itself is behind the model, and not behind the table.
TEXT = """document
  prefix ex <http://example.org/>
  entity(ex:model)
  entity(ex:data)
  entity(ex:table)
  wasDerivedFrom(ex:model, ex:data)
  wasDerivedFrom(ex:data, ex:data)
endDocument
"""
MODEL, TABLE = "http://example.org/model", "http://example.org/table"


def begat(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "begat", *words], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("check")
    (made / "doc.provn").write_text(TEXT)
    assert begat(made, "import", "doc.provn").returncode == 0
    return made


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    one = Service(folder, "--no-watch").begun()
    with one.client() as client:
        yield client
    assert one.end() == 0


def test_a_project_is_checked(client: httpx.Client) -> None:
    answer = client.get(CHECK)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    told = answer.json()
    assert told["valid"] is False
    (checked,) = told["checked"]
    assert (checked["what"], checked["statements"], checked["counts"]) == ("project default", 5, {"42": 1})
    (violation,) = checked["violations"]
    assert violation["sentence"] == "ex:data is derived from itself"


@pytest.mark.parametrize(("thing", "valid"), [(MODEL, False), (TABLE, True)])
def test_a_thing_is_checked_with_what_is_behind_it(client: httpx.Client, thing: str, valid: bool) -> None:
    told = client.get(CHECK, params={"of": thing}).json()
    assert (told["valid"], told["checked"][0]["what"]) == (valid, thing)


def test_it_is_what_the_command_says(client: httpx.Client, folder: Path) -> None:
    for words, params in (((), {}), ((MODEL,), {"of": MODEL})):
        as_text = client.get(CHECK, params={**params, "format": "text"})
        assert as_text.headers["content-type"] == "text/plain; charset=utf-8"
        assert as_text.text == begat(folder, "check", *words).stdout
        as_json = client.get(CHECK, params=params, headers={"Accept": "application/json"})
        assert as_json.json() == json.loads(begat(folder, "check", *words, "--format", "json").stdout)


def test_who_has_it_already_is_told_so(client: httpx.Client) -> None:
    tag = client.get(CHECK).headers["etag"]
    assert client.get(CHECK, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("of=nothing", 404), ("format=csv", 400), ("of=a&of=b", 400), ("time_limit=99999", 400), ("depth=1", 400),
        ("all=true", 400),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(client: httpx.Client, query: str, status: int) -> None:
    answer = client.get(f"{CHECK}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "\n" not in answer.json()["detail"]


def test_a_form_that_there_is_not(client: httpx.Client) -> None:
    answer = client.get(CHECK, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.json()["detail"]) == (
        406, "there is no 'text/csv' of this: there is application/json, text/plain"
    )  # fmt: skip


def test_a_token_checks_its_own_project(two: Path, service: NewService) -> None:
    mine = token(two, "ada", "--project", "mine")
    running = service(two, "--require-token")
    with running.client(mine) as client:
        own = client.get(CHECK)
        assert own.status_code == 200
        assert own.json()["checked"][0]["what"] == "project mine"
        assert own.json()["checked"][0]["statements"] > 0
        assert client.get(CHECK, params={"project": "theirs"}).status_code == 403
        assert client.get(CHECK, params={"of": "theirs-model.pt"}).status_code == 404
        assert "theirs" not in client.get(CHECK, params={"format": "text"}).text
    with running.client() as client:
        assert client.get(CHECK).status_code == 401
