"""begat doctor: what is installed, where things are, what is pending and what went wrong. It changes nothing.

With --start-neo4j it runs a Neo4j server to play with, --neo4j-style prints how Neo4j Browser is to show the graph.
"""

import argparse
import glob
import os
import platform
import re
import sqlite3
import sys
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path
from typing import Final

from begat import __version__
from begat.api.settings import MOVED, Settings
from begat.api.snapshot import in_words
from begat.graph_schema.documents.iris import id_of_iri
from begat.graph_schema.errors import StoreError, UsageError
from begat.graph_schema.store import Stats, Store, migrate_store, open_store
from begat.ingest import spool
from begat.ingest.filesystem import network
from begat.ingest.liveness import alive
from begat.queries.answer import iso
from begat.queries.constraints.check import check_placed
from begat.queries.constraints.stored import stored

#: Quarantined lines shown; the rest are counted.
SHOWN: Final = 20
#: Statements that are checked by PROV-CONSTRAINTS at most, and violations shown.
CHECKED: Final = 50_000
FEW: Final = 5
#: Which store it is, and when it was made.
IDENTITY: Final = {
    "sqlite": "SELECT id, made FROM store",
    "neo4j": "MATCH (b:Begat {one: true}) RETURN b.id, b.made",
}
#: A store larger than this, in bytes, is not read through.
LARGE: Final = 1_000_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("Neo4j")
    group.add_argument(
        "--start-neo4j",
        action="store_true",
        help="start a Neo4j server on this machine, print its address, and run it until Ctrl-C or SIGTERM",
    )
    group.add_argument(
        "--neo4j-dir",
        type=Path,
        metavar="DIR",
        help="with --start-neo4j: keep its data in this folder (default: nothing is kept)",
    )
    group.add_argument(
        "--neo4j-style", action="store_true", help="print a style file for Neo4j Browser, with colours and captions"
    )
    group.add_argument("--browser", action="store_true", help="with --start-neo4j: have Neo4j Browser too")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit 4 when the store cannot be used, or no Neo4j server can be started."""
    if arguments.neo4j_style:
        print(resources.files("begat.graph_schema.neo4j").joinpath("browser.grass").read_text("utf-8"), end="")
        return 0
    if arguments.start_neo4j:
        from begat.api.neo4j_server.play import play

        play(arguments.neo4j_dir, browser=arguments.browser)
        return 0
    if arguments.neo4j_dir or arguments.browser:
        raise UsageError("--neo4j-dir and --browser go with --start-neo4j")
    for what, text in _installed():
        _say(what, text)
    for what, text in _places(settings):
        _say(what, text)
    for path, reason in spool.unreadable(settings.spool):
        _say("left alone", f"{path}: {reason}")
    file = settings.store_file
    if file is not None and not file.exists():
        _say("pending", _events(spool.pending(settings.spool, {})))
        return 0
    try:
        if _schema(settings.store, file):
            return 0
        store = open_store(settings.store, create=False)
        try:
            _check(store, file)
            for what, text in _state(store, settings.spool):
                _say(what, text)
            if file is not None:
                _say("snapshot", in_words(store, file))
        finally:
            store.close()
    except StoreError as wrong:
        _say("problem", str(wrong))
        return wrong.exit_code
    return 0


def _say(what: str, text: str) -> None:
    print(f"{what:<15}{text}")


def _installed() -> Iterator[tuple[str, str]]:
    yield "begat", f"{__version__}, Python {platform.python_version()} ({sys.executable}), {platform.platform()}"
    yield "SQLite", sqlite3.sqlite_version
    yield "msgspec", metadata.version("msgspec")
    for requirement in metadata.requires("begat") or ():
        name, _, condition = requirement.partition(";")
        extra = condition.rpartition("extra ==")[2].strip(" '\"")
        if extra and extra != condition:
            yield _version(name, extra)


def _version(requirement: str, extra: str) -> tuple[str, str]:
    name = re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]
    try:
        return name, metadata.version(name)
    except metadata.PackageNotFoundError:
        return name, f"not installed: pip install 'begat[{extra}]'"


def _places(settings: Settings) -> Iterator[tuple[str, str]]:
    yield "store", f"{settings.store_shown} (from {settings.origin['store']}){_file(settings.store_file)}"
    yield "spool", f"{settings.spool} (from {settings.origin['spool']}), {_segments(settings.spool)}"
    yield "project", f"{settings.project} (from {settings.origin['project']})"
    file = settings.store_file
    if file is not None and (kind := network(file.parent)):
        text = f"{file.parent} is on a network file system ({kind}), where SQLite can damage its file"
        yield "warning", f"{text}: set BEGAT_STORE to a local disk; the spool may stay where it is"
    if settings.origin["store"] == MOVED:
        kind = network(settings.spool.absolute()) or network(Path.cwd())
        text = f"this folder is on a network file system ({kind}), where SQLite does not work"
        yield "note", f"{text}: the graph is on this machine, and `begat ingest` elsewhere makes another of the spool"


def _file(file: Path | None) -> str:
    if file is None:
        return ""
    if not file.exists():
        return f", not there yet{'' if _writable(file.parent) else ', and its folder cannot be written'}"
    writable = os.access(file, os.W_OK) and _writable(file.parent)
    return f", {_size(file.stat().st_size)}{'' if writable else ', read-only'}"


def _segments(folder: Path) -> str:
    found = spool.find(folder)
    sealed = sum(p.sealed for p in found)
    size = _size(sum(p.size for p in found))
    writable = "" if _writable(folder) else ", read-only"
    return f"{len(found)} segments ({sealed} sealed, {len(found) - sealed} open), {size}{writable}"


def _writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself where it is not there yet."""
    while not folder.exists():
        folder = folder.absolute().parent
    return os.access(folder, os.W_OK)


def _check(store: Store, file: Path | None) -> None:
    """Raises StoreError for a damaged store; one that is too big to be read through quickly is believed."""
    if file is None or file.stat().st_size > LARGE:
        return
    found = str(store.read("PRAGMA quick_check(1)", {})[0][0])
    if found != "ok":
        raise StoreError(f"{file} is damaged: {' '.join(found.split())}; `begat rebuild` makes it anew")


def _schema(url: str, file: Path | None) -> bool:
    """Tell the schema; whether the store is an embedded one that opening it would change."""
    todo = migrate_store(url, dry_run=True)
    if todo is None:
        return False
    older = f", this begat's is {todo.known}: begat migrate, or any other command, brings it there"
    _say("schema", f"{todo.found}{older if todo.steps and file else ''}")
    for kept in sorted(file.parent.glob(f"{glob.escape(file.name)}.schema-*")) if file else ():
        _say("", f"{kept}, {_size(kept.stat().st_size)}: as it was before it was migrated, for you to delete")
    return file is not None and bool(todo.steps)


def _identity(store: Store) -> str:
    own, made = store.read(IDENTITY[store.dialect], {})[0]
    return f"{own}, made {'before stores told when' if made is None else iso(made)}"


def _state(store: Store, folder: Path) -> Iterator[tuple[str, str]]:
    if store.dialect in IDENTITY:
        yield "store id", _identity(store)
    stats = store.stats()
    yield "holds", (
        f"{stats.activities:,} activities, {stats.entities:,} entities, {stats.agents:,} agents, "
        f"{stats.relations:,} relations, {stats.metric_points:,} metric points"
    )
    yield "pending", _events(spool.pending(folder, store.bookmarks()))
    if stats.marked:
        yield "marked", f"the lineage of {stats.marked:,} nodes is not worked out yet: begat ingest"
    writers = list(store.writers())
    yield "writers", f"{len(writers):,}, {sum(alive(w.header) is True for w in writers):,} of them known to be alive"
    yield "dropped", _events(stats.dropped)
    for w in writers:
        if w.dropped:
            who = f"process {w.header.pid} on {w.header.host}"
            yield "", f"{w.dropped:,} by {who}: {spool.DROPPED}"
    yield "quarantined", f"{stats.quarantined:,} lines{': kept aside, with what was wrong' * bool(stats.quarantined)}"
    for n, q in enumerate(store.quarantine()):
        if n == SHOWN:
            yield "", f"... and {stats.quarantined - SHOWN:,} more"
            break
        yield "", f"{q.source} at byte {q.offset}: {q.reason}"
    yield from _constraints(store, stats)


def _constraints(store: Store, stats: Stats) -> Iterator[tuple[str, str]]:
    """Whether what is recorded is valid by PROV-CONSTRAINTS, where that is quickly known."""
    held = stats.activities + stats.entities + stats.agents + stats.relations + stats.metric_points
    if held > CHECKED:
        yield "constraints", f"not looked at, as the store holds {held:,} statements: begat check --all"
        return
    found = check_placed(stored(store, None), id_of_iri)
    number = sum(found.counts.values())
    violations = "1 violation" if number == 1 else f"{number:,} violations"
    yield "constraints", f"{violations} of PROV-CONSTRAINTS: begat check --all" if number else "none is broken"
    for v in found.violations[:FEW]:
        yield "", f"{v.constraint} {v.name}: {v.sentence}"


def _events(n: int) -> str:
    return "1 event" if n == 1 else f"{n:,} events"


def _size(n: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if n < 1000:
            return f"{n:.3g} {unit}"
        n /= 1000
    return f"{n:.3g} GB"
