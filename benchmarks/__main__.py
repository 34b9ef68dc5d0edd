"""`python -m benchmarks` prints all measurements as one JSON object, `python -m benchmarks NAME ...` those named.

Each runs in a process of its own, so that none warms or fills anything for the next. Progress goes to stderr.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from importlib import import_module
from typing import Any, NamedTuple

import begat
from benchmarks.neo4j_server import ADDRESS
from benchmarks.peers import PYTHON


class Benchmark(NamedTuple):
    """`module` of this folder and the function in it; `always`: part of a run without names."""

    module: str
    function: str
    what: str
    always: bool = True


BENCHMARKS = {
    "import": Benchmark("imports", "imports", "import begat, first hook ready"),
    "metric": Benchmark("hooks", "metric", "a metric call beside the bare function"),
    "activity": Benchmark("hooks", "activity", "a call of a decorated function"),
    "disabled": Benchmark("hooks", "disabled", "hooks that are switched off"),
    "digests": Benchmark("hooks", "digests", "a file whose digest is remembered"),
    "memory": Benchmark("hooks", "memory", "a million metrics in one run"),
    "peers": Benchmark("peers", "peers", "begat beside other libraries, in an environment that has them", always=False),
    "overhead": Benchmark("hooks", "overhead", "hooks in a loop of 5 ms batches"),
    "sink": Benchmark("sink", "sink", "hooks while the journal is sent to a server"),
    "ingest": Benchmark("ingesting", "set_m", "journal to sqlite: 2,000 trainings of 100 epochs"),
    "kinds": Benchmark("ingesting", "kinds", "journal to sqlite: events of one kind"),
    "usages": Benchmark("ingesting", "usages", "journal to sqlite: an activity of 100,000 usages"),
    "trials": Benchmark("ingesting", "trials", "journal to sqlite: a study of 10,000 trials"),
    "late": Benchmark("late", "late", "journal to sqlite: 946 writers of one run in 50 passes"),
    "neo4j": Benchmark("neo4j_ingest", "small", "journal to neo4j, beside the same rows by hand: 200 trainings"),
    "neo4j-m": Benchmark("neo4j_ingest", "medium", "the same with 2,000 trainings of 100 epochs"),
    "neo4j-kinds": Benchmark("neo4j_ingest", "kinds", "the same with events of one kind", always=False),
    "many-writers": Benchmark("many_writers", "many_runs", "a watcher: 10,000 writers of 2,500 runs", always=False),
    "ranks": Benchmark("many_writers", "one_run", "a watcher: 946 ranks of one run", always=False),
    "neo4j-closure": Benchmark("beside", "closures", "lineage on neo4j and sqlite: 20,000 nodes, two projects"),
    "neo4j-hub": Benchmark("beside", "hub", "a file that 100,000 runs have read, on neo4j and sqlite", always=False),
    "runs": Benchmark("runs_table", "table", "the wide table: 10,000 runs, 50 columns"),
    "graphql": Benchmark("graphql_rows", "sqlite", "GraphQL over HTTP: 10,000 rows, beside by hand and strawberry"),
    "graphql-m": Benchmark("graphql_rows", "medium", "the same: 10 rows of set M"),
    "graphql-neo4j": Benchmark("graphql_rows", "neo4j", "the same on neo4j: 10,000 rows", always=False),
    "graphql-neo4j-m": Benchmark("graphql_rows", "neo4j_medium", "the same on neo4j: 10 rows of set M", always=False),
    "service": Benchmark("service_load", "load", "begat serve: 50 requests/s of set M while 1,000 events/s come in"),
    "service-day": Benchmark("service_load", "day", "its memory while a day of a million events goes by", always=False),
    "sparql": Benchmark("sparql", "sparql", "SPARQL beside the engine alone, and worn at"),
    "attacks": Benchmark("attacks", "attacks", "begat serve worn at: how soon it refuses, and another client"),
    "questions": Benchmark("questions", "medium", "the thirty questions: 2,000 trainings of 100 epochs"),
    "questions-s": Benchmark("questions", "small", "the same: 200 trainings of 50 epochs"),
    "questions-load": Benchmark("questions", "while_events_come", "the same while 1,000 events/s come in"),
    "questions-l": Benchmark("questions", "large", "the same: 10,000 trainings, a million nodes", always=False),
    "questions-growth": Benchmark("questions", "growth", "questions about one experiment on S, M and L", always=False),
    "questions-neo4j": Benchmark("questions", "neo4j_small", "the thirty questions on neo4j: set S"),
    "questions-neo4j-m": Benchmark("questions", "neo4j_medium", "the same: set M", always=False),
    "representation": Benchmark("representation", "medium", "typed beside generic PROV: five questions, set M"),
    "representation-s": Benchmark("representation", "small", "the same: set S", always=False),
    "representation-unnamed": Benchmark(
        "representation", "unnamed", "the same: set S, no index on names and values", always=False
    ),
    "representation-neo4j": Benchmark("representation", "neo4j_small", "the same on neo4j: set S"),
    "representation-neo4j-m": Benchmark("representation", "neo4j_medium", "the same on neo4j: set M", always=False),
    "documents": Benchmark("documents", "documents", "PROV-JSON beside the library prov; one of 100 MB; every form"),
    "constraints": Benchmark("constraints", "constraints", "PROV-CONSTRAINTS: documents of a million statements"),
    "rdf": Benchmark("rdf", "small", "PROV-O of set S beside prov and rdflib; memory, first byte, over HTTP"),
    "rdf-l": Benchmark("rdf", "large", "memory and first byte: set L, a million nodes", always=False),
    "closure": Benchmark("closures", "small", "lineage in a graph of 100,000 nodes"),
    "closure-1m": Benchmark("closures", "large", "lineage in a graph of 1,000,000 nodes"),
    "closure-5m": Benchmark("closures", "huge", "lineage in a graph of 5,000,000 nodes", always=False),
}


def main() -> int:
    """Run what was asked for; 1 when a budget does not hold."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").split("\n")[0])
    options.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}")
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options.add_argument(
        "--neo4j",
        default=os.environ.get(ADDRESS, "start"),
        metavar="ADDRESS",
        help="a Neo4j database to measure on, which is emptied (default: BEGAT_TEST_NEO4J, or a server of its own)",
    )
    options.add_argument("--python", default="", metavar="PATH", help="for peers: the Python that has the libraries")
    given = options.parse_args()
    os.environ[PYTHON] = given.python or os.environ.get(PYTHON, "")
    os.environ[ADDRESS] = given.neo4j
    for name in given.names:
        if name not in BENCHMARKS:
            options.error(f"no benchmark {name!r}: there are {', '.join(BENCHMARKS)}")
    names = given.names or [n for n, b in BENCHMARKS.items() if b.always]
    if given.here:
        print(json.dumps({name: _here(name) for name in names}))
        return 0
    began = time.perf_counter()
    results = {name: _apart(name) for name in names}
    missed = [f"{n}: {what}" for n, found in results.items() for what, m in found.items() if not m.get("ok", True)]
    told = {
        "begat": begat.__version__,
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cpus": os.cpu_count()},
        "seconds": round(time.perf_counter() - began, 1),
        "results": results,
        "missed": missed,
    }
    print(json.dumps(told, indent=2))
    return 1 if missed else 0


def _here(name: str) -> dict[str, Any]:
    benchmark = BENCHMARKS[name]
    found: dict[str, Any] = getattr(import_module(f"benchmarks.{benchmark.module}"), benchmark.function)()
    return found


def _apart(name: str) -> dict[str, Any]:
    print(f"{name}: {BENCHMARKS[name].what} ...", end="", file=sys.stderr, flush=True)
    began = time.perf_counter()
    settings = {k: v for k, v in os.environ.items() if not k.startswith("BEGAT_") or k in (ADDRESS, PYTHON)}
    command = [sys.executable, "-m", "benchmarks", "--here", name]
    done = subprocess.run(command, env=settings, stdout=subprocess.PIPE, text=True, check=False)
    print(f" {time.perf_counter() - began:.0f} s", file=sys.stderr)
    if done.returncode:  # the others are still worth having
        return {"failed": {"error": f"exit code {done.returncode}, see stderr", "ok": False}}
    found: dict[str, Any] = json.loads(done.stdout)[name]
    return found


if __name__ == "__main__":
    raise SystemExit(main())
