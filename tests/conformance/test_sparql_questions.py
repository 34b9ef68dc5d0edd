"""The questions that are written in SPARQL have the rows that `begat ask` has, on the study."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from begat.api.cli import main
from begat.api.demo.study import study
from begat.api.demo.study.around import FLOODS, ODER
from begat.graph_schema import events as ev
from begat.graph_schema.documents.iris import id_of_iri, iri_of_id, type_of_iri
from begat.graph_schema.documents.prov_o import lines
from begat.graph_schema.errors import NotFound, UsageError
from begat.graph_schema.events import lexical
from begat.graph_schema.statements import Folded, canonical
from begat.graph_schema.store import Batch, Store, open_store
from begat.graph_schema.xsd_time import iso, micros_of
from begat.ingest.resolve import resolve
from begat.queries import QUESTIONS, ask
from begat.queries.documents.export import exported
from begat.queries.question import Row
from begat.queries.sparql.asking import alone, asked, text
from tests.contract.test_questions import Script
from tests.contract.thirty.test_thirty import SHEETS

#: Every asking of the sheets, but those of an earlier time, which RDF does not tell.
CASES: Final[list[tuple[str, dict[str, Any]]]] = [
    *((name, a.params) for name in alone() for a in SHEETS[name].asked if a.as_of is None),
    ("failures", {}),
    ("comparable_runs", {}),
    ("did_you_consider", {"settings": ["shuffle=false", 'note=""', "lr=1e-1", "layers=9"], "measure": "rmse"}),
    ("did_you_consider", {"features": ["feature:level", "rain"], "data": "val.npz"}),
]
#: What a text leaves out of the columns, and says so.
LEFT_OUT: Final = {"ensemble": {"depth"}, "raw_sources": {"depth", "via"}}
#: And of the rows: those that `begat ask` makes of all the others.
OF_ALL: Final = {"where_from": {"what": "together"}}
#: Those that find nothing where `begat ask` looks further.
NEARER: Final = frozenset(("loss_curve", "best_checkpoint", "hyperparameter_changes"))
#: A text takes things by id.
BY_NAME: Final = {"floods": FLOODS, "oder": ODER}


@pytest.fixture(scope="module")
def told() -> Iterator[Store]:
    store = open_store("memory:")
    store.write(Batch([s for teller in study() for s in teller.statements()]))
    store.settle()
    yield store
    store.close()


@pytest.fixture(scope="module")
def graph(told: Store) -> ox.Store:
    return exported_of(told)


def exported_of(store: Store) -> ox.Store:
    found = ox.Store()
    found.load(b"".join(map(lines, exported(store, "default", depends_on=True))), ox.RdfFormat.N_QUADS)
    return found


def rows(graph: ox.Store, query: str) -> list[dict[str, Any]]:
    found = graph.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return [{v.value: row[v] for v in found.variables} for row in found]


def plain(value: Any, column: str, type_: str) -> Any:
    """A term as `begat ask` shows what it stands for."""
    if value is None:
        return set() if type_ == "json" and column not in ("value", "before", "after") else None
    written = value.value
    if type_ == "id" or column == "group":
        return id_of_iri(written)
    if type_ == "text" and isinstance(value, ox.NamedNode):
        return type_of_iri(written)
    if type_ == "time":
        return iso(int(written)) if written.isdecimal() else written
    if type_ == "json" and column in MEMBERS:
        return {MEMBERS[column](part) for part in written.split("; ") if part}
    if column == "context":
        return {tuple(pair.split("=", 1)) for pair in written.split("; ") if pair}
    if type_ == "json" and column not in ("value", "before", "after"):
        return {part for part in written.split("; ") if part}
    if type_ in ("number", "integer", "json") and value.datatype.value.rpartition("#")[2] != "string":
        return written == "true" if written in ("true", "false") else lexical(float(written))
    return written


def member(text: str) -> tuple[str | None, str, str | None]:
    """The role, id and name of "role name <IRI>"."""
    said, _, written = text.removesuffix(">").rpartition(" <")
    role, _, name = said.partition(" ")
    return role or None, id_of_iri(written), name or None


def setting(text: str) -> tuple[str, float | str]:
    """The name and value of "name=value"."""
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        return name, value


def shown(value: Any, column: str, type_: str) -> Any:
    """What `begat ask` shows, its lists in no order."""
    if column == "settings":
        return {setting(s["name"] + "=" + canonical(s["value"]).strip('"')) for s in value or ()}
    if type_ == "json" and column in MEMBERS:
        return {tuple(m.values()) for m in value or ()}
    if column == "context":
        return {(k, str(v)) for k, v in (value or {}).items()}
    if type_ == "json" and column not in ("value", "before", "after"):
        return set(value or ())
    return value


#: Columns whose lists hold more than texts, and what one of them says.
MEMBERS: Final = {"data": member, "creators": member, "settings": setting}


def case(value: Any) -> str:
    """A case's name in pytest's list."""
    return value if isinstance(value, str) else " ".join(map(str, value.values()))


@pytest.mark.parametrize(("name", "params"), CASES, ids=case)
def test_the_rows_are_those_of_begat_ask(name: str, params: dict[str, Any], told: Store, graph: ox.Store) -> None:
    found, expected = both(name, params, told, graph)
    assert found == expected


@pytest.mark.parametrize("name", [n for n in alone() if "VALUES ?thing " in text(n)])
def test_so_they_are_of_every_thing_there_is(name: str, told: Store, graph: ox.Store) -> None:
    """Whether it was meant for that or not; by lineage of every one but activities, which are several nodes there."""
    by_lineage = "dependsOn" in text(name)
    things = {s.node for s in told.scan() if isinstance(s, Folded) and not (by_lineage and "Activity" in s.kinds)}
    for thing in sorted(things):
        params = {"thing": thing, **({"measure": "rmse"} if name.startswith("best_model") else {})}
        found, expected = both(name, params, told, graph)
        assert found == expected or (name in NEARER and not found), thing


def test_points_count_where_a_model_has_no_evaluation_and_there_alone() -> None:
    """Other models may have some of the same measure."""
    store = open_store("memory:")
    say = Script("late")
    say(ev.Node, id="loss:b", kind="Entity", types=["ModelEvaluation"], name="loss", value=0.3,
        attributes={"split": "val"})
    say(ev.Relate, relation="evaluationOf", source="loss:b", target="b.pt")
    store.write(Batch([*(s for teller in study() for s in teller.statements()), *say.said]))
    store.settle()
    graph = exported_of(store)
    for measure, split, best in product(("loss", "rmse", "nse"), ("validation", "train", None), ("min", "max", None)):
        params = {"features": ["level"], "measure": measure, "split": split, "best": best}
        found, expected = both("settings_for_features", params, store, graph)
        assert found == expected, params
        assert len(found) == 10
    store.close()


def test_a_run_fails_by_its_own_word_or_by_its_jobs() -> None:
    """Whichever of them it has."""
    store = open_store("memory:")
    say = Script()
    for own, job in product((None, "finished", "failed", "killed"), (None, "at work", "finished", "failed", "killed")):
        run = f"run-{own}-{job}"
        say(ev.Start, run=run, name=run, types=["Training"])
        if own is not None:
            say(ev.End, run=run, outcome=own, error=f"{own}!" if own == "failed" else None)
        if job is not None:
            say(ev.Start, run=f"job-{run}", name=None, types=["Job"])
            say(ev.Relate, relation="submittedAs", source=run, target=f"job-{run}")
            if job != "at work":
                say(ev.End, run=f"job-{run}", outcome=job)
        say.uses(run, "all.csv", f"{job}.csv")
    store.write(Batch(say.said))
    store.settle()
    found, expected = both("failures", {}, store, exported_of(store))
    assert found == expected
    assert sum("'activity'" in row for row in found) == 13  # 10 say so; 3 never ended, though their jobs did
    store.close()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-02-28T23:59:59.5", "2024-03-01T00:00:00"),  # a leap day
        ("2023-02-28T12:00:00", "2023-03-01T12:00:00"),
        ("1999-12-31T23:00:00", "2000-03-01T00:00:01"),  # a leap day in a century's year
        ("2100-01-31T00:00:00", "2100-12-31T00:00:00"),  # which most have not
        ("2026-11-22T18:00:00.000001", "2026-11-22T18:30:00.000003"),
        ("2026-11-22T18:00:00", None),
    ],
)
def test_time_that_was_spent_is_that_of_the_calendar(start: str, end: str | None) -> None:
    store = open_store("memory:")
    began, ended = micros_of(f"{start}Z"), micros_of(f"{end}Z")
    assert began is not None
    told: list[ev.Wire] = [ev.Start(1, began, "run", None, ["Training"]), ev.Generated(2, began, "run", "a.pt")]
    if ended is not None:
        told.append(ev.End(3, ended, "run"))
    store.write(Batch([s for event in told for s in resolve(event, "w", "default")]))
    store.settle()
    found, expected = both("cost_of_model", {"thing": "a.pt"}, store, exported_of(store))
    assert found == expected
    assert len(found) == 1
    store.close()


def test_who_somebody_acted_for_is_followed_for_three_steps() -> None:
    """In an activity, or in all; never back to somebody."""
    store = open_store("memory:")
    say = Script()
    for run in ("early", "late"):
        say(ev.Start, run=run, name=run)
        say(ev.Relate, relation="wasAssociatedWith", source=run, target="ada")
        say(ev.Relate, relation="wasAssociatedWith", source=run, target="bob", role="author")
        say.uses(run, "in.csv")
        say.makes(run, f"{run}.csv", "Dataset")
        say(ev.End, run=run)
    behalf = [
        ("ada", "team", None), ("team", "lab", "early"), ("team", "firm", "late"), ("lab", "university", None),
        ("lab", "ada", None), ("university", "ministry", None), ("ada", "university", "late"), ("bob", "bob", None),
    ]  # fmt: skip
    for agent, other, only in behalf:
        of = {} if only is None else {"activity": only}
        say(ev.Relate, relation="actedOnBehalfOf", source=agent, target=other, arguments=of)
    store.write(Batch(say.said))
    store.settle()
    graph = exported_of(store)
    for run, steps in (("early", {"team": 1, "lab": 2, "university": 3}), ("late", {"team": 1, "university": 1})):
        found, expected = both("who", {"thing": f"{run}.csv"}, store, graph)
        assert found == [row for row in expected if "'ministry'" not in row or run == "late"]
        for behalf_of, step in steps.items():
            assert any(f"{float(step)}, '{behalf_of}'" in row for row in found)
    store.close()


def both(name: str, params: dict[str, Any], told: Store, graph: ox.Store) -> tuple[list[str], list[str]]:
    """The rows of the text and of `begat ask`, in one order."""
    columns = [c for c in QUESTIONS[name].columns if c.name not in LEFT_OUT.get(name, ())]
    by_id = {k: BY_NAME.get(v, v) if k == "thing" else v for k, v in params.items()}
    found = rows(graph, asked(name, by_id))
    if found:
        assert set(found[0]) == {c.name for c in columns}
    others = [row for row in ask(told, name, params).rows if not OF_ALL.get(name, {"": ""}).items() <= row.items()]
    if name == "comparable_runs":
        others = grouped(others)
    got = [[plain(row[c.name], c.name, c.type) for c in columns] for row in found]
    expected = [[shown(row[c.name], c.name, c.type) for c in columns] for row in others]
    return sorted(repr(normal(row)) for row in got), sorted(repr(normal(row)) for row in expected)


def grouped(rows: list[Row]) -> list[Row]:
    """Groups go by their first training, by IRI, not by a number."""
    first: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: iri_of_id(row["training"])):
        first.setdefault(row["group"], row["training"])
    return [{**row, "group": first[row["group"]]} for row in rows]


def normal(row: list[Any]) -> list[Any]:
    """Sets in an order; 1 and 1.0 are one number."""
    return [sorted(v) if isinstance(v, set) else float(v) if type(v) is int else v for v in row]


@pytest.mark.parametrize("name", alone())
def test_another_reader_of_sparql_reads_it(name: str) -> None:
    """It has nothing of the engine's own."""
    assert prepareQuery(text(name)).algebra.name == "SelectQuery"


@pytest.mark.parametrize("name", alone())
def test_a_text_as_it_stands_is_answered(name: str, graph: ox.Store) -> None:
    """With the values of the question's example."""
    assert rows(graph, text(name)) != []


def test_a_value_is_never_read_as_sparql(graph: ox.Store) -> None:
    """Whatever stands in it."""
    evil = 'loss" } ?x ?y ?z { "\n\\'
    assert rows(graph, asked("loss_curve", {"thing": "train-a", "names": [evil]})) == []
    assert len(rows(graph, asked("loss_curve", {"thing": "train-a", "names": [evil, "loss"]}))) == 8
    assert rows(graph, asked("loss_curve", {"thing": "no> } such { <thing"})) == []


def test_what_cannot_be_asked_is_told_in_one_line() -> None:
    with pytest.raises(NotFound, match="in_trouble is not written in SPARQL: ask it with begat ask"):
        text("in_trouble")
    with pytest.raises(NotFound, match="no question 'loss_curv'"):
        text("loss_curv")
    with pytest.raises(UsageError, match="loss_curve needs thing: a training"):
        asked("loss_curve", {})
    with pytest.raises(UsageError, match=r"no parameter 'thin' in SPARQL; did you mean thing\?"):
        asked("loss_curve", {"thin": "x"})
    with pytest.raises(UsageError, match="settings_for_features needs features: names or ids"):
        asked("settings_for_features", {"features": [], "measure": "rmse"})
    with pytest.raises(UsageError, match="best is 'least': give min or max"):
        asked("best_model_for_class", {"thing": "x", "measure": "rmse", "best": "least"})
    with pytest.raises(UsageError, match="top is 0: give a whole number from 1"):
        asked("best_model_settings", {"thing": "x", "measure": "rmse", "top": 0})


def test_the_command_prints_what_begat_sparql_reads(capsys: pytest.CaptureFixture[str]) -> None:
    def printed(*words: str) -> str:
        assert main(["questions", *words]) == 0
        return capsys.readouterr().out

    assert printed("loss_curve", "--sparql") == text("loss_curve")
    given = {"thing": "class:gauge", "measure": "rmse", "split": "test"}
    words = [word for k, v in given.items() for word in ("--set", f"{k}={v}")]
    assert printed("best_model_for_class", "--sparql", *words) == asked("best_model_for_class", given)
    words = ["--set", "thing=train-a", "--set", "names=loss", "--set", "names=rate"]
    assert 'VALUES ?names { "loss" "rate" }' in printed("loss_curve", "--sparql", *words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--sparql"], "name a question: best_checkpoint, "),
        (["loss_curve"], "with --sparql only"),
        (["loss_curve", "--sparql", "--set", "thing"], "--set thing: write it as PARAMETER=VALUE"),
        (["loss_curve", "--sparql", "--set", "thing=a", "--set", "thing=b"], "--set thing is given twice"),
        (["loss_curve", "--sparql", "--set", "colour=a"], "loss_curve has no parameter 'colour' in SPARQL"),
    ],
)  # fmt: skip
def test_the_command_says_in_one_line_what_it_cannot(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["questions", *words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_lineage_is_asked_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--study", "--dir", str(tmp_path)]) == 0
    (tmp_path / "leakage.rq").write_text(asked("leakage", {"thing": "a.pt"}))
    capfd.readouterr()

    def answer(*words: str) -> list[str]:
        assert main(["sparql", "leakage.rq", "--format", "csv", *words]) == 0
        return [line.partition(",")[0] for line in capfd.readouterr().out.splitlines()]

    assert answer() == ["entity"]
    assert answer("--depends-on") == ["entity", "gauge:golzern", "gauge:golzern"]
    assert main(["sparql", "leakage.rq", "--depends-on", "--inference", "prov-o"]) == 2
    assert "one at a time" in capfd.readouterr().err
