"""REST: what the command line answers, over HTTP."""

import argparse
import json
import shlex
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import pandas
import pyarrow as pa
import pytest

import begat
from begat.api.cli import command as module
from begat.api.cli import main
from begat.api.commands.ask import question_parser
from begat.api.service.endpoints import ENDPOINTS
from begat.queries.catalogue import QUESTIONS

ASK: Final = "/api/v1/ask"


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_answered_as_on_the_command_line(
    name: str, asked: httpx.Client, study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(study)
    q = QUESTIONS[name]
    words = shlex.split(q.example)[3:]
    assert main(["ask", name, *words, "--format", "json"]) == 0
    expected = json.loads(capsys.readouterr().out)
    given = vars(question_parser(q).parse_args(words))
    known = {"as_of", "limit", *(p.name for p in q.parameters)}
    query = {k: _said(words, k, v) for k, v in given.items() if k in known and v not in (None, [])}
    answer = asked.get(f"{ASK}/{name}", params=query).raise_for_status().json()
    assert answer == expected
    assert answer["rows"]


def _said(words: list[str], name: str, value: Any) -> Any:
    """Times as they were written: the parser has made numbers of them."""
    flag = f"--{name.replace('_', '-')}"
    return words[words.index(flag) + 1] if isinstance(value, int) and flag in words else value


def _model(asked: httpx.Client) -> str:
    """A model that is made of others."""
    (row,) = asked.get("/api/v1/find/Model", params={"where": "name = 'models/ens.pt'"}).json()["rows"]
    return str(row["id"])


LOOKING: Final[dict[str, Callable[[str], Any]]] = {
    "/find/Model?where=name='models/ens.pt'": lambda m: begat.find("Model", "name = 'models/ens.pt'"),
    "/find/Model?sort=-name&limit=3": lambda m: begat.find("Model", sort="-name", limit=3),
    "/lineage?of={m}": begat.ancestors,
    "/lineage?of={m}&types=Dataset&types=Model&depth=3": lambda m: begat.ancestors(
        m, types=("Dataset", "Model"), depth=3
    ),
    "/lineage?of={m}&direction=down": begat.descendants,
    "/lineage?of={m}&direction=both&depth=2": lambda m: begat.subgraph(m, depth=2),
    "/lineage?of={m}&edges=true&types=Dataset, Model": lambda m: begat.subgraph(
        m, side="up", types=("Dataset", "Model")
    ),
    "/lineage?of=models/a.pt&direction=down&edges=true": lambda m: begat.subgraph("models/a.pt", side="down"),
    "/metrics?of=train-a&names=loss": lambda m: begat.ask("loss_curve", "train-a", names=["loss"]),
    "/metrics?of=train-a&names=accuracy&names=loss&limit=2": lambda m: begat.ask(
        "loss_curve", "train-a", names=["accuracy", "loss"], limit=2
    ),
    "/runs?limit=5&columns=name,params.*": lambda m: begat.runs(limit=5, columns=("name", "params.*")),
    "/runs?limit=5&columns=name&columns=params.*": lambda m: begat.runs(limit=5, columns=("name", "params.*")),
    "/runs?steps=true&sort=name": lambda m: begat.runs(steps=True, sort="name"),
}


@pytest.mark.parametrize("address", LOOKING)
def test_looking_around_is_as_in_python(
    address: str, asked: httpx.Client, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study)
    model = _model(asked)
    answer = asked.get("/api/v1" + address.format(m=model)).raise_for_status().json()
    expected = LOOKING[address](model)
    assert answer["rows"] == json.loads(msgspec.json.encode(expected.rows))
    assert answer["rows"]
    assert answer["truncated"] == expected.truncated


#: Commands by their endpoints. What is left out: where an answer goes, how it is drawn, an exit code.
TWINS: Final = {
    "find": "find/{type}", "runs": "runs", "ancestors": "lineage", "descendants": "lineage", "subgraph": "lineage",
    "path": "path", "diff": "diff", "show": "show", **{f"ask {q}": f"ask/{q}" for q in QUESTIONS},
}  # fmt: skip
ON_PAPER: Final = {"help", "output", "no_fold", "exit_code", "store", "spool"}
#: Options by another name: up and down of `subgraph` are the direction of `lineage`.
RENAMED: Final = {"side": "direction"}


@pytest.mark.parametrize("command", TWINS)
def test_an_endpoint_takes_what_its_command_takes(command: str) -> None:
    name, _, question = command.partition(" ")
    if question:
        parser = question_parser(QUESTIONS[question])
    else:
        parser = argparse.ArgumentParser(f"begat {name}")
        module(name).arguments(parser)
    options = {a.dest for a in parser._actions} - ON_PAPER
    (endpoint,) = (e for e in ENDPOINTS if e.path == f"/api/v1/{TWINS[command]}")
    assert {RENAMED.get(o, o) for o in options} <= {*endpoint.known, "format"}


def test_notes_links_and_tags(asked: httpx.Client) -> None:
    first = asked.get("/api/v1/find/Dataset", params={"limit": 2})
    assert first.json()["truncated"] is True
    assert first.headers["begat-truncated"] == "true"
    rows, page = [], first
    while "next" in page.links:
        rows += page.json()["rows"]
        page = asked.get(page.links["next"]["url"])
    rows += page.json()["rows"]
    assert rows == asked.get("/api/v1/find/Dataset").json()["rows"]
    assert "next" not in page.json()
    same = asked.get("/api/v1/find/Dataset", params={"limit": 2}, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert asked.head("/api/v1/find/Dataset", params={"limit": 2}).headers["etag"] == first.headers["etag"]


def test_rows_in_every_form(asked: httpx.Client) -> None:
    of = "/api/v1/find/Model"
    rows = asked.get(of).json()["rows"]
    assert rows
    lines = asked.get(of, params={"format": "ndjson"})
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in lines.text.splitlines()] == rows
    csv = asked.get(of, headers={"Accept": "text/csv, application/json;q=0.5"})
    assert csv.headers["content-type"].startswith("text/csv")
    assert list(pandas.read_csv(BytesIO(csv.content))["id"]) == [r["id"] for r in rows]
    arrow = asked.get(of, headers={"Accept": "application/vnd.apache.arrow.stream"})
    table = pa.ipc.open_stream(arrow.content).read_all()
    assert table.column("id").to_pylist() == [r["id"] for r in rows]
    assert table.schema.field("started_at").type == pa.timestamp("us", "UTC")
    assert table.schema.field("kind").metadata == {b"help": b"Entity, Activity or Agent"}


def test_what_is_accepted(asked: httpx.Client) -> None:
    of = "/api/v1/find/Model"
    for accept in ("*/*", "application/*", "text/html, */*;q=0.1", "application/json"):
        assert asked.get(of, headers={"Accept": accept}).headers["content-type"] == "application/json"
    for accept in ("text/html", "application/json;q=0", "image/*"):
        wrong = asked.get(of, headers={"Accept": accept})
        assert wrong.status_code == 406, accept
        assert wrong.headers["content-type"] == "application/problem+json"


def test_numbers_that_json_has_not_are_numbers_in_arrow(tmp_path: Path) -> None:
    from begat.api.service.arrow import stream
    from begat.queries.answer import Answer, Column

    columns = [Column("x", "number"), Column("at", "time"), Column("v", "json")]
    rows: list[dict[str, Any]] = [
        {"x": "INF", "at": "2026-01-31T12:00:00Z", "v": {"a": [1]}},
        {"x": "NaN", "at": "+10000-01-01T00:00:00Z", "v": None},
        {"x": 2, "at": None, "v": "text"},
    ]
    table = pa.ipc.open_stream(stream(Answer("q", {}, columns, rows))).read_all().to_pydict()
    assert table["x"][0] == float("inf")
    assert table["x"][1] != table["x"][1]
    assert table["x"][2] == 2.0
    assert table["at"][1:] == [None, None]
    assert table["v"] == ['{"a":[1]}', None, '"text"']


BAD: Final = {
    "/nowhere": 404,
    f"{ASK}/how_creatd": 404,
    f"{ASK}/how_created": 400,
    f"{ASK}/how_created?thing=nothing-of-that-name": 404,
    f"{ASK}/how_created?thing=a&thing=b": 400,
    f"{ASK}/how_created?thing=a&entity=b": 400,
    f"{ASK}/how_created?thing=a&deep=3": 400,
    f"{ASK}/how_created?thing=a&limit=0": 400,
    f"{ASK}/how_created?thing=a&limit=1_000": 400,
    f"{ASK}/how_created?thing=a&limit=9999999": 400,
    f"{ASK}/how_created?thing=a&limit=%D9%A3": 400,
    f"{ASK}/how_created?thing=a&as_of=yesterday": 400,
    f"{ASK}/how_created?thing=a&as_of=0001-01-01T00:00:00%2B01:00": 404,
    f"{ASK}/how_created?thing=a&time_limit=0": 400,
    f"{ASK}/how_created?thing=a&time_limit=nan": 400,
    f"{ASK}/how_created?thing=a&time_limit=99999": 400,
    f"{ASK}/how_created?thing=a&format=xml": 400,
    "/api/v1/find/Modle": 404,
    "/api/v1/find/Model?where=loss%20%3C%3C%201": 404,
    "/api/v1/find/Model?after=nothing": 404,
    "/api/v1/find/Model%00?where=%00": 404,
    "/api/v1/lineage?of=a&direction=sideways": 400,
    "/api/v1/lineage?of=a&depth=-1": 400,
    "/api/v1/path?effect=a": 400,
    "/api/v1/runs?pivot=a": 404,
    "/api/v1/runs?steps=perhaps": 400,
    "/api/v1/show?id=%ED%A0%80": 404,
    "/api/v1/show?id=": 404,
    "/api/v1/export?project=a&project=b": 400,
}


@pytest.mark.parametrize("address", BAD)
def test_bad_input_has_one_shape(asked: httpx.Client, address: str) -> None:
    wrong = asked.get(address)
    assert (wrong.status_code, wrong.headers["content-type"]) == (BAD[address], "application/problem+json")
    told = wrong.json()
    assert told["status"] == BAD[address]
    assert told["detail"]
    assert "Traceback" not in wrong.text
    assert "SELECT" not in wrong.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_that_is_none_here(asked: httpx.Client, method: str) -> None:
    for path in ("/openapi.json", "/api/v1/questions", "/healthz", f"{ASK}/how_created"):
        wrong = asked.request(method, path)
        assert (wrong.status_code, wrong.json()["status"]) == (405, 405)
        assert "GET" in wrong.headers["allow"]


def test_several_of_one_name_are_all_told(asked: httpx.Client) -> None:
    wrong = asked.get("/api/v1/show", params={"id": "retry"})
    assert wrong.status_code == 409
    for match in wrong.json()["matches"]:
        assert asked.get("/api/v1/show", params={"id": match["id"]}).json()["name"] == "retry"


def test_the_list_of_questions(asked: httpx.Client, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions", "--format", "json"]) == 0
    assert asked.get("/api/v1/questions").json() == json.loads(capsys.readouterr().out)


def test_export_is_all_that_is_recorded(asked: httpx.Client, study: Path) -> None:
    from begat.graph_schema.dump import lines
    from begat.graph_schema.store import open_store

    store = open_store(f"sqlite:///{study}/.begat/graph.db", create=False)
    expected = [line for line in lines(store) if json.loads(line)["type"] not in ("flow", "rollup")]
    store.close()
    assert sorted(asked.get("/api/v1/export").content.splitlines()) == expected
    assert asked.get("/api/v1/export", params={"project": "another"}).content == b""


def test_every_endpoint_is_described(asked: httpx.Client) -> None:
    told = asked.get("/openapi.json").json()
    for e in ENDPOINTS:
        operation = told["paths"][e.path]["get"]
        assert operation["summary"]
        assert {p["name"] for p in operation["parameters"]} == set(e.known)
        assert all(p["description"] for p in operation["parameters"])
    names = [o["operationId"] for path in told["paths"].values() for o in path.values()]
    assert len(names) == len(set(names))
