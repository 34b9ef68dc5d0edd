"""Which measure is meant: which splits a word stands for, and whether its least or its greatest value is the best."""

import re
from typing import Final

from begat.graph_schema.errors import UsageError
from begat.graph_schema.statements import canonical
from begat.queries.expr import Par, Var, op
from begat.queries.plan import Has, Rows, W, When
from begat.queries.question import Parameter, Values

#: Words for one split.
SPLITS: Final = (frozenset(("val", "valid", "validation")),)
#: A measure that has one of these words among the parts of its name is best where it is least.
LESS_IS_BETTER: Final = frozenset(("loss", "err", "error", "mse", "rmse", "mae", "mape", "nll", "perplexity"))
MIN: Final = "min"
MAX: Final = "max"

MEASURE: Final = Parameter("measure", "text", "the measure's name", default="loss")
SPLIT: Final = Parameter("split", "text", "of which split; validation is val and valid too")
BEST: Final = Parameter("best", "text", "min or max; by the measure's name, if it is not given")

#: Keeps the bindings whose series labels, the variable `labels`, are of the split asked for.
OF_SPLIT: Final = When("splits", (Has((Rows("splits", "split"), W(op("contains", Var("labels"), Var("split"))))),))


def words(word: str | None) -> list[str] | None:
    """The words for the split that a word stands for; None of any split."""
    return None if word is None else sorted(next((s for s in SPLITS if word in s), {word}))


def splits(word: str | None) -> list[str] | None:
    """What the labels of a series of that split hold, one of several; None of any split."""
    known = words(word)
    return None if known is None else [f"{canonical('split')}:{canonical(w)}" for w in known]


def greatest(measure: str, best: str | None) -> bool:
    """Whether the greatest value of a measure is the best. Raises UsageError for a `best` that is neither."""
    if best is not None:
        if best not in (MIN, MAX):
            raise UsageError(f"best is {best!r}: give {MIN} or {MAX}")
        return best == MAX
    return not LESS_IS_BETTER.intersection(re.split(r"[\s._/-]+", measure.lower()))


def derived(values: Values) -> Values:
    """The values `words`, `splits` and `greatest` (1 or 0) for a question's plan; see OF_SPLIT, WORTH and scores.py.

    Without a measure the least value is called the best: there is none.
    """
    split, measure = values.get("split"), values["measure"]
    best = 0 if measure is None else int(greatest(measure, values.get("best")))
    return {"words": words(split), "splits": splits(split), "greatest": best}


#: A number that is the less the better a `value` is.
WORTH: Final = op("iif", op("=", Par("greatest"), 1), op("-", 0, Var("value")), Var("value"))
