"""What no file of the repository may say, and how long it may get."""

import re
from pathlib import Path

import pytest

# Spelt in parts, so that this file passes its own test.
REGISTRIES = [
    ("pypi", "org"), ("pythonhosted", "org"), ("crates", "io"), ("golang", "org"), ("npmjs", "org"),
    ("npmjs", "com"), ("maven", "org"), ("maven", "apache", "org"), ("deb", "debian", "org"),
]  # fmt: skip
MACHINE_FOLDERS = ["work", "root"]
FORBIDDEN = re.compile(
    "|".join(re.escape(".".join(parts)) for parts in REGISTRIES)
    + "".join(rf"|(?<![\w.~}}-])/{name}/" for name in MACHINE_FOLDERS)
)
GENERATED = {"requirements/dev.txt", "requirements/image.txt", "docs/reference/questions.md", "api/schema.graphql"}
LONGEST = 600


@pytest.fixture(scope="module")
def texts(root: Path, files: list[str]) -> dict[str, str]:
    found = {}
    for name in files:
        data = (root / name).read_bytes() if (root / name).is_file() else b"\0"
        if b"\0" not in data:
            found[name] = data.decode("utf-8")
    return found


def test_no_registry_host_and_no_machine_path(texts: dict[str, str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN.search(line)
    ]
    assert found == []


def test_no_file_is_too_long(texts: dict[str, str]) -> None:
    lengths = {name: text.count("\n") for name, text in texts.items() if name not in GENERATED}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


@pytest.mark.parametrize("line", ["see https://" + ".".join(REGISTRIES[0]), f"cd /{MACHINE_FOLDERS[0]}/main"])
def test_the_guard_sees(line: str) -> None:
    assert FORBIDDEN.search(line)


@pytest.mark.parametrize("line", ["https://example.org/{}/1", "../{}/x", "${{HOME}}/{}/x"])
def test_the_guard_lets_pass(line: str) -> None:
    assert not FORBIDDEN.search(line.format(MACHINE_FOLDERS[0]))
