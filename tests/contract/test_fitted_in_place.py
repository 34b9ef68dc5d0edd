"""A model that is fitted in place is another one from then on: what it was fitted to is behind it, and behind its file.

In the drawings a thing depends on what is left of it; [activities] in brackets.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.conftest import Tell

FIT = """
        import numpy
        from sklearn.linear_model import SGDClassifier

        @begat.activity
        def read(path):
            begat.used(path)
            return numpy.arange(8.0).reshape(4, 2)

        @begat.activity
        def fit(model, data):
            model.partial_fit(data, [0, 1, 0, 1], classes=[0, 1])

        @begat.activity
        def test(model, data):
            return float(model.score(data, [0, 1, 0, 1]))
        """
"""Functions of the user's own. `fit` and `test` return nothing that begat could follow."""


def test_a_function_that_fits_its_argument(tell: "Tell") -> None:
    """
    train.csv -- [read] -- data -- [fit] -- model -- model.pt
                 test.csv -- [read] -- data -- [test]
    """
    lineage = tell(
        FIT
        + """
        with begat.run("train") as run:
            model = SGDClassifier()
            fit(model, read("train.csv"))
            test(model, read("test.csv"))
            run.generated(write("model.pt"), of=model)
        """,
        given="train.csv test.csv",
    )
    assert {"train.csv", "fit"} <= lineage.ancestors("model.pt")
    assert not {"test.csv", "test"} & lineage.ancestors("model.pt")
    assert "model.pt" in lineage.descendants("train.csv")


def test_a_model_that_is_fitted_again(tell: "Tell") -> None:
    """What was saved between the two knows the first alone."""
    lineage = tell(
        FIT
        + """
        with begat.run("train") as run:
            model = SGDClassifier()
            fit(model, read("first.csv"))
            run.generated(write("first.pt"), of=model)
            fit(model, read("second.csv"))
            run.generated(write("second.pt"), of=model)
        """,
        given="first.csv second.csv",
    )
    assert "first.csv" in lineage.ancestors("first.pt")
    assert "second.csv" not in lineage.ancestors("first.pt")
    assert {"first.csv", "second.csv"} <= lineage.ancestors("second.pt")


def test_a_function_around_one_that_fits(tell: "Tell") -> None:
    """The model is made once, by the inner one; the outer one has it as a part."""
    lineage = tell(
        FIT
        + """
        @begat.activity
        def train(model):
            fit(model, read("train.csv"))

        with begat.run("all") as run:
            model = SGDClassifier()
            train(model)
            run.generated(write("model.pt"), of=model)
        """,
        given="train.csv",
    )
    assert {"train.csv", "fit"} <= lineage.ancestors("model.pt")


def test_a_model_that_is_fitted_in_the_body_of_a_run(tell: "Tell") -> None:
    """Nobody sees it fitted: it is made anew by the run that comes upon it, of all that it has used until then."""
    lineage = tell(
        FIT
        + """
        with begat.run("base") as run:
            run.used("old.csv")
            model = SGDClassifier()
            model.partial_fit([[0.0], [1.0]], [0, 1], classes=[0, 1])
            run.generated(model)
        with begat.run("tune") as run:
            run.used("new.csv")
            model.partial_fit([[2.0], [3.0]], [0, 1])
            run.generated(write("model.pt"), of=model)
            run.used("later.csv")
        with begat.run("copy") as run:
            run.generated(write("copy.pt"), of=model)
        """,
        given="old.csv new.csv later.csv",
    )
    assert {"new.csv", "tune", "old.csv", "base"} <= lineage.ancestors("model.pt")
    assert "later.csv" not in lineage.ancestors("model.pt")
    assert "new.csv" in lineage.ancestors("copy.pt")


def test_a_fit_that_fails_halfway(tell: "Tell") -> None:
    """Half of what it was fitted to is in the model, too."""
    lineage = tell(
        FIT
        + """
        @begat.activity
        def stumble(model, data):
            model.partial_fit(data, [0, 1, 0, 1], classes=[0, 1])
            raise RuntimeError("no power")

        model = SGDClassifier()
        with begat.run("train") as run:
            try:
                stumble(model, read("train.csv"))
            except RuntimeError:
                pass
            run.generated(write("model.pt"), of=model)
        """,
        given="train.csv",
    )
    assert {"train.csv", "stumble"} <= lineage.ancestors("model.pt")
