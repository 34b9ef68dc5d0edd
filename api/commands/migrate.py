"""begat migrate: bring a store of an older begat to the schema of this one."""

import argparse
from typing import Final

from begat.api.settings import Settings
from begat.graph_schema.migrations import Migration
from begat.graph_schema.store import migrate_store

ABOUT: Final = (
    "Bring a store of an older begat to the schema of this one. An embedded store is also migrated by whatever opens "
    "it; a Neo4j store by this command alone. What dies halfway is taken up again by the next."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ABOUT
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument(
        "--no-copy", action="store_true", help="do not keep a copy of an embedded store as it was (FILE.schema-N)"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    done = migrate_store(settings.store, dry_run=arguments.dry_run, copy=not arguments.no_copy)
    for line in _told(done, dry_run=arguments.dry_run):
        print(line)
    return 0


def _told(done: Migration | None, *, dry_run: bool) -> list[str]:
    if done is None:
        return ["a store in memory has nothing to migrate"]
    if not done.steps:
        return [f"{done.where} has schema {done.known}, that of this begat: nothing to migrate"]
    would = "would be" if dry_run else "is"
    lines = [f"{done.where} had schema {done.found} and {would} brought to {done.known}"]
    if dry_run:
        lines = [lines[0].replace(" had ", " has ", 1)]
    lines += [f"  {s.number:04} {s.name}: {s.about}" for s in done.steps]
    if done.copy:
        lines.append(f"as it was, it is kept as {done.copy}")
    return lines
