"""What is answered under /api/v1: each endpoint once, as data, from which routes, checks and OpenAPI are made."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from begat import queries
from begat.api.parser import words
from begat.api.service import parameters as of
from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries.answer import Answer
from begat.queries.catalogue import QUESTIONS
from begat.queries.diff import diff
from begat.queries.diff.row import ASPECTS
from begat.queries.question import Parameter, Question
from begat.queries.show import Shown
from begat.queries.subgraph import Side

PREFIX: Final = "/api/v1"


class Endpoint(msgspec.Struct, frozen=True):
    """One kind of question. `ask` is given the store, and the parameters by name, `project` among them.

    `forms`: whether the answer has rows, which may come as CSV and others.
    """

    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    ask: Callable[..., Answer | Shown]
    forms: bool = True
    tag: str = "look around"
    #: The parameter that people may call ENTITY, as in Python.
    main: str | None = None
    #: Whether it takes a time limit itself, and answers without rows where that is over.
    timed: bool = False

    @property
    def name(self) -> str:
        """How its operation is called in OpenAPI: unique."""
        return self.path.removeprefix(PREFIX + "/").replace("/", "_").translate({ord(c): None for c in "{}"})

    @property
    def known(self) -> dict[str, Parameter]:
        """All parameters that an address of it may have, those of its path included."""
        general = (of.PROJECT, of.TIME_LIMIT, *((of.FORMAT,) if self.forms else ()))
        return {p.name: p for p in (*self.parameters, *general)}


def _text(name: str, help: str, **more: Any) -> Parameter:
    return Parameter(name, "text", help, **more)


def _texts(name: str, help: str) -> Parameter:
    return Parameter(name, "texts", f"{help}; may be repeated")


def _listed(name: str, help: str) -> Parameter:
    """Several words, which may also be given as one text: `_split` takes it apart."""
    return Parameter(name, "texts", f"{help}; commas between them, or repeated")


def _split(given: dict[str, Any]) -> dict[str, Any]:
    """What is asked, the words of _LISTED each for itself. Raises UsageError where one is there and has none."""
    asked = {k: tuple(w for text in v for w in words(text)) if k in _LISTED else v for k, v in given.items()}
    for name in _LISTED & asked.keys():
        if not asked[name]:
            raise UsageError(f"{name} is empty: give one or several, with commas between them")
    return asked


#: What a command takes with commas, too.
_LISTED: Final = frozenset(("types", "relations", "columns", "pivot", "only"))


_THING: Final = "an id, a short id, a path as it was recorded, or a name"
_WHERE: Final = _text("where", "a condition, as of `begat find --where`: accuracy > 0.95 and lr <= 0.1")
_SORT: Final = _text("sort", 'what to sort by, commas between, "-" before the greatest first: -accuracy,name')
_RELATIONS: Final = _listed("relations", "walk along these stored relations, not by the lineage law")
_WALK: Final = (
    _text("of", _THING, required=True),
    Parameter("depth", "integer", "how far, in entities and activities", least=1),
    _listed("types", "tell only of these kinds or types"),
    _RELATIONS,
    _texts("stop", "go no further than to what is of this type, or for which this condition holds"),
    Parameter("since", "time", "tell only of what was at work or made from then on"),
    Parameter("until", "time", "... and before that time"),
    of.LIMIT,
    of.AS_OF,
)
#: The walks by what `direction` says.
_DIRECTIONS: Final[Mapping[str, Callable[..., Answer]]] = {
    "up": queries.ancestors,
    "down": queries.descendants,
    "both": queries.subgraph,
}


_FLAG: Final = ("true", "false")


def _lineage(store: Store, *, of: str, direction: Side = "up", edges: str = "false", **given: Any) -> Answer:
    if edges == "true":
        return queries.subgraph(store, of, side=direction, **_split(given))
    return _DIRECTIONS[direction](store, of, **_split(given))


def _runs(store: Store, *, steps: str = "false", **given: Any) -> Answer:
    asked = _split(given)
    return queries.runs(store, only=asked.pop("columns", ()), steps=steps == "true", **asked)


LOOKING: Final = (
    Endpoint(
        f"{PREFIX}/find/{{type}}",
        "Things of a kind or type, the latest first.",
        (_text("type", "a kind or type: Model, Dataset, Training, Activity", required=True), _WHERE, _SORT, of.AFTER,
         of.LIMIT, of.AS_OF),
        lambda store, **given: queries.find(store, given.pop("type"), given.pop("where", None), **given),
    ),
    Endpoint(
        f"{PREFIX}/lineage",
        "What a thing depends on (up), what depends on it (down), or what lies around it (both: nodes and edges).",
        (*_WALK, _text("direction", "which way", default="up", words=tuple(_DIRECTIONS)),
         _text("edges", "also the relations among what is found, as with both", words=_FLAG)),
        _lineage,
    ),
    Endpoint(
        f"{PREFIX}/path",
        "A shortest way from a thing to one that it depends on.",
        (_text("effect", _THING, required=True), _text("cause", _THING, required=True), _RELATIONS, of.AS_OF),
        lambda store, *, effect, cause, **given: queries.path(store, effect, cause, **_split(given)),
    ),
    Endpoint(
        f"{PREFIX}/diff",
        "What is different between two runs, or two models or datasets, and where that began.",
        (_text("a", _THING, required=True), _text("b", _THING, required=True),
         _listed("only", f"some of {', '.join(ASPECTS)}"),
         Parameter("depth", "integer", "how far up to look", least=1), of.LIMIT, of.AS_OF),
        lambda store, *, a, b, **given: diff(store, a, b, **_split(given)),
    ),
    Endpoint(
        f"{PREFIX}/runs",
        "One row a run: settings, measures, data, code, people.",
        (_text("experiment", "only its runs: an id or name"), _WHERE, _listed("types", "only of these types"), _SORT,
         _listed("columns", "only these, with * for any text"),
         _listed("pivot", "three columns: rows, columns, cells; a fourth says what of several: mean, min, max ..."),
         _text("steps", "also calls of functions", words=_FLAG), of.AFTER, of.LIMIT, of.AS_OF),
        _runs,
    ),
    Endpoint(
        f"{PREFIX}/metrics",
        "The points of a run's measures, in order of their steps.",
        (_text("of", _THING, required=True), _texts("names", "only the measures of these names"), of.AFTER, of.LIMIT,
         of.AS_OF),
        lambda store, *, of, names=None, **given: queries.ask(
            store, "loss_curve", {"thing": of} | ({"names": names} if names else {}), **given
        ),
        timed=True,
    ),
    Endpoint(
        f"{PREFIX}/show",
        "All that is recorded about one thing.",
        (_text("id", _THING, required=True), of.LIMIT),
        lambda store, **given: queries.show(store, given.pop("id"), **given),
        forms=False,
    ),
)


def _asks(q: Question) -> Callable[..., Answer]:
    def asked(store: Store, **given: Any) -> Answer:
        own = {p.name: given.pop(p.name) for p in q.parameters if p.name in given}
        return queries.ask(store, q.name, own, **given)

    return asked


def question(q: Question) -> Endpoint:
    """The endpoint of a question."""
    parameters = (*q.parameters, of.LIMIT, of.AFTER, of.AS_OF)
    main = next((p.name for p in q.parameters if p.main), None)
    return Endpoint(f"{PREFIX}/ask/{q.name}", q.sentence, parameters, _asks(q), tag="questions", main=main, timed=True)


ENDPOINTS: Final = (*map(question, QUESTIONS.values()), *LOOKING)
