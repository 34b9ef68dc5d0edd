"""Lists are sent to the server in maps, for it would plan anew for each order of magnitude of their length."""

from contextlib import closing
from typing import Any

from begat.graph_schema.statements import Context, Description, Position
from begat.graph_schema.store import Batch, open_store
from begat.queries.engine import look, run
from begat.queries.expr import Var
from begat.queries.plan import N, Query, Rows


def test_lists_are_sent_in_maps(empty_neo4j: Any) -> None:
    sent: list[Any] = []
    with closing(open_store(empty_neo4j())) as store:
        store.write(Batch([Description(Context(), Position(1, "w", 1), "x", ("Entity",))]))

        class Listening:
            dialect = store.dialect

            def read(self, text: str, params: Any, *limits: Any) -> Any:
                sent.extend(params.values())
                return store.read(text, params, *limits)

        heard: Any = Listening()
        query = Query((Rows("ids", "id"), N("x", id=Var("id"))), {"x": Var("x")}, ("x",))
        assert run(heard, query, {"ids": ["x", "y"]}, look(heard)).rows == [("x",)]
    assert {"of": ["x", "y"]} in sent
    assert not any(isinstance(value, list) for value in sent)
