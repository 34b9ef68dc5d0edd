"""How a training is scored: by what its models reached in a measure, whether told of them or measured while it ran.

A model has the evaluations of that name; one that has none has the points of that name in its training's series.
Checkpoints are no models here. NaN is no score, and of several the best counts.
"""

from typing import Final

import msgspec

from begat.queries.expr import Attr, AttrIs, Const, Par, Prop, Var, all_of, eq, not_, op
from begat.queries.measures import OF_SPLIT, WORTH
from begat.queries.plan import EACH, Atom, E, Either, Has, L, N, Not, Opt, Query, T, Top, W, When
from begat.queries.plan import Rows as Given
from begat.queries.question import PRESENT, Row

#: Keeps `m` where it is a model, and no checkpoint.
A_MODEL: Final[tuple[Atom, ...]] = (N("m", ("Model",)), Not((N("m", ("Checkpoint",)),)))
#: Binds `m` to the models that the training `a` generated.
MODELS: Final[tuple[Atom, ...]] = (E("m", ("wasGeneratedBy",), "a"), *A_MODEL)
#: Keeps the evaluations `v` of the split asked for.
EVALUATIONS_OF_SPLIT: Final = When("words", (Has((Given("words", "word"), W(AttrIs("v", "split", "=", Var("word"))))),))
#: Evaluations `v` of the model `m`, each on the data `on`.
EVALUATIONS: Final[tuple[Atom, ...]] = (
    E("v", ("evaluationOf",), "m"),
    N("v", ("ModelEvaluation",)),
    L("value", Prop("v", "number")),
    L("split", Attr("v", "split")),
    Opt((E("v", ("onData",), "on"),)),
)
_EVALUATED: Final[tuple[Atom, ...]] = (
    *EVALUATIONS,
    W(eq(Prop("v", "name"), Par("measure"))),
    EVALUATIONS_OF_SPLIT,
    L("series", Const(0)),
)
#: Roll-ups hold the least and greatest of the finite values; so do the points as of a time.
_LARGEST: Final = 1.7976931348623157e308
_MEASURED: Final[tuple[Atom, ...]] = (
    When(
        PRESENT,
        (
            T("rollup", "a", {"name": "measure", "labels": "labels", "min": "least", "max": "most"}),
            W(eq(Var("measure"), Par("measure"))),
            OF_SPLIT,
            L("value", op("iif", op("=", Par("greatest"), 1), Var("most"), Var("least"))),
        ),
    ),
    When(
        f"!{PRESENT}",
        (
            T("point", "a", {"name": "measure", "labels": "labels", "value": "value"}),
            W(eq(Var("measure"), Par("measure"))),
            OF_SPLIT,
            W(all_of(op("<=", Var("value"), _LARGEST), op(">=", Var("value"), -_LARGEST))),
        ),
    ),
    L("series", Const(1)),
)
#: Keeps of each model `m` of a training `a` the best score, if it has one: `worth` is the less the better.
SCORED: Final[tuple[Atom, ...]] = (
    Either((_EVALUATED, _MEASURED)),
    W(not_(op("isnull", Var("value")))),
    L("worth", WORTH),
    Top(1, ("a", "m"), ("series", "worth", "value", "on", "split", "labels", "v"), ("series", "worth")),
)
#: A list of details: the scored models of trainings, the best one first.
SCORES: Final = Query(
    (*EACH, *MODELS, *SCORED),
    {
        "of": Var("a"),
        "worth": Var("worth"),
        "model": Var("m"),
        "model_name": Prop("m", "name"),
        "value": Var("value"),
    },
    ("of", "worth", "model"),
)
#: What a training that is not scored has instead.
UNSCORED: Final[Row] = dict.fromkeys(("worth", "model", "model_name", "value"))


def best(row: Row) -> Row:
    """The best score of a training whose list `scores` is there."""
    return row["scores"][0] if row["scores"] else UNSCORED


def rank(score: Row) -> tuple[bool, float]:
    """Where a score stands: the best first, what is not scored last."""
    return (score["worth"] is None, score["worth"] or 0.0)


def split_of(split: str | None, labels: str | None) -> str | None:
    """The split of an evaluation, or of a series with these labels."""
    found = split if split is not None else msgspec.json.decode(labels).get("split") if labels else None
    return None if found is None else str(found)
