"""Question 9: two models or trainings, or the two best models of an experiment, beside each other: only what differs.

A model stands for its training and itself, a training for itself and the models it generated; what is further behind
them, and where a difference begins, `begat diff` tells. Content is compared by digest, settings by their JSON text.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from begat.graph_schema import ids
from begat.graph_schema.errors import NotFound
from begat.graph_schema.terms import SECTION_TYPE
from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.experiments import activities
from begat.queries.expr import Const, Par, Prop, Var, op
from begat.queries.measures import BEST, MEASURE, SPLIT, derived
from begat.queries.plan import Agg, Atom, E, Either, Group, L, N, Not, Opt, Query, T, Top, When
from begat.queries.plan import Rows as Given
from begat.queries.question import Parameter, Question, Row, Rows
from begat.queries.scores import MODELS, SCORED
from begat.queries.series import point_value
from begat.queries.trainings import set_by

#: A value that is compared, and as what it is shown.
Value = tuple[Any, Any]
#: A part of the answer and a name in it.
Name = tuple[str, str]

_OF: Final = (Given("ids", "of"), N("x", id=Var("of")))


def _details(*body: Atom, **cols: Any) -> Query:
    return Query((*_OF, *body), {"of": Var("of"), **cols}, ("of", *cols))


def _attributes(var: str) -> Atom:
    return Opt((T("description", var, {"attrs": f"{var}_attrs"}),))


DETAILS: Final = {
    "settings": _details(
        set_by("x"),
        name=Prop("s", "name"),
        value=Prop("s", "value"),
    ),
    "used": _details(
        E("x", ("used",), "d", role="role"),
        N("d", ("Dataset", "Model", "Code", "Environment")),
        L("type", Prop("d", "type")),
        # What it wrote itself and read again is none of what it was made from.
        Not((E("d", ("wasGeneratedBy",), "x"),)),
        _attributes("d"),
        id=Var("d"),
        name=Prop("d", "name"),
        type=Var("type"),
        role=Var("role"),
        attrs=Var("d_attrs"),
    ),
    "series": _details(
        T("point", "x", {c: c for c in ("name", "labels", "value", "nan", "at", "step")}),
        Top(1, ("of", "name", "labels"), ("at", "step", "value", "nan"), ("-at", "-step")),
        name=Var("name"),
        labels=Var("labels"),
        value=Var("value"),
        nan=Var("nan"),
    ),
    "evaluations": _details(
        E("v", ("evaluationOf",), "x"),
        N("v", ("ModelEvaluation",)),
        _attributes("v"),
        Opt((E("v", ("onData",), "d"),)),
        id=Var("v"),
        name=Prop("v", "name"),
        value=Prop("v", "value"),
        attrs=Var("v_attrs"),
        on=Prop("d", "name"),
    ),
}


GIVEN: Final[tuple[Atom, ...]] = (
    Either(
        (
            (N("given", id=Par("thing")), L("side", Const(0))),
            (N("given", id=Par("other")), L("side", Const(1))),
        )
    ),
    L("least", Const(None)),
)
#: Of the scored models of an experiment the two best.
BEST_TWO: Final[tuple[Atom, ...]] = (
    *activities("Training"),
    N("x", ("LearningExperiment", "Study")),
    *MODELS,
    *SCORED,
    Group(("m",), {"least": Agg("min", Var("worth"))}, ("worth",)),
    Top(2, (), ("least", "m"), ("least", "m")),
    L("given", Var("m")),
    L("side", Const(None)),
)


def finish(rows: Rows) -> Rows:
    """The parts of both sides, and what differs among them."""
    sides: list[dict[Name, list[Value]]] = [{}, {}]
    best = _best(rows)
    for r in rows:
        for part, tell in PARTS.items():
            for name, value in tell(r[part]):
                sides[best.index(r["given"]) if best else r["side"]].setdefault(name, []).append(value)
    left, right = sides
    found = [_which(rows, best)] if best else []
    for name in sorted(left.keys() | right.keys()):
        told = [side.get(name, []) for side in sides]
        if {_text(v) for v, _ in told[0]} != {_text(v) for v, _ in told[1]}:
            shown = [_sorted(shown for _, shown in side) for side in told]
            found.append({"what": name[0], "name": name[1], "left": _text(shown[0]), "right": _text(shown[1])})
    return found


def _best(rows: Rows) -> list[str]:
    """The two best models of an experiment, where these are compared; rows come in their order."""
    best = list(dict.fromkeys(r["given"] for r in rows if r["side"] is None))
    if len(best) == 1 or not rows:
        raise NotFound(
            "there are no two models to compare: give two things, or an experiment and a measure that its models have"
        )
    return best


def _which(rows: Rows, best: list[str]) -> Row:
    """Which models were the best, by which measure."""
    of = {r["given"]: {"id": r["given"], "name": r["given_name"], "value": r["value"]} for r in rows}
    left, right = (_text([of[b]]) for b in best)
    return {"what": "best", "name": rows[0]["measure"], "left": left, "right": right}


def _settings(rows: Rows) -> Iterable[tuple[Name, Value]]:
    for r in rows:
        yield ("settings", r["name"]), (r["value"], _decoded(r["value"]))


def _used(rows: Rows) -> Iterable[tuple[Name, Value]]:
    for r in rows:
        attrs = _decoded(r["attrs"]) or {}
        digests = sorted(map(str, attrs.get("digest", ()))) or [r["id"]]
        match r["type"]:
            case "Code":
                versions = sorted(map(str, attrs.get("commit", ()))) or digests
                if True in attrs.get("dirty", ()) or "problem" in attrs:  # then its commit does not tell which it is
                    versions = [f"{v} with uncommitted changes, {ids.short(r['id'])}" for v in versions]
                yield from ((("code", r["name"] or ""), (v, v)) for v in versions)
            case "Environment":
                for package in attrs.get("packages", ()):
                    name, _, version = str(package).partition("==")
                    yield ("environment", name), (version, version)
            case _ if r["role"] is not None:
                yield ("data", r["role"]), (digests, r["name"] or r["id"])
            case _:
                yield ("data", "without a role"), (digests, r["name"] or r["id"])


def _series(rows: Rows) -> Iterable[tuple[Name, Value]]:
    for r in rows:
        context = [f"{k}={v}" for k, v in (_decoded(r["labels"]) or {}).items()]
        value = point_value(r["value"])
        yield ("results", " ".join([r["name"], *context])), (value, value)


def _evaluations(rows: Rows) -> Iterable[tuple[Name, Value]]:
    for r in rows:
        attrs = _decoded(r["attrs"]) or {}
        about = [f"{k}={v}" for k, values in sorted(attrs.items()) for v in values]
        on = [f"on {r['on']}"] if r["on"] is not None else []
        yield ("results", " ".join([r["name"] or "evaluation", *about, *on])), (r["value"], _decoded(r["value"]))


PARTS: Final[Mapping[str, Callable[[Rows], Iterable[tuple[Name, Value]]]]] = {
    "settings": _settings,
    "used": _used,
    "series": _series,
    "evaluations": _evaluations,
}


def _sorted(values: Iterable[Any]) -> list[Any]:
    """Distinct values: numbers, then texts, then all else by its JSON text."""
    held = {_text(v): v for v in values}
    return sorted(held.values(), key=_place)


def _place(value: Any) -> tuple[int, Any]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (0, value)
    return (1, value) if isinstance(value, str) else (2, _text(value))


def _decoded(text: str | None) -> Any:
    return msgspec.json.decode(text) if text else None


def _text(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


QUESTION: Final = Question(
    name="compare",
    sentence="How do these two models or trainings, or the two best of an experiment, compare: what differs in data, "
    "code, environment, settings and results?",
    parameters=(
        thing("a model or a training; or an experiment or study, whose two best models are compared"),
        Parameter("other", "thing", "what to compare it with; without it the thing is an experiment"),
        Parameter("measure", "text", "by which the two best are found", default=MEASURE.default),
        SPLIT,
        BEST,
    ),
    columns=(
        Column("what", "text", "code, data, environment, results or settings; best: which two models were found"),
        Column("name", "text", "of a script, a role, a package, a measure or a setting"),
        Column("left", "json", "all values there are, sorted; [] where there is none"),
        Column("right", "json", "the same of the other"),
    ),
    query=Query(
        body=(
            When("other", GIVEN),
            When("!other", BEST_TWO),
            Either(
                (
                    (L("part", Var("given")),),
                    (N("given", ("Entity",)), E("given", ("wasGeneratedBy",), "part"), N("part", ("Activity",))),
                    (
                        N("given", ("Activity",)),
                        E("part", ("wasGeneratedBy",), "given"),
                        N("part", ("Model",)),
                        Not((N("part", ("Checkpoint",)),)),
                    ),
                )
            ),
            Not((N("part", (SECTION_TYPE,)),)),
        ),
        cols={
            "side": Var("side"),
            "worth": Var("least"),
            "given": Var("given"),
            "id": Var("part"),
            "given_name": Prop("given", "name"),
            "value": op("iif", op("=", Par("greatest"), 1), op("-", 0, Var("least")), Var("least")),
            "measure": Par("measure"),
        },
        order=("side", "worth", "given", "id"),
    ),
    example="begat ask compare models/a.pt --other models/b.pt",
    derive=derived,
    details=DETAILS,
    curves="given",
    finish=finish,
    whole=True,
    order=("what", "name"),
)
