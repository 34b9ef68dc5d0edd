"""begat accelerate: a snapshot taken, told of, and removed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from begat.api.cli import main
from begat.graph_schema.sqlite.snapshot.beside import building
from begat.graph_schema.statements import Context, Position, Relation
from begat.graph_schema.store import Batch, open_store

Said = tuple[int, str, str]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Three models, each derived from the one before."""
    path, n = tmp_path / "graph.db", count(1)
    store = open_store(f"sqlite:///{path}")
    ends = (("m3", "m2"), ("m2", "m1"))
    store.write(Batch([Relation(Context(), Position(next(n), "w", 1), "wasDerivedFrom", *e) for e in ends]))
    store.close()
    return path


@pytest.fixture
def begat(store: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*arguments: str) -> Said:
        code = main([*arguments, "--store", f"sqlite:///{store}", "--spool", str(store.parent / "spool")])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def told(said: Said) -> str:
    """What doctor says of the snapshot."""
    assert said[0] == 0
    return next(line for line in said[1].splitlines() if line.startswith("snapshot")).removeprefix("snapshot").strip()


def test_a_small_graph_gets_none(begat: Callable[..., Said], store: Path) -> None:
    code, out, _ = begat("accelerate")
    assert (code, "has 2 lineage edges: below 20,000 SQL is as fast" in out) == (0, True)
    assert told(begat("doctor")) == "none: lineage is followed by SQL"
    assert not list(store.parent.glob("graph.db.flow-*"))


def test_taken_told_and_removed(begat: Callable[..., Said], store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "a snapshot takes about" in begat("accelerate", "--dry-run")[1]
    code, out, err = begat("accelerate", "--small")
    assert (code, err) == (0, "")
    assert out.startswith("2 lineage edges among 3 nodes: ")
    (file,) = store.parent.glob("graph.db.flow-*")
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z"
    said = f"{re.escape(str(file))}, 0\\.0 MB, 2 edges, taken {moment}, current, 0 changes since"
    assert re.fullmatch(said, told(begat("doctor")))
    stood = json.loads(begat("stats", "--format", "json")[1])["snapshot"]
    assert re.fullmatch(moment, stood.pop("taken"))
    assert stood == {"current": True, "edges": 2, "bytes": file.stat().st_size, "changes": 0}
    assert "snapshot edges" in begat("stats")[1]
    samples = {s.name: s.value for f in parsed(begat("stats", "--format", "prometheus")[1]) for s in f.samples}
    assert (samples["begat_snapshot_current"], samples["begat_snapshot_edges"]) == (1, 2)
    assert 0 <= samples["begat_snapshot_age_seconds"] < 3600
    assert [r for r in begat("ancestors", "m3", "--format", "csv")[1].split() if r.startswith("m")] != []
    monkeypatch.setenv("BEGAT_ACCELERATOR", "off")
    assert told(begat("doctor")).endswith("not used: BEGAT_ACCELERATOR=off")
    monkeypatch.setenv("BEGAT_ACCELERATOR", "often")
    assert begat("ancestors", "m3")[::2] == (2, "begat: BEGAT_ACCELERATOR is 'often': it is one of auto, on, off\n")
    monkeypatch.delenv("BEGAT_ACCELERATOR")
    file.unlink()
    assert told(begat("doctor")) == f"{file} is gone: begat accelerate"
    assert json.loads(begat("stats", "--format", "json")[1])["snapshot"]["current"] is False
    assert begat("accelerate", "--off")[:2] == (0, f"{store} has no snapshot\n")
    assert told(begat("doctor")) == "none: lineage is followed by SQL"
    assert json.loads(begat("stats", "--format", "json")[1])["snapshot"] is None


def test_one_at_a_time(begat: Callable[..., Said], store: Path) -> None:
    with building(str(store)):
        for how in ("--small", "--off"):
            code, _, err = begat("accelerate", how)
            assert (code, err) == (4, f"begat: another process is taking a snapshot of {store}: wait until it has\n")


def test_only_of_an_embedded_store(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accelerate", "--store", "memory:"]) == 2
    assert "no embedded store" in capsys.readouterr().err


def test_who_asks_one_thing_never_loads_numpy(begat: Callable[..., Said], store: Path) -> None:
    """And who has not got it is told which extra has it."""
    assert begat("accelerate", "--small")[0] == 0
    asked = f"from begat.api.cli import main; main(['ancestors', 'm3', '--store', 'sqlite:///{store}'])"
    loaded = "import sys; print([m for m in sys.modules if m == 'numpy'])"
    for way, found in (("auto", "[]"), ("on", "['numpy']")):
        env = os.environ | {"BEGAT_ACCELERATOR": way}
        command = [sys.executable, "-c", f"{asked}; {loaded}"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, cwd=store.parent)
        assert done.stdout.splitlines()[-1] == found
        assert "m1" in done.stdout
    missing = "import sys; sys.modules['numpy'] = None; from begat.api.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", missing, "accelerate", "--small", "--store", f"sqlite:///{store}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "begat: begat accelerate needs an extra: pip install 'begat[fast]'\n")
