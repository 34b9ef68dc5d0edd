"""All that can be asked of a service, over every face, as requests: for tests that compare two of them."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import graphql
import httpx

from begat.api.commands.ask import question_parser
from begat.api.graphql.asking import camel
from begat.api.graphql.schema import CORE
from begat.graph_schema.terms import KINDS, TYPES
from begat.queries.catalogue import QUESTIONS
from begat.queries.question import Question

API: Final = "/api/v1"
#: Before the last of what the study tells.
THEN: Final = "2026-03-02T12:00:00Z"
#: Headers that are the same whenever the answer is.
TOLD: Final = (
    "content-type", "content-length", "etag", "link", "begat-truncated", "begat-notes", "vary", "retry-after", "allow"
)  # fmt: skip
#: Selections of relations in one document.
TOGETHER: Final = 8

Asked = tuple[str, str, Mapping[str, Any]]
Answer = tuple[int, tuple[str | None, ...], bytes]


def answered(client: httpx.Client, asked: Asked) -> Answer:
    """A request's answer: status, headers and bytes; of an export the lines in order."""
    method, address, how = asked
    answer = client.request(method, address, **how)
    body = answer.content
    if "/export" in address:
        body = b"\n".join(sorted(body.splitlines()))
    return answer.status_code, tuple(answer.headers.get(name) for name in TOLD), body


def get(address: str, **params: Any) -> Asked:
    return "GET", address, {"params": params}


def document(query: str, **variables: Any) -> Asked:
    return "POST", "/graphql", {"json": {"query": query, "variables": variables}}


def everything(ids: Sequence[str], names: Sequence[str]) -> Iterator[Asked]:
    """All faces; `ids` are things that can be seen, `names` whatever else a thing may be named by."""
    yield from pages()
    yield from questions(names)
    yield from looking(ids, names)
    yield from linked_data(ids, names)
    yield from triples(ids, names)
    yield from documents(ids, names)


def pages() -> Iterator[Asked]:
    for path in ("/healthz", "/openapi.json", "/metrics", f"{API}/questions", f"{API}/export", f"{API}/nothing"):
        yield get(path)


def example(q: Question) -> dict[str, Any]:
    """The parameters of a question's example, as an address has them."""
    words = shlex.split(q.example)[3:]
    given = vars(question_parser(q).parse_args(words))
    known = {"as_of", "limit", *(p.name for p in q.parameters)}

    def said(name: str, value: Any) -> Any:
        flag = f"--{name.replace('_', '-')}"
        return words[words.index(flag) + 1] if isinstance(value, int) and flag in words else value

    return {k: said(k, v) for k, v in given.items() if k in known and v not in (None, [])}


def questions(names: Sequence[str]) -> Iterator[Asked]:
    for q in QUESTIONS.values():
        given = example(q)
        path = f"{API}/ask/{q.name}"
        for more in ({}, {"limit": 1}, {"limit": 2, "format": "ndjson"}, {"as_of": THEN}, {"format": "csv"}):
            yield get(path, **given | more)
        for p in q.parameters:
            if p.type in ("thing", "text", "texts"):
                for name in names:
                    yield get(path, **given | {p.name: name})


WHERE: Final = (
    "name >= 'a'", "secret_rate > 0", "lr > 0", "params.lr > 1000", "metrics.loss.min > 1000", "loss < 1",
    "status = 'FAILED'", "about = 'secret'", "metrics.loss[split=val] > 0",
)  # fmt: skip


def looking(ids: Sequence[str], names: Sequence[str]) -> Iterator[Asked]:
    for type_ in (*KINDS, *TYPES, "secret type", "secret Dataset"):
        yield get(f"{API}/find/{type_}")
        yield get(f"{API}/find/{type_}", limit=2, as_of=THEN)
    for kind in KINDS:
        for where in WHERE:
            yield get(f"{API}/find/{kind}", where=where, sort="-name")
        for sort in ("lr", "-metrics.loss.max", "params.lr,-name", "secret"):
            yield get(f"{API}/find/{kind}", sort=sort, limit=5)
    for thing in ids:
        yield get(f"{API}/show", id=thing)
    for thing in (*ids[::6], *names):
        yield get(f"{API}/show", id=thing, limit=2)
        yield get(f"{API}/metrics", of=thing)
        for direction in ("up", "down", "both"):
            yield get(f"{API}/lineage", of=thing, direction=direction)
        yield get(f"{API}/lineage", of=thing, relations=["used", "wasGeneratedBy"], as_of=THEN)
        yield get(f"{API}/path", effect=thing, cause="rain.csv@1")
        yield get(f"{API}/path", effect="models/ens.pt", cause=thing)
        yield get(f"{API}/diff", a=thing, b=ids[0])
        yield get(f"{API}/find/Model", after=thing)
        yield get(f"{API}/runs", experiment=thing)
    tables: tuple[dict[str, Any], ...] = (
        {}, {"steps": "true"}, {"columns": ["name", "params.*", "metrics.*"]}, {"where": "lr > 1000"}, {"as_of": THEN},
        {"pivot": "params.lr,type,metrics.loss.min"}, {"sort": "-metrics.loss"},
    )  # fmt: skip
    for how in tables:
        yield get(f"{API}/runs", **how)
        yield get(f"{API}/runs", **how, limit=1, format="csv")


def linked_data(ids: Sequence[str], names: Sequence[str]) -> Iterator[Asked]:
    for path in ("/catalog", "/.well-known/void", "/provenance"):
        yield get(path, format="n-triples")
    yield get("/catalog", limit=3)
    yield get(f"{API}/check")
    for form in ("n-quads", "turtle", "prov-n"):
        yield get(f"{API}/export", format=form)
        yield get(f"{API}/export", format=form, points="false", of=ids[0], direction="both")
    yield get(f"{API}/export", format="n-quads", depends_on="true")
    yield get(f"{API}/export", format="n-quads", depends_on="true", of=ids[0], direction="both")
    for thing in (*ids[::6], *names):
        yield get(f"/id/{quote(thing, safe='')}")
        yield get(f"/data/{quote(thing, safe='')}", format="prov-json")
        yield get("/provenance", target=thing, format="prov-n")
        yield get(f"{API}/check", of=thing)


def triples(ids: Sequence[str], names: Sequence[str]) -> Iterator[Asked]:
    for query in (
        "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
        "SELECT (count(*) AS ?n) { ?s ?p ?o }",
        "SELECT (count(*) AS ?n) FROM <urn:none> { ?s ?p ?o }",
        "SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY ?p",
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
        "SELECT * { nonsense",
    ):
        yield get("/sparql", query=query)
    yield get("/sparql", query="SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", inference="depends-on")
    for name in (*ids[::12], *names):
        iri = f"<https://w3id.org/begat/id/{quote(name, safe='')}>"
        yield get("/sparql", query=f"ASK {{ {{ {iri} ?p ?o }} UNION {{ ?s ?q {iri} }} }}")
        yield get("/sparql", query=f"SELECT ?p ?o {{ {iri} ?p ?o }} ORDER BY ?p ?o")
        yield get("/sparql", query=f'SELECT ?s {{ ?s ?p ?o FILTER(contains(str(?o), "{name[:30]}")) }} ORDER BY ?s')


def documents(ids: Sequence[str], names: Sequence[str]) -> Iterator[Asked]:
    thing = "id name kind type types seenAt attributes"
    for root in ("entities", "activities", "agents", "models", "datasets", "runs", "jobs"):
        for how in ("first: 1000", "first: 3", f'first: 50, asOf: "{THEN}"', 'where: {name: {startsWith: "secret"}}'):
            found = f"totalCount edges {{ cursor node {{ {thing} }} }} pageInfo {{ endCursor }}"
            yield document(f"{{ {root}({how}) {{ {found} }} }}")
    yield document("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=list(names))
    for name in names:
        yield document("query ($id: ID!) { node(id: $id) { id } }", id=name)
        yield document(
            "query ($of: String!) { lineage(of: $of, direction: BOTH) { nodes { id name } edges { source target } } }",
            of=name,
        )
    for selection in _selections():
        yield document(f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ id {selection} }} }}", ids=list(ids)[:200])
    up = "query ($of: String!) { lineage(of: $of) { nodes { id name } edges { source } } }"
    yield document(up, of="models/ens.pt")
    for q in QUESTIONS.values():
        given = {camel(k): v for k, v in example(q).items()}
        text = ", ".join(f"{k}: {_written(q, k, v)}" for k, v in given.items())
        columns = " ".join(camel(c.name) for c in q.columns)
        asked = f"{camel(q.name)}{f'({text})' if text else ''}"
        yield document(f"{{ {asked} {{ rows {{ {columns} }} truncated pending }} }}")
    yield document("{ nothing }")


def _written(q: Question, name: str, value: Any) -> str:
    types = {camel(p.name): p.type for p in q.parameters}
    return str(value) if types.get(name, "integer") in ("integer", "number") else json.dumps(value)


def _selections() -> Iterator[str]:
    """Every field of every type of node that leads to others, some together."""
    for type_ in CORE.type_map.values():
        if not isinstance(type_, graphql.GraphQLObjectType) or CORE.type_map["Node"] not in type_.interfaces:
            continue
        fields = [text for name, field in type_.fields.items() if (text := _selected(name, field)) is not None]
        for n in range(0, len(fields), TOGETHER):
            yield f"... on {type_.name} {{ {' '.join(fields[n : n + TOGETHER])} }}"


def _selected(name: str, field: graphql.GraphQLField) -> str | None:
    inner = graphql.get_named_type(field.type)
    if graphql.is_leaf_type(inner):
        return name
    if inner.name.endswith("Connection"):
        return f"{name}(first: 5) {{ totalCount edges {{ cursor roles at node {{ id name attributes }} }} }}"
    members = getattr(inner, "fields", {})
    leaves = [n for n, f in members.items() if graphql.is_leaf_type(graphql.get_named_type(f.type))]
    return f"{name} {{ {' '.join(leaves)} }}" if leaves else None
