"""`begat serve` speaks TLS: browsers, hooks and `begat spool send` are heard by nobody else."""

import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from websockets.sync.client import connect

from begat.api.cli import main
from tests.service.conftest import LONG, NewService

TRAINING = """
import begat

with begat.run("train") as run:
    for step in range(20):
        run.metric("loss", 1 / (step + 1), step=step)
"""


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """One whose certificate is in authority.pem."""
    one = trustme.CA()
    one.cert_pem.write_to_path(tmp_path / "authority.pem")
    return one


@pytest.fixture
def certified(tmp_path: Path, authority: trustme.CA) -> tuple[str, ...]:
    """Flags of `begat serve`: a certificate for this machine, and its key in another file."""
    certificate = authority.issue_cert("127.0.0.1")
    for n, pem in enumerate(certificate.cert_chain_pems):
        pem.write_to_path(tmp_path / "lab.pem", append=n > 0)
    certificate.private_key_pem.write_to_path(tmp_path / "lab.key")
    return ("--certificate", str(tmp_path / "lab.pem"), "--key", str(tmp_path / "lab.key"))


def test_a_training_sends_its_journal_through_tls(
    tmp_path: Path, certified: tuple[str, ...], service: NewService, capsys: pytest.CaptureFixture[str]
) -> None:
    at, away = tmp_path / "server", tmp_path / "laptop"
    at.mkdir()
    away.mkdir()
    assert main(["token", "create", "ada", "--scope", "write", "--tokens", str(at / "tokens.db")]) == 0
    token = capsys.readouterr().out.strip()
    lab = service(at, *certified, "--require-token", "--tokens", str(at / "tokens.db"), "--no-watch")
    assert lab.url.startswith("https://127.0.0.1:")
    trusting = {"BEGAT_SINK": lab.url, "BEGAT_TOKEN": token, "SSL_CERT_FILE": str(tmp_path / "authority.pem")}
    told = subprocess.run(
        [sys.executable, "-c", TRAINING], cwd=away, env=os.environ | trusting, capture_output=True, text=True,
        timeout=LONG,
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (0, "")
    with lab.client(token, verify=ssl.create_default_context(cafile=tmp_path / "authority.pem")) as client:
        answer = client.get("/api/v1/ask/loss_curve", params={"thing": "train"})
    assert len(answer.json().get("rows", ())) == 20, answer.text


def test_a_server_that_nobody_vouches_for_is_sent_nothing(
    tmp_path: Path, certified: tuple[str, ...], service: NewService
) -> None:
    lab = service(tmp_path, *certified, "--no-watch")
    away = tmp_path / "laptop"
    away.mkdir()
    subprocess.run([sys.executable, "-c", TRAINING], cwd=away, env=os.environ | {"BEGAT_SINK": ""}, check=True)
    send = [sys.executable, "-m", "begat", "spool", "send", "--to", lab.url]
    told = subprocess.run(send, cwd=away, capture_output=True, text=True, timeout=LONG)
    assert told.returncode == 4
    assert "its certificate is not trusted here" in told.stderr
    assert "SSL_CERT_FILE" in told.stderr
    assert not list(tmp_path.glob(".begat/graph.db*"))  # nothing came


def test_who_does_not_speak_tls_is_hung_up_on(tmp_path: Path, certified: tuple[str, ...], service: NewService) -> None:
    lab = service(tmp_path, *certified, "--no-watch")
    with socket.create_connection(("127.0.0.1", int(lab.url.rpartition(":")[2])), LONG) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in plain.recv(1000)
    with lab.client(verify=ssl.create_default_context(cafile=tmp_path / "authority.pem")) as client:
        assert client.get("/healthz").status_code in (200, 503)


def _no_file(folder: Path) -> list[str]:
    return ["--certificate", str(folder / "none.pem")]


def _another_key(folder: Path) -> list[str]:
    other = trustme.CA().issue_cert("127.0.0.1")
    other.private_key_pem.write_to_path(folder / "other.key")
    return ["--certificate", str(folder / "lab.pem"), "--key", str(folder / "other.key")]


def _no_key(folder: Path) -> list[str]:
    return ["--certificate", str(folder / "lab.pem")]


def _rubbish(folder: Path) -> list[str]:
    (folder / "rubbish.pem").write_bytes(b"\0rubbish")
    return ["--certificate", str(folder / "rubbish.pem")]


def _only_a_key(folder: Path) -> list[str]:
    return ["--key", str(folder / "lab.key")]


def _locked(folder: Path) -> list[str]:
    from cryptography.hazmat.primitives import serialization as to

    key = to.load_pem_private_key((folder / "lab.key").read_bytes(), None)
    (folder / "locked.key").write_bytes(
        key.private_bytes(to.Encoding.PEM, to.PrivateFormat.PKCS8, to.BestAvailableEncryption(b"secret"))
    )
    return ["--certificate", str(folder / "lab.pem"), "--key", str(folder / "locked.key")]


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (_no_file, "none.pem cannot be read: No such file"),
        (_another_key, "other.key: do not belong together"),
        (_no_key, "PEM is expected, of a certificate and a key"),
        (_rubbish, "PEM is expected, of a certificate and a key"),
        (_only_a_key, "--key is the key of a --certificate, and there is none"),
        (_locked, "the key is locked by a password"),
    ],
)
@pytest.mark.usefixtures("certified")
def test_what_is_no_certificate(
    flags: Callable[[Path], list[str]], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["serve", "--port", "0", *flags(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line


def test_subscriptions_come_through_tls(
    tmp_path: Path, certified: tuple[str, ...], service: NewService, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = str(tmp_path / "tokens.db")
    assert main(["token", "create", "ada", "--tokens", tokens]) == 0
    token = capsys.readouterr().out.strip()
    subprocess.run([sys.executable, "-c", TRAINING], cwd=tmp_path, env=os.environ | {"BEGAT_SINK": ""}, check=True)
    subprocess.run([sys.executable, "-m", "begat", "ingest"], cwd=tmp_path, check=True, capture_output=True)
    lab = service(tmp_path, *certified, "--require-token", "--tokens", tokens)
    address = lab.url.replace("https:", "wss:") + "/graphql"
    how: Any = {"subprotocols": ["graphql-transport-ws"], "open_timeout": LONG, "proxy": None}
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(address, ssl=ssl.create_default_context(), **how)
    with connect(address, ssl=ssl.create_default_context(cafile=tmp_path / "authority.pem"), **how) as ws:
        ws.send(json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}))
        assert json.loads(ws.recv(LONG)) == {"type": "connection_ack"}
        query = 'subscription { metrics(run: "train") { name count } }'
        ws.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}))
        told = json.loads(ws.recv(LONG))["payload"]["data"]
        assert told == {"metrics": [{"name": "loss", "count": 20}]}
        assert json.loads(ws.recv(LONG)) == {"type": "complete", "id": "1"}  # the run has ended


def test_the_health_check_of_a_container_speaks_it_too(
    tmp_path: Path, certified: tuple[str, ...], service: NewService
) -> None:
    program = Path(__file__).resolve().parents[2] / "docker/health.py"
    port = service(tmp_path, *certified, "--no-watch").url.rpartition(":")[2]
    # There is no store yet: that is what it answers, to who speaks TLS.
    for words, says in ((("https",), '503: {"status":"store away"}'), ((), "no answer: ")):
        done = subprocess.run([sys.executable, program, port, *words], capture_output=True, text=True)
        assert done.returncode == 1
        assert done.stderr.startswith(says)
