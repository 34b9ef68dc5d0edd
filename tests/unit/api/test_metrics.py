"""The Prometheus text, read back by Prometheus' own client; and where it may be served."""

import math

import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from begat.api.metrics.server import endpoint
from begat.api.metrics.store import of_lag, of_store
from begat.api.metrics.text import Family, Sample, family, rendered
from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Stats
from begat.ingest.lag import Lag


def read_back(*families: Family) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = rendered(families)
    assert text.endswith("\n")
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for f in parsed(text) for s in f.samples}


def test_samples_are_read_back_as_they_were_told() -> None:
    odd = 'a "quoted" \\ back\nslash, größer'
    found = read_back(
        family("begat_things", "Things.\nOn two \\ lines.", 3),
        family("begat_events_total", "Events.", 2**60),
        Family("begat_nodes", "gauge", "N.", (Sample(1.5, {"type": odd, "x": ""}), Sample(math.inf, {"type": "b"}))),
        Family("begat_write_seconds", "summary", "Time.", (Sample(0.1, suffix="_sum"), Sample(7, suffix="_count"))),
    )
    assert found == {
        ("begat_things", ()): 3,
        ("begat_events_total", ()): 2**60,
        ("begat_nodes", (("type", odd), ("x", ""))): 1.5,
        ("begat_nodes", (("type", "b"),)): math.inf,
        ("begat_write_seconds_sum", ()): 0.1,
        ("begat_write_seconds_count", ()): 7,
    }


def test_types_and_help_are_read_back() -> None:
    text = rendered([family("begat_events_total", "Events,\nall.", 1), family("begat_lag_seconds", "Age.", 0)])
    assert [(f.name, f.type, f.documentation) for f in parsed(text)] == [
        ("begat_events", "counter", "Events,\nall."),
        ("begat_lag_seconds", "gauge", "Age."),
    ]


def test_an_empty_store_and_a_full_one_are_told() -> None:
    empty = read_back(*of_store(Stats()), *of_lag(Lag(), "begat_spool"))
    assert set(empty.values()) == {0}
    stats = Stats(entities=3, by_type={"Model": 2, "https://example.org/#x": 1}, quarantined=4, dropped=5)
    found = read_back(*of_store(stats), *of_lag(Lag(100, 2, oldest=0), "begat_spool"))
    assert found["begat_store_nodes", (("type", "Model"),)] == 2
    assert found["begat_store_quarantined_lines", ()] == 4
    assert found["begat_store_dropped_events", ()] == 5
    assert found["begat_spool_pending_bytes", ()] == 100
    assert found["begat_spool_lag_seconds", ()] > 1e9


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("127.0.0.1:9464", "127.0.0.1:9464"),
        ("9464", "127.0.0.1:9464"),
        (":0", "127.0.0.1:0"),
        ("localhost:80", "localhost:80"),
        ("[::1]:9464", "[::1]:9464"),
        ("127.8.8.8:1", "127.8.8.8:1"),
    ],
)
def test_loopback_is_where_it_listens(text: str, where: str) -> None:
    assert str(endpoint(text, public=False)) == where


@pytest.mark.parametrize("text", ["0.0.0.0:9464", "[::]:9464", "10.0.0.1:1", "example.org:9464", "localhost.example:1"])
def test_other_addresses_have_to_be_asked_for(text: str) -> None:
    with pytest.raises(UsageError, match="--metrics-public"):
        endpoint(text, public=False)
    assert str(endpoint(text, public=True)) == text


@pytest.mark.parametrize("text", ["", "here", "127.0.0.1", "localhost:99999", "localhost:x", "me@localhost:1", "[::1"])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        endpoint(text, public=True)
