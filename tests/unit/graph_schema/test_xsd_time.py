"""Times of documents, as the numbers that questions compare."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from begat.graph_schema.xsd_time import iso, isos, micros

MARCH = 1_709_251_200_000_000  # 2024-03-01T00:00:00Z
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("text", "type", "moment"),
    [
        ("2024-03-01T00:00:00Z", "xsd:dateTime", MARCH),
        ("2024-03-01T00:00:00", XSD + "dateTime", MARCH),
        ("2024-03-01T02:00:00+02:00", "xsd:dateTimeStamp", MARCH),
        (" 2024-02-29T24:00:00Z\n", "xsd:dateTime", MARCH),
        ("2024-02-29T24:00:00.000Z", "xsd:dateTime", MARCH),
        ("2024-03-01T00:00:00.5Z", "xsd:dateTime", MARCH + 500_000),
        ("2024-03-01T00:00:00.123456789", "xsd:dateTime", MARCH + 123_456),
        ("1969-12-31T23:59:59.5Z", "xsd:dateTime", -500_000),
        ("2024-03-01", "xsd:date", MARCH),
        ("2024-03-01Z", XSD + "date", MARCH),
        ("2024-03-01+01:00", "xsd:date", MARCH - 3_600_000_000),
        ("9999-12-31T24:00:00Z", "xsd:dateTime", 253_402_300_800_000_000),
    ],
)
def test_what_is_a_time(text: str, type: str, moment: int) -> None:
    assert micros({"$": text, "type": type}) == moment


@pytest.mark.parametrize(
    "literal",
    [
        "2024-03-01T00:00:00Z", 7, None, [], {}, {"$": 7, "type": "xsd:dateTime"},
        *({"$": text, "type": "xsd:dateTime"} for text in (
            "", "2024-03-01", "2024-02-30T00:00:00Z", "2024-03-01T25:00:00Z", "2024-03-01T24:00:01Z",
            "20240301T000000Z", "2024-W09-5T00:00:00Z", "2024-03-01 00:00:00", "2024-03-01T00:00",
            "2024-03-01T00:00:00.Z",
            "١٢٣٤-03-01T00:00:00Z",
            "2024-03-01T00:00:00+25:00", "2024-03-01T23:59:60Z", "-0044-03-15T00:00:00Z", "now",
        )),
        {"$": "2024-03-01T00:00:00", "type": "xsd:dateTimeStamp"},
        {"$": "2024", "type": "xsd:gYear"}, {"$": "2024-03-01T00:00:00Z", "type": "xsd:string"},
        {"$": "2024-03-01T00:00:00Z", "type": "xsd:dateTime", "lang": "en"},
    ],
)  # fmt: skip
def test_what_is_none(literal: Any) -> None:
    assert micros(literal) is None


@given(some.datetimes(timezones=some.just(UTC)))
def test_every_moment_comes_back(moment: datetime) -> None:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    exact = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    assert micros({"$": moment.isoformat(), "type": "xsd:dateTime"}) == exact


@given(some.lists(some.none() | some.integers(-(10**18), 10**18) | some.integers(0, 3_000_000), max_size=30))
def test_many_moments_are_written_as_each_is(moments: list[int | None]) -> None:
    assert isos(moments) == [None if m is None else iso(m) for m in moments]


def test_how_a_moment_is_written() -> None:
    written = ["2024-03-01T00:00:00Z", "2024-03-01T00:00:00.5Z", None, "2024-03-01T00:00:00.12345Z"]
    assert isos([MARCH, MARCH + 500_000, None, MARCH + 123_450]) == written
    assert iso(MARCH + 123_450) == written[-1]
