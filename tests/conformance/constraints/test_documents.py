"""Each numbered rule of PROV-CONSTRAINTS with documents of its own, written from the text of the recommendation.

`NN-name-pass.provn` looks like a breach and is none; `NN-name-fail.provn` is invalid because of that rule: it alone is
told, and without it the document would be valid. A rule without the second cannot be broken, see
docs/decisions/constraints.md.
"""

from pathlib import Path

import pytest

from begat.graph_schema.documents.records import Heading, Record
from begat.ingest.documents.prov_n import read
from begat.queries.constraints.check import check
from begat.queries.constraints.rules import RULES
from tests.conformance.constraints import naive

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.provn"))
PASSING = [p for p in DOCUMENTS if p.stem.endswith("-pass")]
FAILING = [p for p in DOCUMENTS if p.stem.endswith("-fail")]
#: The ends of activities that are described are events, so their times are compared twice.
ALSO = {22: {28, 29}}


def records(path: Path) -> list[Record]:
    return [r for r in read(path.read_text("utf-8")) if not isinstance(r, Heading)]


def test_every_rule_has_its_documents() -> None:
    named = {f"{n:02}-{r.name}" for n, r in RULES.items()}
    assert {p.stem.removesuffix("-pass") for p in PASSING} == named
    assert {p.stem.removesuffix("-fail") for p in FAILING} == {
        f"{n:02}-{r.name}" for n, r in RULES.items() if r.breakable
    }


@pytest.mark.parametrize("path", PASSING, ids=lambda p: p.stem)
def test_what_is_no_breach_passes(path: Path) -> None:
    assert check(records(path)).violations == []
    assert naive.valid(records(path))


@pytest.mark.parametrize("path", FAILING, ids=lambda p: p.stem)
def test_a_breach_is_told_by_its_number_and_no_other(path: Path) -> None:
    number = int(path.stem[:2])
    (violation,) = check(records(path)).violations
    if number > 50 or 22 <= number <= 29:
        assert violation.constraint == number
    elif number > 21:
        assert number in {violation.constraint, *violation.through}
    assert violation.statements
    assert not naive.valid(records(path))
    assert naive.valid(records(path), without={number, *ALSO.get(number, ())})
