"""The benchmark of representations: generic PROV, made of what a store holds, gives the answers that begat gives."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from begat.api.demo.study import study
from begat.api.demo.study.teller import Teller
from begat.graph_schema.statements import AnyStatement
from begat.graph_schema.store import Batch, open_store
from begat.ingest.ingest import ingest
from begat.queries.ask import ask
from begat.queries.catalogue import QUESTIONS as CATALOGUE
from benchmarks.asked import HERE, question
from benchmarks.generic.engine import LIMIT, QUESTIONS
from benchmarks.generic.form import form_of
from benchmarks.generic.neo4j import GenericNeo4j
from benchmarks.generic.sqlite import SQL, GenericSqlite
from benchmarks.laboratory import Laboratory, Size
from benchmarks.representation import COMPARED, compared, named

#: Of the study: evaluations and points of trainings, splits, settings of sections, places and classes.
ASKED: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("best_model_settings", {"thing": "floods", "measure": "rmse", "top": 9}),
    ("best_model_settings", {"thing": "floods", "measure": "nse", "split": "test", "top": 9}),
    ("best_model_settings", {"thing": "floods", "measure": "loss", "split": "val", "top": 9}),
    ("best_model_settings", {"thing": "floods", "measure": "loss", "best": "max", "top": 9}),
    ("settings_for_features", {"features": ["level"], "measure": "rmse"}),
    ("settings_for_features", {"features": ["level", "rain"], "measure": "loss", "split": "val"}),
    ("comparable_runs", {"thing": "floods"}),
    ("comparable_runs", {}),
    ("models_of_entity", {"thing": "basin:elbe", "measure": "rmse"}),
    ("models_of_entity", {"thing": "basin:elbe", "split": "test"}),
    ("models_of_entity", {"thing": "basin:elbe"}),
    ("best_model_for_class", {"thing": "class:rain-gauge", "measure": "rmse"}),
    ("best_model_for_class", {"thing": "basin:elbe", "measure": "nse", "split": "test"}),
)

PAGE: Final = Path(__file__).parents[3] / "docs/explanation/representation.md"


class Both:
    """A store, and generic PROV beside it."""

    def __init__(self, kind: str, address: str, folder: Path) -> None:
        self._kind, self._address, self._folder = kind, address, folder
        self.typed = open_store(address)

    def tell(self, statements: Iterable[AnyStatement]) -> None:
        self.typed.write(Batch(list(statements)))
        self.typed.settle()

    @contextmanager
    def generic(self) -> Iterator[GenericSqlite | GenericNeo4j]:
        """What the store holds, in generic form."""
        generic = (
            GenericNeo4j(self._address, self.typed)
            if self._kind == "neo4j"
            else GenericSqlite(self._folder / "generic.db", self.typed)
        )
        generic.load(form_of(self.typed.scan()))
        yield generic
        generic.close()


@pytest.fixture(params=["sqlite", "neo4j"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Both]:
    """Empty."""
    address = request.getfixturevalue("neo4j") if request.param == "neo4j" else f"sqlite:///{tmp_path}/typed.db"
    both = Both(request.param, address, tmp_path)
    yield both
    both.typed.close()


def rows(store: Any, name: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    return ask(store, name, params).rows


def test_the_study_has_the_same_answers_in_both_forms(both: Both) -> None:
    both.tell(s for teller in study() for s in teller.statements())
    with both.generic() as generic:
        for name, params in ASKED:
            given = named(both.typed, params)
            expected = rows(both.typed, name, given)
            assert expected, (name, params)
            assert rows(generic, name, given) == expected, (name, params)
    assert {name for name, _ in ASKED} == set(QUESTIONS)


def test_what_is_measured_has_the_same_answers_or_the_benchmark_ends(tmp_path: Path) -> None:
    """On a laboratory of the benchmark, smaller than any that is measured."""
    Laboratory(Size(HERE + 2, 4, 1)).write(tmp_path / "spool")
    both = Both("sqlite", f"sqlite:///{tmp_path}/typed.db", tmp_path)
    ingest(both.typed, tmp_path / "spool")
    with both.generic() as generic:
        for name, params in COMPARED.items():
            given = named(both.typed, params)
            expected = rows(both.typed, question(name), given)
            assert expected, name
            assert rows(generic, question(name), given) == expected, name
        generic.read("UPDATE entity SET number = 2 * number WHERE label = 'rmse'", {})
        with pytest.raises(RuntimeError, match=r"best_model_settings.* rows of the typed graph"):
            compared(both.typed, generic)
    both.typed.close()


def test_what_came_later_is_not_behind_in_generic_sql_either(tmp_path: Path) -> None:
    """`fit` makes its model before it reads the test data; the whole of `trial` read the rain before `trial` began."""
    both = Both("sqlite", f"sqlite:///{tmp_path}/typed.db", tmp_path)
    say = Teller("process").at("10:00")
    for station in ("rain", "level", "test"):
        say.node(station, "Entity", "DomainEntity", station)
        say.file(f"{station}.csv", "Dataset", f"{station}.csv")
        say.about(f"{station}.csv", station)
    for model in ("whole.pt", "trial.pt"):
        say.file(model, "Model", model)
    say.start("fit", "fit", "Training")
    say.uses("fit", "rain.csv")
    say.at("10:10").start("trial", "trial", "Training", parent="fit")
    say.at("10:20").uses("trial", "level.csv")
    say.makes("trial", "trial.pt")
    say.at("10:30").end("trial")
    say.at("10:40").makes("fit", "whole.pt")
    say.at("10:50").uses("fit", "test.csv")
    say.at("11:00").end("fit")
    both.tell(say.statements())
    models = {
        "rain": {"trial.pt", "whole.pt"},  # the part came after, the whole made it with that
        "level": {"trial.pt", "whole.pt"},  # the whole had it done by the part
        "test": set(),
    }
    with both.generic() as generic:
        for store in (both.typed, generic):
            for station, names in models.items():
                assert {r["model"] for r in rows(store, "models_of_entity", {"thing": station})} == names, station
    both.typed.close()


def test_a_fact_that_prov_has_no_word_for_is_an_attribute_value() -> None:
    """The example of the page: a setting, and what data is about."""
    store = open_store("memory:")
    say = Teller("process").at("10:00")
    say.start("train-a", "train-a", "Training")
    say.params("train-a", lr=0.1)
    say.file("rain.csv", "Dataset", "rain.csv")
    say.about("rain.csv", "station:grimma")
    store.write(Batch(list(say.statements())))
    form = form_of(store.scan())
    thing = {t.id: t for t in form.things}
    told = {
        (link.source, link.relation, link.role, thing[link.target].label, thing[link.target].value)
        for link in form.links
    }
    assert told == {
        ("train-a", "used", "setting", "lr", "0.1"),
        ("rain.csv", "hadMember", "attribute", "about", "station:grimma"),
        ("rain.csv", "hadMember", "attribute", "path", "/study/rain.csv"),
        ("rain.csv", "hadMember", "attribute", "digest", "blake2b:rain.csv"),
    }
    assert [(thing[value].label, of) for value, of in form.references] == [("about", "station:grimma")]


def test_what_the_generic_form_has_no_place_for_is_told() -> None:
    store = open_store("memory:")
    say = Teller("process").at("10:00")
    say.node("x", "Entity", "Model", "x")
    say.node("x", "Entity", "Dataset", "x")
    store.write(Batch(list(say.statements())))
    with pytest.raises(ValueError, match="x has two contexts, starts, ends or types"):
        form_of(store.scan())


def test_no_generic_statement_reads_a_table_from_end_to_end(tmp_path: Path) -> None:
    both = Both("sqlite", f"sqlite:///{tmp_path}/typed.db", tmp_path)
    names = {"id", "ids", "thing", "words", "splits", "greatest", "measure", "features", "asked", LIMIT}
    with both.generic() as generic:
        for file in SQL.glob("*.sql"):
            if file.stem != "schema":
                plan = generic.read(f"EXPLAIN QUERY PLAN {file.read_text()}", dict.fromkeys(names))
                steps = [row[3] for row in plan]
                through = [s for s in steps if re.match(r"SCAN \w+ USING|MATERIALIZE \(join", s)]
                assert through == [], file.stem
    both.typed.close()


def test_the_page_has_a_result_for_each_question_that_is_compared() -> None:
    """A row each, in each of its five tables."""
    rows = re.findall(r"^\| (\d+)\b.*\|$", PAGE.read_text(), re.MULTILINE)
    numbers = [str([*CATALOGUE].index(question(name)) + 1) for name in COMPARED]
    assert sorted(rows) == sorted(5 * numbers)
