"""The routes of linked data: one way through for every page."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from begat.api.graphql.asking import Asking
from begat.api.graphql.saying import heard_of
from begat.api.service import parameters as of
from begat.api.service.access import Access
from begat.api.service.body import read
from begat.api.service.etag import tagged
from begat.api.service.forms import Form, chosen
from begat.api.service.graphql import context
from begat.api.service.linked import pages
from begat.api.service.linked.openapi import FORMAT, LIMIT, TARGET
from begat.api.service.linked.place import Place, path_of
from begat.api.service.linked.things import described, known
from begat.api.service.linked.words import PREFIXES
from begat.api.service.problem import Problem
from begat.api.service.state import State
from begat.graph_schema.documents.records import Record
from begat.graph_schema.errors import NotFound, UsageError
from begat.graph_schema.ontology import ontology, shapes
from begat.graph_schema.store import Store
from begat.queries.clock import within
from begat.queries.documents.export import FORMS, exported
from begat.queries.documents.media import MEDIA
from begat.queries.elsewhere import elsewhere
from begat.queries.find import find
from begat.queries.subgraph import subgraph

#: Addresses of one pingback, and bytes.
PINGS, PING_BYTES = 100, 64 << 10
_URI_LIST: Final = "text/uri-list"


def _form(name: str) -> Form[Iterable[Record]]:
    return Form(MEDIA[name], lambda records: b"".join(FORMS[name](records, PREFIXES)))


DOCUMENTS: Final = {name: _form(name) for name in MEDIA}
_GENERAL: Final = {p.name: p for p in (of.PROJECT, FORMAT)}
Told = tuple[Iterable[Record], dict[str, str]]


class Asked(msgspec.Struct):
    """A request for a page: of which project, where the service is, and what the address gives."""

    state: State
    access: Access
    project: str
    place: Place
    given: dict[str, Any]
    path: dict[str, Any]

    @property
    def store(self) -> Store:
        """The store that is asked."""
        return self.state.store.store()

    @property
    def has_sparql(self) -> bool:
        """Whether there is /sparql."""
        return self.state.sparql is not None


def routes() -> Iterable[Route]:
    """All of them."""
    yield Route("/id/{id:path}", thing)
    for path, told, more in PAGES:
        yield Route(path, _page(told, {**_GENERAL, **{p.name: p for p in more}}))
    yield Route("/pingback/{id:path}", pingback, methods=["POST"])
    yield Route("/ns", partial(_shipped, ontology))
    yield Route("/shapes", partial(_shipped, shapes))


async def thing(request: Request) -> Response:
    """A thing is no document: where the one about it is (https://www.w3.org/TR/cooluris/, section 4.2)."""
    asked, id_, base = _asked(request, _GENERAL), request.path_params["id"], request.app.state.begat.base

    def work() -> None:
        with elsewhere(), within(asked.state.limits.seconds):
            known(asked.store, asked.project, id_)

    await asked.state.threads.do(work)
    query = f"?{request.url.query}" if request.url.query else ""
    # Without an address of its own the service goes by no name that a request gives it.
    where = f"{base or '/'}{path_of('data', id_)}{query}"
    return Response(status_code=303, headers={"Location": where, "Link": asked.place.links(id_)})


def _data(asked: Asked) -> Told:
    id_ = asked.path["id"]
    return described(asked.store, asked.project, id_, asked.place), {"Link": asked.place.links(id_)}


def _provenance(asked: Asked) -> Told:
    target = asked.given.get("target")
    if target is None:
        return pages.service(asked.place, sparql=asked.has_sparql), {}
    id_, store, most = asked.place.id_of(target), asked.store, asked.state.limits.rows
    found = subgraph(store, id_, side="up", limit=most, project=asked.project)
    ids = {str(row["id"]) for row in found.rows if row["part"] == "node"}
    if found.truncated:
        raise Problem(404, "too much", f"{id_!r} comes of more than an answer has here, {most}: `begat export --from`")
    return list(exported(store, asked.project, ids, points=False)), {"Link": asked.place.links(id_)}


def _void(asked: Asked) -> Told:
    stats = asked.store.stats() if asked.access.project is None else None
    return pages.void(asked.place, asked.project, stats, sparql=asked.has_sparql), {}


def _catalogue(asked: Asked) -> Told:
    limit, found = min(asked.given.get("limit", LIMIT.default), asked.state.limits.rows), []
    for type_ in pages.CATALOGUED:
        try:
            found.append(find(asked.store, type_, limit=limit, project=asked.project))
        except NotFound:  # there is none of the type
            continue
    headers = {"Begat-Truncated": "true"} if any(a.truncated for a in found) else {}
    rows = [row for a in found for row in a.rows]
    return pages.catalogue(asked.place, asked.project, rows, sparql=asked.has_sparql), headers


#: Path, what it tells, its parameters beside project and format.
PAGES: Final = (
    ("/data/{id:path}", _data, ()),
    ("/provenance", _provenance, (TARGET,)),
    ("/catalog", _catalogue, (LIMIT,)),
    ("/.well-known/void", _void, ()),
)


def _page(told: Callable[[Asked], Told], parameters: dict[str, Any]) -> Callable[[Request], Any]:
    async def page(request: Request) -> Response:
        asked = _asked(request, parameters)
        form = chosen(asked.given.pop("format", None), request.headers.get("accept"), DOCUMENTS)

        def work() -> tuple[bytes, dict[str, str]]:
            with elsewhere(), within(asked.state.limits.seconds):
                records, headers = told(asked)
                try:
                    return form.write(records), headers
                except UsageError as e:  # this form cannot hold it
                    raise Problem(406, "not acceptable", str(e)) from e

        body, headers = await asked.state.threads.do(work)
        return tagged(request, body, form.media, headers)

    return page


async def _shipped(turtle: Callable[[], bytes], request: Request) -> Response:
    return tagged(request, turtle(), MEDIA["turtle"], {})


async def pingback(request: Request) -> Response:
    """Somebody says where more provenance of a thing is (https://www.w3.org/TR/prov-aq/, section 5)."""
    asked = _asked(request, {"project": of.PROJECT})
    asked.access.need("write")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _URI_LIST:
        raise Problem(415, "cannot be read", f"a pingback is a {_URI_LIST}: an address a line")
    state = asked.state
    uris = _listed(await read(request, PING_BYTES, state.limits.patience))
    said = context(state, asked.access, asked.project)
    if said.recording is None:
        raise Problem(403, "not allowed", "nothing can be changed here")

    def work() -> None:
        with elsewhere(), within(state.limits.seconds):
            heard_of(Asking(said), asked.path["id"], uris)

    await state.threads.do(work)
    return Response(status_code=204)


def _listed(body: bytes) -> list[str]:
    """The addresses of a text/uri-list (RFC 2483, section 5). Raises UsageError."""
    try:
        lines = [line.strip() for line in body.decode("ascii").splitlines()]
    except UnicodeDecodeError:
        raise UsageError("an address has ASCII signs alone: others are percent-encoded") from None
    uris = [line for line in lines if line and not line.startswith("#")]
    if not 0 < len(uris) <= PINGS:
        raise UsageError(f"{len(uris)} addresses are given: give 1 to {PINGS}")
    return uris


def _asked(request: Request, parameters: dict[str, Any]) -> Asked:
    state: State = request.app.state.begat
    access: Access = request.scope["begat.access"]
    given = of.read(request.query_params.multi_items(), parameters)
    project = access.of_project(given.pop("project", None), state.project)
    return Asked(state, access, project, _place(request), given, request.path_params)


def _place(request: Request) -> Place:
    return Place(request.app.state.begat.base or str(request.base_url))
