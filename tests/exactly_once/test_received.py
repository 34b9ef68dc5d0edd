"""The same journals, sent in pieces: in any order, twice, overlapping, torn, damaged; held to one clean ingest."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from begat.graph_schema.dump import lines
from begat.graph_schema.errors import FormatError
from begat.graph_schema.store import Store, open_store
from begat.ingest.ingest import ingest
from begat.ingest.received import receive

if TYPE_CHECKING:
    from tests.exactly_once.conftest import Same

#: How many orders are tried: on Neo4j each takes seconds.
EXAMPLES: Final = {"memory": 12, "sqlite": 12, "neo4j": 2}
#: What has to be the same; bookmarks are of files, and what is kept aside is looked at by itself.
ACCOUNTS: Final = ("ranges", "writers", "changes", "marked")


class Sent(NamedTuple):
    """A piece: lines of a segment from one of its bytes to another."""

    segment: int
    start: int
    end: int


@pytest.fixture(scope="module")
def segments(spool: Path) -> list[bytes]:
    return [p.read_bytes() for p in sorted(spool.rglob("*")) if p.is_file()]


def starts(content: bytes) -> list[int]:
    """Where its lines begin, the header's and a torn one among them."""
    return [0, *(i + 1 for i, byte in enumerate(content) if byte == 10)]


def head(content: bytes) -> int:
    return content.index(b"\n") + 1


def send(store: Store, content: bytes, start: int, end: int, ended: bool = False) -> int:
    """Send lines from `start` on, cut at `end`; how far it got."""
    piece = io.BytesIO(content[: head(content)] + content[start:end])
    return receive(store, piece, start, ended=ended, most=50).through


def send_rest(store: Store, content: bytes, through: int = 0) -> None:
    """What a client does: from where the server has got to, again and again, to the end."""
    through = max(through, head(content))
    while True:
        last = receive_at = through
        through = send(store, content, receive_at, len(content), ended=True)
        if through == last:
            break
    assert through == len(content)


def aside(store: Store) -> set[tuple[str, int, str, str]]:
    """What was kept aside, wherever it came from: writer and segment, byte, reason, bytes."""
    found = set()
    for q in store.quarantine():
        name = q.source.partition(":")[2] or Path(q.source).stem
        found.add((name, q.offset, q.reason, q.raw))
    return found


def address(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if kind == "neo4j":
        empty: Callable[[], str] = request.getfixturevalue("empty_neo4j")
        return empty()
    return {"memory": "memory:", "sqlite": f"sqlite:///{folder}/graph.db"}[kind]


@st.composite
def sendings(draw: st.DrawFn, segments: list[bytes]) -> list[Sent]:
    """Pieces of all segments in any order, some twice, some overlapping, some torn in the middle of a line."""
    sent = []
    for n, content in enumerate(segments):
        at = starts(content)[1:]
        cuts = sorted(draw(st.sets(st.sampled_from(at), max_size=4)) | {head(content)})
        for start, end in zip(cuts, [*cuts[1:], len(content)], strict=True):
            early = draw(st.sampled_from([a for a in at if a <= start]))
            sent.append(Sent(n, start, draw(st.sampled_from([end, end, draw(st.integers(start, end))]))))
            if draw(st.booleans()):
                sent.append(Sent(n, early, end))
    return draw(st.permutations(sent))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_however_the_pieces_come(
    kind: str, spool: Path, segments: list[bytes], same: "Same", tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    clean = open_store("memory:")
    ingest(clean, spool)

    @settings(max_examples=EXAMPLES[kind], suppress_health_check=[HealthCheck.too_slow])
    @given(sendings(segments))
    def come(order: list[Sent]) -> None:
        store = open_store(address(kind, tmp_path_factory.mktemp("received"), request))
        for s in order:
            through = send(store, segments[s.segment], s.start, s.end)
            assert through == max(a for a in starts(segments[s.segment]) if a <= max(s.start, s.end))
        for content in segments:
            send_rest(store, content)
        store.settle()
        found = same.graph(store)
        assert {k: found[k] for k in ACCOUNTS} == {k: same.expected.books[k] for k in ACCOUNTS}
        assert aside(store) == aside(clean)
        store.close()

    come()


@pytest.mark.parametrize("seed", range(25))
def test_with_flipped_bits(seed: int, segments: list[bytes], tmp_path: Path) -> None:
    """A damaged segment gives what its ingest gives, cut anywhere; one whose header is damaged is refused whole."""
    chance = random.Random(seed)
    content = bytearray(chance.choice(segments))
    for _ in range(chance.choice((1, 3, 30))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    (tmp_path / "w.0001.seg").write_bytes(content)
    damaged = bytes(content)
    clean, store = open_store("memory:"), open_store("memory:")
    ingest(clean, tmp_path)
    if not clean.writers():
        with pytest.raises(FormatError, match=r"crc|header"):
            receive(store, io.BytesIO(damaged))
        assert (list(lines(store)), list(store.quarantine())) == ([], [])
        return
    middle = chance.choice(starts(damaged)[1:])
    send_rest(store, damaged, middle)
    send_rest(store, damaged)
    assert list(lines(store)) == list(lines(clean))
    assert {a[1:] for a in aside(store)} == {a[1:] for a in aside(clean)}


def test_torn_at_any_byte(segments: list[bytes]) -> None:
    """What is cut off in the middle is taken in up to its last whole line, and gone on with from there."""
    content = segments[0]
    whole, store = open_store("memory:"), open_store("memory:")
    send_rest(whole, content)
    at, through = starts(content), head(content)
    for end in range(through, len(content), 41):
        through = max(through, send(store, content, through, end))
        assert through == max(a for a in at if a <= end)
    send_rest(store, content, through)
    assert list(lines(store)) == list(lines(whole))
