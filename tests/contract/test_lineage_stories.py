"""The lineage law on ordinary scripts: what is in one run. Drawn by hand, then run for real.

In the drawings a thing depends on what is left of it; [activities] in brackets.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.conftest import Tell


def test_flat(tell: "Tell") -> None:
    """
    train.csv ---- [train] ---- model.pt
    labels.csv --/        \\--- vocabulary.json
    """
    lineage = tell(
        """
        with begat.run("train", type="Training") as run:
            run.params(lr=0.1)
            run.used("train.csv")
            run.used("labels.csv")
            run.generated(write("model.pt"))
            run.generated(write("vocabulary.json"))
        """,
        given="train.csv labels.csv",
    )
    assert lineage.ancestors("model.pt") == {"train", "train.csv", "labels.csv"}
    assert lineage.ancestors("vocabulary.json") == {"train", "train.csv", "labels.csv"}
    assert lineage.ancestors("train") == {"train.csv", "labels.csv"}
    assert lineage.ancestors("train.csv") == set()
    assert lineage.descendants("train.csv") == {"train", "model.pt", "vocabulary.json"}
    assert lineage.descendants("train") == {"model.pt", "vocabulary.json"}
    assert lineage.descendants("model.pt") == set()


def test_nested_functions(tell: "Tell") -> None:
    """
    settings.yaml -- [main] -- (whatever its functions make)
    raw.csv -- [load] -- load() -- [prepare  ] -- prepare() -- [fit] -- fit()
                                   [ [scale] ]
    means.csv ----------------------/   |
                                     scale()
    notes.txt -- [main], afterwards: behind none of it
    """
    lineage = tell(
        """
        class Thing: pass

        @begat.activity
        def load():
            begat.used("raw.csv")
            return Thing()

        @begat.activity
        def scale(frame):
            begat.used("means.csv")
            return Thing()

        @begat.activity
        def prepare(frame):
            scale(frame)
            return Thing()

        @begat.activity
        def fit(frame, lr):
            return Thing()

        with begat.run("main") as run:
            run.used("settings.yaml")
            model = fit(prepare(load()), lr=0.1)
            run.used("notes.txt")
        """,
        given="settings.yaml raw.csv means.csv notes.txt",
    )
    loaded = {"load", "raw.csv", "main", "settings.yaml"}
    assert lineage.ancestors("load()") == loaded
    scaled = loaded | {"load()", "scale", "means.csv", "prepare"}
    assert lineage.ancestors("scale()") == scaled
    assert lineage.ancestors("prepare()") == scaled
    assert lineage.ancestors("fit()") == scaled | {"prepare()", "fit"}
    assert lineage.descendants("notes.txt") == {"main"}
    assert lineage.descendants("means.csv") == {
        "scale", "scale()", "prepare", "prepare()", "fit", "fit()", "main",
    }  # fmt: skip
    assert lineage.descendants("settings.yaml") == lineage.everything() - {
        "settings.yaml", "raw.csv", "means.csv", "notes.txt",
    }  # fmt: skip


def test_train_then_test_in_one_run(tell: "Tell") -> None:
    """
    train.csv -- [exam until now] -- model.pt
                        |               |
    test.csv  -- [exam from here on] ---+-- accuracy
                                        \\-- report.json
    """
    lineage = tell(
        """
        with begat.run("exam") as run:
            run.used("train.csv")
            model = run.generated(write("model.pt"), type="Model")
            run.evaluated(model, on="test.csv", split="test", accuracy=0.97)
            run.generated(write("report.json"))
        """,
        given="train.csv test.csv",
    )
    assert lineage.ancestors("model.pt") == {"exam", "train.csv"}
    assert lineage.ancestors("accuracy") == {"exam", "train.csv", "model.pt", "test.csv"}
    assert lineage.ancestors("report.json") == {"exam", "train.csv", "model.pt", "test.csv"}
    assert lineage.descendants("test.csv") == {"exam", "accuracy", "report.json"}
    assert lineage.descendants("train.csv") == {"exam", "model.pt", "accuracy", "report.json"}
    assert lineage.descendants("model.pt") == {"exam", "accuracy", "report.json"}


def test_train_evaluate_then_save(tell: "Tell") -> None:
    """
    train.csv -- [train until now] -- net ----------------- model.pt (by [train], of net alone)
    test.csv  -- [train from here on] \\-- accuracy
    log.txt   -- [train, at the end] -- summary.txt
    """
    lineage = tell(
        """
        class Net: pass

        with begat.run("train") as run:
            run.used("train.csv")
            net = Net()
            run.evaluated(net, on="test.csv", accuracy=0.97)
            run.generated(write("model.pt"), of=net)
            run.used("log.txt")
            run.generated(write("summary.txt"))
        """,
        given="train.csv test.csv log.txt",
    )
    assert lineage.ancestors("Net") == {"train", "train.csv"}
    assert lineage.ancestors("model.pt") == {"train", "train.csv", "Net"}
    assert lineage.ancestors("accuracy") == {"train", "train.csv", "Net", "test.csv"}
    assert lineage.ancestors("summary.txt") == {"train", "train.csv", "Net", "test.csv", "log.txt"}
    assert lineage.descendants("test.csv") == {"train", "accuracy", "summary.txt"}
    assert lineage.descendants("Net") == {"train", "accuracy", "model.pt", "summary.txt"}


def test_a_study_of_trials_that_picks_the_best(tell: "Tell") -> None:
    """
    train.csv -- [study                                        ] -- best.pt    -- report.txt
                 [ [trial] -- candidate-1.pt -+- accuracy      ]           test.csv --/
                 [               valid.csv --/                 ]
                 [ [trial] -- candidate-2.pt -+- accuracy      ]
                 [               valid.csv --/                 ]

    The trials are behind the best; neither trial is behind the other.
    """
    lineage = tell(
        """
        with begat.run("study", experiment="digits") as study:
            study.used("train.csv")
            for n in (1, 2):
                with begat.activity("trial", type="Training") as trial:
                    trial.params(lr=0.1)
                    candidate = trial.generated(write(f"candidate-{n}.pt"), type="Model")
                    trial.evaluated(candidate, on="valid.csv", accuracy=0.9)
            study.generated(write("best.pt"), type="Model")
            study.used("test.csv")
            study.generated(write("report.txt"))
        """,
        given="train.csv valid.csv test.csv",
    )
    for n in ("1", "2"):
        assert lineage.ancestors(f"candidate-{n}.pt") == {f"trial@{n}", "study", "train.csv"}
        scored = {f"candidate-{n}.pt", "valid.csv", f"trial@{n}", "study", "train.csv"}
        assert lineage.ancestors(f"accuracy@{n}") == scored
    chosen = {
        "study", "train.csv", "trial@1", "trial@2", "candidate-1.pt", "candidate-2.pt", "valid.csv",
    }  # fmt: skip
    assert lineage.ancestors("best.pt") == chosen
    assert lineage.ancestors("report.txt") == chosen | {"test.csv"}
    assert lineage.descendants("test.csv") == {"study", "report.txt"}
    assert lineage.descendants("valid.csv") == {
        "trial@1", "trial@2", "accuracy@1", "accuracy@2", "study", "best.pt", "report.txt",
    }  # fmt: skip
    assert lineage.descendants("candidate-1.pt") == {"trial@1", "accuracy@1", "study", "best.pt", "report.txt"}


def test_epochs_with_checkpoints(tell: "Tell") -> None:
    """
    train.csv -- [train, epoch 1] -- checkpoint-0.pt
                     |
    more.csv --- [train, epoch 2] -- checkpoint-1.pt
                     |
                 [train         ] -- model.pt

    A checkpoint names its own epoch and no other; the model names none.
    """
    lineage = tell(
        """
        with begat.run("train") as run:
            run.used("train.csv")
            for epoch in run.epochs(2):
                run.params(lr=0.1 / (epoch + 1))
                if epoch == 1:
                    run.used("more.csv")
                run.metric("loss", 0.5, step=epoch)
                run.generated(write(f"checkpoint-{epoch}.pt"), type="Checkpoint")
            run.generated(write("model.pt"), type="Model")
        """,
        given="train.csv more.csv",
    )
    assert lineage.ancestors("checkpoint-0.pt") == {"train", "epoch@1", "train.csv"}
    assert lineage.ancestors("checkpoint-1.pt") == {"train", "epoch@2", "train.csv", "more.csv"}
    assert lineage.ancestors("model.pt") == {"train", "train.csv", "more.csv"}
    assert lineage.ancestors("epoch@2") == {"more.csv"}
    assert lineage.descendants("epoch@1") == {"checkpoint-0.pt"}
    assert lineage.descendants("more.csv") == {"train", "epoch@2", "checkpoint-1.pt", "model.pt"}
    assert lineage.descendants("train.csv") == {"train", "checkpoint-0.pt", "checkpoint-1.pt", "model.pt"}


def test_two_functions_that_share_only_settings_node_and_author(tell: "Tell") -> None:
    """
    a.csv -- [fit_a] -- a.pt        (both in [main], both with lr=0.1, by one person on one machine)
    b.csv -- [fit_b] -- b.pt
    """
    lineage = tell(
        """
        @begat.activity(type="Training")
        def fit_a(lr):
            begat.used("a.csv")
            begat.generated(write("a.pt"))

        @begat.activity(type="Training")
        def fit_b(lr):
            begat.used("b.csv")
            begat.generated(write("b.pt"))

        with begat.run("main"):
            fit_a(lr=0.1)
            fit_b(lr=0.1)
        """,
        given="a.csv b.csv",
    )
    assert lineage.ancestors("a.pt") == {"fit_a", "a.csv", "main"}
    assert lineage.ancestors("b.pt") == {"fit_b", "b.csv", "main"}
    assert lineage.descendants("a.csv") == {"fit_a", "a.pt", "main"}
    assert lineage.descendants("b.csv") == {"fit_b", "b.pt", "main"}
