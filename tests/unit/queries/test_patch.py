"""Two sets of differences from one commit made one: what git says of the two versions, and applies."""

import subprocess
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from begat.queries.diff.patch import between

NUMBERED: Final = [f"line {n}" for n in range(1, 41)]


class Repository:
    """A repository with one commit, and what git says of versions of its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q")

    def git(self, *command: str, given: str | None = None) -> str:
        identity = ("-c", "user.name=ada", "-c", "user.email=ada@lab", "-c", "core.autocrlf=false")
        done = subprocess.run(
            ["git", *identity, *command], cwd=self.folder, input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def holds(self, files: dict[str, str]) -> None:
        """Have these files and no others; git knows of them all."""
        for path in self.folder.iterdir():
            if path.is_file():
                path.unlink()
        for name, text in files.items():
            (self.folder / name).write_text(text)
        self.git("add", "-A")

    def commits(self, files: dict[str, str]) -> str:
        self.holds(files)
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD").strip()

    def differences(self, files: dict[str, str]) -> str:
        """What capture records of these files: the differences from the commit."""
        self.holds(files)
        return self.git("diff", "HEAD", "--binary").strip()

    def files(self) -> dict[str, str]:
        return {p.name: p.read_text() for p in self.folder.iterdir() if p.is_file()}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def edited(**lines: str) -> dict[str, str]:
    """The numbered file with some lines replaced: n3="..." ."""
    return {"f.py": text([lines.get(f"n{n}", line) for n, line in enumerate(NUMBERED, 1)])}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (edited(), edited(n5="five")),
        (edited(n5="five"), edited()),
        (edited(n5="five"), edited(n5="FIVE")),
        (edited(n5="five"), edited(n5="five", n30="thirty")),
        (edited(n5="five", n30="thirty"), edited(n5="five")),
        (edited(n5="five"), edited(n7="seven")),
        (edited(n1="one"), edited(n40="forty")),
    ],
)
def test_it_is_what_git_says_of_the_two_versions(
    repository: Repository, a: dict[str, str], b: dict[str, str]
) -> None:
    head = repository.commits(edited())
    told = between(repository.differences(a), repository.differences(b))
    versions = []
    for files in (a, b):
        repository.git("checkout", "-q", head)
        versions.append(repository.commits(files))
    by_git = repository.git("diff", *versions).strip().split("\n")
    # Git tells the blobs, and of a hunk also the line that a function begins with.
    assert told is not None
    assert told.split("\n") == [
        line.split(" @@ ")[0] + " @@" if line.startswith("@@") and not line.endswith("@@") else line
        for line in by_git
        if not line.startswith("index ")
    ]


def test_equal_differences_show_none(repository: Repository) -> None:
    repository.commits(edited())
    same = repository.differences(edited(n5="five"))
    assert between(same, same) is None
    assert between("", "") is None


def test_what_is_binary_is_only_said_to_differ(repository: Repository) -> None:
    repository.commits({"f.py": "x\n"})
    (repository.folder / "b.bin").write_bytes(bytes(range(256)))
    repository.git("add", "-A")
    differences = repository.git("diff", "HEAD", "--binary").strip()
    assert between("", differences) == (
        "diff --git a/b.bin b/b.bin\nnew file mode 100644\nBinary files /dev/null and b/b.bin differ"
    )


def test_a_file_that_was_renamed(repository: Repository) -> None:
    repository.commits(edited())
    differences = repository.differences({"g.py": edited(n5="five")["f.py"]})
    told = between("", differences)
    assert told is not None
    assert told.split("\n")[:5] == [
        "diff --git a/f.py b/g.py", "rename from f.py", "rename to g.py", "--- a/f.py", "+++ b/g.py",
    ]  # fmt: skip
    assert "-line 5\n+five" in told


def test_a_change_far_down_costs_what_a_change_at_the_top_costs() -> None:
    """What lies before it is not told, and none of it is held: of a file of so many lines nobody could."""
    a, b = (f"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -{10**12},2 +{10**12},2 @@\n x\n-y\n+{c}" for c in "ab")
    assert between(a, b) == (
        f"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -{10**12},2 +{10**12},2 @@\n x\n-a\n+b"
    )


@pytest.mark.parametrize("of", [25, 2500])
def test_git_applies_what_is_said_of_long_files_in_which_much_repeats(repository: Repository, of: int) -> None:
    head, a, b = (
        {"f.py": text([f"{side} {n}" if n % 7 == 0 else "x = 1" for n in range(of)])} for side in ("h", "a", "b")
    )
    repository.commits(head)
    told = between(repository.differences(a), repository.differences(b))
    assert told is not None
    repository.holds(a)
    repository.git("apply", "-", given=told + "\n")
    assert repository.files() == b


@pytest.mark.parametrize(
    "cut",
    ["diff --git", "diff --git a/x", "@@ -1 +1 @@", "diff --git a/f b/f\n@@ -x", "\0", "diff --git a/f b/f\n@@ -9"],
)
def test_a_text_that_is_cut_or_is_none_is_taken_as_far_as_it_goes(cut: str) -> None:
    between(cut, "")
    between("", cut)


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "-d", "+e", "@@ -1 +1 @@", "diff --git a/x b/x"]), max_size=14)
FILES = st.dictionaries(st.sampled_from(["f.py", "g.py"]), st.tuples(LINES, st.booleans()), max_size=2)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions=st.tuples(FILES, FILES, FILES))
def test_git_applies_it(
    versions: tuple[dict[str, tuple[list[str], bool]], ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the three versions are: applied to one it gives the other."""
    repository = Repository(tmp_path_factory.mktemp("git"))
    # A file may end without a newline; git has nothing to say of one that is empty but that it is there.
    head, a, b = (
        {n: text(lines) if ended else text(lines).removesuffix("\n") for n, (lines, ended) in v.items() if lines}
        for v in versions
    )
    repository.commits(head)
    # Without renames, each file stands alone.
    repository.git("config", "diff.renames", "false")
    told = between(repository.differences(a), repository.differences(b))
    repository.holds(a)
    if told is not None:
        repository.git("apply", "--unidiff-zero", "-", given=told + "\n")
    found = {n: t for n, t in repository.files().items() if t}
    assert found == {n: t for n, t in b.items() if t}
