"""The ten queries of the reference page, on a real server: each gives the answer that the page shows."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from begat.api.cli import main

PAGE: Final = Path(__file__).resolve().parents[2] / "docs/reference/neo4j.md"
#: Operators that enumerate paths.
EXPLODE: Final = frozenset(("VarLengthExpand(All)", "VarLengthExpand(Into)", "StatefulShortestPath(All)"))


class Example(NamedTuple):
    """A query of the page: its parameters as expressions, its text, and the rows it gives, the columns first."""

    params: list[tuple[str, str]]
    text: str
    rows: list[list[str]]


def examples() -> dict[str, Example]:
    found = {}
    for part in PAGE.read_text(encoding="utf-8").split("\n### ")[1:]:
        (text,) = re.findall(r"^```cypher\n(.*?)^```$", part, re.M | re.S)
        table = [line for line in part.splitlines() if line.startswith("|") and not line.startswith("|---")]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
        params = re.findall(r"^:param (\w+) => (.*)$", part, re.M)
        found[part.partition("\n")[0]] = Example(params, text, rows)
    return found


EXAMPLES: Final = examples()


def ask(session: Any, example: Example) -> list[list[str]]:
    params = {name: session.run(f"RETURN {e}").single(strict=True)[0] for name, e in example.params}
    result = session.run(example.text, params)
    return [result.keys(), *([shown(v) for v in record.values()] for record in result)]


def shown(value: Any) -> str:
    """A value as the page shows it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    if hasattr(value, "to_native"):
        return str(value.to_native().strftime("%Y-%m-%d %H:%M:%S"))
    return str(value)


def operators(session: Any, text: str, params: dict[str, Any] | None = None) -> set[str]:
    found = set()
    todo = [session.run("EXPLAIN " + text, params or {}).consume().plan]
    while todo:
        step = todo.pop()
        found.add(step["operatorType"].partition("@")[0])
        todo += step.get("children", ())
    return found


def test_there_are_ten() -> None:
    assert len(EXAMPLES) == 10


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_answer_is_the_pages(name: str, session: Any) -> None:
    example = EXAMPLES[name]
    assert ask(session, example) == example.rows


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_plan_enumerates_paths(name: str, session: Any) -> None:
    assert not operators(session, EXAMPLES[name].text) & EXPLODE


@pytest.mark.parametrize("name", [n for n, e in EXAMPLES.items() if "FLOW" in e.text])
def test_a_closure_is_walked_breadth_first(name: str, session: Any) -> None:
    assert "VarLengthExpand(Pruning,BFS,All)" in operators(session, EXAMPLES[name].text)


@pytest.mark.parametrize(
    ("number", "question", "types"),
    [("1.", ("how_created", "model-2.pt"), ("Dataset", "LearningDataset")), ("4.", ("impact", "raw.csv"), ("Model",))],
)
def test_begat_says_the_same(
    number: str, question: tuple[str, str], types: tuple[str, ...], session: Any, example: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (query,) = (e for name, e in EXAMPLES.items() if name.startswith(number))
    assert main(["ask", *question, "--format", "json", "--store", example]) == 0
    told = {row["name"] for row in json.loads(capsys.readouterr().out)["rows"] if row["type"] in types}
    assert {row[0] for row in ask(session, query)[1:]} == told - {question[1]}


def test_the_test_data_is_behind_no_model(session: Any) -> None:
    (query,) = (e for name, e in EXAMPLES.items() if name.startswith("4."))
    assert ask(session, query._replace(params=[("file", "'test.csv'")])) == [query.rows[0]]


def test_what_the_style_file_writes_on_a_node_is_there(session: Any) -> None:
    text = files("begat.graph_schema.neo4j").joinpath("browser.grass").read_text("utf-8")
    captions = dict(re.findall(r'^node\.(\w+) .*caption: "(.*)";', text, re.M))
    seen = set()
    for labels, keys in session.run("MATCH (n) RETURN DISTINCT labels(n), keys(n)").values():
        styled = [label for label in captions if label in labels]  # the last of several stands
        seen.update(styled)
        missing = set(re.findall(r"{(\w+)}", captions[styled[-1]])) - set(keys)
        assert not missing, (labels, missing)
    assert seen >= {"Dataset", "Model", "ModelEvaluation", "HyperparameterSetting", "Training", "Person", "Series"}
    assert seen >= {"Phase", "Commit", "Context", "Writer", "Begat"}


def test_what_it_writes_on_a_relationship_is_there(session: Any) -> None:
    text = files("begat.graph_schema.neo4j").joinpath("browser.grass").read_text("utf-8")
    written = re.findall(r'^relationship\.(\w+) .*caption: "[^"]*{(\w+)}[^"]*";', text, re.M)
    assert sorted(written) == [("PART_OF", "role"), ("USED", "role")]
    for type_, key in written:
        found = session.run("MATCH ()-[r]->() WHERE type(r) = $type RETURN $key IN keys(r)", type=type_, key=key)
        assert [True] in found.values()


def test_data_that_was_made_again(session: Any, example_made_again: str) -> None:
    """The last test: it replaces the example."""
    behind, affected = (next(e for name, e in EXAMPLES.items() if name.startswith(n)) for n in ("1.", "4."))
    before = ask(session, behind._replace(params=[("model", "'model-2.pt'")]))
    after = ask(session, behind._replace(params=[("model", "'model-4.pt'")]))
    assert before[1:] == [["train.csv", "2", "prepare"], ["raw.csv", "4", ""]]
    assert {row[0] for row in after[1:]} == {"labels.csv", "raw.csv", "train.csv"}
    by_labels = ask(session, affected._replace(params=[("file", "'labels.csv'")]))
    assert [row[0] for row in by_labels[1:]] == ["model-4.pt"]
