"""A project is as if it were alone: whoever may see no other gets the same bytes whether there are others or not.

Asked is all that can be asked, over every face, by ids and names of one's own, of others', and of nobody's. So a thing
that is hidden and one that does not exist are told alike, and no count, order, page, tag or error tells of others.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from begat.api.demo.study import write
from tests.service import strangers
from tests.service.conftest import LONG, _started
from tests.service.everything import Answer, Asked, answered, everything
from tests.service.test_access import token

#: Names of others' things, and of nothing: of a thing by its id, by its name, by the end of either.
NAMES: Final = (
    "secret:models/a.pt", "secret:train-a", "secret models/a.pt", "secret train-a", "secret", "models/a.pt", "train-a",
    "nothing-of-that-name", "ecret:train-a", "secret:ada",
)  # fmt: skip


def ingest(folder: Path, spool: Path) -> None:
    """Take a spool in, by the command line."""
    subprocess.run([sys.executable, "-m", "begat", "ingest", str(spool)], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store has the study, and a token for it."""
    folder = tmp_path_factory.mktemp("alone")
    write(folder / "study")
    ingest(folder, folder / "study")
    (folder / "token").write_text(token(folder, "ada", "--project", "default"))
    return folder


@pytest.fixture(scope="module")
def among(alone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One whose store had two other projects before, and has got them."""
    folder = tmp_path_factory.mktemp("among")
    ingest(folder, strangers.beside(folder))
    ingest(folder, alone / "study")
    shutil.copy(alone / ".begat/tokens.db", folder / ".begat/tokens.db")
    return folder


def ready(client: httpx.Client) -> None:
    """Wait for the triples, which are made when they are first asked of."""
    end = time.monotonic() + LONG
    while client.get("/sparql", params={"query": "ASK {}"}).status_code != 200:
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def both(alone: Path, among: Path) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Who may see the study alone, at each of the two."""
    started: list[Any] = []
    start = _started(started)
    secret = (alone / "token").read_text()
    how = "--require-token", "--no-watch", "--base-iri", "https://prov.example.org/"  # or it is called by its port
    clients = [start(folder, *how).client(secret) for folder in (alone, among)]
    for client in clients:
        ready(client)
    yield clients[0], clients[1]
    for client in clients:
        client.close()
    for service in started:
        assert service.end() == 0


def test_whoever_may_see_one_project_sees_it_alone(both: tuple[httpx.Client, httpx.Client]) -> None:
    one, other = both
    ids = sorted(
        r["id"] for kind in ("Entity", "Activity", "Agent") for r in one.get(f"/api/v1/find/{kind}").json()["rows"]
    )
    different: list[tuple[Asked, Answer, Answer]] = []
    statuses: dict[int, int] = {}
    for asked in everything(ids, NAMES):
        expected, found = answered(one, asked), answered(other, asked)
        statuses[expected[0]] = statuses.get(expected[0], 0) + 1
        if found != expected:
            different.append((asked, expected, found))
    assert different == []
    # What is compared is not one error all over: most of it are answers.
    assert statuses[200] > 800, statuses
