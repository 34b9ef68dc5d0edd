"""An instance (a bundle of a document, or what is outside of all bundles): its statements as columns of whole numbers.

What a statement leaves out is filled in as it is read (section 5.1, definitions 1 to 4): a variable for what may be
left out, the placeholder for an association's plan and, where a derivation names no activity, for its activity,
generation and usage. What a derivation says of a generation and a usage (inference 11) are statements, too.
"""

from array import array
from collections.abc import Iterator
from typing import Final

from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.records import FORMS, Record, Related, Thing
from begat.graph_schema.terms import PROV
from begat.queries.constraints.terms import PLACEHOLDER, Constants, Variables

#: The relations by their code, and the places of their arguments; place 0 is the id.
RELATIONS: Final = tuple(FORMS)
CODES: Final = {name: code for code, name in enumerate(RELATIONS)}
PLACES: Final = {
    name: {"id": 0, **{a.field: n for n, a in enumerate(form.arguments, 1)}} for name, form in FORMS.items()
}
#: The constraint by which two arguments say which event it is, and their places.
UNIQUE: Final = {
    "wasGeneratedBy": (24, 1, 2),
    "wasInvalidatedBy": (25, 1, 2),
    "wasStartedBy": (26, 1, 3),
    "wasEndedBy": (27, 1, 3),
}
#: The relations of which no two have one id (constraint 53), and all that have ids (54); an id that a document
#: has for another one says nothing.
DISJOINT: Final = (
    "used", "wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy", "wasInformedBy", "wasAttributedTo",
    "wasAssociatedWith", "actedOnBehalfOf",
)  # fmt: skip
IDENTIFIED: Final = (*DISJOINT, "wasDerivedFrom", "wasInfluencedBy")
#: A reference to a statement is its row times this, and its code: a relation's, or one of these three. In place of the
#: row stands an id where there is no more than one statement about it.
STEP: Final = 32
ENTITY, ACTIVITY, AGENT = 29, 30, 31
_EMPTY: Final = PROV + "EmptyCollection"
#: What stays a placeholder where it is left out.
_PLAN: Final = frozenset(("plan",))
_HOW: Final = frozenset(("activity", "generation", "usage"))
_NONE: Final = frozenset[str]()

Columns = list["array[int]"]


class Instance:
    """What is stated. `tables` are the relations' columns, by the places of their arguments."""

    def __init__(self, constants: Constants) -> None:
        self.constants = constants
        self.variables = Variables()
        self.tables: dict[str, Columns] = {name: [array("q") for _ in p] for name, p in PLACES.items()}
        self.entities: set[int] = set()
        self.agents: set[int] = set()
        #: Of each statement about an activity its id, start and end.
        self.activities: Columns = [array("q"), array("q"), array("q")]
        #: Entities that are said to be empty collections.
        self.empty: set[int] = set()
        #: By a statement that is inferred the one it is inferred from: a derivation (inference 11), or a mention, which
        #: is a specialization (PROV-LINKS, section 2).
        self.inferred: dict[int, int] = {}
        #: By entities and empty collections that are inferred (inference 21) the specialization that makes them so.
        self.entities_by: dict[int, int] = {}
        self.empty_by: dict[int, int] = {}
        self.count = 0

    def add(self, record: Record) -> None:
        """Take in a statement."""
        self.count += 1
        if isinstance(record, Thing):
            self._thing(record)
        else:
            self._related(record)

    def _thing(self, thing: Thing) -> None:
        number = self.constants.id(thing.id)
        if thing.kind == "Entity":
            self.entities.add(number)
            if any(iri == r.TYPE and isinstance(v, dict) and v["$"] == _EMPTY for iri, v in thing.attributes):
                self.empty.add(number)
        elif thing.kind == "Agent":
            self.agents.add(number)
        else:
            for column, term in zip(
                self.activities, (number, self._time(thing.start), self._time(thing.end)), strict=True
            ):
                column.append(term)

    def _time(self, text: str | None) -> int:
        return self.variables.new() if text is None else self.constants.time(text)

    def _related(self, told: Related) -> None:
        name, given = told.relation, told.arguments
        columns = self.tables[name]
        owner = len(columns[0]) * STEP + CODES[name]
        stays, explained = _PLAN if name == "wasAssociatedWith" else _NONE, False
        if name == "wasDerivedFrom":
            explained = "activity" in given
            stays = _NONE if explained else _HOW
        columns[0].append(self._id(told.id, name, owner))
        for field, place in PLACES[name].items():
            if field == "time":
                columns[place].append(self._time(told.time))
            elif field in given:
                columns[place].append(self.constants.id(given[field]))
            elif field in stays:
                columns[place].append(PLACEHOLDER)
            elif place:
                columns[place].append(self.variables.new(owner))
        if explained:
            self._infer(owner)
        elif name == "mentionOf":
            self._inferred("specializationOf", owner, PLACEHOLDER, *(columns[place][-1] for place in (1, 2)))

    def _id(self, id_: str | None, name: str, owner: int) -> int:
        """Where nothing but an id says which one it is, one without an id is nobody else."""
        if id_ is not None and name in IDENTIFIED:
            return self.constants.id(id_)
        return self.variables.new(owner) if name in UNIQUE else PLACEHOLDER

    def _infer(self, derivation: int) -> None:
        """Inference 11: the activity of a derivation used the one and generated the other."""
        _, made, used, activity, generation, usage = (c[-1] for c in self.tables["wasDerivedFrom"])
        new = self.variables.new
        self._inferred("wasGeneratedBy", derivation, generation, made, activity, new())
        self._inferred("used", derivation, max(usage, PLACEHOLDER), activity, used, new())

    def _inferred(self, name: str, source: int, *terms: int) -> None:
        columns = self.tables[name]
        self.inferred[len(columns[0]) * STEP + CODES[name]] = source
        for column, term in zip(columns, terms, strict=True):
            column.append(term)

    def rows(self, name: str, *places: int) -> Iterator[tuple[int, ...]]:
        """Of each statement of a relation a reference to it, and what its arguments at these places stand for."""
        code, root = CODES[name], self.variables.root
        chosen = [self.tables[name][p] for p in places]
        for row, terms in enumerate(zip(*chosen, strict=True)):
            yield row * STEP + code, *[t if t >= 0 else root(t) for t in terms]
