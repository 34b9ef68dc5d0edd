"""Each event as the statements it stands for."""

import pytest

from begat.graph_schema import events as ev
from begat.graph_schema import ids
from begat.graph_schema import statements as st
from begat.graph_schema.errors import FormatError
from begat.ingest.resolve import resolve

C = st.Context("p")
P = st.Position(70, "w", 7)


def said(event: ev.Wire) -> list[st.AnyStatement]:
    return resolve(event, "w", "p")


def test_a_start_describes_the_run_and_places_it() -> None:
    experiment = ids.agreed("experiment", "p", "digits")
    assert said(ev.Start(7, 70, "r", "train", ["Training"], parent="outer", experiment="digits")) == [
        st.Description(C, P, "r", ("Activity",), ("Training",), "train"),
        st.Started(C, P, "r"),
        st.Relation(C, P, "partOf", "r", "outer", "part"),
        st.Description(C, P, experiment, ("Entity",), ("LearningExperiment",), "digits"),
        st.Relation(C, P, "partOf", "r", experiment, "experiment"),
    ]


def test_a_section_is_part_of_its_run_as_a_section_and_has_its_stored_type() -> None:
    assert said(ev.Start(7, 70, "e", "epoch 0", ["Epoch"], section_of="r")) == [
        st.Description(C, P, "e", ("Activity",), ("LearningStageSection",), "epoch 0"),
        st.Started(C, P, "e"),
        st.Relation(C, P, "partOf", "e", "r", "section"),
    ]


def test_an_end() -> None:
    assert said(ev.End(7, 70, "r", "failed", "ValueError: no", "Traceback ...")) == [
        st.Ended(C, P, "r", "failed", "ValueError: no", "Traceback ...")
    ]


def test_a_usage_in_a_section_is_its_runs_and_repeated_by_the_section() -> None:
    assert said(ev.Used(7, 70, "r", "x", "train", "e", {"rows": 3})) == [
        st.Relation(C, P, "used", "r", "x", "train", time=70, attributes={"rows": 3}),
        st.Relation(C, P, "used", "e", "x", "train", time=70, attributes={"rows": 3}),
    ]


def test_a_generation_in_a_section() -> None:
    assert said(ev.Generated(7, 70, "r", "m", section="e")) == [
        st.Relation(C, P, "wasGeneratedBy", "m", "r", time=70),
        st.Relation(C, P, "wasGeneratedBy", "m", "e", time=70, exact=True),
    ]


def test_generated_of_is_exact_and_derived() -> None:
    assert said(ev.Generated(7, 70, "r", "m", of=["x", "y"])) == [
        st.Relation(C, P, "wasGeneratedBy", "m", "r", time=70, exact=True),
        st.Relation(C, P, "wasDerivedFrom", "m", "x", arguments={"activity": "r"}),
        st.Relation(C, P, "wasDerivedFrom", "m", "y", arguments={"activity": "r"}),
    ]


@pytest.mark.parametrize(
    ("value", "text", "number"),
    [
        (0.1, "0.1", 0.1),
        (0, "0", 0.0),
        (False, "false", None),
        ("", '""', None),
        ([1, {"b": 2, "a": 1}], '[1,{"a":1,"b":2}]', None),
        (None, "null", None),
        (10**400, str(10**400), None),
        ({"$": "NaN", "type": ev.XSD_DOUBLE}, f'{{"$":"NaN","type":"{ev.XSD_DOUBLE}"}}', None),
    ],
)
def test_a_setting_is_a_node_of_its_run_alone(value: object, text: str, number: float | None) -> None:
    node = ids.setting("r", "lr")
    description = st.Description(C, P, node, ("Entity",), ("HyperparameterSetting",), "lr", {}, text, number)
    assert said(ev.Setting(7, 70, "r", "lr", value)) == [description, st.Relation(C, P, "hasSetting", "r", node)]


def test_a_metric_is_a_point() -> None:
    event = ev.Metric(7, 70, "r", "loss", 1, step=0, section="e", context={"split": "test", "k": 3})
    assert said(event) == [st.Point(C, P, "r", "loss", 1.0, '{"k":3,"split":"test"}', 0, "e")]
    assert said(ev.Metric(7, 70, "r", "loss", "-INF")) == [st.Point(C, P, "r", "loss", float("-inf"))]


def test_a_node_a_relation_and_an_alias() -> None:
    assert said(ev.Node(7, 70, "d", "Entity", ["Dataset"], "d.csv", {"size": 3}, bundle="b")) == [
        st.Description(st.Context("p", "b"), P, "d", ("Entity",), ("Dataset",), "d.csv", {"size": 3})
    ]
    assert said(ev.Node(7, 70, "v", "Entity", ["ModelEvaluation"], "accuracy", value=0.97)) == [
        st.Description(C, P, "v", ("Entity",), ("ModelEvaluation",), "accuracy", {}, "0.97", 0.97)
    ]
    assert said(ev.Relate(7, 70, "evaluationOf", "v", "m", attributes={"split": "test"}, time=5)) == [
        st.Relation(C, P, "evaluationOf", "v", "m", time=5, attributes={"split": "test"})
    ]
    assert said(ev.Alias(7, 70, "seen", "version")) == [st.Alias(C, P, "seen", "version")]


def test_beats_and_gaps_say_nothing_about_the_graph() -> None:
    assert said(ev.Beat(7, 70)) == said(ev.Gap(7, 70, 3, "disk full")) == []


@pytest.mark.parametrize(
    "event",
    [
        ev.Metric(7, 70, "r", "loss", "a lot"),
        ev.Metric(7, 70, "r", "loss", 0.5, step=2**63),
        ev.Node(7, 70, "x", "Thing"),
        ev.Relate(7, 70, "likes", "x", "y"),
        ev.Relate(7, 70, "used", None, None),
        ev.Relate(7, 70, "used", "x", "y", time=2**64),
        ev.Relate(7, 70, "about", "x", "y", attributes={"from": "2024-03-01"}),
        ev.Relate(7, 70, "about", "x", "y", attributes={"to": True}),
        ev.Relate(7, 70, "about", "x", "y", attributes={"from": [1, 2]}),
        ev.Relate(7, 70, "excluded", "x", "y", attributes={"from": 2, "to": 2}),
        ev.Relate(7, 70, "excluded", "x", "y", attributes={"to": 2**63}),
    ],
)
def test_what_no_graph_can_hold_is_refused(event: ev.Wire) -> None:
    with pytest.raises((FormatError, ValueError)):
        said(event)


def test_the_times_of_documents_are_whole_numbers() -> None:
    march = {"$": "2024-03-01", "type": "xsd:date"}
    april = {"$": "2024-04-01T02:00:00+02:00", "type": "http://www.w3.org/2001/XMLSchema#dateTime"}
    for relation in ("about", "excluded"):
        (told,) = said(ev.Relate(7, 70, relation, "d", "x", attributes={"from": march, "to": april, "why": april}))
        assert isinstance(told, st.Relation)
        assert told.attributes == {"from": 1_709_251_200_000_000, "to": 1_711_929_600_000_000, "why": april}
    with pytest.raises(FormatError, match="before it begins"):
        said(ev.Relate(7, 70, "about", "d", "x", attributes={"from": april, "to": march}))
    with pytest.raises(FormatError, match=r"from is '2024-03-01', neither one whole number .* nor an xsd:dateTime"):
        said(ev.Relate(7, 70, "about", "d", "x", attributes={"from": "2024-03-01"}))
