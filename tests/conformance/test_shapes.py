"""What begat exports holds to the SHACL shapes that it ships, and what does not is found: by pyshacl."""

from pathlib import Path
from typing import Final

import pytest
import rdflib
from pyshacl import validate

from begat.api.cli import main
from begat.graph_schema.ontology import shapes

PREFIXES: Final = """
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix mls: <http://www.w3.org/ns/mls#> .
@prefix begat: <https://w3id.org/begat/ns#> .
@prefix : <http://example.org/> .
"""


def problems(turtle: str) -> list[str]:
    """The shapes that are not held to, by their names."""
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    wanted = rdflib.Graph().parse(data=shapes(), format="turtle")
    conforms, report, _ = validate(graph, shacl_graph=wanted)
    assert isinstance(report, rdflib.Graph)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    found = sorted(str(p) for p in report.objects(None, sh.focusNode))
    assert conforms is not bool(found)
    return [f.rpartition("/")[2] for f in found]


@pytest.mark.parametrize("how", [["--study"], []], ids=["study", "demo"])
def test_what_is_exported_conforms(how: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["demo", *how, "--dir", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--format", "turtle", "--output", "all.ttl"]) == 0
    assert problems((tmp_path / "all.ttl").read_text()) == []


GOOD: Final = """
:run a prov:Activity, begat:Training ; rdfs:label "run" ; prov:used :data ;
    prov:startedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime ; prov:endedAtTime "2026-01-01T01:00:00Z"^^xsd:dateTime ;
    prov:qualifiedUsage :usage .
:usage a prov:Usage ; prov:entity :data ; prov:atTime "2026-01-01T00:00:00Z"^^xsd:dateTime .
:data a prov:Entity, mls:Dataset ; rdfs:label "data"@en .
:rate a prov:Entity, mls:HyperParameterSetting ; prov:value 0.1 .
"""


def test_an_ordinary_document_conforms() -> None:
    assert problems(PREFIXES + GOOD) == []


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (":data a prov:Activity .", "data"),
        (":run prov:startedAtTime '2026-01-01T02:00:00Z'^^xsd:dateTime .", "run"),
        (":run prov:endedAtTime 'yesterday' .", "run"),
        (":run prov:used 'data.csv' .", "run"),
        (":data rdfs:label 42 .", "data"),
        (":usage prov:atTime '2026-01-02T00:00:00Z'^^xsd:dateTime .", "usage"),
        (":usage prov:entity :another .", "usage"),
        (":other a prov:Activity ; prov:qualifiedUsage :usage .", "usage"),
        (":lone a begat:Training .", "lone"),
        (":lone a mls:Model .", "lone"),
        (":lone a prov:Entity, mls:HyperParameterSetting .", "lone"),
        (":lone a prov:Entity, mls:ModelEvaluation .", "lone"),
        (":who a prov:Agent ; prov:actedOnBehalfOf 'somebody' .", "who"),
        (":deed a prov:Association ; prov:agent :a, :b .", "deed"),
        (":deed a prov:Derivation ; prov:hadActivity :a, :b .", "deed"),
        (":deed a prov:Generation ; prov:activity 'run' .", "deed"),
    ],
)
def test_what_does_not_hold_is_found(wrong: str, where: str) -> None:
    assert set(problems(PREFIXES + GOOD + wrong)) == {where}
