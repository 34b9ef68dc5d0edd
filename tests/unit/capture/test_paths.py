"""What a hook may be handed as a path or an address: patterns, given versions, samples, and what is no file."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import begat
from begat.capture import digest
from begat.capture.machine import machine
from begat.graph_schema import ids
from begat.graph_schema.events import Generated, Node, Relate, Used
from tests.needs import as_anybody

Told = Callable[[], Any]


def members(events: Any, of: str) -> list[str]:
    names = events.names()
    return [names[e.target] for e in events.all(Relate, relation="hadMember", source=of)]


# -- patterns


def test_a_pattern_is_a_collection_of_what_it_matches(told: Told, tmp_path: Path) -> None:
    (tmp_path / "data/more").mkdir(parents=True)
    for name in ("b.csv", "a.csv", "c.txt", ".hidden.csv", "more/d.csv"):
        (tmp_path / "data" / name).write_text(name)
    with begat.run("train") as run:
        some = run.used("data/*.csv")
        assert run.used(f"{tmp_path}/data/*.csv") == some
        every = run.used("data/**/*.csv")
        folders = run.used("data/m*")
        (tmp_path / "data/e.csv").write_text("e")
        assert run.used("data/*.csv") != some
    events = told()
    assert members(events, some.id) == ["data/a.csv", "data/b.csv"]
    assert members(events, every.id) == ["data/a.csv", "data/b.csv", "data/more/d.csv"]
    assert members(events, folders.id) == ["data/more/d.csv"]
    nodes = [n for n in events.of(Node) if n.id == some.id]
    assert {(n.kind, tuple(n.types)) for n in nodes} == {("Collection", ("Dataset",))}


def test_a_pattern_made_is_made_file_by_file(told: Told, tmp_path: Path) -> None:
    with begat.run("split") as run:
        for n in range(2):
            (tmp_path / f"part-{n}.csv").write_text(str(n))
        run.generated("part-*.csv")
    events = told()
    names = events.names()
    assert [names[e.entity] for e in events.of(Generated)] == ["part-0.csv", "part-1.csv", "part-*.csv"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(told: Told, tmp_path: Path) -> None:
    (tmp_path / "x[1].csv").write_text("in brackets")
    (tmp_path / "x1.csv").write_text("x1")
    with begat.run("train") as run:
        run.used("x[1].csv")
    assert told().one(Node, name="x[1].csv").attributes["size"] == 11


def test_a_pattern_that_matches_nothing_is_told(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    with begat.run("train") as run:
        run.used("none/*.csv")
    assert "none/*.csv: no file matches; recorded as a version unknown" in capsys.readouterr().err
    assert told().one(Node, name="none/*.csv").attributes["version"] == "unknown"


# -- versions and digests that the user knows


def test_an_address_of_a_version_is_that_version(told: Told) -> None:
    with begat.run("train") as run:
        plain = run.used("s3://b/k.csv")
        one = run.used("s3://b/k.csv", version="v1")
        assert run.used("s3://b/k.csv", version='"v1"') == one
        assert run.used("s3://b/k.csv?versionId=v1") == one
        assert run.used("s3://b/k.csv", version="v1", digest="sha256:ab") == one
        two = run.used("s3://b/k.csv", version="v2")
        by_digest = run.used("s3://b/k.csv", digest="sha256:ab")
        google = run.used("gs://b/k.csv#17")
        assert google == run.used("gs://b/k.csv", version=17)
        model = run.generated("s3://b/m.pt", of="s3://b/k.csv")
    assert len({plain, one, two, by_digest, google}) == 5
    assert plain.id == "s3://b/k.csv"
    events = told()
    node = events.all(Node, id=one.id)[0]
    assert node.attributes == {"uri": "s3://b/k.csv", "version": "v1"}
    assert events.one(Generated, entity=model.id).of == [by_digest.id]


def test_what_opens_an_address_is_no_part_of_it(told: Told) -> None:
    with begat.run("train") as run:
        run.used("https://ann:hunter2@lab/x.csv", version="3")
    assert "hunter2" not in str(told())


def test_a_digest_of_an_address_that_is_none_is_told(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    with begat.run("train") as run:
        assert run.used("s3://b/k.csv", digest="now").id == "s3://b/k.csv"
    assert "digest='now': begat does not read s3://b/k.csv" in capsys.readouterr().err
    assert told().of(Used)


def test_a_digest_that_the_user_knows_is_believed(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a")
    (tmp_path / "data").mkdir()
    with begat.run("train") as run:
        handle = run.used(path, digest="sha256:ab")
        folder = run.used("data", digest="md5:cd.dir")
    assert handle.id == ids.file_version(f"file://{machine()}{path}", "sha256:ab")
    events = told()
    assert events.one(Node, id=handle.id).attributes["digest"] == "sha256:ab"
    assert events.one(Node, id=folder.id).attributes["digest"] == "md5:cd.dir"


def test_a_digest_that_is_none_is_told(told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.csv").write_text("a")
    with begat.run("train") as run:
        run.used("x.csv", digest="later")
        run.used("x.csv", digest="quick")
    assert "digest='quick' is none: give now, later, sampled, or ALGORITHM:VALUE" in capsys.readouterr().err
    assert told().one(Node, name="x.csv").attributes["digest"].startswith("blake2b:")


def test_a_sample_is_asked_for_and_named_as_one(told: Told, tmp_path: Path) -> None:
    """It sees the beginning, the end and the size, and is never taken for the whole."""
    path = tmp_path / "x.npy"
    found = []
    for text, at in ((b"", 0), (b"a", 0), (b"a", 16_999_999), (b"a", 17_000_000)):
        path.unlink(missing_ok=True)
        with path.open("wb") as file:
            file.truncate(17_000_000)
            file.seek(at)
            file.write(text)
        with begat.run("train") as run:
            found.append(run.used("x.npy", digest="sampled").id)
            assert run.used("x.npy", digest="sampled").id == found[-1] != run.used("x.npy", digest="now").id
    (tmp_path / "small.npy").write_text("a")
    with begat.run("train") as run:
        run.used("small.npy", digest="sampled")
    assert len(set(found)) == 4
    events = told()
    assert events.all(Node, id=found[0])[0].attributes["digest"].startswith("sampled-blake2b:")
    assert events.one(Node, name="small.npy").attributes["digest"].startswith("blake2b:")


@pytest.mark.parametrize("address", ["file://{}", "file://localhost{}", f"file://{machine()}{{}}"])
def test_a_file_address_is_the_file(told: Told, tmp_path: Path, address: str) -> None:
    path = tmp_path / "a b.csv"
    path.write_text("a")
    with begat.run("train") as run:
        assert run.used(address.format(str(path).replace(" ", "%20"))) == run.used(path)
        assert run.used(f"file://elsewhere{path}") != run.used(path)
    assert told().of(Used)


# -- what is no file, or cannot be read


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/dev/null", "not a regular file"),
        ("/dev/zero", "not a regular file"),
        ("/proc/self/mem", "Input/output error"),
        ("loop", "Too many levels of symbolic links"),
        ("broken", "No such file or directory"),
        ("file/below", "Not a directory"),
        ("nu\0ll", "embedded null byte"),
        ("x" * 300, "File name too long"),
        ("", "no path is given"),
    ],
)
def test_what_cannot_be_read_is_told(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, why: str
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "file").write_text("")
    with begat.run("train") as run:
        handle = run.used(path)
    assert f"{why}; recorded as a version unknown" in capsys.readouterr().err
    facts = told().one(Node, id=handle.id).attributes
    assert (facts["version"], facts["problem"]) == ("unknown", why)


def test_what_may_not_be_read_is_told(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, begat.run("train") as run:
        here = Path(folder)
        here.chmod(0o755)
        (here / "data").mkdir()
        for name in ("x.csv", "data/y.csv"):
            (here / name).write_text("a")
            (here / name).chmod(0)
        with as_anybody():
            run.used(here / "x.csv")
            run.used(here / "data")
    assert capsys.readouterr().err.count("Permission denied") == 2
    assert told().one(Node, name=str(here / "x.csv")).attributes["version"] == "unknown"


def test_odd_names(told: Told, tmp_path: Path) -> None:
    names = ["new\nline.csv", "-rf.csv", "blank .csv", "'quoted'.csv", "ü.csv", "%20.csv", "back\\slash.csv"]
    for name in names:
        (tmp_path / name).write_text(name)
    with begat.run("train") as run:
        handles = [run.used(name) for name in names]
        assert [Path(h).read_text() for h in handles] == names
        folder = run.used(".")
    events = told()
    assert [events.one(Node, id=h.id).name for h in handles] == names
    assert set(members(events, folder.id)) >= {events.one(Node, id=h.id).name for h in handles}


def test_a_folder_that_is_as_it_was_is_not_looked_through_again(told: Told, tmp_path: Path) -> None:
    """Whatever stat can tell of a change in it makes it another version; where nothing did, nothing is told again."""
    data = tmp_path / "data"
    (data / "more").mkdir(parents=True)
    for name in ("a.csv", "b.csv", "more/c.csv"):
        (data / name).write_text(name)
    time.sleep(2.1)  # until digests are believed
    with begat.run("train") as run:
        first = run.used("data")
        digest.forget()  # so that a file that is read once more shows
        assert run.used("data") == first == run.used(str(data))
        assert not digest.remembered((data / "a.csv").stat())
        versions = {first.id}
        (data / "a.csv").write_text("A.csv")
        versions.add(run.used("data").id)
        (data / "more/c.csv").rename(data / "c.csv")
        versions.add(run.used("data").id)
        (data / "b.csv").unlink()
        versions.add(run.used("data").id)
        assert len(versions) == 4
        assert run.used("data", license="CC0") == run.used("data")
    with begat.run("copy") as run:
        made = run.generated("data")
    events = told()
    assert len(members(events, first.id)) == 3
    assert sorted(len(events.all(Used, entity=version)) for version in versions) == [1, 1, 3, 3]
    generated = [events.names()[e.entity] for e in events.of(Generated)]
    assert generated == ["data/a.csv", "data/c.csv", "data"]
    assert set(members(events, made.id)) == {"data/a.csv", "data/c.csv"}


def test_a_pattern_through_a_link_names_the_files_themselves(told: Told, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text("a")
    (tmp_path / "link").symlink_to("data")
    with begat.run("train") as run:
        file = run.used("data/a.csv")
        pattern = run.used("link/*.csv")
    assert [r.target for r in told().all(Relate, relation="hadMember", source=pattern.id)] == [file.id]


def test_a_folder_of_a_hundred_thousand_files(told: Told, tmp_path: Path) -> None:
    """Described in pieces, each file once; used a second time it costs two events."""
    data = tmp_path / "data"
    for n in range(100):
        (data / f"{n:02}").mkdir(parents=True)
        (data / f"{n:02}/first.txt").write_text(f"{n}")
        for m in range(999):
            os.link(data / f"{n:02}/first.txt", data / f"{n:02}/{m:03}.txt")
    with begat.run("train") as run:
        before = time.thread_time()
        folder = run.used("data", digest="later")
        assert time.thread_time() - before < 60
    events = told()
    assert len(events.all(Relate, relation="hadMember", source=folder.id)) == 100_000
    assert events.all(Node, id=folder.id)[0].attributes["members"] == 100_000


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("a")
    seen = digest.look(str(path))
    path.unlink()
    os.mkfifo(path)
    assert digest.read(str(path), seen) is None
