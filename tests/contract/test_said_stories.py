"""The lineage law on what authors say besides: checkpoints, artifacts, publications, resumed runs. Run for real."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.conftest import Tell


def test_a_resumed_run_is_one_activity_in_two_attempts(tell: "Tell") -> None:
    """
    a.csv -- [train] -- first.pt -- [train] -- second.pt
    b.csv -------------------------/
    """
    lineage = tell(
        """
        with begat.run("train") as run:
            run.used("a.csv")
            run.checkpoint(write("first.pt"))
        with begat.run(resume=run.id) as run:
            run.used("first.pt", role="checkpoint")
            run.used("b.csv")
            run.generated(write("second.pt"), type="Model")
        """,
        given="a.csv b.csv",
    )
    assert lineage.ancestors("first.pt") == {"train", "a.csv"}
    assert lineage.ancestors("second.pt") == {"train", "a.csv", "b.csv", "first.pt"}


def test_a_publication_rests_on_the_model_it_is_of(tell: "Tell") -> None:
    """
    train.csv -- [train] -- model.pt -- paper
    test.csv ---- used afterwards: behind the report, not behind the paper on the model
    """
    lineage = tell(
        """
        with begat.run("train") as run:
            run.used("train.csv")
            model = run.generated(write("model.pt"), type="Model")
            run.publication("https://example.org/paper", of=model, title="paper")
            run.publication("https://example.org/blog", title="blog")
            run.used("test.csv")
            run.artifact(write("report.html"))
        """,
        given="train.csv test.csv",
    )
    assert lineage.ancestors("paper") == {"train.csv", "train", "model.pt"}
    assert lineage.ancestors("blog") == set()
    assert lineage.ancestors("report.html") == {"train.csv", "test.csv", "train"}
    assert lineage.descendants("train.csv") == {"train", "model.pt", "paper", "report.html"}


def test_plan_agents_and_concepts_are_no_lineage(tell: "Tell") -> None:
    lineage = tell(
        """
        with begat.run("train") as run:
            run.plan("Leave out the Elbe")
            run.agent("ada@lab", role="annotator", on_behalf_of="Lab")
            run.about("basin:elbe")
            run.tag("baseline")
            run.note("fine")
            run.generated(write("model.pt"))
        """,
    )
    assert lineage.ancestors("model.pt") == {"train"}


def test_a_label_is_behind_what_was_learned_with_it(tell: "Tell") -> None:
    lineage = tell(
        """
        with begat.run("train") as run:
            run.label("species", of=run.used("x.csv"))
            run.generated(write("model.pt"))
        """,
        given="x.csv",
    )
    assert lineage.ancestors("model.pt") == {"train", "x.csv", "species"}
