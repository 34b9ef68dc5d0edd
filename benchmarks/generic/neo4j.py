"""Generic PROV in a Neo4j database, beside begat's graph: its labels and relationship types are others.

A value that is the id of a thing has a relationship to it (wasInfluencedBy), as no path leads through equal texts.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from begat.graph_schema.store import Store
from benchmarks.generic.form import Form
from benchmarks.neo4j_server import session

CYPHER: Final = Path(__file__).parent / "cypher"
#: Rows of a transaction.
ROWS: Final = 10_000
MADE: Final = "UNWIND $rows AS row CREATE (n:{label}) SET n = row"
LINKED: Final = (
    "UNWIND $rows AS row MATCH (s:{source} {{id: row.s}}) MATCH (d:{target} {{id: row.d}}) "
    "CREATE (s)-[r:{relation}]->(d) SET r = row.more"
)
GONE: Final = "MATCH (n:{label}) CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF 10000 ROWS"
LABELS: Final = {"Entity": "ProvEntity", "Activity": "ProvActivity", "Agent": "ProvAgent"}


class GenericNeo4j:
    """What a question needs of a store, with the other graph of the database in it; read as begat's own is.

    `writers` are begat's books, and stay begat's.
    """

    dialect = "generic-neo4j"
    language = CYPHER

    def __init__(self, address: str, typed: Store) -> None:
        self.address = address
        self.read = typed.read
        self.writers = typed.writers

    def load(self, form: Form) -> None:
        """Write all of it, in transactions of 10,000 rows."""
        with session(self.address) as one:
            for text in self._schema():
                one.run(text).consume()
            one.run("CALL db.awaitIndexes(300)").consume()
            for text, rows in [*_things(form), *_links(form)]:
                part = iter(rows)
                while some := list(islice(part, ROWS)):
                    one.run(text, rows=some).consume()

    def _schema(self) -> list[str]:
        return (CYPHER / "schema.cypher").read_text(encoding="utf-8").split(";")

    def close(self) -> None:
        """Delete it, with its indexes: the database is begat's again."""
        with session(self.address) as one:
            for label in LABELS.values():
                one.run(GONE.format(label=label)).consume()
            for text in self._schema():
                _, what, name, *_ = text.split()
                one.run(f"DROP {what} {name}").consume()


def _things(form: Form) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for t in form.things:
        said: Mapping[str, Any] = t._asdict()
        rows[t.kind].append({k: v for k, v in said.items() if v is not None and k != "kind"})
    for kind, some in rows.items():
        yield MADE.format(label=LABELS[kind]), some


def _links(form: Form) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    kind = {t.id: t.kind for t in form.things}
    rows: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for n, link in enumerate(form.links):
        told: dict[str, Any] = {"role": link.role, "t": link.time, "n": n, "exact": link.exact, "more": link.more}
        told |= {"labels": link.labels, "step": link.step, "section": link.section}
        told = {k: v for k, v in told.items() if v is not None and v != "" and v is not False}
        rows[link.relation, kind[link.source], kind[link.target]].append(
            {"s": link.source, "d": link.target, "more": told}
        )
    for value, thing in form.references:
        rows["wasInfluencedBy", "Entity", kind[thing]].append({"s": value, "d": thing, "more": {}})
    for (relation, source, target), some in rows.items():
        yield LINKED.format(relation=relation, source=LABELS[source], target=LABELS[target]), some
