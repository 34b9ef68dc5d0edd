"""Settings as they are shown: a password never."""

from pathlib import Path

import pytest

from begat.api.cli import main
from begat.api.settings import load
from begat.graph_schema.errors import UsageError
from begat.graph_schema.neo4j.address import Address


@pytest.mark.parametrize(
    ("store", "shown"),
    [
        ("neo4j://ada:secret@lab:7687/neo4j", "neo4j://ada:***@lab:7687/neo4j"),
        ("neo4j+s://ada:se:cr/e@t@lab/graph", "neo4j+s://ada:***@lab/graph"),
        ("bolt://:secret@lab", "bolt://:***@lab"),
        ("neo4j://lab/neo4j", "neo4j://lab/neo4j"),
        ("sqlite:////data/a:b@c.db", "sqlite:////data/a:b@c.db"),
    ],
)
def test_a_store_is_shown_without_its_password(store: str, shown: str) -> None:
    assert load({"store": store}).store_shown == shown


@pytest.mark.parametrize("command", [["doctor"], ["stats"], ["rebuild"], ["ingest"]])
@pytest.mark.parametrize("address", ["neo4j://ada:sec/ret@127.0.0.1:1/x", "neo4j://ada:secret@127.0.0.1:no/x"])
def test_no_command_prints_a_password(command: list[str], address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--store", address]) == 2
    said = capsys.readouterr()
    assert "sec" not in said.out + said.err
    assert "neo4j://ada:***@127.0.0.1:" in said.err


@pytest.mark.parametrize("told", ["neo4j/se/cr:e t@#%", "neo4j/se/cr:e t@#%\n"])
def test_user_and_password_stand_in_a_file(told: str, tmp_path: Path) -> None:
    (tmp_path / "auth").write_text(told)
    environ = {"BEGAT_STORE": "neo4j://lab:7687/graph", "BEGAT_STORE_AUTH_FILE": str(tmp_path / "auth")}
    settings = load({}, environ, tmp_path)
    assert Address.of(settings.store) == ("neo4j://lab:7687", "neo4j", "se/cr:e t@#%", "graph")
    assert settings.store_shown == "neo4j://neo4j:***@lab:7687/graph"


def test_the_file_is_for_a_server_whose_address_names_no_user(tmp_path: Path) -> None:
    environ = {"BEGAT_STORE_AUTH_FILE": str(tmp_path / "missing")}
    for store in ("sqlite:///graph.db", "sqlite:////a/graph.db", "neo4j://ada:secret@lab/graph", "memory:"):
        assert load({"store": store}, environ, tmp_path).store == store


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file"), (b"neo4j", "USER/PASSWORD"), (b"/", "USER/PASSWORD"), (b"\xff", "it is no text")],
)
def test_a_file_of_no_use_is_named(content: bytes | None, says: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "auth").write_bytes(content)
    with pytest.raises(UsageError, match=f"BEGAT_STORE_AUTH_FILE: .*auth .*{says}"):
        load({"store": "neo4j://lab"}, {"BEGAT_STORE_AUTH_FILE": str(tmp_path / "auth")}, tmp_path)
