"""The style file for Neo4j Browser: read as the Browser reads it, and complete."""

import re
from importlib.resources import files
from typing import Final

import pytest

from begat.api.cli import main
from begat.graph_schema.neo4j.cypher import TYPE_OF
from begat.graph_schema.neo4j.rows import RESERVED
from begat.graph_schema.terms import KINDS, RELATIONS, TYPES, supertypes

TEXT: Final = files("begat.graph_schema.neo4j").joinpath("browser.grass").read_text("utf-8")
RULE: Final = re.compile(r"""\s*(node|relationship)(\.\w+)? \{((?:\s*[a-z-]+: (?:"[^"':;]*"|[^"':;{}]+);)+)\s*\}\n""")
Style = dict[str, str]

#: The store's own relationships.
OWN: Final = ("FLOW", "PHASE_OF", "FACET_OF", "PAST_OF", "ALIAS_OF", "HAS_SERIES", "HAS_POINTS")
#: Labels that stand beside another one, and style nothing.
BESIDE: Final = {"Marked", "LongId"}


def rules() -> dict[str, Style]:
    """Selectors and their properties. The Browser's reader knows no comments, and no colon or semicolon in a value."""
    found: dict[str, Style] = {}
    rest = TEXT
    while rest.strip():
        one = RULE.match(rest)
        assert one, f"not a rule: {rest[:200]}"
        selector = one[1] + (one[2] or "")
        assert selector not in found
        found[selector] = {k: v.strip('"') for k, v in re.findall(r"([a-z-]+): ([^;]*);", one[3])}
        rest = rest[one.end() :]
    return found


RULES: Final = rules()


def style(tag: str, *labels: str) -> Style:
    """What a node or relationship looks like: all rules that fit it, later ones over earlier ones."""
    fitting = [p for s, p in RULES.items() if s.split(".")[0] == tag and set(s.split(".")[1:]) <= set(labels)]
    return {k: v for p in fitting for k, v in p.items()}


def labels_of(name: str) -> tuple[str, ...]:
    kind = TYPES[name].kind if name in TYPES else name
    return ("Resource", kind, *supertypes(name), name)


def test_every_label_has_a_rule_and_no_rule_is_without_its_label() -> None:
    named = {s.partition(".")[2] for s in RULES if s.startswith("node.")}
    assert named == {*KINDS, *TYPES, *RESERVED} - BESIDE


def test_every_relationship_has_a_rule_and_no_rule_is_without_its_relationship() -> None:
    named = {s.partition(".")[2] for s in RULES if s.startswith("relationship.")}
    assert named == {*TYPE_OF.values(), *OWN}


@pytest.mark.parametrize("name", [*KINDS, *TYPES])
def test_every_kind_and_type_says_its_name(name: str) -> None:
    assert "{name}" in style("node", *labels_of(name))["caption"]


def test_settings_and_measures_say_their_values() -> None:
    assert style("node", *labels_of("HyperparameterSetting"))["caption"] == "{value} {name}"
    assert style("node", *labels_of("ModelEvaluation"))["caption"] == "{name} {value}"
    assert style("node", *labels_of("Training"))["caption"] == "{name} {type}"


def test_kinds_have_provs_own_colours() -> None:
    assert style("node", *labels_of("Entity"))["color"] == "#FFFC87"
    assert style("node", *labels_of("Activity"))["color"] == "#9FB1FC"
    assert style("node", *labels_of("Agent"))["color"] == "#FED37F"


def test_what_matters_most_can_be_told_apart() -> None:
    told = ("Model", "Dataset", "HyperparameterSetting", "ModelEvaluation", "Training", "Preparation", "Person")
    assert len({style("node", *labels_of(t))["color"] for t in told}) == len(told)
    sizes = {t: int(style("node", *labels_of(t))["diameter"].removesuffix("px")) for t in TYPES}
    assert max(sizes, key=lambda t: sizes[t]) == "Model"


def test_begats_own_books_are_small_and_grey() -> None:
    for label in RESERVED - BESIDE - {"Resource", "Series", "Points"}:
        own = style("node", label)
        assert int(own["diameter"].removesuffix("px")) <= 20
        assert own["color"] == "#EDEDED"


def test_text_can_be_read_on_its_colour() -> None:
    for selector in RULES:
        if selector.startswith("node."):
            own = style("node", selector.partition(".")[2])
            assert contrast(own["color"], own["text-color-internal"]) >= 3, selector


def contrast(a: str, b: str) -> float:
    """As WCAG 2 defines it."""
    dark, light = sorted(map(luminance, (a, b)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_lineage_relations_stand_out() -> None:
    for name, relation in RELATIONS.items():
        assert (style("relationship", TYPE_OF[name])["shaft-width"] == "2px") == relation.lineage


def test_the_command_line_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--neo4j-style"]) == 0
    assert capsys.readouterr().out == TEXT
