"""The uniqueness constraints (section 6.1, 22 to 29), applied until nothing changes: what is one statement by its key
has one value for each argument, so that what is left out in one place is known from another.

Statements are found by hash, and one is looked at again only when a variable in its key comes to stand for more, so the
work is near-linear in what is stated.
"""

from typing import Final

from begat.graph_schema.documents.records import REQUIRED
from begat.queries.constraints.findings import Findings
from begat.queries.constraints.instance import ACTIVITY, CODES, DISJOINT, PLACES, RELATIONS, STEP, UNIQUE, Instance

_DISJOINT: Final = frozenset(CODES[name] for name in DISJOINT)
_FIELDS: Final = {name: tuple(places) for name, places in PLACES.items()}
#: Constraint, relation, and which of an activity's times its time is.
_TIMES: Final = ((28, "wasStartedBy", 1, "starts"), (29, "wasEndedBy", 2, "ends"))


def unite(instance: Instance, findings: Findings) -> None:
    """Apply constraints 22 to 29; the instance's variables know afterwards what they stand for."""
    first = _things(instance, findings)
    _Relations(instance, findings).unite()
    _times(instance, findings, first)


def _things(instance: Instance, findings: Findings) -> dict[int, int]:
    """Constraint 22: an activity has one start and one end. What else things have are attributes, put together.

    Returns the first statement about each activity.
    """
    first: dict[int, int] = {}
    root = instance.variables.root
    ids, *times = instance.activities
    for row, id_ in enumerate(ids):
        one = first.setdefault(id_, row)
        if one == row:
            continue
        for column, what in zip(times, ("start", "end"), strict=True):
            if not instance.variables.unify(column[one], column[row]):
                two = f"{findings.term(root(column[one]))} and {findings.term(root(column[row]))}"
                said = f"{findings.term(id_)} has two {what} times, {two}"
                findings.add(22, said, [one * STEP + ACTIVITY, row * STEP + ACTIVITY])
    return first


def _times(instance: Instance, findings: Findings, first: dict[int, int]) -> None:
    """Constraints 28 and 29. No key has times, so one look is enough."""
    root = instance.variables.root
    for number, name, which, what in _TIMES:
        for reference, id_, time in instance.rows(name, 1, PLACES[name]["time"]):
            row = first.get(id_)
            if row is None:
                continue
            said = instance.activities[which][row]
            if not instance.variables.unify(said, time):
                of_event, of_thing = findings.term(time), findings.term(root(said))
                sentence = f"{findings.term(id_)} {what} at {of_thing}, and that event is at {of_event}"
                findings.add(number, sentence, [row * STEP + ACTIVITY, reference])


def complete(instance: Instance, findings: Findings) -> None:
    """Definition 4: arguments that no statement may lack are there, once what is one statement is put together."""
    for name, needed in REQUIRED.items():
        columns = instance.tables[name]
        for argument in needed:
            place = PLACES[name][argument.field]
            if min(columns[place], default=1) > 0:
                continue
            for reference, term in instance.rows(name, place):
                if term <= 0 and reference not in instance.inferred:
                    findings.add(4, f"{name} has no {argument.name}", [reference])


class _Relations:
    """Constraints 23 to 27."""

    def __init__(self, instance: Instance, findings: Findings) -> None:
        self._instance, self._findings = instance, findings
        self._variables = instance.variables
        #: By relation and id, and by relation and the two arguments that make an event: the first row that has them.
        self._keys: dict[str, dict[int, int]] = {name: {} for name in RELATIONS}
        self._events: dict[str, dict[tuple[int, int], int]] = {name: {} for name in UNIQUE}
        #: By id the first statement that is an influence by it (inference 15).
        self._influences: dict[int, int] = {}
        self._told: set[tuple[int, int, int]] = set()

    def unite(self) -> None:
        """Look at all statements, then again at those that know more by then."""
        for code, name in enumerate(RELATIONS):
            unique = name in UNIQUE
            for row, id_ in enumerate(self._instance.tables[name][0]):
                if id_ > 0 or unique:
                    self._look(name, row * STEP + code)
        while self._variables.changed:
            reference = self._variables.changed.pop()
            self._look(RELATIONS[reference % STEP], reference)

    def _look(self, name: str, reference: int) -> None:
        columns, row = self._instance.tables[name], reference // STEP
        id_ = self._variables.root(columns[0][row])
        if id_ and not self._variables.alone(id_):
            one = self._keys[name].setdefault(id_, row)
            if one != row:
                self._same(name, one, row)
        if id_ > 0:
            self._influence(id_, reference)
        if name in UNIQUE:
            self._event(name, row)

    def _same(self, name: str, one: int, row: int) -> None:
        """Two statements of one id have one value for each argument (23)."""
        columns = self._instance.tables[name]
        for place, field in enumerate(_FIELDS[name]):
            if not self._variables.unify(columns[place][one], columns[place][row]):
                # Where they do not state one id, that they have one follows from what is unique.
                stated = columns[0][one] == columns[0][row]
                number, through = (23, ()) if stated else (UNIQUE[name][0], (23,))
                self._tell(number, name, place, field, one, row, through)

    def _influence(self, id_: int, reference: int) -> None:
        """A relation is an influence of its id (15), which has one influencee and one influencer (23)."""
        other = self._influences.setdefault(id_, reference)
        codes = {other % STEP, reference % STEP}
        if len(codes) < 2 or codes <= _DISJOINT:
            return
        mine, its = (self._instance.tables[RELATIONS[x % STEP]] for x in (reference, other))
        for place, what in ((1, "influencee"), (2, "influencer")):
            a, b = its[place][other // STEP], mine[place][reference // STEP]
            if not self._variables.unify(a, b) and (other, reference, place) not in self._told:
                self._told.add((other, reference, place))
                term, root = self._findings.term, self._variables.root
                said = f"{term(id_)} has two values as its {what}, {term(root(a))} and {term(root(b))}"
                self._findings.add(23, said, [other, reference], (15,))

    def _event(self, name: str, row: int) -> None:
        number, a, b = UNIQUE[name]
        columns = self._instance.tables[name]
        pair = self._variables.root(columns[a][row]), self._variables.root(columns[b][row])
        if self._variables.alone(pair[1]):
            return
        one = self._events[name].setdefault(pair, row)
        if one != row and not self._variables.unify(columns[0][one], columns[0][row]):
            self._tell(number, name, 0, "id", one, row)

    def _tell(
        self, number: int, name: str, place: int, field: str, one: int, row: int, through: tuple[int, ...] = ()
    ) -> None:
        references = one * STEP + CODES[name], row * STEP + CODES[name]
        if (*references, place) in self._told:
            return
        self._told.add((*references, place))
        term, root = self._findings.term, self._variables.root
        columns = self._instance.tables[name]
        a, b = term(root(columns[place][one])), term(root(columns[place][row]))
        if number == 23:
            sentence = f"{term(root(columns[0][row]))} has two values as its {field}, {a} and {b}"
        else:
            _, *places = UNIQUE[name]
            who, whom = (term(root(columns[p][row])) for p in places)
            sentence = f"{name} of {who} and {whom} is one event, and has two values as its {field}, {a} and {b}"
        self._findings.add(number, sentence, references, through)
