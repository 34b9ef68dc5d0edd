"""B. Inside a training: its measures, its best epoch, its data, what was changed on the way."""

from typing import Final

from tests.contract.thirty.sheet import Asked, Sheet, t

TRAIN: Final = {"split": "train"}
VAL: Final = {"split": "val"}

LOSS_CURVE: Final = Sheet(
    "loss_curve",
    "What are the measures, step by step, of this training, also while it runs?",
    """
    thing:thing!
    names:texts
    """,
    """
    step:number
    name:text
    context:json
    value:number
    at:time
    activity:id
    activity_name:text
    """,
    # In the order of name, context, activity_name, activity, step, at.
    (
        Asked({"thing": "train-a", "names": ["rate", "no such"]}, []),  # it measured nothing of these names
        Asked({"thing": "train-a"}, [
            (0, "loss", TRAIN, 0.8, t("10:14"), "train-a", "train-a"),  # step 0 is kept
            (1, "loss", TRAIN, 0.4, t("10:29"), "train-a", "train-a"),
            (2, "loss", TRAIN, 0.3, t("10:44"), "train-a", "train-a"),
            (3, "loss", TRAIN, 0.2, t("10:57"), "train-a", "train-a"),
            (0, "loss", VAL, 0.9, t("10:14"), "train-a", "train-a"),
            (1, "loss", VAL, 0.5, t("10:29"), "train-a", "train-a"),
            (2, "loss", VAL, 0.4, t("10:44"), "train-a", "train-a"),
            (3, "loss", VAL, 0.4, t("10:57"), "train-a", "train-a"),
        ]),
        Asked({"thing": "b.pt"}, [  # b.pt - train-b; not the curve of base, which b.pt was started from
            (0, "loss", TRAIN, 0.5, t("10:19"), "train-b", "train-b"),
            (1, "loss", TRAIN, 0.4, t("10:37"), "train-b", "train-b"),
            (0, "loss", VAL, 0.6, t("10:19"), "train-b", "train-b"),
            (1, "loss", VAL, 0.45, t("10:37"), "train-b", "train-b"),
        ]),
        Asked({"thing": "train-c"}, [
            (0, "loss", TRAIN, 4.0, t("11:09"), "train-c", "train-c"),
            (1, "loss", TRAIN, "NaN", t("11:10"), "train-c", "train-c"),
            (0, "loss", VAL, 5.0, t("11:09"), "train-c", "train-c"),
        ]),
        Asked({"thing": "slow"}, [  # still at work
            (0, "loss", TRAIN, 0.9, t("16:09"), "slow", "slow"),
            (1, "loss", TRAIN, 0.8, t("16:19"), "slow", "slow"),
            (2, "loss", TRAIN, 0.7, t("16:29"), "slow", "slow"),
            (3, "loss", TRAIN, 0.6, t("17:59"), "slow", "slow"),
        ]),
        Asked({"thing": "slow"}, [  # as it was at 16:25
            (0, "loss", TRAIN, 0.9, t("16:09"), "slow", "slow"),
            (1, "loss", TRAIN, 0.8, t("16:19"), "slow", "slow"),
        ], as_of="16:25"),
    ),
)  # fmt: skip

#: What the questions on a measure have in common. `split` is the context's, or an evaluation's attribute; "validation"
#: stands for val, valid and validation. `best` is min or max; where it is not given, min for a measure whose name says
#: loss, err, error, mse, rmse, mae, mape, nll or perplexity (a part of it between blanks, dots, dashes, underscores
#: or slashes), else max.
BEST_CHECKPOINT: Final = Sheet(
    "best_checkpoint",
    "Which epoch had the least validation loss, how long did it take and which checkpoint did it write?",
    """
    thing:thing!
    measure:text=loss
    split:text=validation
    best:text
    """,
    """
    activity:id
    activity_name:text
    step:number
    value:number
    at:time
    epoch:id  # the section that the point names, if one does
    epoch_name:text
    started_at:time
    ended_at:time
    seconds:number s
    checkpoint:id  # a row a checkpoint of that epoch; null where there is none
    checkpoint_name:text
    """,
    # Of which activities: as loss_curve. A row an activity, in the order of activity_name, activity, checkpoint.
    (
        Asked({"thing": "train-a"}, [  # epochs 2 and 3 both have 0.4: the earlier; ck-2 <- generated - epoch 2
            ("train-a", "train-a", 2, 0.4, t("10:44"), "train-a/epoch-2", "epoch 2", t("10:30"), t("10:45"), 900.0,
             "ck-2", "models/a-last.ckpt"),
        ]),
        Asked({"thing": "a.pt", "split": "train"}, [  # a.pt - train-a; on the training data the last is the best
            ("train-a", "train-a", 3, 0.2, t("10:57"), "train-a/epoch-3", "epoch 3", t("10:45"), t("10:58"), 780.0,
             "ck-3", "models/a-last.ckpt"),
        ]),
        Asked({"thing": "train-b"}, [  # it wrote no checkpoints
            ("train-b", "train-b", 1, 0.45, t("10:37"), "train-b/epoch-1", "epoch 1", t("10:20"), t("10:38"), 1080.0,
             None, None),
        ]),
        Asked({"thing": "train-d"}, [  # a plain loop, without epochs
            ("train-d", "retry", 0, 0.7, t("12:00"), None, None, None, None, None, None, None),
        ]),
        Asked({"thing": "train-c", "split": "train"}, [  # NaN is never the least
            ("train-c", "train-c", 0, 4.0, t("11:09"), "train-c/epoch-0", "epoch 0", t("11:00"), t("11:10"), 600.0,
             None, None),
        ]),
        Asked({"thing": "base"}, []),  # it measured nothing on validation data
    ),
)  # fmt: skip

SPLIT_PROFILE: Final = Sheet(
    "split_profile",
    "Which data went into training, validation and test, with sizes and other characteristics?",
    "thing:thing!",
    """
    role:text
    id:id
    name:text
    type:text
    rows:integer  # attribute rows
    size:integer B  # attribute size
    digest:text  # attribute digest
    features:json  # names, sorted
    activity:id  # which used it: the training, or a part of it (its sections repeat what it says itself)
    activity_name:text
    """,
    # Of a training, or of the training that made a model. Any Dataset that was used, whatever its role: hooks give data
    # no narrower type. In the order of role, name, id, activity.
    (
        Asked({"thing": "train-a"}, [
            ("train", "train.npz", "data/train.npz", "LearningDataset", 800, None, "blake2b:train.npz",
             ["level", "rain"], "train-a", "train-a"),
            ("validation", "val.npz", "data/val.npz", "LearningDataset", 200, None, "blake2b:val.npz",
             [], "train-a", "train-a"),
            # Not code, environment and job script, which it used as well; not the test data, which evaluate used.
        ]),
        Asked({"thing": "base.pt"}, [
            ("train", "base-train.npz", "data/base-train.npz", "LearningDataset", 1000, None, "blake2b:base-train.npz",
             ["rain"], "base", "base"),
        ]),
        Asked({"thing": "clean"}, [  # of another activity likewise; a usage without a role
            (None, "rain.csv@1", "data/rain.csv", "Dataset", None, 4096, "blake2b:rain.csv@1", [], "clean", "clean"),
        ]),
    ),
)  # fmt: skip

HYPERPARAMETER_CHANGES: Final = Sheet(
    "hyperparameter_changes",
    "Which hyperparameters were changed during this training, at which epoch, and what happened to the loss after?",
    """
    thing:thing!
    measure:text=loss
    split:text=validation
    """,
    """
    activity:id
    activity_name:text
    epoch:id
    epoch_name:text
    started_at:time
    setting:text
    before:json  # of the last section before that has it, else of the training itself
    after:json
    measure_before:number  # the last point before the epoch started
    measure_after:number  # the first since it started
    measure_last:number  # the last of all
    """,
    # A section that states the value there was before has changed nothing; nor has the first that states one.
    # In the order of activity_name, activity, started_at, epoch, setting.
    (
        Asked({"thing": "train-a"}, [  # train-a has lr 0.1, epoch-2 has 0.01, epoch-3 states it again
            ("train-a", "train-a", "train-a/epoch-2", "epoch 2", t("10:30"), "lr", 0.1, 0.01, 0.5, 0.4, 0.4),
        ]),
        Asked({"thing": "a.pt", "split": "train"}, [
            ("train-a", "train-a", "train-a/epoch-2", "epoch 2", t("10:30"), "lr", 0.1, 0.01, 0.4, 0.3, 0.2),
        ]),
        Asked({"thing": "train-b"}, []),
    ),
)  # fmt: skip

SHEETS: Final = (LOSS_CURVE, BEST_CHECKPOINT, SPLIT_PROFILE, HYPERPARAMETER_CHANGES)
