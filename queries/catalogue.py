"""All questions, in the order of the reference page. A new one is a file in questions/, and gets its place in ORDER."""

from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from begat.graph_schema.errors import NotFound
from begat.queries import questions
from begat.queries.question import Question

#: A file that is not named here is found all the same, and stands behind the others.
ORDER: Final = (
    "raw_sources", "curation_decisions", "datasets_about", "loss_curve", "best_checkpoint", "split_profile",
    "hyperparameter_changes", "best_model_settings", "compare", "settings_for_features", "did_you_consider",
    "comparable_runs", "running_now", "in_trouble", "cost_of_model", "time_breakdown", "failures", "how_connected",
    "impact", "how_created", "where_from", "who", "reproduce", "ensemble", "models_of_entity",
    "entities_behind_prediction", "best_model_for_class", "leakage", "retract_window", "candidate_models",
)  # fmt: skip


def discovered() -> Iterator[Question]:
    """The questions of all files in questions/."""
    for file in iter_modules(questions.__path__):
        held = getattr(import_module(f"{questions.__name__}.{file.name}"), "QUESTION", None)
        if isinstance(held, Question):
            yield held


QUESTIONS: Final[dict[str, Question]] = {
    q.name: q for q in sorted(discovered(), key=lambda q: ORDER.index(q.name) if q.name in ORDER else len(ORDER))
}


def question(name: str) -> Question:
    """The question of that name. Raises NotFound with the nearest names."""
    if name not in QUESTIONS:
        near = get_close_matches(name, QUESTIONS, 3, 0.4)
        raise NotFound(f"no question {name!r} (begat questions lists them)", tuple(near))
    return QUESTIONS[name]
