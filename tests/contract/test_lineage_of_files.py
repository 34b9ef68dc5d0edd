"""The lineage law on ordinary scripts: what flows from run to run through files. Drawn by hand, then run for real.

In the drawings a thing depends on what is left of it; [activities] in brackets.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.conftest import Tell


def test_a_pipeline_of_runs(tell: "Tell") -> None:
    """
    raw.csv -- [curate] -- clean.csv -- [train] -- model.pt -- [predict] -- predictions.csv
                      \\-- rejected.csv                 new.csv ---/
    """
    lineage = tell(
        """
        with begat.run("curate") as run:
            run.used("raw.csv")
            run.generated(write("clean.csv"))
            run.generated(write("rejected.csv"))
        """,
        """
        with begat.run("train") as run:
            run.used("clean.csv")
            run.generated(write("model.pt"))
        """,
        """
        with begat.run("predict") as run:
            run.used("model.pt")
            run.used("new.csv")
            run.generated(write("predictions.csv"))
        """,
        given="raw.csv new.csv",
    )
    trained = {"train", "clean.csv", "curate", "raw.csv"}
    assert lineage.ancestors("model.pt") == trained
    assert lineage.ancestors("predictions.csv") == trained | {"predict", "model.pt", "new.csv"}
    assert lineage.ancestors("rejected.csv") == {"curate", "raw.csv"}
    assert lineage.descendants("raw.csv") == {
        "curate", "clean.csv", "rejected.csv", "train", "model.pt", "predict", "predictions.csv",
    }  # fmt: skip
    assert lineage.descendants("rejected.csv") == set()
    assert lineage.descendants("new.csv") == {"predict", "predictions.csv"}


def test_resume_from_a_checkpoint(tell: "Tell") -> None:
    """
    train.csv -- [train ..] -- checkpoint.pt ------------- [train] -- model.pt
    late.csv  -- [.. fails]                  train.csv ---/

    What the run that failed had read after its checkpoint is behind nothing.
    """
    lineage = tell(
        """
        with begat.run("train") as run:
            run.used("train.csv")
            run.generated(write("checkpoint.pt"), type="Checkpoint")
            run.used("late.csv")
            raise MemoryError("the batch is too large")
        """,
        """
        with begat.run("train") as run:
            run.used("checkpoint.pt")
            run.used("train.csv")
            run.generated(write("model.pt"), type="Model")
        """,
        given="train.csv late.csv",
        failing=1,
    )
    assert lineage.ancestors("checkpoint.pt") == {"train@1", "train.csv"}
    assert lineage.ancestors("model.pt") == {"train@2", "checkpoint.pt", "train@1", "train.csv"}
    assert lineage.descendants("late.csv") == {"train@1"}
    assert lineage.descendants("train.csv") == {"train@1", "checkpoint.pt", "train@2", "model.pt"}


def test_a_deterministic_script_run_twice(tell: "Tell") -> None:
    """
    raw.csv -- [prepare] -- clean.csv -- [train] -- model.pt          the first time
           \\-- [prepare] -- clean.csv -- [train] -- model.pt          the second: the same versions

    A question starts at the last time. The first training is a descendant of the first preparation alone.
    """
    script = """
        with begat.run("prepare") as run:
            run.used("raw.csv")
            run.generated(write("clean.csv"))
        with begat.run("train") as run:
            run.used("clean.csv")
            run.generated(write("model.pt"))
        """
    lineage = tell(script, script, given="raw.csv")
    assert lineage.ancestors("clean.csv") == {"prepare@2", "raw.csv"}
    assert lineage.ancestors("model.pt") == {"train@2", "clean.csv", "prepare@2", "raw.csv"}
    assert lineage.ancestors("train@1") == {"clean.csv", "prepare@1", "raw.csv"}
    assert lineage.descendants("prepare@1") == {"train@1"}
    assert lineage.descendants("prepare@2") == {"clean.csv", "train@2", "model.pt"}
    assert lineage.descendants("raw.csv") == {
        "prepare@1", "prepare@2", "clean.csv", "train@1", "train@2", "model.pt",
    }  # fmt: skip


def test_a_file_overwritten_in_place(tell: "Tell") -> None:
    """
    monday.csv  -- [collect] -- data.csv (1) -- [train] -- model-1.pt
    tuesday.csv -- [collect] -- data.csv (2) -- [train] -- model-2.pt

    One path, two contents: two versions, that have nothing to do with each other.
    """
    lineage = tell(
        """
        for n, day in enumerate(("monday", "tuesday"), 1):
            with begat.run("collect") as run:
                run.used(f"{day}.csv")
                run.generated(write("data.csv", day))
            with begat.run("train") as run:
                run.used("data.csv")
                run.generated(write(f"model-{n}.pt"))
        """,
        given="monday.csv tuesday.csv",
    )
    assert lineage.ancestors("model-1.pt") == {"train@1", "data.csv@1", "collect@1", "monday.csv"}
    assert lineage.ancestors("model-2.pt") == {"train@2", "data.csv@2", "collect@2", "tuesday.csv"}
    assert lineage.descendants("monday.csv") == {"collect@1", "data.csv@1", "train@1", "model-1.pt"}
    assert lineage.descendants("data.csv@2") == {"train@2", "model-2.pt"}


def test_a_folder_written_by_one_run_and_read_file_by_file_by_another(tell: "Tell") -> None:
    """
    raw.csv -- [split] -- parts/1.csv -- [train ...] -- model-1.pt
                     |--- parts/2.csv -- [... train] -- model-2.pt
                     \\--- parts (of 1.csv and 2.csv) -- [archive] -- parts.zip

    Who read one file does not depend on its neighbours; what was made of the folder does on all in it.
    """
    lineage = tell(
        """
        with begat.run("split") as run:
            run.used("raw.csv")
            write("parts/1.csv", "one")
            write("parts/2.csv", "two")
            run.generated("parts")
        """,
        """
        with begat.run("train") as run:
            for n in (1, 2):
                run.used(f"parts/{n}.csv")
                run.generated(write(f"model-{n}.pt"))
        with begat.run("archive") as run:
            run.used("parts")
            run.generated(write("parts.zip"))
        """,
        given="raw.csv",
    )
    split = {"split", "raw.csv"}
    assert lineage.ancestors("parts/1.csv") == split
    assert lineage.ancestors("parts") == split | {"parts/1.csv", "parts/2.csv"}
    assert lineage.ancestors("model-1.pt") == split | {"train", "parts/1.csv"}
    assert lineage.ancestors("model-2.pt") == split | {"train", "parts/1.csv", "parts/2.csv"}
    assert lineage.ancestors("parts.zip") == split | {"archive", "parts", "parts/1.csv", "parts/2.csv"}
    assert lineage.descendants("parts/2.csv") == {"parts", "train", "model-2.pt", "archive", "parts.zip"}
    assert lineage.descendants("raw.csv") == lineage.everything() - {"raw.csv"}
