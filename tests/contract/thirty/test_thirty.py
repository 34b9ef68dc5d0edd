"""Every question of the catalogue meets its sheet, on every store, however events come."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from begat.api.cli import main
from begat.api.commands.ask import question_parser
from begat.api.demo.study import study
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.store import Store
from begat.queries import QUESTIONS, ask
from begat.queries.ask import PAGES
from begat.queries.engine import SQL, look
from begat.queries.naming import find_thing
from tests.contract.conftest import ACCELERATED
from tests.contract.thirty import group_a, group_b, group_c, group_d, group_e, group_f, group_g
from tests.contract.thirty.sheet import Asked, Sheet, columns_of, lines, moment, parameters_of, table

if TYPE_CHECKING:
    from tests.contract.conftest import Load, NewStore

GROUPS: Final = (group_a, group_b, group_c, group_d, group_e, group_f, group_g)
SHEETS: Final = {s.name: s for group in GROUPS for s in group.SHEETS}
CASES: Final = [(s, a) for s in SHEETS.values() for a in s.asked]
STATEMENTS: Final = [s for teller in study() for s in teller.statements()]


def case(value: Any) -> str:
    """A case's name in pytest's list."""
    if isinstance(value, Sheet):
        return value.name
    return " ".join(map(str, value.params.values())) + (f" as of {value.as_of}" if value.as_of else "")


def holds(store: Store, sheet: Sheet, asked: Asked) -> None:
    """The store's answer is the sheet's, row by row."""
    as_of = None if asked.as_of is None else moment(asked.as_of)
    answer = ask(store, sheet.name, asked.params, as_of=as_of)
    assert columns_of(answer) == lines(sheet.columns)
    names = sheet.column_names()
    found = [tuple(row[n] for n in names) for row in answer.rows]
    assert table(names, found) == table(names, asked.rows)
    assert not answer.truncated


@pytest.fixture(scope="module")
def remembered(load: "Load") -> MemoryStore:
    """The study in memory; nothing is written to it."""
    return load(MemoryStore(), STATEMENTS)


def test_every_question_has_a_sheet() -> None:
    assert set(SHEETS) == set(QUESTIONS)
    assert len(SHEETS) == 30


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=case)
def test_a_question_is_defined_as_its_sheet_says(sheet: Sheet) -> None:
    question = QUESTIONS[sheet.name]
    assert question.sentence == sheet.sentence
    assert parameters_of(question) == lines(sheet.parameters)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where begat demo --study was called."""
    folder = tmp_path_factory.mktemp("study")
    assert main(["demo", "--study", "--dir", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=case)
def test_the_example_of_its_help_is_answered_as_the_sheet_says(
    sheet: Sheet,
    folder: Path,
    remembered: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    q = QUESTIONS[sheet.name]

    def meant(params: dict[str, Any], as_of: int | None) -> tuple[dict[str, Any], int | None]:
        """What is asked, with defaults, and things by their ids."""
        given = {p.name: params.get(p.name, p.default) for p in q.parameters}
        scope = look(remembered, as_of=as_of)
        things = {p.name for p in q.parameters if p.type == "thing" and given[p.name] is not None}
        return {k: find_thing(remembered, v, scope).id if k in things else v for k, v in given.items()}, as_of

    given = vars(question_parser(q).parse_args(shlex.split(q.example)[3:]))
    asked = meant(given, given.get("as_of"))
    expected = [a for a in sheet.asked if asked == meant(a.params, moment(a.as_of) if a.as_of else None)]
    assert expected, "the sheet has no such asking"
    begat, ask_, name, *words = shlex.split(QUESTIONS[sheet.name].example)
    assert (begat, ask_, name) == ("begat", "ask", sheet.name)
    assert main(["ask", name, *words, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    names = sheet.column_names()
    assert rows != []
    assert table(names, [tuple(r[n] for n in names) for r in rows]) == table(names, expected[0].rows)


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=case)
def test_a_sheet_is_whole(sheet: Sheet) -> None:
    """Its rows have its columns, its parameters are among those it takes, and not every answer is empty."""
    known = {line.partition(":")[0] for line in lines(sheet.parameters)}
    for asked in sheet.asked:
        assert set(asked.params) <= known
        assert {len(row) for row in asked.rows} <= {len(sheet.column_names())}
        rows = table(sheet.column_names(), asked.rows)
        assert len(rows) == len(set(rows))
    assert any(asked.rows for asked in sheet.asked)


@pytest.mark.parametrize(("sheet", "asked"), CASES, ids=case)
def test_the_answer_in_memory(sheet: Sheet, asked: Asked, remembered: MemoryStore) -> None:
    holds(remembered, sheet, asked)


def test_the_answers_in_any_order_of_events(order: str, new_store: "NewStore", load: "Load") -> None:
    store = load(new_store("sqlite"), STATEMENTS, order)
    for sheet, asked in CASES:
        holds(store, sheet, asked)


def test_a_plan_is_rendered_once(new_store: "NewStore", load: "Load") -> None:
    """Whoever asks the same again, also of another thing or as of another time, has its text already."""
    store = load(new_store("sqlite"), STATEMENTS)
    for sheet, asked in CASES:
        holds(store, sheet, asked)
    made = [kept.made for kept in (SQL, PAGES)]
    for sheet, asked in CASES:
        holds(store, sheet, asked)
    assert [kept.made for kept in (SQL, PAGES)] == made


def test_the_answers_from_a_snapshot(new_store: "NewStore", load: "Load") -> None:
    """Taken when half of the events were in."""
    store = load(new_store(ACCELERATED), STATEMENTS, "shuffled")
    for sheet, asked in CASES:
        holds(store, sheet, asked)


def test_the_answers_on_neo4j(new_store: "NewStore", load: "Load") -> None:
    store = load(new_store("neo4j"), STATEMENTS, "shuffled")
    for sheet, asked in CASES:
        holds(store, sheet, asked)
