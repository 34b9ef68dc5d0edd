"""Requests that somebody sends to wear a service out: each by its name, as a path, a body, and what refuses it."""

import json
from typing import Any, Final, NamedTuple
from urllib.parse import quote


class Hostile(NamedTuple):
    """A request: by GET where it has no body. `code`: of the error that refuses it, or a status of HTTP."""

    code: str | int
    body: bytes | None = None
    path: str = "/graphql"


def document(text: str, code: str = "OVER_LIMIT", **variables: Any) -> Hostile:
    """A document, and what refuses it."""
    return Hostile(code, json.dumps({"query": text, "variables": variables}).encode())


def _fragments(many: int, body: str, last: str = "id") -> str:
    """Fragments that spread the next one."""
    return "".join(f" fragment F{i} on Thing {{ {body.replace('NEXT', f'F{i + 1}')} }}" for i in range(many)) + (
        f" fragment F{many} on Thing {{ {last} }}"
    )


def _several(many: int, what: str, sign: str = "a") -> str:
    return " ".join(what.replace("N", f"{sign}{i}") for i in range(many))


MODELS: Final = "{ models { nodes { BODY } } }"
LOOP: Final = "fields { type { " * 12 + "name " + "} } " * 12
WHOLE: Final = """__schema { types { name fields { name args { name type { name ofType { name ofType { name } } } }
    type { name ofType { name ofType { name } } } } inputFields { name type { name } } enumValues { name } } }"""
IDS: Final = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
WHERE: Final = "query ($where: EntityWhere) { models(where: $where) { totalCount } }"
ANY: Final = "query ($v: Json) { models(where: {settings: [{name: \"a\", equals: $v}]}) { totalCount } }"


def _nested(depth: int, opening: str, closing: str) -> str:
    return opening * depth + closing * depth


def _raw(query: str, variables: str) -> bytes:
    return f'{{"query": {json.dumps(query)}, "variables": {variables}}}'.encode()


ATTACKS: Final = {
    "10,000 fields deep": document("{ models " + "{ nodes { parts " * 5_000 + "{ id } " + "} } " * 5_000 + "}"),
    "40 fields deep": document("{ models " + "{ nodes { parts(first: 1) " * 20 + "{ totalCount } " + "} }" * 20 + "}"),
    "10,000 aliases": document("{ " + _several(10_000, "N: models { totalCount }") + " }"),
    "300 aliases": document(MODELS.replace("BODY", _several(300, "N: name"))),
    "10,000 directives": document(MODELS.replace("BODY", "id " + "@include(if: true) " * 10_000)),
    "400 directives": document(MODELS.replace("BODY", "id " + "@include(if: true) " * 400)),
    "one field 2,500 times": document(MODELS.replace("BODY", "id " * 2_500)),
    "200 fields at the top": document("{ " + _several(200, "N: models { totalCount }") + " }"),
    "200 operations": document(" ".join(f"query Q{i} {{ models {{ totalCount }} }}" for i in range(200)), "INVALID_DOCUMENT"),
    "600 variables": document(
        "query (" + _several(600, "$N: Int") + ") { models { totalCount } }", "INVALID_DOCUMENT"
    ),
    "a batch of 1,000": Hostile("BAD_REQUEST", json.dumps([{"query": "{ __typename }"}] * 1_000).encode()),
    "introspection in circles": document(f"{{ __schema {{ types {{ {LOOP} }} }} }}", "INVALID_DOCUMENT"),
    "introspection in circles, by fragments": document(
        "{ __schema { types { ...T0 } } }"
        + "".join(f" fragment T{i} on __Type {{ fields {{ type {{ ...T{i + 1} }} }} }}" for i in range(20))
        + " fragment T20 on __Type { name }", "INVALID_DOCUMENT",
    ),
    "introspection 20 times over": document("{ " + _several(20, f"N: {WHOLE}") + " }"),
    "introspection, 45 times each": document(
        "{ __schema { types { " + _several(45, "N: fields { args { type { name } } }") + " } } }"
    ),
    "pages in pages": document("{ models(first: 10000) { nodes { usedBy(first: 10000) { nodes { used(first: 10000) { totalCount } } } } } }"),
    "pages in pages, by fragments": document(
        MODELS.replace("BODY", "...F0") + _fragments(8, "parts(first: 100) { nodes { ...NEXT } }")
    ),
    "fragments that double": document(MODELS.replace("BODY", "...F0") + _fragments(30, "...NEXT " * 20)),
    "fragments in a circle": document(
        MODELS.replace("BODY", "...A") + " fragment A on Thing { parts { nodes { ...B } } } fragment B on Thing { ...A }",
        "INVALID_DOCUMENT",
    ),
    "fields that cannot be merged": document(
        MODELS.replace("BODY", " ".join(f"x: parts(first: {i}) {{ nodes {{ x: name y: id }} }}" for i in range(1, 48))),
        "INVALID_DOCUMENT",
    ),
    "a document of 10 MB": document(MODELS.replace("BODY", "id " * 3_500_000), "BAD_REQUEST"),
    "a document of 1 MB": document(MODELS.replace("BODY", "id " * 350_000)),
    "a comment of 99,000 lines": document("#\n" * 49_000 + "{ models { totalCount } }"),
    "2,000 brackets": document("{ models(where: " + "[" * 2_000 + ") { totalCount } }", "INVALID_DOCUMENT"),
    "a number of 90,000 digits": document(f"{{ models(first: {'9' * 90_000}) {{ totalCount }} }}", "INVALID_DOCUMENT"),
    "a name of 90,000 letters": document(f"{{ {'m' * 90_000} {{ totalCount }} }}", "INVALID_DOCUMENT"),
    "200 misspelt fields": document("{ " + _several(200, "modelz { id }") + " }", "INVALID_DOCUMENT"),
    "a list 400,000 deep in variables": Hostile("BAD_REQUEST", _raw(IDS, f'{{"ids": {_nested(400_000, "[", "]")}}}')),
    "a list 500 deep in variables": Hostile("INVALID_VARIABLES", _raw(IDS, f'{{"ids": {_nested(500, "[", "]")}}}')),
    "an object 500 deep in variables": Hostile(
        "INVALID_VARIABLES", _raw(WHERE, '{"where": ' + '{"name": ' * 500 + "1" + "}" * 500 + "}")
    ),
    "500,000 ids": Hostile("OVER_LIMIT", _raw(IDS, f'{{"ids": [{",".join(["1"] * 500_000)}]}}')),
    "JSON 1,000,000 deep": Hostile("BAD_REQUEST", b"[" * 1_000_000),
    "a query of 20 kB by GET": Hostile(414, None, "/graphql?query=" + quote("{ models { totalCount } }" + " " * 20_000)),
    "a condition 2,000 brackets deep": document(
        'query ($w: String) { find(type: "Model", where: $w) { totalCount } }', "BAD_INPUT",
        w="(" * 2_000 + "lr > 1" + ")" * 2_000,
    ),
    "a condition of 5,000 tests": document(
        'query ($w: String) { find(type: "Model", where: $w) { totalCount } }', "BAD_INPUT",
        w=" and ".join(["lr > 1"] * 5_000),
    ),
    "a cursor 500,000 deep": document(
        "query ($after: String) { models(after: $after) { totalCount nodes { id } } }", "BAD_INPUT", after="kZGR" * 170_000
    ),
}  # fmt: skip
