"""/sparql: the query operation of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), read-only."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from importlib.resources import files
from typing import IO, Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from begat.api.service.access import Access
from begat.api.service.body import read
from begat.api.service.forms import best, unacceptable, wanted
from begat.api.service.graphql import rest
from begat.api.service.problem import Problem
from begat.api.service.state import State
from begat.graph_schema.documents.iris import is_iri
from begat.graph_schema.errors import MissingExtra, TookTooLong
from begat.queries.sparql.forms import GRAPHS, ROWS, WITH_CHARSET
from begat.queries.sparql.keeper import Follow
from begat.queries.sparql.place import MORE, More
from begat.queries.sparql.pool import Found, Question, Refused, TooLarge

#: Bytes of a text at most.
MOST: Final = 1 << 20
#: Graphs that a request may name.
MANY: Final = 100
FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
#: Bytes that are sent together.
PIECE: Final = 256 << 10
READ_ONLY: Final = "nothing is changed by SPARQL here: send a query"
#: What a text is refused with, and a short title.
_STATUS: Final = {
    "malformed": (400, "malformed query"), "update": (403, "read only"), "service": (403, "not allowed"),
    "unacceptable": (406, "not acceptable"),
}  # fmt: skip
#: What `inference` may be.
_MORE: Final[dict[str, More]] = {more: more for more in MORE}
Pairs = Sequence[tuple[str, str]]


class _Form(NamedTuple):
    """A form's name in the engine, and one of its media types."""

    name: str
    media: str


def _each(forms: Mapping[str, Sequence[str]]) -> tuple[_Form, ...]:
    return tuple(_Form(name, media) for name, known in forms.items() for media in known)


_ROWS, _GRAPHS = _each(ROWS), _each(GRAPHS)


async def sparql(request: Request) -> Response:
    """Answer a query; without one, describe the service."""
    began = time.perf_counter()
    try:
        return await _answered(request)
    except Problem:
        await rest(began)
        raise


async def _answered(request: Request) -> Response:
    state: State = request.app.state.begat
    access: Access = request.scope["begat.access"]
    pairs = [*request.query_params.multi_items()]
    if request.method == "POST":
        pairs = await _posted(request, pairs)
    if any(name == "update" for name, _ in pairs):
        raise Problem(403, "read only", READ_ONLY)
    text, project = _one(pairs, "query"), access.of_project(_one(pairs, "project"), state.project)
    asked = _one(pairs, "inference") or "no"
    more = _MORE.get(asked)
    if more is None:
        raise Problem(400, "wrong request", f"inference is {asked[:100]!r}: give {', '.join(MORE)}")
    accept = request.headers.get("accept") or "*/*"
    if text is None:
        if request.method == "POST":
            raise Problem(400, "wrong request", "there is no query in the form: send one as `query`")
        return await _description(request, accept)
    rows, graph = best(accept, _ROWS), best(accept, _GRAPHS)
    if rows is None and graph is None:
        raise unacceptable(accept, (*_ROWS, *_GRAPHS))
    question = Question(text, rows and rows.name, graph and graph.name, _graphs(pairs))
    answering = state.sparql
    if answering is None:
        raise MissingExtra("SPARQL", "rdf")
    what = Follow(project, more)
    client = request.client.host if request.client else ""
    async with answering.turns.of(f"{access.who} {client}"):
        try:
            found = await answering.threads.do(lambda: answering.answer(what, question))
        except Refused as e:
            status, title = _STATUS[e.wrong]
            if e.wrong == "unacceptable":
                raise unacceptable(accept, _GRAPHS if str(e) == "triples" else _ROWS) from e
            raise Problem(status, title, str(e)) from e
        except TooLarge as e:
            raise Problem(413, "answer too large", str(e)) from e
        except TookTooLong as e:
            raise Problem(504, "took too long", str(e)) from e
    media = next(form.media for form in (rows, graph) if form is not None and form.name == found.form)
    return _sent(found, media)


def _sent(found: Found, media: str) -> Response:
    headers = {
        "Begat-Commit": str(found.commit), "Vary": "Accept, Authorization", "Content-Length": str(found.size),
        "Content-Type": f"{media}; charset=utf-8" if media in WITH_CHARSET else media,
    }  # fmt: skip
    if found.size <= PIECE:
        with found.file as file:
            return Response(file.read(), headers=headers)
    return StreamingResponse(_pieces(found.file), headers=headers)


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


async def _posted(request: Request, pairs: Pairs) -> list[tuple[str, str]]:
    """What a request gives, its body included. Raises Problem: 400, 403, 413, 415."""
    state: State = request.app.state.begat
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind == UPDATE:
        raise Problem(403, "read only", READ_ONLY)
    if kind not in (FORM, QUERY):
        raise Problem(415, "unknown media type", f"the body is {kind[:100] or 'of no type'}: send {QUERY} or {FORM}")
    charset = parameters.replace('"', "").replace(" ", "").lower()
    if "charset=" in charset and "charset=utf-8" not in charset:
        raise Problem(415, "unknown charset", f"the body is in {parameters.strip()[:100]}: send UTF-8")
    body = await read(request, min(MOST, state.limits.body), state.limits.patience)
    try:
        text = body.decode()
        if kind == QUERY:
            return [*pairs, ("query", text)]
        return [*pairs, *parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=2 * MANY)]
    except UnicodeDecodeError as e:
        raise Problem(400, "wrong request", f"the body is no UTF-8: byte {e.start}") from None
    except ValueError:
        raise Problem(400, "wrong request", f"the form has more than {2 * MANY} fields") from None


def _one(pairs: Pairs, name: str) -> str | None:
    found = [value for key, value in pairs if key == name]
    if len(found) > 1:
        raise Problem(400, "wrong request", f"{name} is given {len(found)} times: it takes one value")
    return found[0] if found else None


def _graphs(pairs: Pairs) -> tuple[list[str], list[str]] | None:
    """The dataset of the protocol (section 2.1.4), None where there is none."""
    default, named = ([v for k, v in pairs if k == name] for name in ("default-graph-uri", "named-graph-uri"))
    for iri in (*default, *named):
        if not is_iri(iri):
            raise Problem(400, "wrong request", f"{iri[:200]!r} is no absolute IRI: a graph is named by one")
    if len(default) + len(named) > MANY:
        raise Problem(400, "wrong request", f"more than {MANY} graphs are named")
    return (default, named) if default or named else None


async def _description(request: Request, accept: str) -> Response:
    """The SPARQL 1.1 Service Description, whatever of it is wanted."""
    chosen = best(accept, _GRAPHS)
    if chosen is None and wanted(accept, "text/html") > 0:
        chosen = _Form("turtle", "text/turtle")  # a person, who can read it
    if chosen is None:
        raise unacceptable(accept, _GRAPHS)
    text = files("begat.queries.sparql").joinpath("description.ttl").read_text(encoding="utf-8")
    address = str(request.url.replace(query=""))
    if chosen.name == "turtle":
        body = text.replace("<>", f"<{address}>").encode()
    else:
        try:
            import pyoxigraph
        except ImportError:
            raise MissingExtra("SPARQL", "rdf") from None
        form = pyoxigraph.RdfFormat.from_media_type(GRAPHS[chosen.name][0])
        quads = pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.TURTLE, base_iri=address)
        body = bytes(pyoxigraph.serialize((q.triple for q in quads), format=form) or b"")
    media = f"{chosen.media}; charset=utf-8" if chosen.media in WITH_CHARSET else chosen.media
    return Response(body, headers={"Content-Type": media, "Vary": "Accept, Authorization"})


