"""Large files: no hook waits for a digest, and none is ever given a version that it may not have been."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

import begat
from begat.capture import digest, digest_cache, state
from begat.capture.machine import machine
from begat.graph_schema import ids
from begat.graph_schema.events import Alias, End, Gap, Generated, Node, Relate, Used

LARGE = 17_000_000
Told = Callable[[], Any]
Play = Callable[..., Any]
Opened = Callable[[Path], AbstractContextManager[list[int]]]


_looked_at: list[tuple[str, list[int]]] = []


def _look(event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and _looked_at:
        for path, threads in _looked_at:
            if args[0] == path:
                threads.append(threading.get_ident())


@pytest.fixture(scope="session")
def opened() -> Opened:
    """`with opened(path) as threads`: the threads that opened the file, once for each time."""
    sys.addaudithook(_look)  # there is no way to take one away

    @contextmanager
    def looking(path: Path) -> Iterator[list[int]]:
        one: tuple[str, list[int]] = (str(path), [])
        _looked_at.append(one)
        yield one[1]
        _looked_at.remove(one)

    return looking


def large(path: Path, size: int = LARGE, fill: bytes = b"") -> Path:
    """A file with a hole in it, which takes as long to read as any."""
    with path.open("wb") as file:
        file.write(fill)
        file.truncate(size)
    return path


def aged(path: Path) -> Path:
    """The file once it is old enough for its digest to be remembered."""
    time.sleep(max(0, path.stat().st_ctime + 2.05 - time.time()))
    return path


def version(path: Path) -> str:
    state = blake2b(digest_size=32)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            state.update(block)
    return ids.file_version(f"file://{machine()}{path}", "blake2b:" + state.hexdigest())


def test_an_observation_is_named_now_and_its_version_later(told: Told, tmp_path: Path) -> None:
    path = large(tmp_path / "x.npy")
    with begat.run("train") as run:
        handle = run.used("x.npy", license="CC0")
    events = told()
    seen, read = events.all(Node, name="x.npy")
    assert seen.id == handle.id == events.all(Used)[-1].entity
    assert seen.attributes["version"] == "unknown"
    assert read.id == version(path)
    assert events.one(Alias, version=read.id).observation == seen.id
    assert read.attributes["digest"].startswith("blake2b:")
    assert read.attributes["license"] == "CC0"
    assert "version" not in read.attributes


def test_the_caller_does_not_wait_for_it(told: Told, tmp_path: Path, opened: Opened) -> None:
    """A library that hashes in the hook takes a second of a training's first step for every gigabyte."""
    path = large(tmp_path / "x.npy")
    with opened(path) as threads:
        with begat.run("train") as run:
            run.used("x.npy")
        told()
    assert threads
    assert threading.get_ident() not in threads


def test_now_where_it_is_asked_for(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = large(tmp_path / "x.npy")
    with begat.run("train") as run:
        handle = run.used("x.npy", digest="now")
    assert handle.id == version(path)
    told()
    digest.forget()
    monkeypatch.setenv("BEGAT_DIGEST", "now")
    with begat.run("train") as run:
        handle = run.used("x.npy")
    assert handle.id == version(path)
    assert not [a for a in told().of(Alias) if a.observation == handle.id]


def test_a_setting_that_is_none_is_told(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                        capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.setenv("BEGAT_DIGEST", "never")
    large(tmp_path / "x.npy")
    with begat.run("train") as run:
        run.used("x.npy")
    assert told().of(Alias)
    assert "BEGAT_DIGEST='never' is none of now, later, sampled" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["overwritten", "grown", "replaced", "cut", "touched"])
def test_a_file_that_changes_meanwhile_has_no_version(
    told: Told, tmp_path: Path, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither what it was, which was not read, nor what it became, which was not used."""
    path = large(tmp_path / "x.npy", 300_000_000)
    with begat.run("train") as run:
        handle = run.used("x.npy")
        if change == "overwritten":
            with path.open("r+b") as file:
                file.write(b"new")
        elif change == "grown":
            with path.open("ab") as file:
                file.write(b"more")
        elif change == "replaced":
            large(tmp_path / "y", 300_000_000, b"y").replace(path)
        elif change == "cut":
            os.truncate(path, 200_000_000)
        else:
            os.utime(path)
    events = told()
    assert not [a for a in events.of(Alias) if a.observation == handle.id]
    seen, changed = events.all(Node, id=handle.id)
    assert seen.attributes["version"] == "unknown"
    assert changed.attributes == {"changed_while_read": True}
    assert "x.npy: changed before it was read to its end" in capsys.readouterr().err


def test_a_file_that_is_gone_before_it_is_read(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large(tmp_path / "first.npy", 60_000_000)
    path = large(tmp_path / "x.npy")
    with begat.run("train") as run:
        run.used("first.npy")
        handle = run.used("x.npy")
        path.unlink()
    events = told()
    assert events.all(Node, id=handle.id)[-1].attributes == {"problem": "No such file or directory"}
    assert "x.npy: No such file or directory, when it was to be read" in capsys.readouterr().err


def test_named_often_read_once(told: Told, tmp_path: Path) -> None:
    """While it waits it is one observation; once it is known it is the version."""
    large(tmp_path / "first.npy", 60_000_000)
    path = aged(large(tmp_path / "x.npy"))
    with begat.run("train") as run:
        run.used("first.npy")
        assert len({run.used("x.npy").id for _ in range(5)}) == 1
        deadline = time.monotonic() + 30
        while run.used("x.npy").id != version(path) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert run.used("x.npy").id == version(path)
    assert len(told().all(Alias, version=version(path))) == 1


def test_a_model_saved_again_is_not_made_of_itself(told: Told, tmp_path: Path) -> None:
    large(tmp_path / "m.pt")
    with begat.run("train") as run:
        model = run.generated("m.pt")
        run.used("test.csv")
        run.generated("m.pt", of=model)
    assert len(told().of(Generated)) == 1


def test_a_folder_waits_for_its_large_files(told: Told, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    large(tmp_path / "data/a.npy", fill=b"a")
    large(tmp_path / "data/b.npy", fill=b"b")
    (tmp_path / "data/c.npy").write_text("c")
    with begat.run("train") as run:
        seen = run.used("data")
    with begat.run("again") as run:
        known = run.used("data", digest="now")
    events = told()
    assert events.one(Alias, observation=seen.id).version == known.id
    digests = {n.attributes["digest"] for n in events.all(Node, id=known.id)}
    assert len(digests) == 1
    aliases = {a.observation: a.version for a in events.of(Alias)}
    members = [aliases.get(e.target, e.target) for e in events.all(Relate, relation="hadMember", source=seen.id)]
    assert members == [version(tmp_path / f"data/{name}.npy") for name in "abc"]


def test_what_a_run_used_it_did_not_make_though_both_are_observations(told: Told, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    large(tmp_path / "out/given.npy")
    with begat.run("train") as run:
        run.used("out/given.npy", digest="later")
        (tmp_path / "out/made.npy").write_text("made")
        run.used("out/given.npy", license="CC0")  # a second observation
        folder = run.generated("out")
    events = told()
    assert [e.entity for e in events.of(Generated)] == [events.id_of("out/made.npy"), folder.id]


def test_the_end_waits_two_seconds_and_tells_what_is_left(play: Play, tmp_path: Path) -> None:
    large(tmp_path / "huge.npy", 200_000_000_000)
    began = time.monotonic()
    done = play("""
        with begat.run("train") as run:
            run.used("huge.npy")
        sys.exit(7)
        """)
    assert time.monotonic() - began < 15
    assert done.code == 7
    assert "1 file was not read to the end when the process ended (huge.npy)" in done.err
    node, last = done.events.all(Node, name="huge.npy")
    assert node.attributes["version"] == "unknown"
    assert node.attributes["size"] == 200_000_000_000
    assert (last.id, last.attributes) == (node.id, {"problem": "not read to its end when the process ended"})
    assert done.events.one(Gap).dropped == 1
    assert not [a for a in done.events.of(Alias) if a.observation == node.id]


def test_what_sigterm_leaves_unread_is_told(play: Play, tmp_path: Path) -> None:
    """Nothing is waited for then: a scheduler's patience is short."""
    large(tmp_path / "huge.npy", 200_000_000_000)
    done = play("""
        with begat.run("train") as run:
            run.used("huge.npy")
            run.metric("loss", "no number")
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(30)
        """)
    assert done.code == -signal.SIGTERM
    assert "1 file was not read to the end when the process ended (huge.npy)" in done.err
    assert "2 hooks could not record" in done.err
    assert done.events.one(End).outcome == "killed"
    assert done.events.all(Node, name="huge.npy")[-1].attributes["problem"].startswith("not read to its end")
    assert done.events.one(Gap).dropped == 2
    assert done.journals[0].footer is not None


def test_a_fork_while_a_file_is_read(play: Play, tmp_path: Path) -> None:
    """The parent reads on where it was; the child has an end of its own and reads nothing twice."""
    path = large(tmp_path / "x.npy", 80_000_000)
    done = play("""
        with begat.run("train") as run:
            run.used("x.npy")
            for n in range(3):
                child = os.fork()
                if child == 0:
                    run.metric("loss", 0.1)
                    os._exit(0)
                os.waitpid(child, 0)
        from begat.capture import digester
        digester.wait(lambda: False)  # on a busy machine exit would not wait long enough
        """)
    assert done.code == 0, done.err
    seen = done.events.all(Node, name="x.npy")[0].id
    assert done.events.one(Alias, observation=seen).version == version(path)
    assert len(done.journals) == 4


def test_another_process_knows_what_one_has_read(play: Play, tmp_path: Path) -> None:
    path = aged(large(tmp_path / "x.npy"))
    script = """
        with begat.run("train") as run:
            print(run.used("x.npy").id)
        """
    first, second = play(script), play(script)
    assert first.out.strip() != version(path) == second.out.strip()


def test_of_several_ranks_one_reads(play: Play, tmp_path: Path) -> None:
    """Eight ranks of a peer read the same terabyte eight times."""
    size = 60_000_000
    path = aged(large(tmp_path / "x.npy", size))
    script = """
import begat
with begat.run("train") as run:
    seen = run.used("x.npy").id
begat.capture.digester.wait(lambda: False)  # on a busy machine exit would not wait long enough
begat.capture.lifecycle.finish()
print(seen, next(l.split()[1] for l in open("/proc/self/io") if l.startswith("rchar")))
"""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / ".src")}
    ranks = [
        subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [rank.communicate(timeout=60)[0].split() for rank in ranks]
    assert sum(int(read) for _, read in said) < 1.5 * size
    aliases = {a.observation: a.version for a in play("").events.of(Alias)}
    assert {aliases.get(seen, seen) for seen, _ in said} == {version(path)}


def test_a_file_whose_digest_is_remembered_is_not_opened(told: Told, tmp_path: Path, opened: Opened) -> None:
    """In this process, and from what other processes have read."""
    path = large(tmp_path / "x.csv")
    aged(path)
    with begat.run("train") as run, opened(path) as threads:
        version = run.used("x.csv", digest="now")
        assert threads == [threading.get_ident()]
        assert run.used("x.csv", digest="now") == version
        digest.forget()
        assert run.used("x.csv", digest="now") == version
        assert len(threads) == 1


# -- the digests that processes share


def test_a_damaged_cache_gives_no_wrong_digest(tmp_path: Path) -> None:
    cache = digest_cache.Cache(str(tmp_path))
    kept = {os.urandom(16): os.urandom(32) for _ in range(3000)}
    for key, value in kept.items():
        cache.put(key, value, 1)
    assert all(cache.get(key) == (value, 1) for key, value in kept.items())
    path = tmp_path / digest_cache.NAME
    data = bytearray(path.read_bytes())
    luck = random.Random(1)
    for _ in range(20_000):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    path.write_bytes(data[: len(data) // 2 + 13])
    found = {key: cache.get(key) for key in kept}
    assert all(f in (None, (kept[key], 1)) for key, f in found.items())
    assert sum(f is not None for f in found.values()) > 10


def test_a_full_cache_stays_as_long_as_it_is_and_forgets_the_oldest(tmp_path: Path) -> None:
    cache = digest_cache.Cache(str(tmp_path))
    page = b"\0" * 4
    keys = [os.urandom(12) + page for _ in range(100)]
    for n, key in enumerate(keys, 1):
        cache.put(key, b"d" * 32, n)
    assert [cache.get(key) is not None for key in keys] == [False] * 36 + [True] * 64
    assert (tmp_path / digest_cache.NAME).stat().st_size == 4096


def test_a_claim_is_one_process_and_ends_with_it(tmp_path: Path) -> None:
    cache = digest_cache.Cache(str(tmp_path))
    key = os.urandom(16)
    claim = cache.claim(key)
    assert claim is not None
    script = f"""
from begat.capture.digest_cache import Cache
print([Cache({str(tmp_path)!r}).claim(bytes.fromhex(k)) for k in ({key.hex()!r}, {os.urandom(16).hex()!r})])
"""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / ".src")}
    said = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True).stdout
    assert said.startswith("[None, ")
    assert "None]" not in said
    os.close(claim)


def test_no_place_for_a_cache_is_no_harm(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    digest.forget()
    assert state.folder() is None
    path = aged(large(tmp_path / "x.npy"))
    with begat.run("train") as run:
        run.used("x.npy")
    assert told().one(Alias, version=version(path))
    digest.forget()


def test_a_folder_that_others_may_write_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state.folder() == str(tmp_path / "begat")
    (tmp_path / "begat").chmod(0o777)
    assert state.folder() != str(tmp_path / "begat")
    (tmp_path / "begat").rmdir()
    (tmp_path / "begat").symlink_to(tmp_path)
    assert state.folder() != str(tmp_path / "begat")
