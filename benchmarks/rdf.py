"""PROV-O of a store beside `prov` and rdflib: triples a second, memory over the store's cursor, the first byte, and the
same over HTTP.

Both write the same graph, all of set S: begat from its store to lines of N-Quads; `prov` reads it, as PROV-JSON, into a
document of its own, and writes that by rdflib. Either is CPU of one process. The two do not tell each relation in as
many triples.
"""

import json
import re
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from begat.graph_schema.store import open_store
from begat.queries.documents import prov_json
from begat.queries.documents.export import exported, written
from benchmarks import kept
from benchmarks.serving import serving
from benchmarks.timing import clock_of

ROUNDS: Final = 5
TIMES: Final = 40
MEMORY_MB: Final = 64
FIRST_MS: Final = 50
_PIECE: Final = 64 << 10


def small() -> dict[str, Any]:
    """Set S: the rate beside `prov` and rdflib, memory and the first byte, and over HTTP."""
    graph = kept.sqlite("S")
    return {**_beside(graph), **_streamed(graph), **_over_http(graph)}


def large() -> dict[str, Any]:
    """Set L: memory and the first byte."""
    return _streamed(kept.sqlite("L"))


def _beside(graph: Path) -> dict[str, Any]:
    """The best of some rounds for us, one for them: it takes half a minute."""
    import prov.model as pm

    with closing(open_store(f"sqlite:///{graph}", create=False)) as store:
        triples = sum(piece.count(b"\n") for piece in written("n-quads", store, None))
        ours = []
        for _ in range(ROUNDS):
            began = time.process_time()
            sum(map(len, written("n-quads", store, None)))
            ours.append(time.process_time() - began)
        records = sum(1 for _ in exported(store, None))
        text = prov_json.write(exported(store, None)).decode()
    began = time.process_time()
    document = pm.ProvDocument.deserialize(content=text)
    built = time.process_time() - began
    began = time.process_time()
    theirs = (document.serialize(format="rdf", rdf_format="nquads") or "").count("\n")
    wrote = time.process_time() - began
    times = round((built + wrote) / min(ours), 1)
    return {
        "n_quads": {
            "records": records, "triples": triples, "seconds": round(min(ours), 3),
            "triples_per_s": round(triples / min(ours)),
            "prov_builds_s": round(built, 2), "prov_writes_s": round(wrote, 2), "prov_triples": theirs,
            "times": times, "budget": TIMES, "ok": times >= TIMES,
        }
    }  # fmt: skip


def _over_http(graph: Path) -> dict[str, Any]:
    """All of a project from a service, by the wall until its last byte is here; the service's CPU beside."""
    from benchmarks.sparql import asked

    with serving(f"sqlite:///{graph}", "--no-watch") as at:
        while asked(at, "ASK {}")[0] == 503:  # it is making triples for SPARQL
            time.sleep(0.2)
        clock = clock_of(at.process)
        took = [(*_asked(at.host, at.port), clock()) for _ in range(2)]
        (first, seconds, size, before), (_, again, _, after) = took
    return {
        "over_http": {
            "mb": round(size / 1e6, 1), "seconds": round(min(seconds, again), 3), "cpu_s": round(after - before, 3),
            "first_byte_ms": round(first * 1000, 1),
        }
    }  # fmt: skip


def _asked(host: str, port: int) -> tuple[float, float, int]:
    """Seconds to the first byte and to the last, and how many bytes there were."""
    client, size = HTTPConnection(host, port, timeout=600), 0
    began = time.perf_counter()
    client.request("GET", "/api/v1/export?format=n-quads")
    answer = client.getresponse()
    first = 0.0
    while piece := answer.read1(_PIECE):
        first = first or time.perf_counter() - began
        size += len(piece)
    client.close()
    return first, time.perf_counter() - began, size


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
    lines, first = 0, None
    with closing(open_store(f"sqlite:///{graph}", create=False)) as store:
        began = time.perf_counter()
        if form:
            for piece in written(form, store, None):
                if not piece.startswith(b"@prefix"):  # these come before all that is read
                    first = first or time.perf_counter()
                lines += piece.count(b" .\n") + piece.count(b" ;\n")
        else:
            for _ in store.scan():
                first = first or time.perf_counter()
        ended = time.perf_counter()
    # Not ru_maxrss: that begins with what the parent had.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    mb = int(peak[1]) / 1024 if peak else 0.0
    return {"lines": lines, "seconds": ended - began, "first_ms": ((first or ended) - began) * 1000, "mb": mb}


if __name__ == "__main__":
    print(json.dumps(_once(*sys.argv[1:3])))
