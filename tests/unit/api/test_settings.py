"""Settings as they are shown: a password never."""

import pytest

from begat.api.cli import main
from begat.api.settings import load


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
