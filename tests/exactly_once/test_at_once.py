"""Several ingesters at once, on one spool and one store."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from begat.graph_schema.neo4j.connection import Connection
from begat.graph_schema.neo4j.cypher import ours
from begat.graph_schema.store import open_store

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Programs, Same

#: How an ingester that was not killed ends: 1 when it was the one that kept lines aside.
DONE = (0, 1)


def start_together(programs: "Programs", url: str, spool: Path, *mortal: tuple[object, ...]) -> list[tuple[int, str]]:
    """Ingesters that all begin when all are ready, with options; how they ended."""
    at_work = [programs.ingester(url, spool, "--wait", *options) for options in mortal]
    assert [i.says() for i in at_work] == ["ready"] * len(mortal)
    for ingester in at_work:
        ingester.say("go")
    return [i.ended() for i in at_work]


@pytest.mark.parametrize("how_many", [2, 3])
def test_each_event_is_taken_in_by_one_of_them(
    how_many: int, empty: Callable[[], str], spool: Path, programs: "Programs", same: "Same"
) -> None:
    url = empty()
    for code, told in start_together(programs, url, spool, *[()] * how_many):
        assert code in DONE, told
    same(url)


def test_one_of_three_is_killed_in_sqlite(tmp_path: Path, spool: Path, programs: "Programs", same: "Same") -> None:
    """The others go on, and it is not waited for. It may have said last how far it had read: some is read again."""
    for n in range(10):  # again, where the others had done all before it came to its place
        url = f"sqlite:///{tmp_path}/graph-{n}.db"
        (end, _), *others = start_together(programs, url, spool, ("--die", "statement", 40), (), ())
        for code, told in others:
            assert code in DONE, told
        assert programs.run(url, spool)[0] in DONE
        same(url)
        if end == -9:
            return
    pytest.fail("it was never killed")


def test_one_of_two_is_killed_on_its_way_to_neo4j(neo4j: str, spool: Path, programs: "Programs", same: "Same") -> None:
    """It dies where it holds the turn or waits for it; the other goes on, and it is not waited for."""
    one, other = (programs.ingester(neo4j, spool, "--wait") for _ in range(2))
    for ingester in (one, other):
        assert ingester.says() == "ready"
        ingester.say("go")
    while one.process.poll() is None and other.process.poll() is None and not begun(neo4j):
        pass
    one.kill()
    code, told = other.ended()
    assert code in DONE, told
    assert one.ended()[0] == -9
    assert programs.run(neo4j, spool)[0] in DONE
    same(neo4j)


def begun(neo4j: str) -> bool:
    """Whether something is committed."""
    store = open_store(neo4j)
    try:
        return store.stats().commit > 0
    finally:
        store.close()


def test_three_make_a_neo4j_store_together(neo4j: str, spool: Path, programs: "Programs", same: "Same") -> None:
    """On a database that has neither begat's schema nor its node."""
    connection = Connection(neo4j, create=True)
    with connection.session() as session:
        session.run("MATCH (b:Begat) DELETE b").consume()
        for name in session.run("SHOW CONSTRAINTS YIELD name").value():
            session.run(ours(f"DROP CONSTRAINT {name}")).consume()
        for name in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").value():
            session.run(ours(f"DROP INDEX {name}")).consume()
    connection.close()
    for code, told in start_together(programs, neo4j, spool, (), (), ()):
        assert code in DONE, told
    same(neo4j)
