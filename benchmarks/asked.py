"""What is asked of a laboratory: each of the thirty questions, with parameters that every size of it has an answer to.

Most are about experiment HERE, its data and its models. It is the same experiment in every size, so that where only
it is asked about, the answer is as large in each.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from begat.queries.catalogue import QUESTIONS
from benchmarks.laboratory.places import BASINS, FIELDS, basin, field, wells
from benchmarks.laboratory.process import day

#: An even one: its trainings are a sweep, its data leaves out a month of a well; one in four has learned from a model
#: of the experiment before.
HERE: Final = 4
FAST_MS, SLOW_MS, TOP_TEN_MS = 100, 500, 10
MODEL: Final = f"{HERE}/model-0.pt"
TRAINING: Final = f"{HERE}/train-1"
EXPERIMENT: Final = f"experiment {HERE}"


class Asked(NamedTuple):
    """`scoped`: about one experiment or entity, its answer is no larger in a larger laboratory. `budget`: p95 in
    milliseconds in a laboratory of size M, on the embedded store."""

    params: Mapping[str, Any]
    scoped: bool = True
    budget: int | None = None
    limit: int | None = None


ASKED: Final[Mapping[str, Asked]] = {
    "raw_sources": Asked({"thing": f"{HERE}/train.npz"}),
    "curation_decisions": Asked({"thing": field(HERE)}),
    "datasets_about": Asked({"thing": field(HERE)}),
    "loss_curve": Asked({"thing": TRAINING}, budget=FAST_MS),
    "best_checkpoint": Asked({"thing": TRAINING}, budget=FAST_MS),
    "split_profile": Asked({"thing": TRAINING}, budget=FAST_MS),
    "hyperparameter_changes": Asked({"thing": TRAINING}, budget=FAST_MS),
    "best_model_settings": Asked({"thing": EXPERIMENT, "measure": "rmse", "top": 10}, budget=FAST_MS),
    "compare": Asked({"thing": MODEL, "other": f"{HERE}/model-1.pt"}, budget=FAST_MS),
    "settings_for_features": Asked({"features": ["feature 4", "feature 5"], "measure": "rmse"}, scoped=False),
    "did_you_consider": Asked({"settings": ["lr=0.01", "layers=3"], "measure": "rmse"}, scoped=False),
    "comparable_runs": Asked({"thing": EXPERIMENT}),
    "running_now": Asked({}, scoped=False, budget=FAST_MS),
    "in_trouble": Asked({}, scoped=False),
    "cost_of_model": Asked({"thing": f"{HERE}/ensemble.pt"}),
    "time_breakdown": Asked({"thing": f"plan:{HERE}"}),
    "failures": Asked({"thing": EXPERIMENT}),
    "how_connected": Asked({"thing": f"{HERE}/paper", "other": f"{HERE}/raw/0.csv"}, budget=FAST_MS),
    "impact": Asked({"thing": f"{HERE}/raw/0.csv"}, budget=SLOW_MS),
    "how_created": Asked({"thing": MODEL}, budget=FAST_MS),
    "where_from": Asked({"thing": MODEL}, budget=FAST_MS),
    "who": Asked({"thing": MODEL}, budget=FAST_MS),
    "reproduce": Asked({"thing": MODEL}, budget=FAST_MS),
    "ensemble": Asked({"thing": f"{HERE}/ensemble.pt"}, budget=FAST_MS),
    "models_of_entity": Asked({"thing": field(HERE), "measure": "rmse"}, budget=FAST_MS),
    "models_of_entity of a basin": Asked({"thing": basin(HERE)}, scoped=False, budget=SLOW_MS),
    "entities_behind_prediction": Asked({"thing": f"{HERE}/prediction-0.csv"}, budget=FAST_MS),
    "best_model_for_class": Asked({"thing": field(HERE), "measure": "rmse"}, budget=SLOW_MS),
    "best_model_for_class of a basin, the best ten": Asked(
        {"thing": basin(HERE), "measure": "rmse"}, scoped=False, budget=TOP_TEN_MS, limit=10
    ),
    "best_model_for_class of a class": Asked(
        {"thing": "class:field", "measure": "rmse"}, scoped=False, budget=SLOW_MS
    ),
    "leakage": Asked({"thing": MODEL}, budget=SLOW_MS),
    "retract_window": Asked({"thing": wells(HERE)[0], "since": day(-320), "until": day(-290)}, budget=SLOW_MS),
    "candidate_models": Asked({"thing": field(HERE + BASINS * (FIELDS - 1))}, scoped=False),
}


def question(asked: str) -> str:
    """The name of the question that is asked."""
    return asked.split()[0]


if unasked := QUESTIONS.keys() - set(map(question, ASKED)):
    raise RuntimeError(f"these questions are not measured: {', '.join(sorted(unasked))}")
