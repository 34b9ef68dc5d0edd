"""SPARQL of a service: a lineage path beside the engine alone on the same triples, and others while it is worn at."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox

from begat.graph_schema.triples.kept import read_mark
from begat.queries.sparql.place import folder_of
from benchmarks import kept
from benchmarks.attacks import Other, against
from benchmarks.budget import at_most, plain
from benchmarks.serving import Served, serving

#: How many times raw pyoxigraph's time a path may take.
BESIDE: Final = 2
TIMES: Final = 300
SECONDS: Final = 3.0
#: Requests at once, of which an attack keeps so many on the way.
CROWD, AT_ONCE = 1_000, 250
PREFIXES: Final = "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX mls: <http://www.w3.org/ns/mls#> "
MODELS: Final = PREFIXES + "SELECT ?m { ?m a mls:Model } ORDER BY ?m LIMIT 50"
PATH: Final = PREFIXES + "SELECT ?x { <%s> (prov:wasGeneratedBy|prov:used|prov:wasDerivedFrom)+ ?x }"
ATTACKS: Final = {
    "a product": "SELECT (count(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "a deep path": PREFIXES + "SELECT (count(*) AS ?n) { ?a (!prov:x|^!prov:x)* ?b . ?b (!prov:x|^!prov:x)* ?c }",
    "a large sort": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a",
    "a call": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "ten megabytes": "ASK {} #" + "x" * (10 << 20),
}
Found = dict[str, Any]


def sparql() -> Found:
    """On set S: 200 trainings."""
    store = kept.sqlite("S")
    found: Found = {}
    with serving(f"sqlite:///{store}", "--no-watch", "--time-limit", 5) as at:
        began = time.perf_counter()
        while asked(at, "ASK {}")[0] == 503:
            time.sleep(0.2)
        found["triples are made"] = plain(time.perf_counter() - began, "s")
        found |= beside(at, store)
        for name, text in ATTACKS.items():
            found |= attacked(at, name, text)
        found |= crowded(at)
    return found


def asked(at: Served, text: str) -> tuple[int, bytes]:
    """Status and body of an answer."""
    client = HTTPConnection(at.host, at.port, timeout=60)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/tab-separated-values"}
    try:
        client.request("POST", "/sparql", urlencode({"query": text}), form)
        answer = client.getresponse()
        return answer.status, answer.read()
    except (BrokenPipeError, ConnectionResetError):  # what is too large is not read to its end
        return 413, b""
    finally:
        client.close()


def beside(at: Served, store: Path) -> Found:
    """The same paths, asked in turn of the service and of the engine that has the same triples open."""
    folder = folder_of(store.with_name(f"{store.name}.rdf"), "default")
    mark = read_mark(folder)
    assert mark is not None
    engine = ox.Store.read_only(str(folder / mark.copy))
    models = [line.strip("<>") for line in asked(at, MODELS)[1].decode().splitlines()[1:]]
    client = HTTPConnection(at.host, at.port, timeout=60)
    ours, theirs, rows = list[float](), list[float](), list[int]()
    for n in range(TIMES):
        text = PATH % models[n % len(models)]
        began = time.perf_counter()
        client.request(
            "GET", f"/sparql?{urlencode({'query': text})}", headers={"Accept": "text/tab-separated-values"}
        )
        body = client.getresponse().read()
        between = time.perf_counter()
        solutions = engine.query(text, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        raw = solutions.serialize(format=ox.QueryResultsFormat.TSV)
        ours.append((between - began) * 1000)
        theirs.append((time.perf_counter() - between) * 1000)
        assert isinstance(raw, bytes)
        assert sorted(body.splitlines()) == sorted(raw.splitlines())
        rows.append(raw.count(b"\n") - 1)
    client.close()
    shown = {"ms": round(median(ours), 2), "engine_ms": round(median(theirs), 2), "rows": median(rows)}
    return {"a lineage path": at_most(median(ours) / median(theirs), BESIDE, "times", **shown)}


def attacked(at: Served, name: str, text: str) -> Found:
    """One attack, two at a time, for some seconds, and another client's answers by REST."""
    other, statuses, over = Other(at), set[int](), threading.Event()
    quiet = other.during(SECONDS, lambda: time.sleep(0.01))

    def again() -> None:
        while not over.is_set():
            statuses.add(asked(at, text)[0])

    threads = [threading.Thread(target=again) for _ in range(2)]
    for t in threads:
        t.start()
    loud = other.during(SECONDS, lambda: time.sleep(0.01))
    over.set()
    for t in threads:
        t.join()
    return {f"{name}: the other": against(quiet, loud, statuses=sorted(statuses))}


def crowded(at: Served) -> Found:
    """A thousand questions that never end, as many at once as there may be."""
    other = Other(at)
    quiet = other.during(SECONDS, lambda: time.sleep(0.01))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = [threads.submit(asked, at, ATTACKS["a product"]) for _ in range(CROWD)]
        loud = other.during(SECONDS, lambda: time.sleep(0.01))
        statuses = [f.result()[0] for f in found]
    counts = {str(s): statuses.count(s) for s in sorted(set(statuses))}
    return {f"{CROWD:,} at once: the other": against(quiet, loud, statuses=counts)}
