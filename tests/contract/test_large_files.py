"""The lineage law on large files, whose versions are known only after they were used or made."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.conftest import Tell

LARGE = """
def large(path, fill=b"x"):
    with open(path, "wb") as file:
        file.write(fill)
        file.truncate(17_000_000)
    return path
"""


def test_runs_meet_at_the_version_though_each_named_an_observation(tell: "Tell") -> None:
    """
    raw.csv -- [prepare] -- big.npy (17 MB) -- [train] -- model.pt (17 MB) -- [predict] -- out.csv
    """
    lineage = tell(
        LARGE
        + """
with begat.run("prepare") as run:
    run.used("raw.csv")
    run.generated(large("big.npy"))
""",
        LARGE
        + """
with begat.run("train") as run:
    run.used("big.npy")
    run.generated(large("model.pt", b"m"))
""",
        """
with begat.run("predict") as run:
    run.used("model.pt")
    run.generated(write("out.csv"))
""",
        given="raw.csv",
    )
    assert lineage.ancestors("out.csv") == {"predict", "model.pt", "train", "big.npy", "prepare", "raw.csv"}
    assert lineage.descendants("big.npy") == {"train", "model.pt", "predict", "out.csv"}


def test_a_folder_of_large_files_and_one_of_them(tell: "Tell") -> None:
    """
    raw.csv -- [split] -- parts (1.npy, 2.npy) -- [archive] -- parts.zip
                              \\-- 1.npy -- [train] -- model.pt
    """
    lineage = tell(
        LARGE
        + """
import os
with begat.run("split") as run:
    run.used("raw.csv")
    os.mkdir("parts")
    large("parts/1.npy", b"1")
    large("parts/2.npy", b"2")
    run.generated("parts")
""",
        """
with begat.run("train") as run:
    run.used("parts/1.npy", digest="now")
    run.generated(write("model.pt"))
with begat.run("archive") as run:
    run.used("parts/*.npy")
    run.generated(write("parts.zip"))
""",
        given="raw.csv",
    )
    assert lineage.ancestors("model.pt") == {"train", "parts/1.npy", "split", "raw.csv"}
    assert lineage.ancestors("parts.zip") == {
        "archive", "parts/*.npy", "parts/1.npy", "parts/2.npy", "split", "raw.csv",
    }  # fmt: skip
    assert lineage.descendants("parts/2.npy") == {"parts", "parts/*.npy", "archive", "parts.zip"}
