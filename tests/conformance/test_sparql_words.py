"""No text calls anybody: what the words say is never less than what the engine would do."""

import socket
import threading
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from begat.graph_schema.triples.words import words

SERVED = ("http://127.0.0.1:9/",)
#: Texts that call an endpoint, some in ways that no grammar would suggest.
CALLS = {
    "plainly": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "silently": "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "without a blank": "SELECT*{?s ?p ?o.SERVICE<http://127.0.0.1:9/>{?s ?p ?o}}",
    "behind a number": "SELECT * { ?s <urn:p> 1SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    "behind a truth value": "SELECT * { ?s <urn:p> trueSERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    "behind a dot": "PREFIX ex: <urn:> SELECT * { ?s ?p ex:.SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    "behind a language": 'SELECT * { ?s ?p "x"@en.SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }',
    "behind a comment": "SELECT * { # it's <one\n SERVICE # two\n <http://127.0.0.1:9/> # {\n { ?s ?p ?o } }",
    "behind less than": 'SELECT * { FILTER(1<2#>"""\n) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #"""\n }',
    "behind a quote": "SELECT * { FILTER(1<2&&'a'='>'\n) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #'\n }",
    "in a union": "SELECT * { { ?a ?b ?c } UNION { { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } }",
    "in EXISTS": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
}
#: Texts that call one whose name is not told at that place.
UNNAMED = {
    "by a variable": "SELECT * { ?s ?p ?e SERVICE ?e { ?s ?p ?o } }",
    "by a name": "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICE ex:a { ?s ?p ?o } }",
    "by a name without a blank": "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICEex:a{ ?s ?p ?o } }",
    "by a name without a prefix": "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICESILENT:{ ?s ?p ?o } }",
}
HARMLESS = {
    "a variable": "SELECT ?service { ?service ?p $SERVICE }",
    "a text": "SELECT * { ?s ?p 'SERVICE <http://a/> {}', \"service\", '''SERVICE <x:y> {''', \"\"\"a\"service\"\"\" }",
    "an escape": r"""SELECT * { ?s ?p "\" SERVICE <http://a/> { " }""",
    "a comment": "SELECT * { ?s ?p ?o } # SERVICE <http://a/> {}",
    "an IRI": "SELECT * { <http://service/SERVICE#service> <urn:service:x> <mailto:a@service> }",
    "names": "PREFIX service: <urn:x:> SELECT * { service:service service:a service:b . ?s ?p service:c }",
    "a language": 'SELECT * { ?s ?p "x"@service }',
    "a number": "SELECT * { FILTER(1 < 2) ?s a?o . ?s ?p 1.5 }",
}


@pytest.mark.parametrize("how", CALLS)
def test_a_call_is_seen(how: str) -> None:
    assert words(CALLS[how]).services == SERVED


@pytest.mark.parametrize("how", UNNAMED)
def test_a_call_of_somebody_unknown_is_seen(how: str) -> None:
    assert words(UNNAMED[how]).services == (None,)


@pytest.mark.parametrize("what", HARMLESS)
def test_what_calls_nobody_is_let_through(what: str) -> None:
    ox.Store().query(HARMLESS[what])  # it is SPARQL
    assert words(HARMLESS[what]).services == ()


def test_what_a_text_is() -> None:
    assert words("BASE <urn:select> PREFIX ask: <urn:from> # CONSTRUCT\n describe ask:from").form == "DESCRIBE"
    assert words("PREFIX a: <urn:a> LOAD <http://127.0.0.1/>").form == "LOAD"
    assert words("SELECT * FROM <urn:a> { ?s ?p ?o }").dataset
    assert words("SELECT * { ?from ?p 'FROM', ex:FROM, <FROM> # FROM\n }").dataset is False
    assert words("").form == ""


def test_a_long_text_is_read_in_its_own_length() -> None:
    """What made an earlier reader go back over all that it had read, a megabyte of each."""
    for sign in ("<", '"', "<a#> ", "'''a", '"""\\', "<a'>\"", "é-", "a:b.", "service #", "SERVICE <a> "):
        words("SELECT * {" + sign * ((1 << 20) // len(sign)))


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An endpoint that counts who calls it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                heard.append(b"called")
                caller.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


#: Pieces that texts are drawn of; @ is where the endpoint's address goes.
PIECES = (
    "SERVICE", "service silent", " ", "\n", "{", "}", "<@>", "<urn:a#b>", "<a'b>", "<", ">", "#", "'", '"', '"""',
    "'''", "\\", "?s", "$p", "?o", ".", ";", ",", "1", "1.", "true", "a", "ex:", "ex:a", "ex:a.b", ":", "_:b", "@en",
    "FILTER(", ")", "&&", "?s ?p ?o", "BIND(1 AS ?x)", "OPTIONAL", "UNION", "GRAPH", "(1<2)", "^^", "|", "/",
)  # fmt: skip


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=14))
@example(["FILTER(", "1<2", "#>", '"""', "\n", ")", "SERVICE", "<@>", "{", "}", "#", '"""', "\n"])
@example(["?s ?p ", "1.", "SERVICE", "<@>", "{", "}"])
def test_what_is_let_through_calls_nobody(listener: tuple[str, list[bytes]], pieces: list[str]) -> None:
    address, heard = listener
    inner = "".join(pieces).replace("@", address, 1)
    text = f"PREFIX ex: <{address}> PREFIX : <{address}> SELECT * {{ {inner} }}"
    if not words(text).services:
        try:
            found = ox.Store().query(text)
            assert isinstance(found, ox.QuerySolutions)
            for _ in found:
                pass
        except (SyntaxError, ValueError, RuntimeError, OSError):
            pass
        assert heard == []
