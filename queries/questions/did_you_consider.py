"""Question 11: the trainings that had all of some settings, features and data, or else those that had most of it.

What has nothing of it is not near. A number matches by its value, anything else as it is kept.
"""

from typing import Any, Final

import msgspec

from begat.graph_schema.errors import UsageError
from begat.graph_schema.statements import canonical
from begat.queries.answer import Column
from begat.queries.columns import STARTED, STATUS
from begat.queries.expr import Par, Prop, Var, eq
from begat.queries.measures import BEST, SPLIT, derived
from begat.queries.plan import Agg, E, Either, Group, N, Query, Top, W
from begat.queries.plan import Rows as Given
from begat.queries.question import Parameter, Question, Row, Rows, Values, as_asked
from begat.queries.scores import SCORES, best
from begat.queries.trainings import FEATURED, HAVING

_TRAINING: Final = N("a", ("Training",))
#: What was asked for, by its number among all that was.
_HAD: Final = Either(
    (
        (
            Given("numbers", ("item", "name", "number")),
            N("s", ("HyperparameterSetting",), name=Var("name")),
            W(eq(Prop("s", "number"), Var("number"))),
            *HAVING,
            _TRAINING,
        ),
        (
            Given("others", ("item", "name", "text")),
            N("s", ("HyperparameterSetting",), name=Var("name")),
            W(eq(Prop("s", "value"), Var("text"))),
            *HAVING,
            _TRAINING,
        ),
        (*FEATURED, _TRAINING, Given("featured", ("item", "named")), W(eq(Var("named"), Var("feature")))),
        (Given("used", ("item", "thing")), N("d", id=Var("thing")), E("a", ("used",), "d"), _TRAINING),
    )
)


def _derived(values: Values) -> Values:
    """What is asked for, each with its number as text, in lists by how it is matched."""
    settings = list(dict.fromkeys(values["settings"] or ()))
    features = list(dict.fromkeys(values["features"] or ()))
    data = [] if values["data"] is None else [values[as_asked("data")]]
    asked = [*settings, *features, *data]
    if not asked:
        raise UsageError("did_you_consider needs settings, features or data: name at least one")
    numbers: list[list[Any]] = []
    others: list[list[Any]] = []
    for item, text in enumerate(settings):
        name, value = _setting(text)
        if isinstance(value, int | float) and not isinstance(value, bool):
            numbers.append([str(item), name, value])
        else:
            others.append([str(item), name, canonical(value)])
    return {
        **derived(values),
        "numbers": numbers,
        "others": others,
        "features": features,
        "featured": [[str(item), name] for item, name in enumerate(features, len(settings))],
        "used": [[str(len(asked) - 1), values["data"]] for _ in data],
        "asked": canonical(asked),
    }


def _setting(text: str) -> tuple[str, Any]:
    """The name and value of "lr=0.1": JSON where it is, else text."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f"settings has {text!r}: write NAME=VALUE")
    try:
        return name.strip(), msgspec.json.decode(value.strip())
    except msgspec.DecodeError:
        return name.strip(), value


def _near(rows: Rows) -> Rows:
    return [_row(r) for r in rows]


def _row(row: Row) -> Row:
    asked = msgspec.json.decode(row["asked"])
    had = {int(item) for item in row["had"]}
    return {
        **row,
        **best(row),
        "match": "all" if len(had) == len(asked) else "nearest",
        "equal": len(had),
        "of": len(asked),
        "differs": sorted(text for item, text in enumerate(asked) if item not in had),
    }


QUESTION: Final = Question(
    name="did_you_consider",
    sentence="Did we ever try these settings, features or data, and how did it score? If not, which trainings come "
    "nearest?",
    parameters=(
        Parameter("settings", "texts", "such as lr=0.1 or opt=adam: JSON where it is, else text"),
        Parameter("features", "texts", "names or ids of features of the data"),
        Parameter("data", "thing", "a file or another thing that the training used"),
        Parameter("measure", "text", "the measure that scores what was tried"),
        SPLIT,
        BEST,
    ),
    columns=(
        Column("training", "id"),
        Column("training_name", "text"),
        Column("match", "text", "all of what was asked for; or nearest: none had all, and this one as much as any"),
        Column("equal", "integer", "how much of it the training had"),
        Column("of", "integer", "how much was asked for"),
        Column("differs", "json", "what it had not, as it was asked for, sorted"),
        STATUS,
        STARTED,
        Column("model", "id", "the best scored one it made; null where none is"),
        Column("model_name", "text"),
        Column("value", "number", "what that reached"),
    ),
    query=Query(
        body=(
            _HAD,
            Group(("a",), {"equal": Agg("count", Var("item")), "had": Agg("collect", Var("item"))}, ("item",)),
            Top(1, (), ("equal", "a", "had"), ("-equal",), ties=True),
        ),
        cols={
            "training": Var("a"),
            "training_name": Prop("a", "name"),
            "had": Var("had"),
            "asked": Par("asked"),
            "started_at": Prop("a", "started"),
        },
        order=("training",),
    ),
    example="begat ask did_you_consider --settings lr=0.05 --measure rmse",
    derive=_derived,
    status="status",
    key="training",
    whole=True,
    order=("-equal", "worth", "started_at", "training"),
    details={"scores": SCORES},
    finish=_near,
)
