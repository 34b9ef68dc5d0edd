"""The network between the ingester and Neo4j is cut: in the middle of a batch, before a commit, and when the server has
committed and the ingester has not learnt of it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Cable, MortalNeo4j, OneLine, Programs, Same

DONE: Final = (0, 1)
PLACES: Final = {"begin": 3, "run": 60, "commit": 3, "committed": 3}


@pytest.mark.parametrize("place", PLACES)
def test_connections_are_reset(
    place: str, cable: "Cable", neo4j: str, spool: Path, programs: "Programs", one_line: "OneLine", same: "Same"
) -> None:
    """The ingester goes on by itself, or gives up in one line and is called again."""
    ingester = programs.ingester(cable.address, spool, "--wait")
    cable.carry_out(f"{place} {PLACES[place]} reset", ingester)
    cable.order("heal")
    code, told = ingester.ended()
    if code not in DONE:
        one_line((code, told), neo4j)
        assert programs.run(cable.address, spool)[0] in DONE
    same(neo4j)


@pytest.mark.parametrize("place", ["run", "committed"])
def test_the_cable_to_neo4j_is_pulled_out(
    place: str, mortal_neo4j: "MortalNeo4j", new_cable: "Callable[[str], Cable]", spool: Path, programs: "Programs",
    one_line: "OneLine", same: "Same",
) -> None:  # fmt: skip
    """Nothing comes any more, not even a refusal. The ingester does not wait for ever."""
    mortal_neo4j.empty()
    cable = new_cable(mortal_neo4j.address)
    ingester = programs.ingester(cable.address, spool, "--wait")
    cable.carry_out(f"{place} {PLACES[place]} hang", ingester)
    one_line(ingester.ended(), mortal_neo4j.address)
    cable.order("heal")
    assert programs.run(cable.address, spool)[0] in DONE
    same(mortal_neo4j.address)
