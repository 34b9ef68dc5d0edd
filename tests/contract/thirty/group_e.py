"""E. Afterwards: what it cost, where the time went, what failed."""

from typing import Final

from tests.contract.thirty.sheet import FAILED, KILLED, LOST, Asked, Sheet, t

#: Seconds, as the picture has them: clean 600, annotate 1200, join 600, merge 600; base 1800; train-a 3600 on 1 node
#: with 2 GPUs; train-b 2400 on 2 nodes with 4 GPUs; failed: train-c 1200, train-d 3600, train-e 1800 until its job
#: ended, each on 1 node with 2 GPUs.
H: Final = 3600

COST_OF_MODEL: Final = Sheet(
    "cost_of_model",
    "How many node-hours and GPU-hours did this model cost, its data included, and what share went to failed attempts?",
    "thing:thing!",
    """
    what:text  # behind: by lineage; failed: attempts beside it
    stage:text  # the type of the activity, else its name
    activities:integer
    hours:number h
    node_hours:number h
    gpu_hours:number h
    share:number  # of all node-hours
    """,
    # behind: the activities behind the thing (itself, if it is one), but for sections, jobs, and parts of one that
    # counts. failed: the trainings that FAILED, were KILLED or LOST in the experiments of the trainings behind it, and
    # are not behind it. An activity lasts from its start to its end, or to that of its job; nodes and GPUs are its
    # job's; without a job it is one node and no GPU. One that is not over counts with no time. In the order of what,
    # stage.
    (
        Asked({"thing": "a.pt"}, [
            ("behind", "Curation", 2, 1800 / H, 1800 / H, 0.0, 1800 / 12600),  # clean, annotate
            ("behind", "Preparation", 1, 600 / H, 600 / H, 0.0, 600 / 12600),  # join; scale and split are parts of it
            ("behind", "Training", 1, 3600 / H, 3600 / H, 7200 / H, 3600 / 12600),
            ("failed", "Training", 3, 6600 / H, 6600 / H, 13200 / H, 6600 / 12600),
            # Not merge and base, which are not behind it.
        ]),
        Asked({"thing": "b.pt"}, [
            ("behind", "Curation", 2, 1800 / H, 1800 / H, 0.0, 1800 / 16200),
            ("behind", "Preparation", 2, 1200 / H, 1200 / H, 0.0, 1200 / 16200),  # join, merge
            ("behind", "Training", 2, 4200 / H, 6600 / H, 9600 / H, 6600 / 16200),  # base, train-b
            ("failed", "Training", 3, 6600 / H, 6600 / H, 13200 / H, 6600 / 16200),
        ]),
        Asked({"thing": "oder.pt"}, [
            ("behind", "Training", 1, 1200 / H, 1200 / H, 0.0, 1.0),  # nothing failed in the experiment oder
        ]),
    ),
)  # fmt: skip

TIME_BREAKDOWN: Final = Sheet(
    "time_breakdown",
    "Where does the time of this workflow go, by stage?",
    "thing:thing!",
    """
    stage:text  # the type of the activity, else its name
    activities:integer
    total:number s
    mean:number s
    p95:number s  # nearest rank
    share:number
    """,
    # Of a plan: the activities that had it, and their parts, and theirs; of these the ones that have no parts and have
    # ended, however. Sections are no parts. In the order of total (greatest first), stage.
    (
        Asked({"thing": "protocol.md"}, [
            ("Training", 3, 7200.0, 2400.0, 3600.0, 7200 / 10020),  # train-a 3600, train-b 2400, train-c 1200: failed
            ("Curation", 2, 1800.0, 900.0, 1200.0, 1800 / 10020),  # clean, annotate
            ("Evaluation", 1, 600.0, 600.0, 600.0, 600 / 10020),
            ("Preparation", 2, 420.0, 210.0, 300.0, 420 / 10020),  # scale 120, split 300; not join: it has parts
            # Not base, train-d, train-e and merge: they followed no plan.
        ]),
        Asked({"thing": "idea.md"}, []),  # nobody has followed it yet: an answer, and no error
    ),
)  # fmt: skip

#: The columns of a row that stands for an activity, of one that stands for what failures have in common.
NO_SHARE: Final = (None, None, None)
NO_RUN: Final = (None, None, None, None, None, None, None, None)

FAILURES: Final = Sheet(
    "failures",
    "Which activities failed, were killed or lost, with error, node and job; which nodes or inputs stand out?",
    "thing:thing",
    """
    what:text  # activity, input or node
    id:id
    name:text
    type:text
    status:text
    error:text
    started_at:time
    ended_at:time
    nodes:json  # names, sorted
    job:id
    job_name:text
    job_state:text  # as the scheduler calls it
    failed:integer  # of an input or node: how many activities that failed used it or ran on it
    of:integer  # of how many
    share:number
    """,
    # `thing`: an experiment or study, else all: its activities and their parts, but for sections and jobs. An input or
    # node stands out if its share of failures is greater than that of all activities. In the order of what,
    # share (greatest first), started_at, name, id.
    (
        Asked({"thing": "floods"}, [
            ("activity", "train-c", "train-c", "Training", FAILED, "ValueError: the loss is NaN",
             t("11:00"), t("11:20"), ["node2"], "job:103", "Slurm job 103", "FAILED", *NO_SHARE),
            ("activity", "train-d", "retry", "Training", KILLED, "SIGTERM", t("11:30"), t("12:30"),
             ["node2"], "job:104", "Slurm job 104", "TIMEOUT", *NO_SHARE),
            ("activity", "train-e", "retry", "Training", LOST, None, t("13:00"), None,
             ["node2"], "job:105", "Slurm job 105", "COMPLETED", *NO_SHARE),
            # 3 of 16 failed. env@1: base, train-a, -c, -d, -e. The others: train-a, -b, -c, -d, -e.
            ("input", "env@1", "Python 3.11.7", "Environment", *NO_RUN, 3, 5, 3 / 5),
            ("input", "train.npz", "data/train.npz", "LearningDataset", *NO_RUN, 3, 5, 3 / 5),
            ("input", "val.npz", "data/val.npz", "LearningDataset", *NO_RUN, 3, 5, 3 / 5),
            ("input", "train.py@2", "train.py", "Code", *NO_RUN, 3, 5, 3 / 5),
            ("node", "node:2", "node2", "Node", *NO_RUN, 3, 4, 3 / 4),  # train-b went well there
        ]),
        Asked({"thing": "oder"}, []),
    ),
)  # fmt: skip

SHEETS: Final = (COST_OF_MODEL, TIME_BREAKDOWN, FAILURES)
