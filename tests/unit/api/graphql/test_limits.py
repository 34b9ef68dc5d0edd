"""Limits: each is told with its value, before anything is asked of the store, and soon."""

import json
from typing import Any, Final

import msgspec
import pytest
from graphql import Lexer, Source, TokenKind, get_introspection_query

from begat.api.graphql.documents import Documents
from begat.api.graphql.errors import Refused
from begat.api.graphql.execute import Context, Reply, Request, execute
from begat.api.graphql.limits import STANDARD, Limits
from begat.graph_schema.memory import MemoryStore

#: Fragments that spread others several times: what is selected doubles, or more, with each.
BOMB: Final = "{ models { nodes { ...F0 } } }" + "".join(
    f"fragment F{i} on Thing {{ " + " ".join(f"{a}{i}: parts {{ nodes {{ ...F{i + 1} }} }}" for a in "abc") + " }"
    for i in range(8)
) + "fragment F8 on Thing { id }"  # fmt: skip
WIDE: Final = "{ models { nodes { ...F0 } } }" + "".join(
    f"fragment F{i} on Thing {{ " + f"...F{i + 1} " * 20 + "}" for i in range(30)
) + "fragment F30 on Thing { id }"  # fmt: skip
DEEP: Final = "{ models " + "{ nodes { partOf(first: 1) " * 30 + "{ totalCount } " + "} }" * 30 + "}"

REFUSED: Final = {
    "length": "{ models { nodes { id } } }" + " " * 1_000_000,
    "tokens": "{ " + "models { nodes { id } } " * 600 + "}",
    "aliases": "{ models { nodes { " + " ".join(f"a{i}: name" for i in range(60)) + " } } }",
    "directives": "{ models { nodes { id " + "@include(if: true) " * 60 + "} } }",
    "repeats": "{ models { nodes { " + "id " * 101 + "} } }",
    "root_fields": "{ " + " ".join(f"a{i}: models {{ totalCount }}" for i in range(21)) + " }",
    "fragments": "{ models { nodes { " + "... { id } " * 50 + "... { name } " * 51 + "} } }",
    "values": "{ models(where: {types: [" + '"Model" ' * 501 + "]}) { totalCount } }",
    "depth": DEEP,
    "fields": BOMB,
    "cost": "{ models { nodes { partOf { nodes { parts { nodes { id } } } } } } }",
}


class Untouched(MemoryStore):
    """Fails whoever reads it."""

    def read(self, *what: Any, **how: Any) -> list[tuple[Any, ...]]:
        raise AssertionError("the store was asked")


def refused(query: str, variables: Any = None, limits: Limits = STANDARD) -> tuple[str, str]:
    """The code and line of what refuses a document that is not executed."""
    reply: Reply = execute(Request(query, variables=variables or {}), Context(Untouched(), limits=limits))
    assert reply.kind == "request_error"
    answer = json.loads(reply.body)
    assert list(answer) == ["errors"]
    told = answer["errors"][0]
    return told["extensions"]["code"], told["message"]


@pytest.mark.parametrize("limit", REFUSED)
def test_a_document_that_is_too_large_is_refused_with_the_limit_and_its_value(limit: str) -> None:
    code, line = refused(REFUSED[limit])
    assert code == "OVER_LIMIT"
    assert f"limit on {limit}" in line
    assert str(getattr(STANDARD, limit)) in line


@pytest.mark.parametrize("limit", ["depth", "fields", "root_fields", "cost", "aliases", "tokens"])
def test_limits_can_be_set(limit: str) -> None:
    query = "{ a: models { nodes { name id } } b: datasets { nodes { id } } }"
    code, line = refused(query, limits=msgspec.structs.replace(STANDARD, **{limit: 1}))
    assert (code, f"limit on {limit}" in line) == ("OVER_LIMIT", True)


def test_fragments_in_fragments_are_counted_not_spread() -> None:
    """Twenty to the thirtieth fields: the text is small, and is read once."""
    code, line = refused(WIDE)
    assert (code, "very many" in line) == ("OVER_LIMIT", True)


@pytest.mark.parametrize(
    "query",
    [
        "{ models { nodes { ...A } } } fragment A on Thing { ...A }",
        "{ models { nodes { ...A } } } fragment A on Thing { parts { nodes { ...B } } } fragment B on Thing { ...A }",
    ],
)
def test_a_fragment_in_itself_is_refused(query: str) -> None:
    code, line = refused(query)
    assert code == "INVALID_DOCUMENT"
    assert "is spread in itself" in line


def test_brackets_in_brackets_are_no_stack_overflow() -> None:
    code, _ = refused("{ models(where: " + "[" * 2_000 + "]" * 900 + ") { totalCount } }")
    assert code in ("OVER_LIMIT", "INVALID_DOCUMENT")
    code, _ = refused("{" + "a{" * 1_400)
    assert code in ("OVER_LIMIT", "INVALID_DOCUMENT")


def test_variables_are_bounded_in_depth_and_number() -> None:
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    for value in (deep, ["x"] * 20_000, [["x"] * 100] * 200):
        assert refused(query, {"ids": value})[0] == "OVER_LIMIT"
    assert "the limit on depth, 20" in refused(query, {"ids": deep})[1]


@pytest.mark.parametrize(
    ("query", "empty"),
    [
        ("{ models { totalCount } }", False),
        ("{ nonsense }", True),
        ('{ models(after: "no cursor") { totalCount nodes { id } } }', True),
        ('{ find(type: "Model", where: "lr <") { totalCount } }', True),
    ],
)
def test_an_answer_of_nothing_but_errors_is_told_from_others(query: str, empty: bool) -> None:
    """It is held back, as a refusal is: asking for it again and again must not take the time of others."""
    assert execute(Request(query), Context(MemoryStore())).empty is empty


def test_introspection_in_circles_is_refused() -> None:
    circle = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"
    code, line = refused(circle)
    assert code == "OVER_LIMIT"
    assert "limit on introspection depth, 3" in line


@pytest.mark.parametrize(
    "text",
    [
        get_introspection_query(),
        '{ a(b: "x#y\\"z", c: """block "q" \\""" # no""", d: -1.5e-3, e: [1,2 3]) @x ...F ... on T } # c',
        "# one\n\ufeffquery Q($a: Int! = 3) {\ta, b # two\n}",
    ],
)
def test_tokens_are_counted_as_the_parser_does(text: str) -> None:
    tokens = 0
    lexer = Lexer(Source(text))
    while (kind := lexer.advance().kind) is not TokenKind.EOF:
        tokens += kind is not TokenKind.COMMENT
    for most in (tokens - 1, tokens):
        code, line = refused(text, limits=msgspec.structs.replace(STANDARD, tokens=most, depth=0))
        assert ("limit on tokens" in line) == (most < tokens), (code, line)


def test_what_takes_the_parser_long_is_counted_at_once() -> None:
    """Each in time that grows as its length: with the square of it these would take minutes."""
    for sign in ("#\n", '"', '"""', "\\", "a ", "{", ",", "-"):
        assert refused(sign * (90_000 // len(sign)))[0] in ("OVER_LIMIT", "INVALID_DOCUMENT")


def test_what_is_refused_takes_no_place_among_the_documents_that_are_kept() -> None:
    limits, documents = msgspec.structs.replace(STANDARD, cached_signs=100), Documents()
    first = documents.get("{ models { totalCount } }", limits)
    for n in range(9):
        with pytest.raises(Refused):
            documents.get(f"{{ models {{ nope{n} }} }}", limits)
    assert documents.get("{ models { totalCount } }", limits) is first
    for n in range(5):
        documents.get(f"{{ a{n}: models {{ totalCount }} }}", limits)
    assert documents.get("{ models { totalCount } }", limits) is not first


def test_the_schema_many_times_over_costs_too_much() -> None:
    """Introspection asks nothing of the store, but what it selects is made one by one."""
    often = " ".join(f"a{i}: fields {{ args {{ type {{ name }} }} }}" for i in range(45))
    code, line = refused(f"{{ __schema {{ types {{ {often} }} }} }}")
    assert (code, "limit on cost" in line) == ("OVER_LIMIT", True)


def test_what_graphiql_asks_first_is_answered() -> None:
    reply = execute(Request(get_introspection_query()), Context(MemoryStore()))
    assert reply.kind == "ok"
    assert json.loads(reply.body)["data"]["__schema"]["queryType"]["name"] == "Query"
