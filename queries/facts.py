"""Settings and measures as conditions on a thing: those of a run itself, or of the run that made the thing.

A condition is a tuple of bodies of the plan, of which one has to hold. As of a time the points are looked at, since
roll-ups are kept for the present only.
"""

import itertools
from collections.abc import Callable
from typing import Any, Final

import msgspec

from begat.graph_schema.statements import canonical
from begat.queries.expr import AttrIs, Const, Prop, Var, all_of, any_of, eq, op
from begat.queries.plan import Atom, C, E, Either, L, N, Not, T, W
from begat.queries.result import storable

#: What of a series is compared: the last by position, the least and greatest of its finite values, the first.
WHICH: Final = ("last", "min", "max", "first")
#: What of a point makes it that: no other of its series has a later or earlier time, a lesser or greater value.
_NO_OTHER: Final = {"last": (">", "at"), "first": ("<", "at"), "min": ("<", "val"), "max": (">", "val")}
#: As many readings of labels are tried: `fold=1` may be a number or a text.
MOST_READINGS: Final = 16

#: From a concept or domain entity to what holds it.
WIDER: Final = ("locatedIn", "broader")

Body = tuple[Atom, ...]
#: What is asked of a setting or evaluation `s`, and of a number in the variable `val`.
Test = Callable[[str], Any]


class Subject(msgspec.Struct, frozen=True):
    """Whose settings and measures: the node `var` of `kind` (None: not known), now or as of a time."""

    var: str = "x"
    kind: str | None = None
    as_of: bool = False

    def runs(self) -> tuple[Body, ...]:
        """The ways to the run `a` whose they are."""
        itself: Body = (N(self.var, ("Activity",)), L("a", Var(self.var)))
        maker: Body = (E(self.var, ("wasGeneratedBy",), "a"),)
        if self.kind is None:
            return (itself, maker)
        return ((L("a", Var(self.var)),),) if self.kind == "Activity" else (maker,)

    def evaluations(self) -> tuple[Body, ...]:
        """The ways to the evaluations `v`: those that a run made, and those of a thing."""
        made: Body = (E("v", ("wasGeneratedBy",), self.var), N("v", ("ModelEvaluation",)))
        of: Body = (E("v", ("evaluationOf",), self.var),)
        if self.kind is None:
            return (made, of)
        return (made,) if self.kind == "Activity" else (of,)


def setting(who: Subject, name: str, test: Test) -> tuple[Body, ...]:
    """A setting of that name for which the test of the variable `s` holds."""
    held: Body = (E("a", ("hasSetting",), "s"), N("s", name=Const(name)), *_kept(test("s")))
    return tuple((*way, *held) for way in who.runs())


def about(who: Subject, concept: str) -> tuple[Body, ...]:
    """A concept, by id or name: what the thing or its run is about, or what holds that."""
    ways: list[Body] = [(E(who.var, ("about",), "told"),)]
    if who.kind != "Activity":
        ways.append((E(who.var, ("wasGeneratedBy",), "a"), E("a", ("about",), "told")))
    wider: Body = (Either(((L("c", Var("told")),), (C("told", WIDER, "c", "up"),))),)
    called = W(any_of(eq(Prop("c", "id"), concept), eq(Prop("c", "name"), concept)))
    return tuple((*way, *wider, called) for way in ways)


def measure(who: Subject, name: str, labels: str | None, which: str, test: Test) -> tuple[Body, ...]:
    """A series or evaluation of that name; `labels` as in `split=val,fold=1`, None for any."""
    series = tuple((*way, *_series(who, name, labels, which, test)) for way in who.runs())
    held: Body = (N("v", name=Const(name)), *_of_split(labels), L("val", Prop("v", "number")), *_kept(test("val")))
    return (*series, *((*way, *held) for way in who.evaluations()))


def _series(who: Subject, name: str, labels: str | None, which: str, test: Test) -> Body:
    named = [eq(Var("n"), name)]
    if labels is not None:
        named.append(any_of(*(eq(Var("l"), text) for text in readings(labels))))
    cols = {"name": "n", "labels": "l"}
    if not who.as_of:
        return (T("rollup", "a", {**cols, which: "val"}), W(all_of(*named)), *_kept(test("val")))
    points = T("point", "a", {**cols, "value": "val", "at": "at"})
    sign, what = _NO_OTHER[which]
    same = (eq(Var("n2"), Var("n")), eq(Var("l2"), Var("l")))
    others = T("point", "a", {"name": "n2", "labels": "l2", "value": "val2", "at": "at2"})
    none_other = Not((others, W(all_of(*same, op(sign, Var(f"{what}2"), Var(what))))))
    return (points, W(all_of(*named)), none_other, *_kept(test("val")))


def _of_split(labels: str | None) -> Body:
    """An evaluation's context is its attributes."""
    if labels is None:
        return ()
    given = [part.partition("=") for part in labels.split(",") if part]
    return tuple(W(any_of(*(AttrIs("v", k, "=", Const(v)) for v in _values(text)))) for k, _, text in given)


def readings(labels: str) -> list[str]:
    """A series' context, `split=val,fold=1`, as it may be stored: canonical JSON, "" for none."""
    given = {k: _values(v) for k, _, v in (part.partition("=") for part in labels.split(",") if part)}
    if not given:
        return [""]
    read = itertools.islice(itertools.product(*given.values()), MOST_READINGS)
    return [canonical(dict(zip(given, values, strict=True))) for values in read]


def _values(text: str) -> list[Any]:
    """A text, and what it is as JSON if that is a number or truth value."""
    try:
        other = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError):
        return [text]
    return [text, other] if isinstance(other, int | float) else [text]


def _kept(test: Any) -> Body:
    return () if test is None else (W(test),)


def has_attribute(var: str, key: str) -> Body:
    """An attribute of that name has any value: text, number or truth value.

    Most descriptions do not hold its name at all, which is soon seen of them as a text.
    """
    some = any_of(
        AttrIs(var, key, ">=", Const("")),
        *(AttrIs(var, key, sign, Const(0.0)) for sign in ("<", ">=")),
        *(AttrIs(var, key, "=", Const(truth)) for truth in (True, False)),
    )
    named = op("contains", Var("held"), Const(canonical(storable(key))))
    return (T("description", var, {"attrs": "held"}), W(named), W(some))


def compared(sign: str, value: float) -> Test:
    """A comparison of the variable with a number."""
    return lambda var: op(sign, Var(var), value)
