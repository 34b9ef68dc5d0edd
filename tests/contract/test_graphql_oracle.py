"""What is compiled answers as strawberry does, to the byte, and asks no more the more rows there are."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest
from graphql.execution.values import get_variable_values
from hypothesis import HealthCheck, Phase, given, seed, settings

from begat.api.demo.study import study
from begat.api.graphql.asking import Asking, Context
from begat.api.graphql.compile import compiled
from begat.api.graphql.documents import read
from begat.api.graphql.errors import Refused
from begat.api.graphql.execute import Request, by_strawberry, encoded, execute
from begat.api.graphql.limits import Limits
from begat.api.graphql.schema import CORE, SCHEMA
from begat.graph_schema import events as ev
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.sqlite.store import SqliteStore
from begat.graph_schema.statements import AnyStatement
from begat.graph_schema.store import Batch, Store, open_store
from begat.ingest.resolve import resolve
from tests.contract.documents import documents
from tests.contract.test_graphql import said
from tests.contract.test_same_rows import Graph

if TYPE_CHECKING:
    from tests.contract.conftest import Load

STATEMENTS: Final = [s for teller in study() for s in teller.statements()]
#: Nothing is refused for its size here.
WIDE: Final = Limits(tokens=10_000, fields=10_000, aliases=1_000, directives=1_000, repeats=1_000, cost=10**12)


def both(store: Store, query: str, project: str = "default", **given: Any) -> tuple[bytes | None, dict[str, Any]]:
    """The response as compiled, None where that is left to strawberry, and strawberry's."""
    document = read(query, WIDE)
    operation = document.operation(None)
    variables = get_variable_values(CORE, operation.variable_definitions or (), given)
    assert not isinstance(variables, list), variables
    context = Context(store, project, limits=WIDE)
    found = compiled(document, operation, variables)
    data = None if found is None else found.data(Asking(context), variables)
    body = None if data is None else encoded({"data": data})
    return body, by_strawberry(document, Request(query, variables=given), Asking(context))


def same(store: Store, query: str, project: str = "default", **given: Any) -> bool:
    """Whether a document could be answered; it is answered the same both ways."""
    quick, slow = both(store, query, project, **given)
    if "errors" in slow:
        assert {e["extensions"]["code"] for e in slow["errors"]} <= {"BAD_INPUT", "NOT_FOUND", "AMBIGUOUS"}, slow
        assert quick is None, query
    else:
        assert quick == msgspec.json.encode(slow), query
    return "errors" not in slow


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, load: "Load") -> Iterator[dict[str, Store]]:
    """The study, on each store."""
    yield from opened(tmp_path_factory.mktemp("study"), load, STATEMENTS)


def opened(folder: Path, load: "Load", statements: list[AnyStatement]) -> Iterator[dict[str, Store]]:
    held: dict[str, Store] = {"memory": MemoryStore(), "sqlite": open_store(f"sqlite:///{folder}/graph.db")}
    for store in held.values():
        load(store, statements)
    yield held
    for store in held.values():
        store.close()


def drawn(check: Callable[[str, dict[str, bool]], bool], examples: int, first: int = 1) -> None:
    """Checks drawn documents, of which enough can be answered."""
    answered: list[bool] = []

    @seed(first)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    @given(one=documents())
    def checked(one: tuple[str, dict[str, bool]]) -> None:
        try:
            read(one[0], WIDE)
        except Refused:  # fields of one name that cannot be merged, say
            return
        answered.append(check(*one))

    checked()
    assert len(answered) > examples / 3
    assert sum(answered) > len(answered) / 5


def test_drawn_documents_about_the_study(told: dict[str, Store]) -> None:
    drawn(lambda query, variables: same(told["sqlite"], query, "default", **variables), 120)


def test_drawn_documents_on_the_memory_store(told: dict[str, Store]) -> None:
    def check(query: str, variables: dict[str, bool]) -> bool:
        bodies = [execute(Request(query, variables=variables), Context(s, limits=WIDE)).body for s in told.values()]
        assert bodies[0] == bodies[1], query
        return same(told["memory"], query, "default", **variables)

    drawn(check, 25)


@pytest.mark.parametrize("world", range(3))
def test_drawn_documents_about_random_graphs(world: int, tmp_path: Path, load: "Load") -> None:
    """Several projects, bundles, placeholders, relations that hold among the wrong kinds."""
    graph = Graph(world, timed=True)
    for stores in opened(tmp_path, load, graph.said):

        def check(query: str, variables: dict[str, bool], stores: dict[str, Store] = stores) -> bool:
            memory, sqlite = stores.values()
            found = same(sqlite, query, "ours", **variables)
            assert both(memory, query, "ours", **variables) == both(sqlite, query, "ours", **variables), query
            return found

        drawn(check, 25, world)


class Counting(SqliteStore):
    """Counts what it is asked."""

    asked = 0

    def read(self, *statement: Any, **how: Any) -> list[tuple[Any, ...]]:
        self.asked += 1
        return super().read(*statement, **how)


def made(n: int) -> list[AnyStatement]:
    """A run that used data and made a model."""
    at = 1_800_000_000_000_000 + 10 * n
    events: list[ev.Wire] = [
        ev.Node(seq=at + 3, at=at, id="shared.csv", kind="Entity", types=["Dataset"], name="shared.csv"),
        ev.Node(seq=at + 4, at=at, id=f"model {n}", kind="Entity", types=["Model"], name="model.pt"),
        ev.Generated(seq=at + 5, at=at + 2, run=f"run {n}", entity=f"model {n}"),
        ev.Metric(seq=at + 6, at=at + 3, run=f"run {n}", name="loss", value=0.5, step=1),
        ev.End(seq=at + 7, at=at + 4, run=f"run {n}", outcome="failed", error="ValueError: no"),
    ]
    told = [s for event in events for s in resolve(event, f"writer run {n}", "default")]
    return [*said(f"run {n}", "default", at), *told]


#: A document, and how many statements it takes: see the README.
STATEMENTS_OF: Final = {
    "{ models { nodes { id name type } } }": 2,
    "{ models { totalCount } }": 2,
    "{ models { totalCount nodes { id } } }": 3,
    "{ runs { nodes { name startedAt used { nodes { name } edges { roles } } } } }": 3,
    "{ runs(first: 9) { nodes { used { nodes { usedBy(first: 5) { nodes { used(first: 5) { nodes { id } } }}}}}}}": 5,
    "{ runs { nodes { used { totalCount nodes { id kind } } generated { nodes { id } } } } }": 5,
    "{ entities { nodes { generatedBy { name generatedBy: used { nodes { id } } } } } }": 4,
    "{ entities { nodes { ... on Model { attributes } ... on Dataset { attributes } types } } }": 5,
    "{ runs { nodes { status } } }": 3,
    "{ a: runs { nodes { id } } b: runs { nodes { id } } }": 3,
    '{ a: runs { totalCount } b: runs(asOf: "2099-01-01") { totalCount } }': 4,
    "{ runs(first: 9) { nodes { series { name points { value } } error } } }": 4,
}


@pytest.mark.parametrize("query", STATEMENTS_OF)
def test_the_number_of_statements_depends_on_the_document(query: str, tmp_path: Path) -> None:
    store = Counting(str(tmp_path / "graph.db"))
    counts = []
    for runs in (3, 40):
        for n in range(runs):
            store.write(Batch(made(n)))
        store.settle()
        before = store.asked
        reply = execute(Request(query), Context(store))
        assert b"errors" not in reply.body, reply.body
        counts.append(store.asked - before)
    store.close()
    assert counts == [STATEMENTS_OF[query]] * 2


def test_a_fragment_on_an_interface_and_one_on_a_type_are_merged(told: dict[str, Store]) -> None:
    query = """query ($deep: Boolean = true, $name: String = "models/a.pt") {
        node(id: "a.pt") { ...T ... on Model { generatedBy { name } x: name } __typename }
        models(where: {name: {equals: $name}}) { nodes { ...T } edges { node { id } cursor @skip(if: $deep) } } }
      fragment T on Thing { id ... on Entity { generatedBy { used(first: 1) @include(if: $deep) { totalCount } } } }"""
    assert same(told["sqlite"], query)
    assert same(told["sqlite"], query, deep=False, name="nobody")
    (body, _), (other, _) = both(told["sqlite"], query), both(told["sqlite"], query, deep=False)
    assert body is not None
    assert other is not None
    assert b'"used":{"totalCount"' in body
    assert (b"used" in other, b"cursor" in other) == (False, True)
    assert list(msgspec.json.decode(body)["data"]["node"]) == ["id", "generatedBy", "x", "__typename"]


def test_introspection_is_left_to_strawberry(told: dict[str, Store]) -> None:
    body, slow = both(told["memory"], "{ __typename __type(name: \"Model\") { name } models { totalCount } }")
    assert body is None
    assert slow["data"]["__type"] == {"name": "Model"}


def test_strawberry_answers_by_itself_too(told: dict[str, Store]) -> None:
    """With variables, as the benchmark asks it."""
    query = "query ($n: Int!) { runs(first: $n) { nodes { id name } } }"
    context = Context(told["sqlite"])
    result = SCHEMA.execute_sync(query, variable_values={"n": 3}, context_value=Asking(context))
    assert result.errors is None
    assert msgspec.json.encode({"data": result.data}) == execute(Request(query, variables={"n": 3}), context).body
