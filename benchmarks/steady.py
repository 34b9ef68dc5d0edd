"""`python -m benchmarks.steady HOST PORT same|anew`: asks a question at a steady pace until its standard input ends.

It prints how many ms each answer took, as JSON. `anew`: over a new connection each.
"""

import json
import select
import sys
import time
from http.client import HTTPConnection
from typing import Final

#: Seconds from one question to the next.
PACE: Final = 0.02
BODY: Final = json.dumps({"query": "{ runs(first: 10) { nodes { id name status used { nodes { id name } } } } }"})


def main(host: str, port: int, anew: bool) -> None:
    """Ask, and tell."""
    client, times = HTTPConnection(host, port, timeout=60), list[float]()
    print("begun", flush=True)
    due = time.perf_counter()
    while not select.select([sys.stdin], [], [], max(0.0, due - time.perf_counter()))[0]:
        began = time.perf_counter()
        client.request("POST", "/graphql", BODY, {"Content-Type": "application/json"})
        answer = client.getresponse()
        assert answer.status == 200, answer.read()
        assert b'"errors"' not in answer.read()
        if anew:
            client.close()
        times.append((time.perf_counter() - began) * 1000)
        due = max(due + PACE, time.perf_counter())
    print(json.dumps(times))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] == "anew")
