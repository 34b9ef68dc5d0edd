"""Questions of several SELECTs: what these find is finished to the rows that `begat ask` has, in its order."""

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import combinations, product
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from begat.api.cli import main
from begat.api.demo.study import study
from begat.graph_schema import events as ev
from begat.graph_schema.errors import NotFound
from begat.graph_schema.events import RESUMED, Value
from begat.graph_schema.memory import MemoryStore
from begat.graph_schema.statements import NOWHERE, Description, Folded, Position, Relation
from begat.graph_schema.store import Batch, Store, open_store
from begat.graph_schema.terms import FROM, TO
from begat.graph_schema.triples.kept import Kept
from begat.ingest.resolve import resolve
from begat.queries import QUESTIONS, ask, find
from begat.queries.engine import look
from begat.queries.naming import find_thing
from begat.queries.sparql.asking import asked, filled, names, text, texts
from begat.queries.sparql.feed import Feed
from begat.queries.sparql.finished import finished
from begat.queries.sparql.finishing.table import SEVERAL
from begat.queries.sparql.pool import Found, Pool, Question
from begat.queries.sparql.together import together
from tests.conformance.test_sparql_feed import HERE, STORY, say, triples
from tests.contract.conftest import batch_of, events_of
from tests.contract.test_projection import ENTITIES, Program, programs
from tests.contract.test_questions import SECOND, START, Script
from tests.contract.thirty.sheet import moment
from tests.contract.thirty.test_thirty import SHEETS

#: Every asking of the sheets, but those of an earlier time, which RDF does not tell.
CASES: Final[list[tuple[str, dict[str, Any]]]] = [
    *((name, a.params) for name in SEVERAL for a in SHEETS[name].asked if a.as_of is None),
    ("running_now", {}),
    ("running_now", {"thing": "oder"}),
    ("running_now", {"thing": "rivers", "measure": "accuracy"}),
]
#: Those about one thing.
OF_A_THING: Final = [n for n in SEVERAL if "other" not in {p.name for p in QUESTIONS[n].parameters}]
#: Of lineage alone: the way, however it is called.
OF_LINEAGE: Final = ("how_created", "impact")
WAY: Final = ("id", "depth", "via", "step")


@pytest.fixture(scope="module")
def told() -> Iterator[Store]:
    store = open_store("memory:")
    store.write(Batch([s for teller in study() for s in teller.statements()]))
    store.settle()
    yield store
    store.close()


@pytest.fixture(scope="module")
def graph(told: Store, tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    return graph_of(told, tmp_path_factory.mktemp("triples"))


def graph_of(store: Store, folder: Path) -> ox.Store:
    """What `begat sparql --depends-on` asks."""
    with Kept(folder, "default") as kept:
        Feed(store, kept, more="depends-on").catch_up()
    found = ox.Store()
    found.extend(triples(folder))
    return found


def found_by(graph: ox.Store, parts: Mapping[str, str]) -> dict[str, ox.QuerySolutions]:
    found = {}
    for part, query in parts.items():
        rows = graph.query(query, use_default_graph_as_union=True)
        assert isinstance(rows, ox.QuerySolutions)
        found[part] = rows
    return found


def both(name: str, params: dict[str, Any], store: Store, graph: ox.Store) -> tuple[list[list[Any]], list[list[Any]]]:
    """The rows of the SELECTs, finished, and those of `begat ask`; a status, which RDF does not tell, left out."""
    scope = look(store, "default")
    things = {p.name for p in QUESTIONS[name].parameters if p.type == "thing"}
    params = {k: find_thing(store, v, scope).id if k in things else v for k, v in params.items()}
    answer = finished(name, params, found_by(graph, filled(name, params)))
    columns = [c.name for c in answer.columns]
    assert [*columns] == [c.name for c in QUESTIONS[name].columns if c.name != "status"]
    expected = ask(store, name, params, limit=10_000)
    assert answer.truncated == expected.truncated
    return ([[row[c] for c in columns] for row in rows] for rows in (answer.rows, expected.rows))  # type: ignore[return-value]


def case(value: Any) -> str:
    """A case's name in pytest's list."""
    return value if isinstance(value, str) else " ".join(map(str, value.values()))


@pytest.mark.parametrize(("name", "params"), CASES, ids=case)
def test_the_rows_are_those_of_begat_ask(name: str, params: dict[str, Any], told: Store, graph: ox.Store) -> None:
    found, expected = both(name, params, told, graph)
    assert found == expected


@pytest.mark.parametrize("name", OF_A_THING)
def test_so_they_are_of_every_thing_there_is(name: str, told: Store, graph: ox.Store) -> None:
    """Activities and their phases as well."""
    for thing in sorted({s.node for s in told.scan() if isinstance(s, Folded)}):
        found, expected = both(name, {"thing": thing}, told, graph)
        assert found == expected, thing


@pytest.mark.parametrize("name", OF_LINEAGE)
@pytest.mark.parametrize("depth", [1, 3])
def test_what_lies_deeper_than_asked_for_is_told(name: str, depth: int, told: Store, graph: ox.Store) -> None:
    for thing in ("flood-mulde.csv", "rain.csv@1", "train-a"):
        found, expected = both(name, {"thing": thing, "depth": depth}, told, graph)
        assert found == expected


@pytest.mark.parametrize("window", [("08:35", "10:10"), ("10:10", None), (None, "14:31")], ids=str)
def test_what_came_of_uses_in_a_window(window: tuple[str | None, str | None], told: Store, graph: ox.Store) -> None:
    """Of everything: of steps what they made, of parts what their wholes made after."""
    params = {name: moment(at) for name, at in zip(("since", "until"), window, strict=True) if at is not None}
    seen = 0
    for thing in sorted({s.node for s in told.scan() if isinstance(s, Folded)}):
        found, expected = both("impact", {"thing": thing, **params}, told, graph)
        assert found == expected, thing
        seen += bool(found)
    assert seen > 5


@pytest.mark.parametrize("window", [
    (None, None), ("2024-03-01", "2024-04-01"), ("2024-02-15", "2024-03-15"), (None, "2024-03-01"),
    ("2024-03-31", None), ("2025-01-01", "2025-02-01"),
], ids=str)  # fmt: skip
def test_what_has_values_of_a_time(window: tuple[str | None, str | None], told: Store, graph: ox.Store) -> None:
    """Of every thing there is; those of the world are what others lie in or are about."""
    params = {name: moment(at) for name, at in zip(("since", "until"), window, strict=True) if at is not None}
    seen = 0
    for thing in sorted({s.node for s in told.scan() if isinstance(s, Folded) and "Entity" in s.kinds}):
        found, expected = both("retract_window", {"thing": thing, **params}, told, graph)
        assert found == expected, thing
        seen += bool(found)
    assert seen > 1


def test_a_time_is_left_out_where_all_of_it_is(tmp_path: Path) -> None:
    """By what activity, for what place around, and to which end; nothing goes on through what is made so."""
    store = open_store("memory:")
    say = Script()
    for inner, outer in (("gauge", "river"), ("river", "basin")):
        say(ev.Relate, relation="locatedIn", source=inner, target=outer)
    abouts = {"early": (1, 5), "late": (5, 9), "open": (3, None), "ended": (None, 4), "any": (None, None)}
    for data, window in abouts.items():
        say.file(data, "Dataset")
        say(ev.Relate, relation="about", source=data, target="gauge", attributes=bounds(*window))
    leaving = {"all": (None, None), "from3": (3, None), "to7": (None, 7), "3to7": (3, 7)}
    for place, (step, window) in product(("gauge", "basin", "elsewhere"), leaving.items()):
        run = f"{step}-{place}"
        say(ev.Start, run=run, name=run)
        say(ev.Relate, relation="excluded", source=run, target=place, attributes=bounds(*window))
        say.uses(run, *abouts)
        say.makes(run, f"{run}.csv", "Dataset")
        say(ev.Start, run=f"{run}-train", name=run)
        say.uses(f"{run}-train", f"{run}.csv")
        say.makes(f"{run}-train", f"{run}.pt", "Model")
    say.uses("all-gauge-train", "early")  # beside what leaves the time out
    say.makes("all-gauge-train", "again.pt", "Model")
    say.uses("3to7-gauge", "3to7-gauge.csv")  # round and round
    say.makes("3to7-gauge", "3to7-gauge.csv", "Dataset")
    store.write(Batch(say.said))
    store.settle()
    graph = graph_of(store, tmp_path)
    affected = {}
    for since, until in product((None, 1, 3, 4), (None, 5, 7, 8)):
        for thing in ("gauge", "river", "basin", "elsewhere"):
            params = {"thing": thing, "since": since, "until": until}
            found, expected = both("retract_window", params, store, graph)
            assert found == expected, params
            affected[thing, since, until] = {row[0] for row in found}
    made = {f"{step}-elsewhere{kind}" for step, kind in product(leaving, (".csv", ".pt"))}
    assert affected["gauge", 3, 7] == {"early", "late", "open", "ended", "any", "again.pt", *made}
    assert affected["gauge", 3, None] >= {"to7-gauge.pt", "3to7-basin.csv"}
    assert affected["elsewhere", 3, 7] == set()
    store.close()


def test_at_work_is_what_has_not_ended_nor_its_job(tmp_path: Path) -> None:
    """Or has gone on since; with the last point of a measure, in whatever series, and the last of several jobs."""
    store = open_store("memory:")
    say = Script()
    for own, job in product((None, "finished", "killed"), (None, "at work", "finished", "failed")):
        run = f"run-{own}-{job}"
        say(ev.Start, run=run, name=run, types=["Training"])
        say(ev.Relate, relation="partOf", source=run, target="trial", role="experiment")
        say(ev.Relate, relation="ranOn", source=run, target="node8")
        for name, value, split in (("loss", 0.5, "val"), ("loss", "INF", "train"), ("rmse", 0.1, "val")):
            say(ev.Metric, run=run, name=name, value=value, step=3, context={"split": split})
        if job is not None:
            for n in (1, 2):
                say(ev.Start, run=f"job{n}-{run}", name=None, types=["Job"])
                say(ev.Relate, relation="submittedAs", source=run, target=f"job{n}-{run}")
            if job != "at work":
                say(ev.End, run=f"job1-{run}", outcome=job)
        if own is not None:
            say(ev.End, run=run, outcome=own)
    later = START + 1_000 * SECOND
    resumed: list[ev.Wire] = []
    for run in ("run-killed-failed", "run-killed-None"):
        n = len(resumed)
        resumed += (
            ev.Start(n + 1, later, run, run), ev.End(n + 2, later, run, RESUMED), ev.Start(n + 3, later, run, run)
        )  # fmt: skip
    say(ev.Start, run="serve", name="serve", types=["Deployment"])
    say(ev.Node, id="trial", kind="Entity", types=["LearningExperiment"], name="trial")
    store.write(Batch([*say.said, *(s for event in resumed for s in resolve(event, "w2", "default"))]))
    store.settle()
    graph = graph_of(store, tmp_path)
    for params in ({}, {"thing": "trial"}, {"measure": "rmse"}, {"measure": "nse"}):
        found, expected = both("running_now", params, store, graph)
        assert found == expected, params
        assert {row[0]: row[-2] for row in found} == {
            "run-None-None": None, "run-None-at work": "job2-run-None-at work",
            "run-killed-None": None, "run-killed-failed": "job2-run-killed-failed",
        }  # fmt: skip
    store.close()


def bounds(begin: int | None, end: int | None) -> dict[str, Value]:
    return {key: at for key, at in ((FROM, begin), (TO, end)) if at is not None}


def test_any_two_are_compared(told: Store, graph: ox.Store) -> None:
    """Trainings and models, with others and among themselves."""
    compared = [row["id"] for type_ in ("Training", "Model") for row in find(told, type_).rows]
    assert len(compared) == 20  # three of them checkpoints
    for thing, other in combinations(compared, 2):
        found, expected = both("compare", {"thing": thing, "other": other}, told, graph)
        assert found == expected, (thing, other)


@pytest.mark.parametrize(("measure", "split", "best"), [
    ("rmse", "test", None), ("rmse", "validation", None), ("loss", "validation", None), ("loss", "train", "max"),
    ("nse", None, None), ("nse", None, "min"),
])  # fmt: skip
@pytest.mark.parametrize("thing", ["floods", "oder", "rivers"])
def test_the_two_best_are_those_of_begat_ask(
    thing: str, measure: str, split: str | None, best: str | None, told: Store, graph: ox.Store
) -> None:
    params = {"thing": thing, "measure": measure, "split": split, "best": best}
    try:
        found, expected = both("compare", params, told, graph)
    except NotFound as none:
        with pytest.raises(NotFound, match=str(none)):
            ask(told, "compare", params)
        return
    assert found == expected


RANDOM: Final = settings(
    max_examples=40, deadline=None, phases=[p for p in Phase if p != Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@RANDOM
@given(program=programs)
def test_least_ways_are_those_of_the_law(program: Program) -> None:
    """In random programs, whose activities are parts of others and whose files are made again and again."""
    store = MemoryStore()
    store.write(batch_of(events_of(program._replace(contexts=1).statements())))
    store.settle()
    things = sorted({s.node for s in store.scan() if isinstance(s, Folded)})
    assume(things)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as scratch:
        graph = graph_of(store, Path(scratch))
    for thing in things:
        same_way("impact", {"thing": thing}, store, graph)
        behind = same_way("how_created", {"thing": thing}, store, graph)
        for other in (thing, *behind[-1:]):
            same_way("how_connected", {"thing": thing, "other": other}, store, graph)


@RANDOM
@given(program=programs, about=st.sets(st.sampled_from(ENTITIES), min_size=1), left=st.sets(st.integers(0, 5)))
def test_nothing_goes_on_through_what_left_the_time_out(program: Program, about: set[str], left: set[int]) -> None:
    """In random programs, whose files are data about one place or not, and some of whose activities leave it out."""
    store = MemoryStore()
    store.write(batch_of(events_of(program._replace(contexts=1).statements())))
    activities = sorted({s.node for s in store.scan() if isinstance(s, Folded) and "Activity" in s.kinds})
    store.write(Batch([
        *(Description(HERE, NOWHERE, entity, ("Entity",), ("Dataset",)) for entity in ENTITIES),
        *(Relation(HERE, NOWHERE, "about", entity, "place") for entity in sorted(about)),
        *(Relation(HERE, NOWHERE, "excluded", a, "place") for n, a in enumerate(activities) if n in left),
    ]))  # fmt: skip
    store.settle()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as scratch:
        graph = graph_of(store, Path(scratch))
    found, expected = both("retract_window", {"thing": "place"}, store, graph)
    got, wanted = ({(id_, how) for id_, *_, how in rows} for rows in (found, expected))  # one may have several names
    assert got == wanted


def same_way(name: str, params: dict[str, Any], store: Store, graph: ox.Store) -> list[str]:
    """That begat ask goes the same way; what it comes by."""
    found = finished(name, params, found_by(graph, filled(name, params)))
    expected = ask(store, name, params, limit=10_000)
    columns = [c.name for c in found.columns if c.name in WAY]
    got, wanted = ({tuple(row[c] for c in columns) for row in rows} for rows in (found.rows, expected.rows))
    assert got == wanted, (name, params)
    return [row["id"] for row in expected.rows]


def test_what_others_call_a_thing_may_be_no_text(tmp_path: Path) -> None:
    """A label in a language or a number is no name; a value may be of any type."""
    store = open_store("memory:")
    labels: list[Value] = [{"$": "Pegel", "lang": "de"}, 5]
    told = Script("others")
    told(ev.Node, id="run", kind="Activity", types=["Training"], attributes={"prov:label": labels})
    told(ev.Node, id="made", kind="Entity", types=["Model"], attributes={"prov:label": labels})
    told(ev.Node, id="noted", kind="Entity", types=["ModelEvaluation"], name="loss", value="good")
    for made in ("made", "noted"):
        told(ev.Relate, relation="wasGeneratedBy", source=made, target="run")
    store.write(Batch(told.said))
    store.settle()
    graph = graph_of(store, tmp_path)
    for name in OF_LINEAGE:
        for thing in ("run", "made"):
            found, expected = both(name, {"thing": thing}, store, graph)
            assert found == expected
    found, expected = both("compare", {"thing": "made", "other": "noted"}, store, graph)
    assert found == expected
    store.close()


@pytest.mark.parametrize("name", SEVERAL)
def test_other_readers_of_sparql_read_them(name: str, graph: ox.Store) -> None:
    """They have nothing of the engine's own; as they stand, with the values of the example, each finds something."""
    for part, query in texts(name).items():
        assert prepareQuery(query).algebra.name == "SelectQuery"
        (rows,) = found_by(graph, {part: query}).values()
        assert list(rows) != [], part


def test_they_are_printed_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(SEVERAL) < set(names())
    assert main(["questions", "impact", "--sparql"]) == 0
    printed = capsys.readouterr().out
    assert printed == text("impact")
    heads = [line for line in printed.splitlines() if re.match(r"# impact, \d of \d: ", line)]
    assert heads == ["# impact, 1 of 3: edges_after", "# impact, 2 of 3: things_after", "# impact, 3 of 3: uses_of"]
    assert printed == "\n".join(f"{head}\n{part}" for head, part in zip(heads, texts("impact").values(), strict=True))
    given = asked("impact", {"thing": "a.pt", "depth": 2})
    assert given.count("VALUES ?thing { <https://w3id.org/begat/id/a.pt> }") == 7


def test_all_see_the_same_commit(tmp_path: Path) -> None:
    """Whatever is committed while they are asked, one after the other."""
    with closing(open_store(f"sqlite:///{tmp_path}/graph.db")) as store, Kept(tmp_path / "rdf", "default") as kept:
        feed = Feed(store, kept)
        say(store, STORY[0])
        feed.catch_up()
        more = iter([Description(HERE, Position(n, "w", n), f"file-{n}", ("Entity",)) for n in (2, 3, 4)])

        class Busy(Pool):
            """Others commit after the first few questions."""

            def ask(self, folder: Path, question: Question) -> Found:
                found = super().ask(folder, question)
                if (s := next(more, None)) is not None:
                    say(store, [s])
                    feed.catch_up()
                return found

        every = "SELECT DISTINCT ?x { ?x ?y ?z }"
        with closing(Busy()) as pool:
            found = together(pool, tmp_path / "rdf", {"one": every, "other": every})
        one, other = ({str(row["x"]) for row in rows} for rows in found.values())
        assert one == other
        assert len(one) > 3


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--study", "--dir", str(tmp_path)]) == 0
    capfd.readouterr()
    return tmp_path


def test_begat_sparql_answers_a_question(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """One of several SELECTs as `begat ask` answers it, one of a single SELECT as if it stood in a file."""

    def printed(*words: str) -> str:
        assert main([*words, "--format", "csv"]) == 0
        return capfd.readouterr().out

    question = ("sparql", "--question", "impact", "--set", "thing=base.pt")
    rows = [*csv.DictReader(io.StringIO(printed("ask", "impact", "base.pt")))]
    assert [{c: v for c, v in row.items() if c != "status"} for row in rows] == [
        *csv.DictReader(io.StringIO(printed(*question)))
    ]
    (folder / "leakage.rq").write_text(asked("leakage", {"thing": "a.pt"}))
    one = printed("sparql", "--question", "leakage", "--set", "thing=a.pt")
    assert one == printed("sparql", "leakage.rq", "--depends-on")
    assert one.count("\n") == 3
    assert main([*question, "--set", "depth=1"]) == 0
    shown = capfd.readouterr()
    assert shown.out.count("\n") == 5
    assert "begat: only a part: set a greater depth to see more" in shown.err
    assert printed("sparql", "--question", "impact", "--set", "thing=https://w3id.org/begat/id/base.pt") == printed(
        "sparql", "--question", "impact", "--set", "thing=models/base.pt"
    )
    assert main(["sparql", "--question", "impact", "--set", "thing=train-e"]) == 0
    assert "begat: nothing found" in capfd.readouterr().err
    assert main(["sparql", "--question", "impact", "--set", "thing=modelz/base.pt"]) == 3
    assert "did you mean models/base.pt" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "give a FILE, or --question NAME"),
        (["a.rq", "--set", "thing=a"], "give a FILE, or --question NAME"),
        (["a.rq", "--question", "impact"], "give a FILE or --question, not both"),
        (["--question", "impact"], "impact needs thing: "),
        (["--question", "impact", "--set", "colour=red"], "impact has no parameter 'colour' in SPARQL"),
        (["--question", "impact", "--set", "thing=a", "--set", "since=2026-01-02", "--set", "until=2026-01-01"],
         "from 2026-01-02T00:00:00Z to 2026-01-01T00:00:00Z is no time at all"),
        (["--question", "impact", "--set", "thing=a", "--format", "xml"], "impact is finished as table, json, csv"),
        (["--question", "impact", "--set", "thing=a", "--inference", "prov-o"], "one at a time"),
        (["--question", "impact", "--set", "thing=a", "--set", "depth=deep"], "depth is 'deep': give a whole number"),
        (["--question", "impact", "--set", "thing=a", "--set", "depth=0"], "depth is '0': give a whole number from 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_in_one_line(
    words: list[str], told: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["sparql", *words]) == 2
    error = capfd.readouterr().err
    assert told in error
    assert error.count("\n") == 1
