"""Analysts at a service: `python -m benchmarks.visitors ADDRESS RATE SECONDS`; the mix is in visitors.json.

Requests go out at fixed times whether or not others were answered, and an answer's time is counted from when its
request was due: a service that stands still is not spared. Prints one JSON object, with this process's own CPU.
"""

import http.client
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

#: Requests at a time; more than the service has threads.
VISITORS: Final = 16


class Visit:
    """One pace for all visitors, and what they met."""

    def __init__(self, address: str, rate: float, seconds: float) -> None:
        self._at = urlsplit(address).netloc
        self._asked = [_request(asked) for asked in _mix()]
        self._rate, self._number = rate, count()
        self._most = round(rate * seconds)
        self.took: dict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[str] = Counter()
        self._began = time.perf_counter() + 0.1

    def visitor(self) -> None:
        """Ask what is due next, until all is asked."""
        connection = http.client.HTTPConnection(self._at, timeout=60)
        while (n := next(self._number)) < self._most:
            due = self._began + n / self._rate
            time.sleep(max(0.0, due - time.perf_counter()))
            name, (method, path, body, headers) = self._asked[n % len(self._asked)]
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            told = response.read()
            self.took[name].append((time.perf_counter() - due) * 1000)
            wrong = response.status != 200 or b'"errors"' in told[:10]
            self.statuses[f"{name}: {response.status} {told[:200]!r}" if wrong else "ok"] += 1
        connection.close()


def _mix() -> list[dict[str, Any]]:
    mix: list[dict[str, Any]] = json.loads(Path(__file__).with_name("visitors.json").read_text("utf-8"))
    return mix


def _request(asked: dict[str, Any]) -> tuple[str, tuple[str, str, str | None, dict[str, str]]]:
    if "document" in asked:
        body = json.dumps({"query": asked["document"]})
        return asked["name"], ("POST", "/graphql", body, {"Content-Type": "application/json"})
    return asked["name"], ("GET", f"/api/v1/{asked['path']}?{urlencode(asked.get('query', {}), True)}", None, {})


def main(address: str, rate: float, seconds: float) -> None:
    """Visit, and print what was met."""
    visit = Visit(address, rate, seconds)
    with ThreadPoolExecutor(VISITORS) as pool:
        for done in [pool.submit(visit.visitor) for _ in range(VISITORS)]:
            done.result()
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {"took": visit.took, "statuses": visit.statuses, "cpu": used.ru_utime + used.ru_stime}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
