"""What docs/howto/serve.md shows is what happens."""

import re
from pathlib import Path
from typing import Final

import httpx
import pytest

from begat.api.service.app import routes
from tests.service.conftest import asked, study

__all__ = ["asked", "study"]
PAGE: Final = (Path(__file__).resolve().parents[2] / "docs/howto/serve.md").read_text()
LINKED: Final = (Path(__file__).resolve().parents[2] / "docs/howto/linked-data.md").read_text()
EXAMPLES: Final = re.findall(r"^\$ curl 'http://127.0.0.1:8000(.*)'$", PAGE, re.M)


@pytest.mark.parametrize("address", EXAMPLES)
def test_an_example_is_answered(address: str, asked: httpx.Client) -> None:
    answer = asked.get(address)
    assert answer.status_code == 200, answer.text
    assert len(answer.text.splitlines()) >= 1
    assert answer.headers["content-type"].startswith("application/json") is ("format" not in address)


def test_every_address_is_on_the_page() -> None:
    assert len(EXAMPLES) == 4
    for route in routes():
        assert re.sub(r"/(\{.*|ask/[a-z_]+)$", "", route.path) in PAGE + LINKED
