"""What is wrong with an instance: violations, each with the number of its constraint."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from begat.graph_schema.documents.records import FORMS
from begat.queries.constraints.instance import ACTIVITY, AGENT, ENTITY, RELATIONS, STEP, Instance
from begat.queries.constraints.rules import RULES

#: Violations of one constraint that are kept of an instance; all are counted.
MOST: Final = 100
#: Statements that a violation names at most.
SHOWN: Final = 12
_THINGS: Final = {ENTITY: "entity", ACTIVITY: "activity", AGENT: "agent"}


class Violation(msgspec.Struct, frozen=True):
    """A constraint that does not hold. `through`: the other rules that it takes to see it; `statements`: as PROV-N,
    without their attributes; `bundle`: "" outside of bundles."""

    constraint: int
    name: str
    sentence: str
    statements: tuple[str, ...]
    through: tuple[int, ...] = ()
    bundle: str = ""


class Findings:
    """The violations of an instance. `shown` makes of an IRI what people read."""

    def __init__(self, instance: Instance, bundle: str, shown: Callable[[str], str]) -> None:
        self._instance, self._shown = instance, shown
        self._bundle = bundle and shown(bundle)
        self.counts: Counter[int] = Counter()
        self.violations: list[Violation] = []

    def add(self, number: int, sentence: str, references: Sequence[int], through: Sequence[int] = ()) -> None:
        """Tell of a violation; `references` are the statements'."""
        self.counts[number] += 1
        if self.counts[number] > MOST:
            return
        told = list(dict.fromkeys(map(self._said, references)))
        shown = told if len(told) <= SHOWN else told[: SHOWN - 1]
        statements = [self.statement(one) for one in shown]
        if len(shown) < len(told):
            statements.append(f"... and {len(told) - len(shown):,} more")
        self.violations.append(
            Violation(number, RULES[number].name, sentence, tuple(statements), tuple(through), self._bundle)
        )

    def entity(self, id_: int, by: dict[int, int]) -> list[int]:
        """Why a thing is an entity: that it is stated, or specializations up to one that is (inference 21)."""
        found: list[int] = []
        general = self._instance.tables["specializationOf"][2]
        while id_ in by:
            found.append(by[id_])
            id_ = general[by[id_] // STEP]
        return [*found, id_ * STEP + ENTITY]

    def _said(self, reference: int) -> int:
        """Who says what a derivation says is the derivation."""
        return self._instance.inferred.get(reference, reference)

    def term(self, term: int) -> str:
        """A term as people read it."""
        return self._shown(self._instance.constants.texts[term]) if term > 0 else "-"

    def statement(self, reference: int) -> str:
        """A statement as PROV-N, as it was stated."""
        row, code = divmod(reference, STEP)
        if code in _THINGS:
            times = [column[row] for column in self._instance.activities[1:]] if code == ACTIVITY else []
            id_ = self._instance.activities[0][row] if code == ACTIVITY else row
            told = [self.term(t) for t in (id_, *times)]
            return f"{_THINGS[code]}({', '.join(told if any(t > 0 for t in times) else told[:1])})"
        name = RELATIONS[code]
        id_, *terms = (column[row] for column in self._instance.tables[name])
        arguments = [self.term(t) for t in terms]
        needed = sum(not a.optional for a in FORMS[name].arguments)
        if set(arguments[needed:]) == {"-"}:
            arguments = arguments[:needed]
        return f"{name}({self.term(id_) + '; ' if id_ > 0 else ''}{', '.join(arguments)})"
