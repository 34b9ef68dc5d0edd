"""What the descriptions promise, tried by schemathesis: it makes up requests, good and bad, and checks each answer.

BEGAT_TEST_EXAMPLES says how many for each operation: few by default, 200 with `make service-fuzz`.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx
import pytest

from begat.api.service.app import routes

EXAMPLES: Final = os.environ.get("BEGAT_TEST_EXAMPLES", "5")
#: By path of what is tried: the phases, and the checks that are not for it. A schema of GraphQL cannot say that a
#: number has bounds or that there is a thing of a name, so of what it lets pass not all can be answered.
TRIED: Final = {
    "/openapi.json": ("--phases", "examples,coverage,fuzzing"),
    "/graphql": ("--phases", "fuzzing", "--exclude-checks", "positive_data_acceptance"),
}


# One worker: Python 3.11 counts the depth of what ast.parse reads for all threads at once (cpython #106905).
@pytest.mark.parametrize("path", TRIED)
def test_the_service_keeps_what_it_promises(path: str, asked: httpx.Client, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [
            program, "run", f"{asked.base_url}{path}", "--checks", "all", "--seed", "7", "--max-examples", EXAMPLES,
            *TRIED[path], "--workers", "1", "--no-color", "--suppress-health-check", "all",
        ],
        cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]


def test_every_route_is_described(asked: httpx.Client) -> None:
    told = asked.get("/openapi.json").json()["paths"]
    # GraphQL and SPARQL have descriptions of their own; the last of ask/ tells that there is no such question.
    others = {"/graphql", "/sparql", "/openapi.json", "/api/v1/ask/{question}"}
    for route in routes():
        assert route.path_format in told or route.path_format in others
        if route.path_format in told:
            assert {m.lower() for m in route.methods or ()} - {"head"} == told[route.path_format].keys()
