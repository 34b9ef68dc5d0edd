"""GraphQL over every store: the study, asked as an analyst would."""

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.api.demo.study import study
from begat.api.graphql.asking import Context, camel
from begat.api.graphql.execute import Request, execute
from begat.api.graphql.limits import Limits
from begat.graph_schema import events as ev
from begat.graph_schema.statements import AnyStatement
from begat.graph_schema.store import Batch, Store
from begat.ingest.resolve import resolve
from begat.queries import QUESTIONS, ask, find
from begat.queries.answer import iso
from tests.contract.conftest import few
from tests.contract.thirty.sheet import moment
from tests.contract.thirty.test_thirty import CASES

if TYPE_CHECKING:
    from tests.contract.conftest import Load

STATEMENTS: Final = [s for teller in study() for s in teller.statements()]


def reply(store: Store, query: str, project: str = "default", limits: Limits | None = None, **given: Any) -> Any:
    """The response to a document."""
    context = Context(store, project, limits=limits or Limits())
    return json.loads(execute(Request(query, variables=given), context).body)


def data(store: Store, query: str, project: str = "default", **given: Any) -> Any:
    """What a document that is right brings."""
    answer = reply(store, query, project, **given)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def error(store: Store, query: str, project: str = "default", **given: Any) -> tuple[str, str]:
    """The code and line of the one error of a document."""
    (told,) = reply(store, query, project, **given)["errors"]
    return told["extensions"]["code"], told["message"]


@pytest.fixture
def told(store: Store, load: "Load") -> Store:
    """A store that was told the study."""
    return load(store, STATEMENTS)


def test_from_models_to_what_they_are_made_of(told: Store) -> None:
    found = data(
        told,
        """{ models(where: {name: {equals: "models/a.pt"}}) { nodes {
               name
               generatedBy { __typename name used { edges { roles node { name ... on Dataset { type } } } } }
               evaluations { nodes { name value } }
               hyperparameters { nodes { name value } } } } }""",
    )
    (model,) = found["models"]["nodes"]
    assert model["generatedBy"]["name"] == "train-a"
    assert model["generatedBy"]["__typename"] == "Run"
    used = {e["node"]["name"]: e["roles"] for e in model["generatedBy"]["used"]["edges"]}
    assert used["data/train.npz"] == ["train"]
    assert [e["node"].get("type") for e in model["generatedBy"]["used"]["edges"]].count("LearningDataset") == 2
    assert {s["name"] for s in model["hyperparameters"]["nodes"]} >= {"lr"}


def test_each_question_answers_as_it_does_elsewhere(told: Store) -> None:
    """Each sheet of the thirty, asked with all columns."""
    for sheet, case in few(CASES, told, 9):
        q = QUESTIONS[sheet.name]
        as_of = None if case.as_of is None else moment(case.as_of)
        expected = ask(told, sheet.name, case.params, as_of=as_of)
        columns = " ".join(camel(c.name) for c in q.columns)
        arguments = {camel(k): v for k, v in case.params.items()} | ({} if as_of is None else {"asOf": iso(as_of)})
        text = ", ".join(f"{k}: {written(v, times=k in ('since', 'until', 'at'))}" for k, v in arguments.items())
        asked = f"{camel(sheet.name)}{f'({text})' if text else ''}"
        (answer,) = data(told, f"{{ {asked} {{ rows {{ {columns} }} truncated pending }} }}").values()
        rows = [{camel(c): v for c, v in row.items()} for row in json.loads(json.dumps(expected.rows))]
        assert answer["rows"] == rows, asked
        assert (answer["truncated"], answer["pending"]) == (expected.truncated, expected.pending)


def written(value: Any, times: bool = False) -> str:
    """A value in a document; microseconds as a time."""
    if times and isinstance(value, int):
        return json.dumps(iso(value))
    return json.dumps(value)


WHERE: Final = {
    '{name: {startsWith: "train"}}': 'name >= "train" and name < "traio"',
    '{status: [FAILED, FINISHED], types: ["Training"]}': (
        'type = "Training" and not status = "LOST" and status != "RUNNING" and status != "KILLED"'
    ),
    '{settings: [{name: "lr", atLeast: 0.1}]}': "params.lr >= 0.1",
    '{metrics: [{name: "loss", which: MIN, lessThan: 1}]}': "metrics.loss.min < 1",
    '{metrics: [{name: "loss", context: "split=val", atMost: 2}]}': "metrics.loss[split=val] <= 2",
    '{startedAt: {since: "2026-03-02T11:00:00Z", until: "2026-03-02T12:00:00Z"}}': (
        'started >= "2026-03-02T11:00:00Z" and started < "2026-03-02T12:00:00Z"'
    ),
    '{name: {in: ["train-a", "train-b"]}}': 'name = "train-a" or name = "train-b"',
    "{name: {in: []}}": 'id < ""',
    "{}": "",
}


@pytest.mark.parametrize("typed", WHERE)
def test_a_typed_where_means_what_find_means(told: Store, typed: str) -> None:
    found = data(told, f"{{ activities(first: 1000, where: {typed}) {{ totalCount nodes {{ id status }} }} }}")
    expected = find(told, "Activity", WHERE[typed]).rows
    assert [n["id"] for n in found["activities"]["nodes"]] == [r["id"] for r in expected]
    assert found["activities"]["totalCount"] == len(expected)


@pytest.mark.parametrize(
    ("by", "sort"),
    [
        ("{field: NAME}", "name"),
        ("{field: STARTED_AT, direction: DESC}", "-started_at"),
        ('{metric: "loss"}', "metrics.loss"),
        ('{setting: "lr", direction: DESC}', "-params.lr"),
    ],
)
def test_an_order_is_that_of_find_and_its_pages_are_the_whole(told: Store, by: str, sort: str) -> None:
    expected = [r["id"] for r in find(told, "Activity", sort=sort).rows]
    query = """query ($after: String) { activities(first: 7, after: $after, orderBy: BY) {
                 nodes { id } edges { cursor } pageInfo { endCursor hasNextPage hasPreviousPage } } }"""
    query = query.replace("BY", by)
    seen, after = [], None
    while True:
        page = data(told, query, after=after)["activities"]
        seen += [n["id"] for n in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        assert page["edges"][-1]["cursor"] == page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == expected


def test_a_relation_has_pages_for_each_of_many(told: Store) -> None:
    """Those of one thing begin after a cursor; of many each shows its first."""
    whole = data(told, '{ node(id: "train-a") { ... on Run { used { totalCount edges { cursor node { name } } } } } }')
    names = [e["node"]["name"] for e in whole["node"]["used"]["edges"]]
    assert names == sorted(names)
    cursor = whole["node"]["used"]["edges"][1]["cursor"]
    query = """query ($after: String!) { node(id: "train-a") { ... on Run {
                 used(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage } } } } }"""
    rest = data(told, query, after=cursor)["node"]["used"]
    assert [n["name"] for n in rest["nodes"]] == names[2:4]
    assert rest["pageInfo"]["hasNextPage"] == (len(names) > 4)
    first = "used(first: 1) { totalCount nodes { id } pageInfo { hasNextPage } }"
    each = data(told, f"{{ runs(first: 50) {{ nodes {{ {first} }} }} }}")
    for run in each["runs"]["nodes"]:
        assert len(run["used"]["nodes"]) == min(1, run["used"]["totalCount"])
        assert run["used"]["pageInfo"]["hasNextPage"] == (run["used"]["totalCount"] > 1)


#: Of roots and of relations, in orders whose keys are often null.
LISTS: Final = {
    "of the latest": "activities(CUT)",
    "of names": "entities(CUT, orderBy: {field: NAME})",
    "of ends": "activities(CUT, orderBy: {field: ENDED_AT, direction: DESC})",
    "of a measure": 'activities(CUT, orderBy: {metric: "loss"})',
    "with a status": "activities(CUT, where: {status: [FINISHED]})",
    "as it was": 'entities(CUT, asOf: "2026-03-02T12:00:00Z")',
    "of types": 'find(CUT, type: "Entity", sort: "type")',
    "of a relation": 'lists: activities(where: {name: {equals: "train-a"}}) { nodes { list: used(CUT) PAGE } }',
}
PAGE: Final = """{ edges { cursor node { id } } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"""


def paged(store: Store, asked: str, cut: str) -> Any:
    """A page of a list."""
    query = f"{{ {asked} }}" if "PAGE" in asked else f"{{ list: {asked} PAGE }}"
    found = data(store, query.replace("CUT", cut).replace("PAGE", PAGE))
    return found["list"] if "list" in found else found["lists"]["nodes"][0]["list"]


@pytest.mark.parametrize("asked", LISTS)
def test_pages_backwards_are_the_whole_too(told: Store, asked: str) -> None:
    """Relay's specification, section 4.3: the order is the same both ways."""
    whole = [e["node"]["id"] for e in paged(told, LISTS[asked], "first: 900")["edges"]]
    assert len(whole) > 3
    seen: list[str] = []
    cut = "last: 4"
    while True:
        page = paged(told, LISTS[asked], cut)
        seen = [e["node"]["id"] for e in page["edges"]] + seen
        info = page["pageInfo"]
        assert (info["startCursor"], info["endCursor"]) == (page["edges"][0]["cursor"], page["edges"][-1]["cursor"])
        assert (info["hasNextPage"], page["totalCount"]) == ("before" in cut, len(whole))
        if not info["hasPreviousPage"]:
            break
        cut = f'last: 4, before: "{info["startCursor"]}"'
    assert seen == whole


def test_what_lies_between_two_cursors(told: Store) -> None:
    edges = paged(told, LISTS["of names"], "first: 9")["edges"]
    ids, first, last = [e["node"]["id"] for e in edges], edges[1]["cursor"], edges[7]["cursor"]
    between = f'after: "{first}", before: "{last}"'
    for cut, held, following, preceding in (
        (f"first: 50, {between}", ids[2:7], False, True),
        (f"first: 2, {between}", ids[2:4], True, True),
        (f"last: 2, {between}", ids[5:7], True, True),
        (f"last: 50, {between}", ids[2:7], True, False),
        (f'first: 50, before: "{last}"', ids[:7], False, False),
    ):
        page = paged(told, LISTS["of names"], cut)
        assert [e["node"]["id"] for e in page["edges"]] == held
        assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (following, preceding), cut


def test_what_comes_in_between_two_pages_moves_nothing(told: Store) -> None:
    query = "query ($after: String) { runs(first: 3, after: $after) { nodes { id } pageInfo { endCursor } } }"
    before = [r["id"] for r in data(told, "{ runs(first: 1000) { nodes { id } } }")["runs"]["nodes"]]
    first = data(told, query)["runs"]
    told.write(Batch(said("a new run", "default", at=2_000_000_000_000_000)))
    told.settle()
    second = data(told, query, after=first["pageInfo"]["endCursor"])["runs"]
    assert [n["id"] for n in (*first["nodes"], *second["nodes"])] == before[:6]


def said(run: str, project: str, at: int) -> list[AnyStatement]:
    """A run that used a file that others know too, as hooks tell it."""
    start = ev.Start(seq=at, at=at, run=run, name=run, types=["Training"])
    used = ev.Used(seq=at + 1, at=at + 1, run=run, entity="shared.csv", role="train")
    return [s for event in (start, used) for s in resolve(event, f"writer {run}", project)]


def test_a_project_sees_nothing_of_another(store: Store) -> None:
    """Nor do its errors, its counts and its cursors."""
    for project in ("ours", "theirs"):
        store.write(Batch(said(f"secret of {project}", project, at=1_800_000_000_000_000)))
    store.settle()
    everything = """{ activities { totalCount nodes { name
                        used(first: 9) { nodes { id usedBy(first: 9) { totalCount nodes { name } } } } } }
                      entities { totalCount } node(id: "secret of theirs") { id }
                      nodes(ids: ["secret of theirs", "secret of ours"]) { id } }"""
    found = data(store, everything, "ours")
    assert found["activities"]["totalCount"] == 1
    (run,) = found["activities"]["nodes"]
    assert run["used"]["nodes"] == [
        {"id": "shared.csv", "usedBy": {"totalCount": 1, "nodes": [{"name": "secret of ours"}]}}
    ]
    assert (found["node"], found["nodes"]) == (None, [None, {"id": "secret of ours"}])
    code, line = error(store, '{ howCreated(thing: "secret of theirs") { rows { id } } }', "ours")
    assert code == "NOT_FOUND"
    assert "did you mean secret of theirs" not in line
    assert "theirs" not in json.dumps(found)
    cursor = data(store, "{ activities { pageInfo { endCursor } } }", "theirs")["activities"]["pageInfo"]["endCursor"]
    code, _ = error(store, "query ($c: String) { activities(after: $c) { nodes { id } } }", "ours", c=cursor)
    assert code == "BAD_INPUT"


def test_as_of_a_time_holds_for_all_beneath(told: Store) -> None:
    """train-a had begun, and used its data, but its model was not made yet."""
    query = """{ node(id: "train-a", asOf: "%s") { ... on Run {
                   status endedAt generated { totalCount } used { totalCount } } } }"""
    then = data(told, query % "2026-03-02T10:00:00Z")["node"]
    later = data(told, query % "2026-03-05")["node"]
    assert (then["status"], then["endedAt"], then["generated"]["totalCount"]) == ("RUNNING", None, 0)
    assert later["status"] == "FINISHED"
    assert later["generated"]["totalCount"] > 0
    assert data(told, '{ node(id: "train-a", asOf: "2020-01-01") { id } }') == {"node": None}


def test_lineage_is_nodes_and_edges(told: Store) -> None:
    query = """{ lineage(of: "train-a", depth: 1) {
                   nodes { name side depth } edges { source target relation } things { __typename id } } }"""
    found = data(told, query)["lineage"]
    assert found["nodes"][0] == {"name": "train-a", "side": "self", "depth": 0}
    assert {n["side"] for n in found["nodes"][1:]} == {"up"}
    assert len(found["things"]) == len(found["nodes"])
    assert {e["relation"] for e in found["edges"]} == {"used"}


def test_find_is_the_command_line(told: Store) -> None:
    found = data(told, '{ find(type: "Training", where: "status = \\"FAILED\\"") { totalCount nodes { name } } }')
    assert found["find"] == {"totalCount": 1, "nodes": [{"name": "train-c"}]}


def test_series_are_thinned_and_say_so(told: Store) -> None:
    points = [
        ev.Metric(seq=n, at=1_900_000_000_000_000 + n, run="train-a", name="long", value=float(n % 7), step=n)
        for n in range(50)
    ]
    for point in points:
        told.write(Batch(resolve(point, "writer of points", "default")))
    told.settle()
    query = """{ node(id: "train-a") { ... on Run { series(names: ["%s"], max: %d, method: %s) {
                   name labels count thinned points { step value at } } } } }"""
    whole = data(told, query % ("loss", 500, "LTTB"))["node"]["series"]
    assert [s["thinned"] for s in whole] == [None, None]
    assert [len(s["points"]) for s in whole] == [s["count"] for s in whole]
    assert [s["labels"] for s in whole] == [{"split": "train"}, {"split": "val"}]
    for method in ("LTTB", "MINMAX"):
        (series,) = data(told, query % ("long", 10, method))["node"]["series"]
        assert (series["thinned"], series["count"]) == (method, 50)
        steps = [p["step"] for p in series["points"]]
        assert len(steps) <= 10
        assert (steps[0], steps[-1]) == (0, 49)
        assert steps == sorted(steps)


WRONG: Final = {
    "{ models(first: 0) { nodes { id } } }": ("BAD_INPUT", "first is 0: give a number from 1 to 10000"),
    "{ models(first: 999999999) { nodes { id } } }": ("OVER_LIMIT", "the limit on cost is 100000"),
    '{ models(after: "x") { nodes { id } } }': ("BAD_INPUT", "after: 'x' is no place in an answer"),
    '{ models(before: "x") { nodes { id } } }': ("BAD_INPUT", "before: 'x' is no place in an answer: give a cursor"),
    "{ models(first: 2, last: 2) { nodes { id } } }": ("BAD_INPUT", "first and last: give one of them"),
    "{ models(last: 0) { totalCount } }": ("BAD_INPUT", "last is 0: give a number from 1"),
    "{ models(last: 200000) { nodes { id } } }": ("OVER_LIMIT", "the limit on cost is 100000"),
    '{ models(asOf: "yesterday") { nodes { id } } }': ("INVALID_DOCUMENT", "'yesterday' is not a time"),
    "{ models(asOf: 1767225600000000) { nodes { id } } }": ("INVALID_DOCUMENT", "is not a time"),
    "{ models { nope } }": ("INVALID_DOCUMENT", "Cannot query field 'nope' on type 'ModelConnection'."),
    "{ models { nodes { id }": ("INVALID_DOCUMENT", "Syntax Error: Expected Name, found <EOF>."),
    "mutation { a }": ("INVALID_DOCUMENT", "Cannot query field 'a' on type 'Mutation'."),
    '{ howCreated(thing: "nope") { rows { id } } }': ("NOT_FOUND", "nothing is called 'nope'"),
    "{ howCreated { rows { id } } }": ("INVALID_DOCUMENT", "of type 'String!' is required"),
    '{ find(type: "Modle") { nodes { id } } }': ("NOT_FOUND", "did you mean Model"),
    '{ find(type: "Model", where: "lr >") { nodes { id } } }': ("BAD_INPUT", "where: "),
    '{ find(type: "Model", sort: "a,,b") { nodes { id } } }': ("BAD_INPUT", "sort 'a,,b'"),
    "{ models(orderBy: {}) { nodes { id } } }": ("BAD_INPUT", "orderBy: give one of field, setting and metric"),
    '{ models(where: {settings: [{name: "a`b", equals: 1}]}) { nodes { id } } }': ("BAD_INPUT", "cannot be looked for"),
    '{ models(where: {settings: [{name: "a"}]}) { nodes { id } } }': ("BAD_INPUT", "say what it is compared with"),
    '{ impact(thing: "train-a", depth: 9223372036854775808) { rows { id } } }': ("INVALID_DOCUMENT", "64 bits"),
    '{ node(id: "train-a") { ... on Run { series(max: 1) { name } } } }': ("BAD_INPUT", "max is 1"),
}


@pytest.mark.parametrize("query", WRONG)
def test_what_is_wrong_is_one_clear_line(told: Store, query: str) -> None:
    code, line = error(told, query)
    expected, part = WRONG[query]
    assert code == expected
    assert part in line
    assert "\n" not in line
    assert "--" not in line


def test_a_name_of_several_brings_the_list(told: Store) -> None:
    (told_,) = reply(told, '{ howCreated(thing: "loss") { rows { id } } }')["errors"]
    assert told_["extensions"]["code"] in ("AMBIGUOUS", "NOT_FOUND")
    twice = [s for p in ("one", "two") for s in said_called(p)]
    told.write(Batch(twice))
    (told_,) = reply(told, '{ howCreated(thing: "twin") { rows { id } } }')["errors"]
    assert told_["message"] == "'twin' names 2 things"
    assert {m["id"] for m in told_["extensions"]["matches"]} == {"twin one", "twin two"}


def said_called(which: str) -> list[AnyStatement]:
    """One of several things of a name."""
    node = ev.Node(seq=1, at=1_700_000_000_000_000, id=f"twin {which}", kind="Entity", types=["Model"], name="twin")
    return resolve(node, f"writer {which}", "default")


def test_time_is_limited(told: Store) -> None:
    context = Context(told, time_limit=1e-9)
    answer = json.loads(execute(Request("{ models { nodes { id } } }"), context).body)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "TOOK_TOO_LONG"
    assert error["message"] == "the question took longer than it may (the time limit is 1e-09 s)"
    assert answer["data"] == {"models": None}
