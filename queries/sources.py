"""What a bare name stands for: an attribute, a setting or a measure of the things in question. Never guessed."""

from collections.abc import Mapping
from typing import Any, Final

from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries import facts
from begat.queries.engine import run
from begat.queries.expr import Const
from begat.queries.facts import Body, Subject
from begat.queries.plan import Atom, E, Has, N, Query
from begat.queries.scope import Scope
from begat.queries.where import Source, measure_named, quoted, unquoted

A_SETTING: Final = E("holder", ("hasSetting",), "named")
AN_EVALUATION: Final = (N("named", ("ModelEvaluation",)), E("named", ("evaluationOf",), "scored"))


class Sources:
    """The sources of bare names, looked for among the things that `body` binds as `who`'s variable."""

    def __init__(
        self, store: Store, scope: Scope, body: tuple[Atom, ...], who: Subject, params: Mapping[str, Any] | None = None
    ) -> None:
        self._store, self._scope, self._body, self._who = store, scope, body, who
        self._params = params or {}
        #: What the asker should know.
        self.notes: list[str] = []

    def of(self, names: tuple[str, ...]) -> dict[str, Source]:
        """Where each name is from. Raises UsageError for a name that several of them have."""
        found: dict[str, Source] = {}
        for name in names:
            held = self._holding(name)
            if len(held) > 1:
                several = " or ".join(f"{source}.{name}" for source in held)
                raise UsageError(f"{name!r} is the name of more than one thing: write {several}")
            if held:
                found[name] = held[0]
            else:
                self.notes.append(f"nothing here has an attribute, setting or measure called {quoted(name)}")
        return found

    def _holding(self, name: str) -> list[Source]:
        """Where a name is from. Settings and evaluations are nodes of that name, found by it: where there is none, no
        thing in question has to be looked at."""
        who = self._who
        measure, labels, which = measure_named(name)
        settings = facts.setting(who, unquoted(name), lambda s: None)
        measures = facts.measure(who, measure, labels, which, lambda v: None)
        series, evaluations = measures[: len(who.runs())], measures[len(who.runs()) :]
        tests: dict[Source, tuple[Body, ...]] = {
            "attributes": (facts.has_attribute(who.var, unquoted(name)),),
            "params": settings if self._called(unquoted(name), A_SETTING) else (),
            "metrics": (*series, *(evaluations if self._called(measure, *AN_EVALUATION) else ())),
        }
        return [s for s, bodies in tests.items() if any(self._any((*self._body, Has(body))) for body in bodies)]

    def _called(self, name: str, *what: Atom) -> bool:
        """Whether anything has that name for which one of these holds."""
        return any(self._any((N("named", name=Const(name)), one)) for one in what)

    def _any(self, body: Body) -> bool:
        """Whether there is anything of which that holds."""
        return bool(run(self._store, Query(body, {"any": Const(1)}, ()), self._params, self._scope, 1).rows)
