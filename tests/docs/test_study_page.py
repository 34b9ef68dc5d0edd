"""The picture of the study shows what the study says: every thing and every arrow of lineage, and no other."""

import re
from pathlib import Path
from xml.etree import ElementTree

from begat.api.demo.study import study
from begat.graph_schema.statements import Relation
from begat.graph_schema.terms import RELATIONS

PAGE = Path(__file__).resolve().parents[2] / "docs/explanation/the-study.md"
DRAWN = ElementTree.parse(PAGE.with_suffix(".svg")).getroot()
#: Lists beside the picture have these.
IN_LISTS = ("train.py@", "env@", "train-a.sbatch")


def shown(node: str) -> str:
    """Where a node is in the picture: the scores of evaluate are one box."""
    return "scores" if node.startswith(("rmse:", "nse:")) and node != "rmse:oder" else node


def test_every_arrow_is_drawn_and_no_other() -> None:
    arrows = {
        (a.get("data-from"), a.get("class"), a.get("data-to"))
        for a in DRAWN.iter()
        if a.get("data-from") is not None
    }
    said = {
        (shown(s.source or ""), s.relation, shown(s.target or ""))
        for teller in study()
        for s in teller.statements()
        if isinstance(s, Relation) and RELATIONS[s.relation].lineage
    }
    assert arrows == {
        a for a in said if not any(n.startswith(IN_LISTS) or "/epoch-" in n for n in (a[0], a[2]))
    }


def test_every_arrow_has_its_ends() -> None:
    boxes = {b.get("data-id") for b in DRAWN.iter()} - {None}
    ends = {a.get(end) for a in DRAWN.iter() for end in ("data-from", "data-to")} - {None}
    assert boxes == ends


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGE.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
