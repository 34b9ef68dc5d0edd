"""PROV-O of a store beside `prov` and rdflib: triples a second, memory over the store's cursor, and the first byte."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from begat.graph_schema.documents.records import Record
from begat.graph_schema.store import Store, open_store
from begat.queries.documents import prov_json
from begat.queries.documents.export import FORMS, exported
from benchmarks import kept

#: Records that `prov` gets: of all of set S it would write for minutes.
SAMPLE: Final = 50_000
ROUNDS: Final = 2
TIMES: Final = 40
MEMORY_MB: Final = 64
FIRST_MS: Final = 50


def small() -> dict[str, Any]:
    """Set S: the rate beside `prov` and rdflib on records of it, memory and the first byte on all of it."""
    return {**_beside(kept.sqlite("S")), **_streamed(kept.sqlite("S"))}


def large() -> dict[str, Any]:
    """Set L: memory and the first byte."""
    return _streamed(kept.sqlite("L"))


def _beside(graph: Path) -> dict[str, Any]:
    """CPU for the same records: from the store to N-Quads, and of a ProvDocument made of them, as `prov` writes it."""
    import prov.model as pm

    with closing(open_store(f"sqlite:///{graph}", create=False)) as store:
        text = prov_json.write(_sample(store)).decode()
        ours, builds, writes = [], [], []
        lines = theirs = 0
        for _ in range(ROUNDS):
            began = time.process_time()
            lines = sum(piece.count(b"\n") for piece in FORMS["n-quads"](_sample(store), {}))
            ours.append(time.process_time() - began)
            began = time.process_time()
            document = pm.ProvDocument.deserialize(content=text)
            builds.append(time.process_time() - began)
            began = time.process_time()
            theirs = (document.serialize(format="rdf", rdf_format="nquads") or "").count("\n")
            writes.append(time.process_time() - began)
    times = round((min(builds) + min(writes)) / min(ours), 1)
    return {
        "n_quads": {
            "records": SAMPLE, "seconds": round(min(ours), 2), "triples_per_s": round(lines / min(ours)),
            "prov_builds_s": round(min(builds), 2), "prov_writes_s": round(min(writes), 2), "prov_triples": theirs,
            "times": times, "budget": TIMES, "ok": times >= TIMES,
        }
    }  # fmt: skip


def _sample(store: Store) -> Iterator[Record]:
    return islice(exported(store, None), SAMPLE)


def _streamed(graph: Path) -> dict[str, Any]:
    """In processes of their own: the store's cursor to its end, and each form written to its end."""
    cursor = _apart(graph, "")
    found: dict[str, Any] = {}
    for form in ("n-quads", "trig"):
        told = _apart(graph, form)
        memory, first = round(told["mb"] - cursor["mb"], 1), round(told["first_ms"], 2)
        found[f"{form}_streamed"] = {
            "triples": told["lines"],
            "seconds": round(told["seconds"], 2),
            "cursor_seconds": round(cursor["seconds"], 2),
            "memory_over_cursor_mb": memory, "first_byte_ms": first,
            "budget": f"{MEMORY_MB} MB, {FIRST_MS} ms", "ok": memory < MEMORY_MB and first < FIRST_MS,
        }  # fmt: skip
    return found


def _apart(graph: Path, form: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rdf", str(graph), form], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _once(graph: str, form: str) -> dict[str, float]:
    lines, pieces, first = 0, 0, None
    with closing(open_store(f"sqlite:///{graph}", create=False)) as store:
        began = time.perf_counter()
        if form:
            for piece in FORMS[form](exported(store, None), {}):
                pieces += 1
                if pieces == 2:  # prefixes come before all that is read
                    first = time.perf_counter()
                lines += piece.count(b" .\n") + piece.count(b" ;\n")
        else:
            for _ in store.scan():
                first = first or time.perf_counter()
        ended = time.perf_counter()
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"lines": lines, "seconds": ended - began, "first_ms": ((first or ended) - began) * 1000, "mb": mb}


if __name__ == "__main__":
    print(json.dumps(_once(*sys.argv[1:3])))
