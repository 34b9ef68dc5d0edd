"""Wire events: what a journal line is, and that nothing changes on the way."""

import json
from math import inf, isnan, nan
from typing import Any
from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from begat.graph_schema import events as ev
from begat.graph_schema.decoders import decode, decode_footer, decode_header

EVERY: list[ev.Wire] = [
    ev.Start(1, 2, "run", "train", ["Training"], "parent", "of", "digits", {"k": [1, 1.0, True, "1", None]}),
    ev.End(1, 2, "run", "failed", "ValueError: no", "Traceback ..."),
    ev.Used(1, 2, "run", "data", "train", "epoch", {"k": {"$": "x", "lang": "de"}}),
    ev.Generated(1, 2, "run", "model", "best", "epoch", ["net"], {"k": 1}),
    ev.Node(1, 2, "e", "Entity", ["Model"], "model.pt", {"k": "v"}, 0.5, "bundle"),
    ev.Node(1, 2, "e", "Entity", value=None),
    ev.Alias(1, 2, "seen", "version"),
    ev.Setting(1, 2, "run", "lr", {"a": [0.1, None, True]}),
    ev.Metric(1, 2, "run", "loss", 0.5, 7, "epoch", {"split": "test"}),
    ev.Metric(1, 2, "run", "loss", "NaN", 1.5),
    ev.Relate(1, 2, "used", "a", None, "r", "id", 3, {"plan": "p"}, {"k": 1}, "bundle"),
    ev.Beat(1, 2),
    ev.Gap(1, 2, 3, "disk full"),
]


@pytest.mark.parametrize("event", EVERY, ids=lambda e: type(e).__name__)
def test_every_event_comes_back_as_it_was(event: ev.Wire) -> None:
    assert decode(ev.encode(event)) == event
    assert repr(decode(ev.encode(event))) == repr(event)


def test_every_kind_of_event_is_among_them() -> None:
    assert {type(e) for e in EVERY} == set(ev.Wire.__args__)


def test_a_line_is_the_crc_of_its_json_and_the_json() -> None:
    line = ev.line(ev.Metric(3, 9, "run", "loss", 0.5))
    crc, _, body = line.partition(b" ")
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    assert len(crc) == 8
    assert int(crc, 16) == crc32(body[:-1])
    assert json.loads(body) == {"type": "metric", "seq": 3, "at": 9, "run": "run", "name": "loss", "value": 0.5}


def test_a_line_stays_one_whatever_is_in_it() -> None:
    line = ev.line(ev.End(1, 2, "run", "failed", "two\nlines\r\n\u2028\x00", "é\t🧪"))
    assert line.count(b"\n") == 1
    assert b"\r" not in line


def test_defaults_are_not_written() -> None:
    assert json.loads(ev.encode(ev.End(1, 2, "run"))) == {"type": "end", "seq": 1, "at": 2, "run": "run"}


def test_a_value_that_was_not_given_is_not_null() -> None:
    assert b"value" not in ev.encode(ev.Node(1, 2, "e", "Entity"))
    assert b'"value":null' in ev.encode(ev.Node(1, 2, "e", "Entity", value=None))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"null", b"[]", b'{"type":"novel","seq":1,"at":2}', b'{"type":"end","seq":1,"at":2}',
        b'{"type":"end","seq":"1","at":2,"run":"r"}', b'{"type":"end","seq":1,"at":2,"run":"r","outcome":"lost"}',
        b'{"type":"end","seq":1,"at":2,"run":"r"', b'{"type":"end","seq":1.5,"at":2,"run":"r"}',
    ],
)  # fmt: skip
def test_what_is_no_event_is_an_error(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(body)


def test_a_later_begat_may_add_fields() -> None:
    assert decode(b'{"type":"beat","seq":1,"at":2,"mood":"fine"}') == ev.Beat(1, 2)


def test_header_and_footer_come_back() -> None:
    header = ev.Header(1, "w", 2, "default", "h", "b", 3, 4, "ns", 5, 6, {"job": "7"}, "0.1.0")
    assert decode_header(ev.encode(header)) == header
    assert decode_footer(ev.encode(ev.Footer(7, 8))) == ev.Footer(7, 8)
    with pytest.raises(msgspec.DecodeError):
        decode_header(ev.encode(ev.Footer(7, 8)))


@pytest.mark.parametrize(("value", "words"), [(nan, "NaN"), (inf, "INF"), (-inf, "-INF"), (0.5, 0.5), (-0.0, -0.0)])
def test_what_json_has_no_numbers_for_has_words(value: float, words: float | str) -> None:
    assert repr(ev.lexical(value)) == repr(words)
    assert repr(ev.numeric(words)) == repr(value)


@pytest.mark.parametrize("word", ["nan", "inf", "Infinity", "1", "1e5", "", "+INF"])
def test_other_words_are_no_numbers(word: str) -> None:
    with pytest.raises(ValueError, match="NaN, INF and -INF are the only words"):
        ev.numeric(word)


@given(st.floats())
def test_any_float_comes_back(value: float) -> None:
    back = decode(ev.encode(ev.Metric(1, 2, "r", "m", ev.lexical(value))))
    assert isinstance(back, ev.Metric)
    assert repr(ev.numeric(back.value)) == repr(value)


def untagged(x: Any) -> Any:
    if isinstance(x, dict):
        return ev.numeric(x["$"]) if set(x) == {"$", "type"} else {k: untagged(v) for k, v in x.items()}
    return [untagged(v) for v in x] if isinstance(x, list) else x


json_like = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(json_like)
def test_any_value_comes_back_from_a_setting(value: Any) -> None:
    back = decode(ev.encode(ev.Setting(1, 2, "r", "s", ev.tagged(value))))
    assert isinstance(back, ev.Setting)
    assert repr(untagged(back.value)) == repr(value)


def test_a_tagged_value_has_its_datatype() -> None:
    assert ev.tagged({"a": (nan, 1)}) == {"a": [{"$": "NaN", "type": ev.XSD_DOUBLE}, 1]}
    assert isnan(untagged(ev.tagged(nan)))
