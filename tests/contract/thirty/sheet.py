"""A sheet: what a question is, and its answers on the study, written by hand from the picture.

Whoever builds the question makes it meet the sheet. Parameters and columns are one line each, `name:type` and what
else there is: `thing:thing!` is required, `top:integer=1` has a default, `seconds:number s` is in seconds. Rows are
tuples in the order of the columns, times as answers show them; the arrows behind each are beside it.
"""

import json
from typing import Any, Final, NamedTuple

from begat.api.demo.study.teller import DAY, time
from begat.graph_schema import ids
from begat.queries.answer import Answer
from begat.queries.question import Question


class Asked(NamedTuple):
    """Parameters and the rows that answer them. `as_of` is a time of the study's day."""

    params: dict[str, Any]
    rows: list[tuple[Any, ...]]
    as_of: str | None = None


class Sheet(NamedTuple):
    """A question's definition and its answers."""

    name: str
    sentence: str
    parameters: str
    columns: str
    asked: tuple[Asked, ...]

    def column_names(self) -> list[str]:
        return [line.partition(":")[0] for line in lines(self.columns)]


def lines(text: str) -> list[str]:
    """The lines of a definition, without comments."""
    return [line for whole in text.splitlines() if (line := whole.partition("#")[0].strip())]


def parameters_of(q: Question) -> list[str]:
    """A question's parameters as a sheet writes them."""
    return [
        f"{p.name}:{p.type}{'!' if p.required else ''}{'' if p.default is None else f'={p.default}'}"
        for p in q.parameters
    ]


def columns_of(a: Answer) -> list[str]:
    """An answer's columns as a sheet writes them."""
    return [f"{c.name}:{c.type}{f' {c.unit}' if c.unit else ''}" for c in a.columns]


def table(names: list[str], rows: list[tuple[Any, ...]]) -> list[str]:
    """Rows as text, each value as JSON, so that 1, 1.0, true and "1" stay apart and a difference is read at once."""
    return [
        ", ".join(f"{n}={json.dumps(v, ensure_ascii=False, sort_keys=True)}" for n, v in zip(names, row, strict=True))
        for row in rows
    ]


def t(clock: str) -> str:
    """A time of the study's day, or a day, as answers show it: "10:15", "2024-03-01"."""
    return f"{clock}T00:00:00Z" if "-" in clock else f"{DAY}T{clock}:00Z"


def setting(run: str, name: str) -> str:
    """The id of a setting."""
    return ids.setting(run, name)


#: What is in the picture: name, type and kind by id, as every answer shows them.
THINGS: Final[dict[str, tuple[str, str | None, str]]] = {
    **{i: (n, "Dataset", "Entity") for i, n in {
        "rain.csv@1": "data/rain.csv", "rain.csv@2": "data/rain.csv", "levels.csv": "data/levels.csv",
        "rain-clean.csv": "data/rain-clean.csv", "floods.csv": "data/floods.csv", "now.csv": "data/now.csv",
    }.items()},
    **{i: (n, "LearningDataset", "Entity") for i, n in {
        "train.npz": "data/train.npz", "val.npz": "data/val.npz", "base-train.npz": "data/base-train.npz",
        "test-havel.npz": "data/test-havel.npz", "test-mulde.npz": "data/test-mulde.npz",
        "oder.npz": "data/oder.npz", "oder-copy.npz": "copy/oder.npz",
    }.items()},
    **{f"{m}.pt": (f"models/{m}.pt", "Model", "Entity") for m in ("base", "a", "b", "pair", "ens", "oder")},
    **{f"ck-{n}": ("models/a-last.ckpt", "Checkpoint", "Entity") for n in (1, 2, 3)},
    **dict.fromkeys(("train.py@1", "train.py@2", "train.py@oder"), ("train.py", "Code", "Entity")),
    **dict.fromkeys(("env@1", "env@2"), ("Python 3.11.7", "Environment", "Entity")),
    "train-a.sbatch": ("jobs/train-a.sbatch", "JobSpec", "Entity"),
    "protocol.md": ("protocol.md", None, "Entity"),
    "flood-mulde.csv": ("out/flood-mulde.csv", "Prediction", "Entity"),
    "alert.csv": ("out/alert.csv", "Prediction", "Entity"),
    "https://doi.org/10.1000/floods": ("Floods of the Elbe", "Publication", "Entity"),
    "https://doi.org/10.1000/poster": ("A poster on the Mulde", "Publication", "Entity"),
    "clean": ("clean", "Curation", "Activity"), "annotate": ("annotate", "Curation", "Activity"),
    **{i: (i, "Preparation", "Activity") for i in ("join", "scale", "split", "merge", "hold-out")},
    **{i: (i, "Training", "Activity") for i in ("base", "train-a", "train-b", "train-c", "train-o")},
    **{i: (i, "Training", "Activity") for i in ("slow", "silent", "rising", "well")},
    "train-d": ("retry", "Training", "Activity"), "train-e": ("retry", "Training", "Activity"),
    "combine": ("combine", None, "Activity"), "evaluate": ("evaluate", "Evaluation", "Activity"),
    "forecast": ("forecast", "Inference", "Activity"), "serve": ("serve", "Serving", "Activity"),
    **{f"job:{n}": (f"Slurm job {n}", "Job", "Activity") for n in range(101, 108)},
    **{i: (n, "Person", "Agent") for i, n in {"person:ada": "ada@lab", "person:bob": "bob@lab"}.items()},
    **{f"node:{n}": (f"node{n}", "Node", "Agent") for n in (1, 2)},
    **{f"{m}:{of}": (m, "ModelEvaluation", "Entity") for m, ofs in {
        "rmse": ("a:mulde", "a:havel", "b:mulde", "b:havel", "base:mulde", "ens:mulde"), "nse": ("a:mulde", "b:mulde"),
    }.items() for of in ofs},
}  # fmt: skip

FINISHED, FAILED, KILLED, LOST, RUNNING = "FINISHED", "FAILED", "KILLED", "LOST", "RUNNING"

#: Status, start and end of the activities in the picture.
TIMES: Final[dict[str, tuple[str, str, str | None]]] = {
    "clean": (FINISHED, "08:00", "08:10"), "annotate": (FINISHED, "08:10", "08:30"),
    "join": (FINISHED, "08:30", "08:40"), "scale": (FINISHED, "08:31", "08:33"), "split": (FINISHED, "08:33", "08:38"),
    "merge": (FINISHED, "08:40", "08:50"), "hold-out": (FINISHED, "13:50", "14:00"),
    "base": (FINISHED, "09:00", "09:30"), "train-o": (FINISHED, "09:00", "09:20"),
    "train-a": (FINISHED, "10:00", "11:00"), "train-b": (FINISHED, "10:00", "10:40"),
    "train-c": (FAILED, "11:00", "11:20"), "train-d": (KILLED, "11:30", "12:30"), "train-e": (LOST, "13:00", None),
    "combine": (FINISHED, "14:20", "14:25"), "evaluate": (FINISHED, "14:30", "14:40"),
    "forecast": (FINISHED, "15:00", "15:05"), "serve": (RUNNING, "15:30", None),
    "slow": (RUNNING, "16:00", None), "silent": (RUNNING, "17:00", None),
    "rising": (RUNNING, "17:30", None), "well": (RUNNING, "17:30", None),
    "job:101": (FINISHED, "10:00", "11:00"), "job:102": (FINISHED, "10:00", "10:40"),
}  # fmt: skip


def node(id: str) -> tuple[str, str, str | None, str]:
    """The columns id, name, type and kind."""
    return (id, *THINGS[id])


def times(id: str) -> tuple[str | None, str | None, str | None]:
    """The columns status, started_at and ended_at; an entity has none."""
    if id not in TIMES:
        return (None, None, None)
    status, started, ended = TIMES[id]
    return (status, t(started), t(ended) if ended else None)


NODE: Final = """
    id:id
    name:text
    type:text
    kind:text
"""
WHEN: Final = """
    status:text
    started_at:time
    ended_at:time
"""


def moment(text: str) -> int:
    """A time as a parameter takes it: microseconds."""
    return time(text)
