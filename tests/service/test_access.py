"""Who may ask: without a token nobody, off this machine; with one, about its own project, and no word of another's."""

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from begat.api.cli import main
from begat.api.service.app import routes
from begat.api.service.tokens import Tokens
from begat.graph_schema.errors import NotFound, UsageError
from begat.graph_schema.store import open_store
from tests.service.conftest import NewService

#: Two projects use one file; each makes a model of it, with a secret name, a score and a person of its own.
SCRIPT: Final = """
import begat, sys
from pathlib import Path
project = sys.argv[1]
Path("shared.csv").write_text("1,2")
with begat.run(f"{project}-run", type="Training", experiment=f"{project}-experiment") as run:
    run.used("shared.csv", role="train")
    run.params({f"{project}_rate": 0.1})
    run.metric(f"{project}_loss", 1.0, step=0)
    Path(f"{project}-model.pt").write_text(project)
    model = run.generated(f"{project}-model.pt", type="Model")
    run.about(model, f"{project}-well")
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the projects mine and theirs have run."""
    folder = tmp_path_factory.mktemp("two")
    (folder / "train.py").write_text(SCRIPT)
    for project in ("mine", "theirs"):
        env = {"BEGAT_PROJECT": project, "PATH": "/usr/bin:/bin", "HOME": str(folder)}
        subprocess.run([sys.executable, "train.py", project], cwd=folder, check=True, env=env)
    subprocess.run([sys.executable, "-m", "begat", "ingest"], cwd=folder, check=True, capture_output=True)
    return folder


def token(folder: Path, name: str, *arguments: str) -> str:
    """A new token, by the command line."""
    done = subprocess.run(
        [sys.executable, "-m", "begat", "token", "create", name, *arguments], cwd=folder, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_without_a_token_nothing_is_read_or_written(two: Path, service: NewService) -> None:
    from tests.service.test_journal import body  # which needs tokens of this file

    token(two, "somebody")
    running = service(two, "--host", "0.0.0.0", "--no-watch")
    with running.client() as client:
        for route in routes():
            path = route.path_format.format(question="how_created", type="Model", id="x")
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
                answer = client.request(method, path, params={"thing": "mine-model.pt", "of": "mine-model.pt"})
                if path == "/healthz":
                    assert answer.text in ("", '{"status":"ok"}') or answer.status_code == 405
                    continue
                assert answer.status_code == 401, (method, path)
                assert answer.headers["www-authenticate"] == 'Bearer realm="begat"'
                assert "mine" not in answer.text
        for path in ("/", "/docs", "/static/x.js", "/sparql", "/id/x", "/api/v1/nothing", "/graphql/", "/%00"):
            assert client.get(path).status_code == 401, path
        stolen = body("stranger", project="mine")
        assert client.post("/api/v1/journal", content=stolen).status_code == 401
        mutation = {"query": 'mutation { tag(thing: "mine-model.pt", tags: ["x"]) { __typename } }'}
        assert client.post("/graphql", json=mutation).status_code == 401
        address = running.url.replace("http:", "ws:")
        with connect(f"{address}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
            socket.send(json.dumps({"type": "connection_init", "payload": {}}))
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(60)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403
        for path in ("/healthz", "/metrics", "/nothing"):
            with pytest.raises(InvalidStatus) as refused:
                connect(address + path)
            assert refused.value.response.status_code in (401, 404)
        for wrong in ("Bearer begat_aaaaaaaa_bbbb", "Bearer", "Basic YTpi", "Bearer " + "x" * 5000, "begat"):
            assert client.get("/api/v1/questions", headers={"Authorization": wrong}).status_code == 401, wrong
    assert "begat_" not in "".join(running.lines)
    store = open_store(f"sqlite:///{two}/.begat/graph.db", create=False)
    assert "stranger" not in {w.header.writer for w in store.writers()}
    store.close()


def test_others_can_reach_it_only_with_tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tokens = str(tmp_path / "tokens.db")
    for how in (["--host", "0.0.0.0"], ["--host", "::"], ["--host", "example.org"], ["--require-token"]):
        assert main(["serve", *how, "--port", "0", "--tokens", tokens]) == 2
        assert "begat token create" in capsys.readouterr().err


def test_insecure_says_what_it_does(two: Path, service: NewService) -> None:
    running = service(two, "--host", "0.0.0.0", "--insecure", "--no-watch")
    assert running.said("whoever reaches it reads and writes everything")
    with running.client() as client:
        assert client.get("/api/v1/find/Model", params={"project": "mine"}).json()["rows"]


#: Where a thing is named, and by which parameter.
NAMING: Final = {"show": "id", "ask/how_created": "thing", "lineage": "of", "metrics": "of"}


def _asked(client: httpx.Client, path: str, **params: Any) -> httpx.Response:
    return client.get(path, params=params)


def test_a_project_is_invisible_to_another_ones_token(two: Path, service: NewService) -> None:
    mine, theirs = token(two, "ada", "--project", "mine"), token(two, "bob", "--project", "theirs")
    running = service(two, "--require-token")
    with running.client(theirs) as client:
        ((hidden, _),) = {(r["id"], r["name"]) for r in _asked(client, "/api/v1/find/Model").json()["rows"]}
    with running.client(mine) as client:
        (model,) = _asked(client, "/api/v1/find/Model").json()["rows"]
        assert model["name"] == "mine-model.pt"
        told = [
            _asked(client, "/api/v1/find/Entity"),
            _asked(client, "/api/v1/find/Activity"),
            _asked(client, "/api/v1/find/Agent"),
            _asked(client, "/api/v1/find/Model", where="theirs_loss > 0"),
            _asked(client, "/api/v1/find/Model", where="theirs_rate > 0"),
            _asked(client, "/api/v1/lineage", of="shared.csv", direction="down"),
            _asked(client, "/api/v1/lineage", of="shared.csv", direction="both"),
            _asked(client, "/api/v1/ask/impact", thing="shared.csv"),
            _asked(client, "/api/v1/ask/how_created", thing=model["id"]),
            _asked(client, "/api/v1/runs"),
            _asked(client, "/api/v1/runs", steps="true"),
            _asked(client, "/api/v1/show", id="shared.csv"),
            _asked(client, "/api/v1/metrics", of=model["id"]),
            _asked(client, "/api/v1/export"),
            _asked(client, "/api/v1/diff", a="mine-run", b="mine-run"),
            _asked(client, "/openapi.json"),
            _asked(client, "/healthz"),
        ]
        for answer in told:
            # What was asked with their words is repeated as it was asked.
            asked = str(answer.request.url)
            assert "theirs" in asked or answer.status_code == 200, answer.text
            rows = answer.json().get("rows", ()) if "theirs" in asked and answer.status_code == 200 else answer.text
            assert "theirs" not in str(rows) or answer.status_code in (400, 404), asked
        for name in ("theirs-model.pt", "theirs-run", "theirs-experiment", "theirs-well", "theirs-modle.pt"):
            for path, parameter in NAMING.items():
                wrong = _asked(client, f"/api/v1/{path}", **{parameter: name})
                assert wrong.status_code == 404
                assert "theirs" not in wrong.text.replace(name, ""), (path, name)
        for path in ("find/Model", "ask/impact", "export", "runs"):
            wrong = _asked(client, f"/api/v1/{path}", project="theirs", **({"thing": "x"} if "ask" in path else {}))
            assert wrong.status_code == 403
            assert "theirs" not in wrong.text
        assert _asked(client, "/metrics").status_code == 403
        everything = "nodes { id name } totalCount"
        kinds = ("entities", "activities", "agents", "models", "datasets", "runs")
        document = "{" + " ".join(f"{k}(first: 100) {{ {everything} }}" for k in kinds) + "}"
        answer = client.post("/graphql", json={"query": document}).json()
        assert [n["name"] for n in answer["data"]["models"]["nodes"]] == ["mine-model.pt"]
        assert answer["data"]["models"]["totalCount"] == 1
        assert "theirs" not in str(answer)
        for asked in (f'node(id: "{hidden}") {{ id }}', 'howCreated(thing: "theirs-model.pt") { rows { id } }'):
            text = client.post("/graphql", json={"query": f"{{ {asked} }}"}).text
            assert "theirs" not in text.replace("theirs-model.pt", "")
            assert hidden not in text.replace(asked, "")
        assert client.post("/graphql?project=theirs", json={"query": document}).status_code == 403


def test_a_token_of_all_projects(two: Path, service: NewService) -> None:
    with service(two, "--require-token").client(token(two, "root", "--all-projects", "--scope", "admin")) as client:
        for project in ("mine", "theirs"):
            (row,) = _asked(client, "/api/v1/find/Model", project=project).json()["rows"]
            assert row["name"] == f"{project}-model.pt"
        assert _asked(client, "/metrics").status_code == 200


def test_tokens_end(tmp_path: Path, service: NewService) -> None:
    other = token(tmp_path, "bob")
    running = service(tmp_path, "--require-token")
    brief = token(tmp_path, "carl", "--expires", "3s")
    with running.client(other) as client:
        assert client.get("/api/v1/questions").status_code == 200
        assert client.get("/api/v1/questions", headers={"Authorization": f"Bearer {brief}"}).status_code == 200
        assert "who=bob" in running.said(r"path=/api/v1/questions.*")
        subprocess.run(
            [sys.executable, "-m", "begat", "token", "revoke", other.split("_")[1]], cwd=tmp_path, check=True,
            capture_output=True,
        )  # fmt: skip
        assert "revoked" in client.get("/api/v1/questions").json()["detail"]
        time.sleep(3)
        expired = client.get("/api/v1/questions", headers={"Authorization": f"Bearer {brief}"})
        assert (expired.status_code, expired.json()["detail"]) == (401, "this token is expired")


def test_what_is_kept_of_a_token_is_its_hash(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "a/tokens.db")
    made = tokens.create("ada", "write", "wells")
    secret = made.split("_", 2)[2]  # which may have further ones
    assert secret.encode() not in (tmp_path / "a/tokens.db").read_bytes()
    assert (tmp_path / "a/tokens.db").stat().st_mode & 0o077 == 0
    assert tokens.access(made).project == "wells"
    assert tokens.access(made).may("read")
    assert not tokens.access(made).may("admin")
    with pytest.raises(NotFound):
        tokens.revoke("none")
    with pytest.raises(UsageError):
        tokens.create("", "read")
    with sqlite3.connect(tmp_path / "a/tokens.db") as db:
        assert db.execute("SELECT count(*) FROM token").fetchone() == (1,)


def test_the_list_of_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["token", "create", "ada", "--expires", "90d"]) == 0
    assert main(["token", "create", "bob", "--all-projects", "--scope", "admin"]) == 0
    capsys.readouterr()
    assert main(["token", "list", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(t["name"], t["scope"], t["project"], t["state"]) for t in told] == [
        ("ada", "read", "default", "valid"), ("bob", "admin", None, "valid"),
    ]  # fmt: skip
    assert main(["token", "revoke", told[0]["id"]]) == 0
    assert main(["token", "list"]) == 0
    assert "revoked" in capsys.readouterr().out
    assert main(["token", "revoke", "nobody"]) == 3
    assert main(["token", "create", "x", "--expires", "soon"]) == 2


def test_pages_of_strangers_are_kept_off(two: Path, service: NewService) -> None:
    """A name that was made to point to this machine, and a form on somebody's page."""
    with service(two, "--no-watch").client() as client:
        assert client.get("/api/v1/questions", headers={"Host": "evil.example"}).status_code == 403
        assert client.get("/api/v1/questions", headers={"Host": f"localhost:{client.base_url.port}"}).status_code == 200
        wrong = client.post("/api/v1/questions", headers={"Origin": "https://evil.example"})
        assert wrong.status_code == 403
        same = client.post("/api/v1/questions", headers={"Origin": str(client.base_url).rstrip("/")})
        assert same.status_code == 405
        assert "access-control-allow-origin" not in client.get("/api/v1/questions").headers
