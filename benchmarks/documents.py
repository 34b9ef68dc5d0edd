"""PROV documents: PROV-JSON read beside the library `prov`, the memory that a large one takes, and the other forms."""

import json
import multiprocessing
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from begat.graph_schema.documents.records import Heading
from begat.graph_schema.store import open_store
from begat.ingest.documents import prov_json
from begat.ingest.documents.archive import About
from begat.ingest.documents.forms import FORMS
from begat.ingest.documents.load import load, said
from begat.queries.documents import export
from benchmarks.budget import at_least, plain
from benchmarks.scratch import scratch

#: Runs in a document that both read, and in one of 100 MB.
RUNS, MANY = 10_000, 118_000
#: How many times as fast as the library's parser an import is to be.
TIMES: Final = 10

Work = Callable[[bytes, Path], int]


def documents() -> dict[str, Any]:
    """Each is done in a process of its own, whose memory at its most is told, the document included."""
    with scratch() as folder:
        both, large = folder / "both.json", folder / "large.json"
        both.write_bytes(_document(RUNS))
        large.write_bytes(_document(MANY))
        theirs = _apart(_by_prov, both)
        ours = {name: _apart(work, both) for name, work in WORK.items()}
        if len({records for _, _, records in (theirs, *ours.values())}) != 1:
            raise RuntimeError(f"records are {theirs[2]}, and {ours}")
        found = {"read by prov": _told(both, *theirs)}
        for name, (seconds, memory, records) in ours.items():
            ratio = theirs[0] / seconds
            found[f"{name}, times as fast"] = (
                at_least(ratio, TIMES, "x", **_about(both, seconds, memory, records))
                if name == "read as records"
                else plain(ratio, "x", **_about(both, seconds, memory, records))
            )
        found["100 MB, read as statements"] = _told(large, *_apart(_statements, large))
        found["100 MB, imported into SQLite"] = _told(large, *_apart(_stored, large))
        return found | _forms(both)


def _forms(both: Path) -> dict[str, Any]:
    """The same records, written and read in each form."""
    found: dict[str, Any] = {}
    for form, write in export.FORMS.items():
        document = both.with_name(form)
        with document.open("wb") as file:
            records = (r for r in prov_json.read(both.read_bytes()) if not isinstance(r, Heading))
            file.writelines(write(records, {"ex": "http://example.org/"}))
        seconds, memory, records_ = _apart(partial(_read, form), document)
        found[f"{form}, read as records"] = plain(
            records_ / seconds, "records/s", **_about(document, seconds, memory, records_)
        )
    return found


def _told(document: Path, seconds: float, memory: float, records: int) -> dict[str, Any]:
    return plain(seconds, "s", **_about(document, seconds, memory, records))


def _about(document: Path, seconds: float, memory: float, records: int) -> dict[str, Any]:
    size = document.stat().st_size / 1e6
    return {
        "records": records, "document": plain(size, "MB"), "memory": plain(memory, "MB"),
        "rate": plain(size / seconds, "MB/s"),
    }  # fmt: skip


def _apart(work: Work, document: Path) -> tuple[float, float, int]:
    """Seconds, megabytes at most and the number of records."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_done, (work, document))


def _done(work: Work, document: Path) -> tuple[float, float, int]:
    data = document.read_bytes()
    began = time.perf_counter()
    records = work(data, document.parent)
    took = time.perf_counter() - began
    # Not ru_maxrss: that begins with what the parent had.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return took, int(peak[1]) / 1000 if peak else 0.0, records


def _by_prov(data: bytes, folder: Path) -> int:
    import prov.model

    return sum(1 for _ in prov.model.ProvDocument.deserialize(content=data, format="json").get_records())


def _read(form: str, data: bytes, folder: Path) -> int:
    return sum(not isinstance(record, Heading) for record in FORMS[form].read(data))


def _records(data: bytes, folder: Path) -> int:
    return _read("prov-json", data, folder)


def _statements(data: bytes, folder: Path) -> int:
    found = said(data, "prov-json", "default")
    return found.things + found.relations


def _stored(data: bytes, folder: Path) -> int:
    store = open_store(f"sqlite:///{folder}/graph.db")
    found = load(store, folder / "spool", About("prov-json", "default", "both.json"), data)
    store.close()
    return found.things + found.relations


WORK: Final = {"read as records": _records, "read as statements": _statements, "imported into SQLite": _stored}


def _document(runs: int) -> bytes:
    """Runs that use what another made: two things and four relations each, with attributes of several types."""
    kinds = ("entity", "activity", "used", "wasGeneratedBy", "wasDerivedFrom", "wasAssociatedWith")
    held: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    for n in range(runs):
        for kind, key, record in _run(n):
            held[kind][key] = record
    prefix = {"ex": "http://example.org/", "begat": "https://w3id.org/begat/ns#"}
    return json.dumps({"prefix": prefix, "agent": {"ex:ada": {"prov:type": [_name("prov:Person")]}}, **held}).encode()


def _run(n: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    run, made, used = f"ex:run{n}", f"ex:model{n}", f"ex:model{max(n - 7, 0)}"
    at = f"2024-01-{n % 28 + 1:02}T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}Z"
    score = {"$": str(n / 7), "type": "xsd:double"}
    yield "entity", made, {"prov:label": f"model {n}", "prov:type": [_name("begat:Checkpoint")], "ex:score": score}
    epochs = {"$": str(n % 100), "type": "xsd:int"}
    yield "activity", run, {"prov:startTime": at, "prov:endTime": at, "ex:epochs": epochs}
    yield "used", f"_:u{n}", {"prov:activity": run, "prov:entity": used, "prov:time": at, "prov:role": "start"}
    yield "wasGeneratedBy", f"_:g{n}", {"prov:entity": made, "prov:activity": run, "prov:time": at}
    yield "wasDerivedFrom", f"_:d{n}", {"prov:generatedEntity": made, "prov:usedEntity": used, "prov:activity": run}
    yield "wasAssociatedWith", f"_:a{n}", {"prov:activity": run, "prov:agent": "ex:ada"}


def _name(name: str) -> dict[str, str]:
    return {"$": name, "type": "xsd:QName"}
