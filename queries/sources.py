"""What a bare name stands for: an attribute, a setting or a measure of the things in question. Never guessed."""

from collections.abc import Mapping
from typing import Any

from begat.graph_schema.errors import UsageError
from begat.graph_schema.store import Store
from begat.queries import facts
from begat.queries.engine import run
from begat.queries.expr import Var
from begat.queries.facts import Subject
from begat.queries.plan import Atom, Either, Has, Query, W
from begat.queries.scope import Scope
from begat.queries.where import Source, measure_named, unquoted


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
                self.notes.append(f"nothing here has an attribute, setting or measure called {name!r}")
        return found

    def _holding(self, name: str) -> list[Source]:
        who = self._who
        measure, labels, which = measure_named(name)
        tests: dict[Source, Atom] = {
            "attributes": W(facts.has_attribute(who.var, unquoted(name))),
            "params": _any(facts.setting(who, unquoted(name), lambda s: None)),
            "metrics": _any(facts.measure(who, measure, labels, which, lambda v: None)),
        }
        return [s for s, test in tests.items() if self._holds(test)]

    def _holds(self, test: Atom) -> bool:
        query = Query((*self._body, test), {"id": Var(self._who.var)}, ("id",))
        return bool(run(self._store, query, self._params, self._scope, 1).rows)


def _any(bodies: tuple[facts.Body, ...]) -> Has:
    return Has(bodies[0] if len(bodies) == 1 else (Either(bodies),))
