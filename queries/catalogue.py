"""All questions, in the order of the reference page. A new one is a file in questions/, and gets its place here."""

from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from begat.graph_schema.errors import NotFound
from begat.queries import questions
from begat.queries.question import Question
from begat.queries.questions import (
    best_checkpoint,
    best_model_for_class,
    best_model_settings,
    candidate_models,
    comparable_runs,
    cost_of_model,
    curation_decisions,
    datasets_about,
    did_you_consider,
    ensemble,
    entities_behind_prediction,
    failures,
    how_connected,
    how_created,
    hyperparameter_changes,
    impact,
    in_trouble,
    leakage,
    loss_curve,
    models_of_entity,
    raw_sources,
    reproduce,
    retract_window,
    running_now,
    settings_for_features,
    split_profile,
    time_breakdown,
    where_from,
    who,
)

QUESTIONS: Final[dict[str, Question]] = {
    q.name: q
    for q in (
        raw_sources.QUESTION,
        curation_decisions.QUESTION,
        datasets_about.QUESTION,
        loss_curve.QUESTION,
        best_checkpoint.QUESTION,
        split_profile.QUESTION,
        hyperparameter_changes.QUESTION,
        best_model_settings.QUESTION,
        settings_for_features.QUESTION,
        did_you_consider.QUESTION,
        comparable_runs.QUESTION,
        running_now.QUESTION,
        in_trouble.QUESTION,
        cost_of_model.QUESTION,
        time_breakdown.QUESTION,
        failures.QUESTION,
        how_connected.QUESTION,
        impact.QUESTION,
        how_created.QUESTION,
        where_from.QUESTION,
        who.QUESTION,
        reproduce.QUESTION,
        ensemble.QUESTION,
        models_of_entity.QUESTION,
        entities_behind_prediction.QUESTION,
        best_model_for_class.QUESTION,
        leakage.QUESTION,
        retract_window.QUESTION,
        candidate_models.QUESTION,
    )
}


def discovered() -> Iterator[Question]:
    """The questions of all files in questions/."""
    for file in iter_modules(questions.__path__):
        held = getattr(import_module(f"{questions.__name__}.{file.name}"), "QUESTION", None)
        if isinstance(held, Question):
            yield held


# A file that is not named above is found all the same, and stands behind the others.
QUESTIONS.update({q.name: q for q in discovered() if q.name not in QUESTIONS})


def question(name: str) -> Question:
    """The question of that name. Raises NotFound with the nearest names."""
    if name not in QUESTIONS:
        near = get_close_matches(name, QUESTIONS, 3, 0.4)
        raise NotFound(f"no question {name!r} (begat questions lists them)", tuple(near))
    return QUESTIONS[name]
