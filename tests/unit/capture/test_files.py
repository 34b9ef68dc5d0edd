"""Files and folders: which version was used or made, by where it lies and what is in it."""

import os
import threading
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

import begat
from begat.capture import digest, uri
from begat.capture.machine import machine
from begat.graph_schema import ids, mounts
from begat.graph_schema.events import Generated, Node, Relate, Used
from begat.graph_schema.mounts import Mount
from tests.needs import needs_file

Told = Callable[[], Any]


def test_a_version_is_the_uri_and_the_content(told: Told, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x.csv").write_text("a,b\n")
    with begat.run("train") as run:
        handle = run.used(tmp_path / "data/x.csv", role="train")
    events = told()
    node = events.one(Node, name="data/x.csv")
    hexes = "blake2b:" + blake2b(b"a,b\n", digest_size=32).hexdigest()
    where = f"file://{machine()}{tmp_path}/data/x.csv"
    assert node.id == handle.id == ids.file_version(where, hexes)
    assert node.types == ["Dataset"]
    mtime = node.attributes.pop("mtime")
    assert mtime.endswith("+00:00")
    assert node.attributes == {"path": f"{tmp_path}/data/x.csv", "uri": where, "digest": hexes, "size": 4}
    assert events.all(Used)[-1].role == "train"


def test_a_handle_opens_like_its_path(told: Told, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a")
    with begat.run("train") as run:
        handle = run.used("x.csv")
        assert Path(handle).read_text() == "a"
        assert os.fspath(handle) == str(handle) == "x.csv"
        again = run.used(handle)
    assert again == handle
    assert again.id == handle.id


def test_overwritten_in_place_is_another_version(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a")
    with begat.run("r") as run:
        first = run.used(path)
        path.write_text("b")
        second = run.used(path)
        path.write_text("a")
        third = run.used(path)
    assert first == third != second


def test_a_link_and_its_file_are_one(told: Told, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a")
    (tmp_path / "link.csv").symlink_to("x.csv")
    with begat.run("r") as run:
        assert run.used("x.csv") == run.used("link.csv")


def test_a_version_is_described_once(told: Told, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a")
    with begat.run("r") as run:
        for _ in range(3):
            run.used("x.csv")
        run.used("x.csv", type="LearningDataset")
        run.used("x.csv", license="CC0")
    nodes = told().all(Node, name="x.csv")
    assert [n.types for n in nodes] == [["Dataset"], ["LearningDataset"], ["Dataset"]]
    assert nodes[-1].attributes["license"] == "CC0"


@pytest.mark.parametrize(
    ("name", "used", "made"),
    [("x.csv", ["Dataset"], ["Dataset"]), ("raw", ["Dataset"], []), ("m.pt", [], []), ("run.yaml", [], [])],
)
def test_the_type_of_a_file_nobody_typed(
    told: Told, tmp_path: Path, name: str, used: list[str], made: list[str]
) -> None:
    (tmp_path / name).write_text("a")
    (tmp_path / ("new-" + name)).write_text("b")
    with begat.run("r") as run:
        run.used(name)
        run.generated("new-" + name)
    events = told()
    assert events.one(Node, name=name).types == used
    assert events.one(Node, name="new-" + name).types == made


def test_a_missing_file_is_recorded_as_such(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    with begat.run("r") as run:
        handle = run.used("missing.csv")
    assert str(handle) == "missing.csv"
    assert "missing.csv: No such file or directory" in capsys.readouterr().err
    node = told().one(Node, name="missing.csv")
    assert node.attributes["version"] == "unknown"


def test_a_pipe_is_not_read(told: Told, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with begat.run("r") as run:
        run.used("pipe")
    assert told().one(Node, name="pipe").attributes["problem"] == "not a regular file"


def test_a_file_that_changes_while_it_is_read_has_no_version(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that never rests, and a chunk so small that it comes in between."""
    path = tmp_path / "log.csv"
    path.write_bytes(b"x" * 1_000_000)
    monkeypatch.setattr(digest, "CHUNK", 64)
    begun, stop = threading.Event(), threading.Event()

    def keep_writing() -> None:
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"y")
                begun.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    begun.wait()
    try:
        with begat.run("r") as run:
            handle = run.used(path)
    finally:
        stop.set()
        writer.join()
    node = told().one(Node, name="log.csv")
    assert node.id == handle.id
    assert node.attributes["changed_while_read"] is True
    assert "digest" not in node.attributes


def test_a_digest_is_remembered_only_of_a_file_at_rest(tmp_path: Path) -> None:
    young, old = tmp_path / "young", tmp_path / "old"
    for path in (young, old):
        path.write_text("a")
    assert digest.of_file(str(young)) == digest.of_file(str(young))
    assert digest.remembered(young.stat()) is None
    old_times = time.time() - 10
    os.utime(old, (old_times, old_times))
    assert digest.remembered(old.stat()) is None  # its inode was touched just now


def test_names_that_are_no_utf8(told: Told, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    (tmp_path / name).write_text("a")
    with begat.run("r") as run:
        handle = run.used(name)
        assert Path(handle).read_text() == "a"
    assert told().one(Node, id=handle.id).name == "caf\\udce9.csv"


def test_addresses_are_kept_as_given(told: Told) -> None:
    with begat.run("r") as run:
        handle = run.used("s3://bucket/x.csv")
    assert handle.id == "s3://bucket/x.csv"
    assert told().one(Node, name="s3://bucket/x.csv").types == ["Dataset"]


def test_a_folder_is_a_collection_of_versions(told: Told, tmp_path: Path) -> None:
    for name in ("a.npy", "sub/b.npy"):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text(name)
    with begat.run("r") as run:
        folder = run.used("data")
        assert run.used("data") == folder
    events = told()
    node = events.one(Node, name="data")
    assert (node.kind, node.id) == ("Collection", folder.id)
    members = [e.target for e in events.all(Relate, relation="hadMember", source=folder.id)]
    assert members == [events.id_of("data/a.npy"), events.id_of("data/sub/b.npy")]
    assert [e.entity for e in events.of(Used) if not e.role] == [folder.id, folder.id]


def test_a_folder_made_is_made_file_by_file_but_for_what_was_used(told: Told, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/given.npy").write_text("given")
    with begat.run("r") as run:
        run.used("out/given.npy")
        (tmp_path / "out/made.npy").write_text("made")
        folder = run.generated("out", type="Dataset")
    events = told()
    assert [e.entity for e in events.of(Generated)] == [events.id_of("out/made.npy"), folder.id]
    assert len(events.all(Relate, relation="hadMember")) == 2


MOUNTINFO = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /scratch rw shared:2 - lustre 10.0.0.1@tcp:/lfs rw
31 22 0:41 /users /home rw - nfs4 filer:/export/users rw
32 22 0:42 / /mnt/my\040share rw - cifs //server/share rw
33 22 0:43 / /mnt/ssh rw - fuse.sshfs me@host:/data rw
34 22 0:44 / /tmp rw - tmpfs tmpfs rw"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/scratch/a/x.csv", "lustre://10.0.0.1@tcp/lfs/a/x.csv"),
        ("/mnt/my share/x 1.csv", "smb://server/share/x%201.csv"),
        ("/mnt/ssh/x.csv", "sshfs://me@host/data/x.csv"),
        ("/tmp/x.csv", "file://MACHINE/tmp/x.csv"),
        ("/etc/x.csv", "file://MACHINE/etc/x.csv"),
        ("/scratch2/x.csv", "file://MACHINE/scratch2/x.csv"),
    ],
)
def test_a_network_file_has_one_uri_on_every_machine(path: str, expected: str) -> None:
    mount = mounts.mount_of(path, mounts.parse(MOUNTINFO))
    assert uri.on_mount(path, mount) == expected.replace("MACHINE", machine())


def test_two_mounts_of_one_export_name_a_file_alike() -> None:
    whole = Mount("/mnt/nfs", "/", "nfs", "filer:/export")
    part = Mount("/home", "/users", "nfs4", "filer:/export")
    assert uri.on_mount("/mnt/nfs/users/ann/x", whole) == uri.on_mount("/home/ann/x", part)


def test_a_file_changed_through_its_handle_is_made_as_it_is_now(told: Told, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a")
    with begat.run("clean") as run:
        raw = run.used("x.csv")
        Path(raw).write_text("b")
        clean = run.generated(raw)
        os.unlink(raw)
        gone = run.generated(clean)
    events = told()
    assert raw != clean == gone
    assert [e.entity for e in events.of(Generated)] == [clean.id, clean.id]


def test_a_file_longer_than_its_size_has_no_known_version(told: Told) -> None:
    """What /proc shows has size 0."""
    needs_file("/proc/cpuinfo")
    with begat.run("r") as run:
        run.used("/proc/cpuinfo")
    assert told().one(Node, name="/proc/cpuinfo").attributes["version"] == "unknown"


def test_a_folder_is_the_same_with_pipes_and_broken_links_in_it(told: Told, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x.csv").write_text("a")
    os.mkfifo(tmp_path / "data/pipe")
    os.symlink("nowhere", tmp_path / "data/broken")
    with begat.run("r") as run:
        assert run.used("data") == run.used("data")
    assert len(told().all(Relate, relation="hadMember")) == 1


def test_a_link_to_a_folder_is_not_followed_and_that_is_told(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One link leads back up, another to a folder elsewhere; pointing it to a third makes another version."""
    (tmp_path / "data").mkdir()
    os.symlink("..", tmp_path / "data/up")
    os.symlink("/usr", tmp_path / "data/usr")
    with begat.run("r") as run:
        before = run.used("data")
        os.unlink(tmp_path / "data/usr")
        os.symlink("/etc", tmp_path / "data/usr")
        assert run.used("data") != before
    assert not told().all(Relate, relation="hadMember")
    assert "data: what is behind links to folders is no part of it: up, usr" in capsys.readouterr().err


def test_a_folder_makes_no_file_a_second_time(told: Told, tmp_path: Path) -> None:
    """A file that a part has made is that part's alone, and as old as it was: what came later is not behind it."""
    (tmp_path / "models").mkdir()
    with begat.run("study") as run:
        for n in range(2):
            with begat.activity(f"trial {n}") as trial:
                (tmp_path / f"models/{n}").write_text(str(n))
                trial.generated(f"models/{n}")
        (tmp_path / "models/index").write_text("0 1")
        run.generated("models")
    assert [line for line in told().story() if " generated " in line] == [
        "trial 0 generated models/0",
        "trial 1 generated models/1",
        "study generated models/index",
        "study generated models",
    ]


def test_what_is_made_of_itself_alone_is_not_made_again(told: Told, tmp_path: Path) -> None:
    """Saved a second time, unchanged, after the test: the test data is not behind it."""
    with begat.run("train") as run:
        (tmp_path / "m.pt").write_text("m")
        model = run.generated("m.pt")
        run.used("test.csv")
        assert run.generated("m.pt", of=model) == model
    assert len(told().of(Generated)) == 1
