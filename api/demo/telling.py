"""What the demo tells: who begat the best model, how its rivals learned, what hangs on two files, what to ask next."""

import shlex
import shutil
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Final

from begat.api.formats import View, render
from begat.api.settings import Settings
from begat.api.table import aligned
from begat.graph_schema.store import Store
from begat.queries.answer import Answer
from begat.queries.ask import ask
from begat.queries.graph import graph

BEST: Final = "best.joblib"
#: The epochs of the loss table.
SHOWN: Final = (0, 2, 4, 6, 8, 11)
#: What impact counts, one and several.
COUNTED: Final = {
    "Model": ("model", "models"),
    "Dataset": ("dataset", "datasets"),
    "LearningDataset": ("dataset", "datasets"),
    "Prediction": ("set of predictions", "sets of predictions"),
    "Publication": ("report", "reports"),
}


def told(store: Store, settings: Settings, dir: Path) -> str:
    """The text, asked of the store from the folder that the script ran in."""

    def answer(question: str, thing: str) -> Answer:
        return ask(store, question, {"thing": thing}, project=settings.project)

    made = answer("how_created", BEST)
    return "\n".join(
        (
            f"Who begat {BEST}?  begat ask how_created {BEST} --format tree",
            render(made, "tree", View(BEST, graph(store, made, project=settings.project))),
            f"How did the loss go, by epoch?  begat ask loss_curve {BEST}",
            _losses(answer("loss_curve", BEST)),
            "What if a file was wrong?  begat ask impact FILE",
            _hit("data/digits.csv", answer("impact", "data/digits.csv")),
            _hit("data/test.csv", answer("impact", "data/test.csv")) + "\n",
            "Ask on:",
            *(f"  {command}" for command in _commands(settings, dir)),
            "",
        )
    )


def _losses(answer: Answer) -> str:
    curves: dict[str, dict[Any, float]] = defaultdict(dict)
    for row in answer.rows:
        curves[row["activity_name"]][row["step"]] = row["value"]
    cells = [[name, *(f"{curve[epoch]:.3f}" for epoch in SHOWN if epoch in curve)] for name, curve in curves.items()]
    return aligned(["", *map(str, SHOWN)], cells, [False, *[True] * len(SHOWN)])


def _hit(thing: str, answer: Answer) -> str:
    counts = Counter(COUNTED[row["type"]] for row in answer.rows if row["type"] in COUNTED)
    counts.setdefault(COUNTED["Model"], 0)
    words = [f"{n} {one if n == 1 else several}" if n else f"no {one}" for (one, several), n in counts.items()]
    return f"  {thing}: {', '.join(words[:-1])} and {words[-1]} hang on it"


def _commands(settings: Settings, dir: Path) -> list[str]:
    begat = "begat" if shutil.which("begat") else shlex.quote(str(Path(sys.executable).with_name("begat")))
    given = [name for name, origin in settings.origin.items() if origin.startswith("--")]
    flags = [f" --{name} {shlex.quote(str(getattr(settings, name)))}" for name in given]
    here = f"cd {shlex.quote(str(dir))}" if dir != Path() else ""
    asked = ("ask how_created candidate-2.joblib --format tree", "ask raw_sources best.joblib", "questions")
    return [*([here] if here else []), *(f"{begat} {words}{''.join(flags)}" for words in asked)]
