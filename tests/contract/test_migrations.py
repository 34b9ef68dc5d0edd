"""A store that an older begat wrote is brought to this one's schema: all that it holds, once, whatever happens."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, LiteralString

import pytest

from begat.api.cli import main
from begat.graph_schema import migrations
from begat.graph_schema.dump import lines
from begat.graph_schema.errors import StoreError, StoreNewer, StoreOlder
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.neo4j.connection import SCHEMA
from begat.graph_schema.sqlite import migrate
from begat.graph_schema.statements import (
    Alias,
    AnyStatement,
    Context,
    Description,
    Ended,
    Point,
    Position,
    Relation,
    Started,
)
from begat.graph_schema.store import migrate_store, open_store

if TYPE_CHECKING:
    from tests.contract.conftest import Load

HERE, THERE = Context(), Context("theirs", "urn:bundle")
#: A store file of schema 1 as SQL: what a begat of that schema made of `said`.
SCHEMA_1: Final = Path(__file__).parents[1] / "data/sqlite-schema-1.sql"


def said() -> list[AnyStatement]:
    """Something of everything that a store holds."""
    at = [Position(1_700_000_000_000_000 + n, "w", n) for n in range(1, 15)]
    return [
        Started(HERE, at[0], "run"),
        Description(HERE, at[1], "run", ("Activity",), ("Training", "urn:own"), "train", {"note": ["ü", 1, 1.5]}),
        Description(HERE, at[2], "data", ("Entity",), ("Dataset",), "data/raw.csv", {"size": 3, "tag": ["a", "b"]}),
        Relation(HERE, at[3], "used", "run", "seen", "train", time=at[3].time),
        Alias(HERE, at[4], "seen", "data"),
        Description(HERE, at[5], "lr", ("Entity",), ("HyperparameterSetting",), "lr", value="0.1", number=0.1),
        Description(HERE, at[6], "lr", ("Entity",), ("HyperparameterSetting",), "lr", value="0.2", number=0.2),
        Relation(HERE, at[7], "hasSetting", "run", "lr"),
        *(Point(HERE, at[n], "run", "loss", v, step=n) for n, v in ((8, 0.5), (9, float("nan")), (10, 0.25))),
        Relation(HERE, at[11], "wasGeneratedBy", "model", "run", time=at[11].time),
        Description(THERE, at[12], "model", ("Entity",), ("Model",), "model.pt 🎉"),
        Ended(HERE, at[13], "run", "failed", "ValueError: no"),
        Relation(THERE, Position(None, "", 0), "wasDerivedFrom", "model", "data", id="urn:d", attributes={"k": "v"}),
    ]


@pytest.fixture
def expected(load: "Load") -> list[bytes]:
    """The canonical dump of the same statements, taken in by this begat."""
    return list(lines(load(MemoryStore(), said())))


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A store file that a begat of schema 1 has written."""
    file = tmp_path / "graph.db"
    db = sqlite3.connect(file)
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(SCHEMA_1.read_text(encoding="utf-8"))
    db.close()
    return file


def schema_of(file: Path) -> int:
    db = sqlite3.connect(file)
    (found,) = db.execute("PRAGMA user_version").fetchone()
    db.close()
    return int(found)


def dumped(file: Path) -> list[bytes]:
    store = open_store(f"sqlite:///{file}", create=False)
    found = list(lines(store))
    store.close()
    return found


def made_of(file: Path) -> list[str]:
    """What a file's schema says, but for comments and white space."""
    db = sqlite3.connect(file)
    rows = db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    header = [db.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")]
    db.close()
    return [*sorted(" ".join(re.sub("--.*", "", sql).split()) for (sql,) in rows), str(header)]


# -- the embedded store


@pytest.mark.parametrize("create", [True, False], ids=["to write", "to read"])
def test_opening_an_older_file_migrates_it(older: Path, expected: list[bytes], create: bool) -> None:
    open_store(f"sqlite:///{older}", create=create).close()
    assert schema_of(older) == migrate.SCHEMA
    assert dumped(older) == expected


def test_a_migrated_file_is_made_like_a_new_one(older: Path, tmp_path: Path) -> None:
    open_store(f"sqlite:///{older}").close()
    open_store(f"sqlite:///{tmp_path}/new.db").close()
    assert made_of(older) == made_of(tmp_path / "new.db")


def test_a_migrated_store_has_the_sheets_that_a_new_one_has(older: Path, tmp_path: Path, load: "Load") -> None:
    """Their texts are made in SQL there, in Python here."""
    names = "SELECT i.id, c.names, c.cells FROM sheet c CROSS JOIN ident i ON i.nid = c.nid ORDER BY 1"
    stores = [open_store(f"sqlite:///{older}"), load(open_store(f"sqlite:///{tmp_path}/new.db"), said())]
    held = [store.read(names, {}) for store in stores]
    for store in stores:
        store.close()
    assert held == [[("run", '["lr"]', "[0.2]")]] * 2


def test_a_migrated_store_goes_on(older: Path, load: "Load") -> None:
    more = [Started(HERE, Position(1_800_000_000_000_000, "v", 1), "run 2")]
    store = load(open_store(f"sqlite:///{older}"), more)
    assert list(lines(store)) == list(lines(load(MemoryStore(), [*said(), *more])))
    store.close()


def test_the_file_is_kept_as_it_was(older: Path) -> None:
    before = made_of(older)
    open_store(f"sqlite:///{older}").close()
    kept = older.with_name("graph.db.schema-1")
    assert made_of(kept) == before
    open_store(f"sqlite:///{older}").close()
    assert sorted(f.name for f in older.parent.glob("*schema*")) == [kept.name]


def test_without_a_copy_when_asked(older: Path, expected: list[bytes], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--no-copy", "--store", f"sqlite:///{older}"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{older} had schema 1 and is brought to {migrate.SCHEMA}",
        *(f"  {s.number:04} {s.name}: {s.about}" for s in migrations.steps(migrate.PACKAGE)),
    ]
    assert list(older.parent.glob("*schema*")) == []
    assert dumped(older) == expected


def test_a_dry_run_changes_nothing(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {f.name: f.read_bytes() for f in older.parent.iterdir()}
    assert main(["migrate", "--dry-run", "--store", f"sqlite:///{older}"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"{older} has schema 1 and would be brought to {migrate.SCHEMA}"
    assert [line.split()[0] for line in rest] == [f"{n:04}" for n in range(2, migrate.SCHEMA + 1)]
    assert {f.name: f.read_bytes() for f in older.parent.iterdir() if f.name in before} == before
    assert schema_of(older) == 1


def test_doctor_tells_and_changes_nothing(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--store", f"sqlite:///{older}"]) == 0
    assert re.search(rf"^schema +1, this begat's is {migrate.SCHEMA}: begat migrate", capsys.readouterr().out, re.M)
    assert schema_of(older) == 1
    assert main(["migrate", "--store", f"sqlite:///{older}"]) == 0
    assert f"as it was, it is kept as {older}.schema-1" in capsys.readouterr().out
    assert main(["doctor", "--store", f"sqlite:///{older}"]) == 0
    told = capsys.readouterr().out
    assert re.search(rf"^schema +{migrate.SCHEMA}$", told, re.M)
    assert f"{older}.schema-1, " in told
    assert re.search(r"^store id +[0-9a-f]{32}, made before stores told when$", told, re.M)


def test_what_is_no_store_is_not_migrated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Other programs number their files too: one with a 1 is not taken for a store of schema 1."""
    file = tmp_path / "other.db"
    db = sqlite3.connect(file)
    db.executescript("CREATE TABLE recipe (name TEXT); PRAGMA user_version = 1")
    db.close()
    before = file.read_bytes()
    for store in (f"sqlite:///{file}", f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}"):
        assert main(["migrate", "--store", store]) == 4
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert told[0] == f"begat: {file} is an SQLite file, but not a begat store"
    assert "there is no store at" in told[1]
    assert "is a directory" in told[2]
    with pytest.raises(StoreError, match="not a begat store"):
        open_store(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_newer_one_is_refused(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_store(f"sqlite:///{older}").close()
    db = sqlite3.connect(older)
    db.execute("PRAGMA user_version = 99")
    db.close()
    for command in (["migrate"], ["migrate", "--dry-run"], ["stats"], ["ingest", "--once"]):
        assert main([*command, "--store", f"sqlite:///{older}", "--spool", str(older.parent)]) == 4
        assert f"{older} has schema 99, this begat knows up to {migrate.SCHEMA}" in capsys.readouterr().err


def test_a_newer_begat_that_migrates_it_meanwhile_stops_the_writer(older: Path, load: "Load") -> None:
    store = load(open_store(f"sqlite:///{older}"), [])
    load(store, [Started(HERE, Position(1, "v", 1), "one")])
    db = sqlite3.connect(older)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreNewer):
        load(store, [Started(HERE, Position(2, "v", 2), "two")])
    store.close()


def test_where_nothing_can_be_written_it_says_so(older: Path, request: pytest.FixtureRequest) -> None:
    from tests.contract.test_read_only import freeze

    place = older.parent / "place"
    place.mkdir()
    db = sqlite3.connect(older)
    db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    older.rename(place / "graph.db")

    def thaw() -> None:
        subprocess.run(["umount", place], capture_output=True, check=False)
        place.chmod(0o755)

    request.addfinalizer(thaw)
    freeze(place)
    with pytest.raises(StoreOlder, match=r"has schema 1, this begat needs .* copy it to where you can write"):
        open_store(f"sqlite:///{place}/graph.db", create=False)
    with pytest.raises(StoreError, match="read-only"):
        migrate_store(f"sqlite:///{place}/graph.db")


def test_a_step_that_does_not_go_through_leaves_the_file_as_it_was(older: Path) -> None:
    before = made_of(older)
    db = sqlite3.connect(older)
    db.execute("CREATE TABLE store (something)")  # as no begat does
    db.close()
    with pytest.raises(StoreOlder, match=r"could not be brought to 2 \(identity\): table store already exists"):
        open_store(f"sqlite:///{older}")
    assert set(before) < set(made_of(older))
    assert schema_of(older) == 1


def test_one_that_cannot_be_migrated_is_rebuilt_from_the_journals(
    older: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = sqlite3.connect(older)
    db.execute("CREATE TABLE store (something)")
    db.close()
    script = "import begat\nwith begat.run('train', type='Training') as run:\n    run.params(lr=0.1)\n"
    spool = tmp_path / "spool"
    env = os.environ | {"BEGAT_SPOOL": str(spool)}
    subprocess.run([sys.executable, "-c", script], env=env, cwd=tmp_path, check=True)
    where = ["--store", f"sqlite:///{older}", "--spool", str(spool)]
    assert main(["stats", *where]) == 4
    assert "`begat rebuild` makes it anew from the journals" in capsys.readouterr().err
    assert main(["rebuild", *where]) == 0
    assert "could not be read, it is kept as" in capsys.readouterr().err
    assert main(["stats", *where]) == 0
    assert schema_of(older) == migrate.SCHEMA


#: Opens a store, and dies like a process that is killed when SQLite begins the n-th statement.
KILLED: Final = """
import os, signal, sqlite3, sys

file, left = sys.argv[1], int(sys.argv[2])
connect = sqlite3.connect

def count(statement):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

def traced(*args, **more):
    db = connect(*args, **more)
    db.set_trace_callback(count)
    return db

sqlite3.connect = traced
from begat.graph_schema.store import open_store
open_store(f"sqlite:///{file}").close()
"""


def test_killed_at_any_statement_the_next_one_finishes(
    tmp_path: Path, older: Path, expected: list[bytes]
) -> None:
    image = older.read_bytes()
    for n in range(200):
        file = tmp_path / f"{n}" / "graph.db"
        file.parent.mkdir()
        file.write_bytes(image)
        died = subprocess.run([sys.executable, "-c", KILLED, file, str(n)], capture_output=True, check=False)
        assert died.returncode in (0, -signal.SIGKILL), died.stderr
        assert dumped(file) == expected, f"killed at statement {n}"
        if died.returncode == 0:
            break
    else:
        pytest.fail("it never went through")
    assert n > 10  # else it has died of nothing


OPEN: Final = """
import sys
from begat.graph_schema.store import open_store

sys.stdin.readline()
open_store(sys.argv[1]).close()
"""


def test_several_that_open_it_at_once_migrate_it_once(older: Path, expected: list[bytes]) -> None:
    together = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, f"sqlite:///{older}"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for one in together:
        assert one.stdin is not None
        one.stdin.write(b"go\n")
        one.stdin.flush()
    assert [one.communicate(timeout=60)[1] for one in together] == [b""] * 4
    assert [one.returncode for one in together] == [0] * 4
    assert dumped(older) == expected


# -- Neo4j

#: What a begat of schema 1 had not written.
UNDO: Final[LiteralString] = "MATCH (b:Begat) SET b.schema = 1 REMOVE b.wide, b.id, b.made"


def run(address: str, text: LiteralString) -> list[list[object]]:
    """Ask a database, or do to it what only another begat does."""
    from begat.graph_schema.neo4j.connection import Connection

    connection = Connection(address, create=False, check=False)
    with connection.session() as session:
        rows = [r.values() for r in session.run(text)]
    connection.close()
    return rows


@pytest.fixture
def older_neo4j(neo4j: str, load: "Load") -> Iterator[str]:
    """The address of a store that a begat of schema 1 has written."""
    store = load(open_store(neo4j), said())
    store.close()
    run(neo4j, UNDO)
    yield neo4j
    run(neo4j, "MATCH (b:Begat) DELETE b")


def test_an_older_neo4j_store_says_what_to_do(older_neo4j: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StoreOlder, match=r"has schema 1, this begat needs \d+: run `begat migrate`"):
        open_store(older_neo4j)
    assert main(["doctor", "--store", older_neo4j]) == 4
    assert "problem" in capsys.readouterr().out
    assert main(["migrate", "--dry-run", "--store", older_neo4j]) == 0
    assert "has schema 1 and would be brought to" in capsys.readouterr().out
    assert run(older_neo4j, "MATCH (b:Begat) RETURN b.schema") == [[1]]


def test_a_neo4j_store_is_migrated(
    older_neo4j: str, expected: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", "--store", older_neo4j]) == 0
    assert "had schema 1 and is brought to" in capsys.readouterr().out
    assert main(["migrate", "--store", older_neo4j]) == 0
    assert "nothing to migrate" in capsys.readouterr().out
    store = open_store(older_neo4j, create=False)
    assert list(lines(store)) == expected
    store.close()
    assert run(older_neo4j, "MATCH (b:Begat) RETURN b.wide, b.id IS NOT NULL") == [[True, True]]  # it has a 🎉
    assert main(["doctor", "--store", older_neo4j]) == 0
    assert "made before stores told when" in capsys.readouterr().out


def test_no_sign_from_far_up_no_keys(neo4j: str, load: "Load") -> None:
    store = load(open_store(neo4j), [Description(HERE, Position(1, "w", 1), "e", name="ü 漢 \ud7fe")])
    store.close()
    run(neo4j, UNDO)
    migrate_store(neo4j)
    assert run(neo4j, "MATCH (b:Begat) RETURN b.wide") == [[False]]


def test_a_writer_of_the_old_begat_writes_nothing_after(neo4j: str, load: "Load") -> None:
    """It looks at the schema in each transaction; here it is this begat, and a newer one that migrates."""
    store = open_store(neo4j)
    run(neo4j, "MATCH (b:Begat) SET b.schema = b.schema + 1")
    with pytest.raises(StoreNewer):
        load(store, [Started(HERE, Position(1, "w", 1), "run")])
    store.close()
    for dry_run in (True, False):
        with pytest.raises(StoreNewer):
            migrate_store(neo4j, dry_run=dry_run)
    run(neo4j, "MATCH (b:Begat) DELETE b")
    with pytest.raises(StoreError, match="there is no store at"):
        migrate_store(neo4j)


#: Migrates a store, and dies when the n-th statement goes to the server.
KILLED_NEO4J: Final = """
import os, signal, sys
from begat.graph_schema.neo4j import connection, migrate

url, left = sys.argv[1], int(sys.argv[2])

def counted(run):
    def counting(*args, **more):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return run(*args, **more)
    return counting

connection.Session.run = counted(connection.Session.run)
connection.DriverTransaction.run = counted(connection.DriverTransaction.run)
migrate.migrate(url)
"""


def test_a_neo4j_migration_killed_at_any_statement_is_finished_by_the_next(
    older_neo4j: str, expected: list[bytes]
) -> None:
    for n in range(100):
        run(older_neo4j, UNDO)
        command = [sys.executable, "-c", KILLED_NEO4J, older_neo4j, str(n)]
        died = subprocess.run(command, capture_output=True, check=False)
        assert died.returncode in (0, -signal.SIGKILL), died.stderr
        if died.returncode == 0:
            break
        assert run(older_neo4j, "MATCH (b:Begat) RETURN b.schema") in [[[n]] for n in range(1, SCHEMA)]
        migrate_store(older_neo4j)
        assert run(older_neo4j, "MATCH (b:Begat) RETURN b.schema, b.wide") == [[SCHEMA, True]]
    else:
        pytest.fail("it never went through")
    assert n > 3
    store = open_store(older_neo4j)
    assert list(lines(store)) == expected
    store.close()


MIGRATE: Final = """
import sys
from begat.graph_schema.store import migrate_store

sys.stdin.readline()
migrate_store(sys.argv[1])
"""


def test_several_that_migrate_a_neo4j_store_at_once(older_neo4j: str, expected: list[bytes]) -> None:
    together = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, older_neo4j], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for one in together:
        assert one.stdin is not None
        one.stdin.write(b"go\n")
        one.stdin.flush()
    assert [one.communicate(timeout=60)[1] for one in together] == [b""] * 3
    store = open_store(older_neo4j)
    assert list(lines(store)) == expected
    store.close()
