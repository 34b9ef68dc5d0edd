"""The benchmarks run, and what they generate is a journal like any other."""

import json
import subprocess
import sys
from pathlib import Path

from begat.graph_schema.store import open_store
from begat.ingest.ingest import ingest

ROOT = Path(__file__).resolve().parents[2]


def python(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_set_is_taken_in_whole_and_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = python("-m", "benchmarks.generate_journal", str(tmp_path / name), "--size", "XS")
        assert done.returncode == 0, done.stderr
    one, two = (
        {f.name: f.read_bytes() for f in (tmp_path / name).rglob("*.seg")} for name in ("one", "two")
    )
    assert one == two
    store = open_store("memory:")
    report = ingest(store, tmp_path / "one")
    assert f"{report.events:,} events" in done.stdout
    assert (report.findings, report.quarantined) == ([], 0)
    assert store.stats().by_type["Training"] == 20


def test_they_print_one_json_object() -> None:
    done = python("-m", "benchmarks", "disabled")
    told = json.loads(done.stdout)
    assert set(told["results"]) == {"disabled"}
    assert told["results"]["disabled"]["metric"]["unit"] == "us"
    assert done.returncode == (1 if told["missed"] else 0)


def test_one_that_records_counts_what_it_recorded_and_leaves_nothing_open() -> None:
    done = python("-m", "benchmarks", "activity")
    found = json.loads(done.stdout)["results"]["activity"]
    assert found["start and end"]["unit"] == "us CPU"
    assert "begat:" not in done.stderr


def test_peers_that_are_not_installed_are_left_out() -> None:
    done = python("-m", "benchmarks", "peers")
    found = json.loads(done.stdout)["results"]["peers"]
    mine = {name.partition(", ")[2]: m["value"] for name, m in found.items() if name.startswith("begat")}
    assert set(mine) == {"import", "first hook ready", "metric", "task", "metrics lost", "tasks lost"}
    assert (mine["metrics lost"], mine["tasks lost"]) == (0, 0)
    assert found["provlake, left out"] == {"error": "not installed"}


def test_an_unknown_one_is_named_with_those_there_are() -> None:
    done = python("-m", "benchmarks", "nonesuch")
    assert done.returncode == 2
    assert "nonesuch" in done.stderr
    assert "ingest" in done.stderr


def test_the_readme_lists_them_all() -> None:
    listed = python("-c", "from benchmarks.__main__ import BENCHMARKS; print(*BENCHMARKS)").stdout.split()
    readme = (ROOT / "benchmarks/README.md").read_text(encoding="utf-8")
    assert listed
    assert [name for name in listed if f"\n| `{name}` |" not in readme] == []
