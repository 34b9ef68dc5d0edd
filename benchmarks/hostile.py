"""Requests that somebody sends to wear a service out: each by its name, as a path, a body, and what refuses it."""

import json
from typing import Any, Final, NamedTuple
from urllib.parse import quote


class Hostile(NamedTuple):
    """A request: by GET where it has no body. `code`: of the error that refuses it, or a status of HTTP."""

    code: str | int
    body: bytes | None = None
    path: str = "/graphql"

    def again(self, n: int) -> "Hostile":
        """The same in other words, so that nobody remembers it."""
        if self.body is None:
            return self
        return self._replace(body=self.body.replace(b'"query": "', b'"query": "#%d\\n' % n, 1))


LIMIT, INVALID, INPUT, REQUEST = "OVER_LIMIT", "INVALID_DOCUMENT", "BAD_INPUT", "BAD_REQUEST"
IDS: Final = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
WHERE: Final = "query ($where: EntityWhere) { models(where: $where) { totalCount } }"
FIND: Final = 'query ($where: String) { find(type: "Model", where: $where) { totalCount } }'
AFTER: Final = "query ($after: String) { models(after: $after) { totalCount nodes { id } } }"


def document(text: str, code: str = LIMIT, **variables: Any) -> Hostile:
    """A document, and what refuses it."""
    return Hostile(code, json.dumps({"query": text, "variables": variables}).encode())


def models(body: str, code: str = LIMIT, more: str = "") -> Hostile:
    """A document that asks this of all models; `more`: its fragments."""
    return document(f"{{ models {{ nodes {{ {body} }} }} }} {more}", code)


def raw(query: str, variables: str, code: str) -> Hostile:
    """A document with variables as they are written."""
    return Hostile(code, f'{{"query": {json.dumps(query)}, "variables": {variables}}}'.encode())


def several(many: int, what: str, sign: str = "a") -> str:
    """The same with N as a1, a2 ..."""
    return " ".join(what.replace("N", f"{sign}{i}") for i in range(many))


def chain(many: int, body: str, last: str = "id", of: str = "Thing") -> str:
    """Fragments that spread NEXT, the one after."""
    texts = [f"fragment F{i} on {of} {{ {body.replace('NEXT', f'F{i + 1}')} }}" for i in range(many)]
    return " ".join([*texts, f"fragment F{many} on {of} {{ {last} }}"])


def nested(depth: int, opening: str, inner: str, closing: str) -> str:
    """Something in something."""
    return opening * depth + inner + closing * depth


IN_A_CIRCLE: Final = "fragment A on Thing { parts { nodes { ...B } } } fragment B on Thing { ...A }"
LOOP: Final = "fields { type { "
OFTEN: Final = several(12, "N: __schema { types { fields { args { type { name } } type { name } } } }")
ATTACKS: Final = {
    "10,000 fields deep": models(nested(5_000, "parts { nodes { ", "id", " } }")),
    "40 fields deep": models(nested(20, "parts(first: 1) { nodes { ", "id", " } }")),
    "10,000 aliases": models(several(10_000, "N: name")),
    "300 aliases": models(several(300, "N: name")),
    "10,000 directives": models("id " + "@include(if: true) " * 10_000),
    "400 directives": models("id " + "@include(if: true) " * 400),
    "one field 2,500 times": models("id " * 2_500),
    "one chain of fields 20 times": models((nested(8, "parts { nodes { ", "id", " } }") + " ") * 20),
    "200 fields at the top": document(f"{{ {several(200, 'N: models { totalCount }')} }}"),
    "200 operations": document(several(200, "query N { models { totalCount } }", "Q")),
    "400 variables": document(f"query ({several(400, '$N: Int')}) {{ models {{ totalCount }} }}", INVALID),
    "2,900 values": document(f"{{ models(where: {{types: [{'1 ' * 2_900}]}}) {{ totalCount }} }}"),
    "300 fragments": models(several(300, "...N", "F"), more=several(300, "fragment N on Thing { id }", "F")),
    "300 fragments in place": models("... on Thing { id } " * 300),
    "fragments that double": models("...F0", more=chain(30, "...NEXT " * 20)),
    "fragments in a circle": models("...A", INVALID, IN_A_CIRCLE),
    "pages in pages": models(nested(3, "parts(first: 10000) { nodes { ", "id", " } }")),
    "pages in pages, by fragments": models("...F0", more=chain(8, "parts(first: 100) { nodes { ...NEXT } }")),
    "introspection in circles": document(f"{{ __schema {{ types {{ {nested(12, LOOP, 'name', ' } }')} }} }} }}"),
    "introspection in circles, by fragments": document(
        "{ __schema { types { ...F0 } } } " + chain(20, "fields { type { ...NEXT } }", "name", "__Type")
    ),
    "introspection in a small circle": document(
        f"{{ __schema {{ types {{ {nested(4, LOOP, 'name', ' } }')} }} }} }}"
    ),
    "introspection 12 times over": document(f"{{ {OFTEN} }}"),
    "fields of the schema 45 times": document(
        f"{{ __schema {{ types {{ {several(45, 'N: fields { args { type { name } } }')} }} }} }}"
    ),
    "a batch of 1,000": Hostile(REQUEST, json.dumps([{"query": "{ __typename }"}] * 1_000).encode()),
    "a document of 10 MB": models("id " * 3_500_000, REQUEST),
    "a document of 900 kB": models("id " * 300_000),
    "49,000 comments": document("#\n" * 49_000 + "{ models { totalCount } }"),
    "1,900 brackets": document("{ models(where: " + "[" * 1_900 + ") { totalCount } }", INVALID),
    "a number of 90,000 digits": document(f"{{ models(first: {'9' * 90_000}) {{ totalCount }} }}", INVALID),
    "a name of 90,000 letters": document(f"{{ {'m' * 90_000} {{ totalCount }} }}", INVALID),
    "20 misspelt fields": document(f"{{ {several(20, 'modelzN { id }')} }}", INVALID),
    "a list 400,000 deep": raw(IDS, f'{{"ids": {nested(400_000, "[", "", "]")}}}', REQUEST),
    "a list 500 deep": raw(IDS, f'{{"ids": {nested(500, "[", "", "]")}}}', LIMIT),
    "an object 500 deep": raw(WHERE, '{"where": ' + nested(500, '{"name": ', "1", "}") + "}", LIMIT),
    "500,000 ids": raw(IDS, f'{{"ids": [{",".join(["1"] * 500_000)}]}}', REQUEST),
    "50,000 ids": raw(IDS, f'{{"ids": [{",".join(["1"] * 50_000)}]}}', LIMIT),
    "JSON 1,000,000 deep": Hostile(REQUEST, b"[" * 1_000_000),
    "an address of 20 kB": Hostile(414, None, "/graphql?query=" + quote("{ models { totalCount } }" + " " * 9_000)),
    "a condition 2,000 brackets deep": document(FIND, INPUT, where=nested(2_000, "(", "lr > 1", ")")),
    "a condition of 5,000 tests": document(FIND, INPUT, where=" and ".join(["lr > 1"] * 5_000)),
    "a cursor of 500 kB": document(AFTER, INPUT, after="kZGR" * 130_000),
}
