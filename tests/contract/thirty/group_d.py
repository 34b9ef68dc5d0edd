"""D. While it runs: what is at work, and what is in trouble. The picture's evening, at six o'clock."""

from typing import Final

from tests.contract.thirty.sheet import Asked, Sheet, t

TRAIN: Final = {"split": "train"}
VAL: Final = {"split": "val"}
JOB_106: Final = ("job:106", "Slurm job 106")
JOB_107: Final = ("job:107", "Slurm job 107")
NO_JOB: Final = (None, None)

RUNNING_NOW: Final = Sheet(
    "running_now",
    "Which trainings are running now: at which epoch, with which loss, where, since when, submitted as which job?",
    """
    thing:thing
    measure:text=loss
    """,
    """
    id:id
    name:text
    experiment:text
    started_at:time
    step:number  # of the last point of that name, in whatever series
    value:number
    context:json
    at:time
    nodes:json  # names, sorted
    job:id
    job_name:text
    """,
    # `thing`: an experiment or study, else all. A training that has not measured yet has nulls. In the order of
    # started_at, name, id.
    (
        Asked({}, [
            ("slow", "slow", "oder", t("16:00"), 3, 0.6, TRAIN, t("17:59"), ["node2"], *JOB_106),
            ("silent", "silent", "oder", t("17:00"), 2, 0.7, TRAIN, t("17:14"), ["node2"], *JOB_107),
            ("rising", "rising", "oder", t("17:30"), 3, "NaN", TRAIN, t("17:57"), ["node2"], *NO_JOB),
            ("well", "well", "oder", t("17:30"), 2, 0.6, TRAIN, t("17:58"), ["node2"], *NO_JOB),
            # Not train-e: its job is over. Not serve: it is no training.
        ], as_of="18:00"),
        Asked({}, [  # in the morning
            ("train-a", "train-a", "floods", t("10:00"), 1, 0.5, VAL, t("10:29"), ["node1"],
             "job:101", "Slurm job 101"),
            ("train-b", "train-b", "floods", t("10:00"), 0, 0.6, VAL, t("10:19"), ["node1", "node2"],
             "job:102", "Slurm job 102"),
        ], as_of="10:30"),
        Asked({"thing": "floods", "measure": "accuracy"}, [  # its job was still running
            ("train-e", "retry", "floods", t("13:00"), None, None, None, None, ["node2"], "job:105", "Slurm job 105"),
        ], as_of="13:20"),
        Asked({"thing": "floods"}, [], as_of="18:00"),
    ),
)  # fmt: skip

IN_TROUBLE: Final = Sheet(
    "in_trouble",
    "Which running trainings are slow, silent or diverging?",
    """
    thing:thing
    slow:number=3
    silent:number=600
    window:integer=3
    measure:text=loss
    """,
    """
    id:id
    name:text
    trouble:text  # diverging, silent or slow
    value:number  # seconds, or the measure
    limit:number  # what it should not be beyond; null where it is not a number at all
    since:time
    started_at:time
    job:id
    job_name:text
    """,
    # slow: the last epoch has taken more than `slow` times the median of those that have ended before; since it began.
    # silent: nothing said of the training or its epochs for more than `silent` seconds; since the last that was. A beat
    # is its process's, not the training's. diverging: in a series of that name the last point is NaN or infinite, or
    # the last `window` points each are greater than the one before: then the limit is the first of them; since the last
    # point. In the order of name, id, trouble.
    (
        Asked({}, [
            ("rising", "rising", "diverging", "NaN", None, t("17:57"), t("17:30"), *NO_JOB),
            ("silent", "silent", "silent", 2700.0, 600.0, t("17:15"), t("17:00"), *JOB_107),  # epoch-2 ended at 17:15
            ("slow", "slow", "slow", 5400.0, 1800.0, t("16:30"), t("16:00"), *JOB_106),  # 90 minutes, 3 x 10
            # Not well. Not silent's epochs, which took 5 minutes each.
        ], as_of="18:00"),
        Asked({}, [
            ("rising", "rising", "diverging", 0.9, 0.5, t("17:50"), t("17:30"), *NO_JOB),  # 0.5, 0.6, 0.9
            ("silent", "silent", "silent", 2400.0, 600.0, t("17:15"), t("17:00"), *JOB_107),
            ("slow", "slow", "silent", 5100.0, 600.0, t("16:30"), t("16:00"), *JOB_106),
            ("slow", "slow", "slow", 5100.0, 1800.0, t("16:30"), t("16:00"), *JOB_106),
        ], as_of="17:55"),
        Asked({"silent": 3600.0, "slow": 10.0, "window": 4}, [
            ("slow", "slow", "silent", 5100.0, 3600.0, t("16:30"), t("16:00"), *JOB_106),
        ], as_of="17:55"),
    ),
)  # fmt: skip

SHEETS: Final = (RUNNING_NOW, IN_TROUBLE)
