"""The outbox: each commit's statements, for those who live on changes. Points are not kept twice: a chunk of points
names the commit that brought it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from begat.graph_schema.neo4j.connection import Connection
from begat.graph_schema.neo4j.cypher import cypher
from begat.graph_schema.neo4j.series import points_of
from begat.graph_schema.neo4j.transaction import Transaction
from begat.graph_schema.statements import AnyStatement, Context, Point
from begat.graph_schema.store import Change

#: Commits read at a time.
TOGETHER: Final = 20


def add(tx: Transaction, number: int, statements: list[AnyStatement]) -> None:
    """Append a commit, in the transaction that stores it."""
    others = [s for s in statements if type(s) is not Point]
    tx.put("store", "committed", [{"number": number, "body": msgspec.msgpack.encode(others)}])


def since(db: Connection, commit: int, contexts: Mapping[int, Context]) -> Iterator[Change]:
    """The commits after one, in order."""
    decoder = msgspec.msgpack.Decoder(list[AnyStatement])
    while rows := db.read(cypher("store", "commits"), {"since": commit, "many": TOGETHER}):
        until = rows[-1][0]
        points: dict[int, list[Point]] = defaultdict(list)
        within = {"since": commit, "until": until}
        for activity, ctx, name, labels, p in db.read(cypher("series", "of_commits"), within):
            points[p["commit"]] += points_of(activity, contexts[ctx], name, labels, p)
        for number, body in rows:
            yield Change(number, [*decoder.decode(body), *points[number]])
        commit = until
