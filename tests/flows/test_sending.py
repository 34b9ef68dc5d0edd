"""`begat spool send`: what an offline machine has recorded reaches a server later, once, and only then may go."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from begat.api import sending
from begat.api.cli import main
from begat.graph_schema.dump import lines
from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest
from tests.journals import Server, serving

SCRIPT = """
import begat, os, sys
with begat.run("train", type="Training") as run:
    for epoch in run.epochs(30):
        run.metric("loss", 1 / (epoch + 1), step=epoch)
    if "die" in sys.argv:
        os.kill(os.getpid(), 9)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where a script has run to its end, and another has been killed, without a network."""
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("train.py").write_text(SCRIPT)
    for words in ([], ["die"]):
        subprocess.run([sys.executable, "train.py", *words], check=not words)
    return tmp_path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(f"sqlite:///{tmp_path}/server.db") as running:
        yield running


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Any:
    """What a command says as JSON, with its exit code."""

    def ask(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([*words, "--format", "json"])
        return code, json.loads(capsys.readouterr().out)

    return ask


def same(folder: Path) -> bool:
    """Whether the server's store is what an ingest of the spool gives."""
    clean, store = open_store("memory:"), open_store(f"sqlite:///{folder}/server.db")
    ingest(clean, folder / ".begat/spool")
    store.settle()
    equal = list(lines(store)) == list(lines(clean))
    store.close()
    return equal


def segments(folder: Path, ending: str = "") -> list[Path]:
    return sorted(folder.glob(f".begat/spool/[!.]*/*{ending}"))


def test_what_is_sent_is_at_the_server_and_sent_once(asked: Any, folder: Path, server: Server) -> None:
    code, told = asked("spool", "send", "--to", server.address)
    assert code == 0
    assert told["segments"] == 2
    assert told["bytes"] > sum(p.stat().st_size for p in segments(folder)) - 2000  # all but the headers
    assert (told["quarantined"], told["rows"], told["problem"]) == (0, [], None)
    assert same(folder)
    asked_before = len(server.requests)
    assert asked("spool", "send", "--to", server.address)[1]["bytes"] == 0
    assert len(server.requests) == asked_before
    assert asked("spool", "send", "--to", server.address, "--again")[1]["bytes"] == told["bytes"]
    assert same(folder)


def test_status_tells_what_is_not_sent(
    asked: Any, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("spool", "status")[1]["unsent"] == []  # nobody wants to send it
    monkeypatch.setenv("BEGAT_SINK", server.address)
    code, told = asked("spool", "status")
    (unsent,) = told["unsent"]
    assert (code, unsent["server"], unsent["events"]) == (0, server.address, told["pending_events"])
    assert main(["spool", "send"]) == 0
    assert asked("spool", "status")[1]["unsent"][0]["events"] == 0
    monkeypatch.delenv("BEGAT_SINK")
    main(["spool", "status"])
    (line,) = [x for x in capsys.readouterr().out.splitlines() if x.startswith("events not sent")]
    assert line.split() == ["events", "not", "sent", "to", server.address, "0"]


def test_prune_keeps_what_the_server_has_not(asked: Any, folder: Path, server: Server) -> None:
    assert main(["spool", "prune", "--yes"]) == 4  # neither a store nor a server
    server.always = 503
    (sealed,) = segments(folder, ".seg")
    _, told = asked("spool", "prune", "--yes", "--to", server.address)
    assert (told["removed"], told["rows"][0]["kept"]) == (0, f"not all of it is at {server.address}")
    server.always = None
    assert main(["spool", "send", "--to", server.address]) == 0
    assert asked("spool", "prune")[1]["removed"] == 1
    assert sealed.exists()
    assert asked("spool", "prune", "--yes")[1]["removed"] == 1
    assert [p.suffix for p in segments(folder)] == [".open"]
    assert len(list(folder.glob(".begat/spool/.sent/*/*/*.json"))) == 1
    assert asked("spool", "prune", "--yes")[1]["removed"] == 0


def test_a_store_that_is_there_has_to_have_it_too(asked: Any, server: Server) -> None:
    open_store("sqlite:///.begat/graph.db").close()
    assert main(["spool", "send", "--to", server.address]) == 0
    assert asked("spool", "prune", "--yes")[1]["rows"][0]["kept"] == "event 1 is not in the store"
    assert main(["ingest"]) == 0
    assert asked("spool", "prune", "--yes")[1]["removed"] == 1


def test_packed_in_between(asked: Any, folder: Path, server: Server) -> None:
    """A packed segment is the sealed one: sent or not as that was."""
    assert main(["spool", "pack"]) == 0
    assert asked("spool", "send", "--to", server.address)[1]["segments"] == 2
    assert same(folder)
    assert asked("spool", "send", "--to", server.address)[1]["segments"] == 0
    assert asked("spool", "prune", "--yes")[1]["removed"] == 1


def test_damaged_lines_are_kept_aside_there_and_the_segment_here(asked: Any, folder: Path, server: Server) -> None:
    (sealed,) = segments(folder, ".seg")
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 1
    sealed.write_bytes(data)
    (left,) = segments(folder, ".open")
    with left.open("ab") as file:
        file.write(b'00000000 {"type"')
    code, told = asked("spool", "send", "--to", server.address)
    assert (code, told["quarantined"]) == (1, 2)  # the other one is torn, and its writer dead
    assert same(folder)
    code, told = asked("spool", "send", "--to", server.address)
    assert (code, told["bytes"]) == (0, 0)
    kept = {row["segment"]: row["kept"] for row in asked("spool", "prune", "--yes")[1]["rows"]}
    assert kept == {str(sealed.relative_to(folder)): "a line in it is damaged"}


def test_a_segment_whose_header_is_damaged_is_told_and_the_others_sent(
    asked: Any, folder: Path, server: Server
) -> None:
    (sealed,) = segments(folder, ".seg")
    sealed.write_bytes(b"x" + sealed.read_bytes()[1:])
    code, told = asked("spool", "send", "--to", server.address)
    assert (code, told["segments"]) == (1, 1)
    assert "crc does not fit" in told["rows"][0]["problem"]


def test_what_the_server_refuses_is_told_and_the_others_sent(asked: Any, folder: Path, server: Server) -> None:
    server.then = [409]
    code, told = asked("spool", "send", "--to", server.address)
    assert (code, told["segments"]) == (4, 1)
    assert "so it was asked of this test" in told["rows"][0]["problem"]
    assert asked("spool", "send", "--to", server.address)[0] == 0
    assert same(folder)


def test_smaller_pieces_where_a_proxy_wants_them(asked: Any, folder: Path, server: Server) -> None:
    with segments(folder, ".open")[0].open("ab") as file:
        file.write(b"00000000 {}\n" * 20_000)
    server.then = [413, 413]
    code, told = asked("spool", "send", "--to", server.address)
    assert (code, told["quarantined"]) == (1, 20_000)
    assert max(len(body) for _, _, body in server.requests[2:]) < 140_000
    assert same(folder)


def test_a_line_too_long_to_be_one_is_passed(asked: Any, folder: Path, server: Server) -> None:
    with segments(folder, ".open")[0].open("ab") as file:
        for _ in range(40):
            file.write(b"x" * (1 << 20))
        file.write(b"\n00000000 {}\n")
    code, told = asked("spool", "send", "--to", server.address)
    assert (code, told["quarantined"]) == (1, 2)
    assert asked("spool", "send", "--to", server.address)[1]["bytes"] == 0
    store, clean = open_store(f"sqlite:///{folder}/server.db"), open_store("memory:")
    ingest(clean, folder / ".begat/spool")
    assert {q[1:] for q in store.quarantine()} == {q[1:] for q in clean.quarantine()}
    store.close()


def test_a_server_that_is_away_is_waited_for_and_given_up(
    asked: Any, folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sending, "TRIES", 3)
    server.then = [503, "cut"]
    code, told = asked("spool", "send", "--to", server.address)
    assert (code, told["segments"]) == (0, 2)
    server.always = 503
    with segments(folder, ".open")[0].open("ab") as file:
        file.write(b"00000000 {}\n")
    began = time.monotonic()
    assert main(["spool", "send", "--to", server.address]) == 4
    assert time.monotonic() - began < 30
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("0 bytes of 0 segments sent to ")
    assert said[1].startswith(f"begat: {server.address} answers 503")
    server.always = None
    assert main(["spool", "send", "--to", server.address]) == 1
    assert same(folder)


def test_a_server_that_has_lost_what_it_had_is_sent_it_again(asked: Any, folder: Path, server: Server) -> None:
    assert main(["spool", "send", "--to", server.address]) == 0
    os.remove("server.db")
    for end in ("-wal", "-shm"):
        Path(f"server.db{end}").unlink(missing_ok=True)
    with segments(folder, ".open")[0].open("ab") as file:
        file.write(b"00000000 {}\n")
    code, _ = asked("spool", "send", "--to", server.address)
    assert code == 1
    assert asked("spool", "send", "--to", server.address, "--again")[0] == 1
    assert same(folder)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "no server to send to: name one with --to https://HOST, or in BEGAT_SINK"),
        (("--to", "http://example.org"), "use https:, or set BEGAT_INSECURE=1"),
        (("--to", "example.org"), "this is no server's address"),
        (("--to", "https://a:hunter2@example.org"), "give the token in BEGAT_TOKEN"),
    ],
)
def test_wrong_use(words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spool", "send", *words]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert "hunter2" not in said
