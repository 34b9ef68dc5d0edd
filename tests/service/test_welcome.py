"""`/`: who opens the address of a service sees what it is, and where to go on."""

from html.parser import HTMLParser
from pathlib import Path

import httpx

import begat
from tests.service.conftest import NewService
from tests.service.test_access import token

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Seen(HTMLParser):
    """The elements of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def test_a_browser_is_shown_where_to_go_on(asked: httpx.Client) -> None:
    answer = asked.get("/", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"begat {begat.__version__}" in answer.text
    page = Seen(answer.text)
    assert not page.elements & {"script", "style", "link", "img", "iframe", "form"}
    assert {"/graphql", "/openapi.json", "/sparql", "/.well-known/void", "/healthz"} <= set(page.links)
    for path in page.links:
        assert path.startswith("/")
        there = asked.get(path)
        # A document is missing there.
        assert there.status_code == (400 if path == "/graphql" else 200), (path, there.text)


def test_a_program_is_told_the_same(asked: httpx.Client) -> None:
    told = asked.get("/", headers={"Accept": "application/json"})
    assert told.headers["content-type"] == "application/json"
    assert told.json()["version"] == begat.__version__
    assert list(told.json()["links"]) == Seen(asked.get("/").text).links
    known = {"If-None-Match": told.headers["etag"], "Accept": "*/*;q=0.1, application/json"}
    assert asked.get("/", headers=known).status_code == 304
    assert asked.get("/", headers={"Accept": "image/png"}).status_code == 406


def test_off_this_machine_it_takes_a_token(tmp_path: Path, service: NewService) -> None:
    ada = token(tmp_path, "ada")
    running = service(tmp_path, "--host", "0.0.0.0", "--no-watch")
    with running.client() as client:
        refused = client.get("/", headers={"Accept": BROWSER})
        assert refused.status_code == 401
        assert begat.__version__ not in refused.text
    with running.client(ada) as client:
        assert client.get("/").status_code == 200
