"""Who asks, of which store, and what the root fields find."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Protocol

import msgspec

from begat.api.graphql import conditions, things
from begat.api.graphql.cut import Cut
from begat.api.graphql.limits import STANDARD, Limits
from begat.api.graphql.things import At, Batch, Choice
from begat.api.graphql.trusted import Trusted
from begat.graph_schema.errors import UsageError
from begat.graph_schema.events import Node, Wire
from begat.graph_schema.store import Store
from begat.graph_schema.terms import kind_of
from begat.queries.answer import Answer, Column
from begat.queries.ask import LIMIT, ask_question
from begat.queries.clock import left
from begat.queries.engine import look
from begat.queries.facts import Subject
from begat.queries.find import LATEST
from begat.queries.kinds import kind_or_type
from begat.queries.plan import Atom, N, Not
from begat.queries.question import Question
from begat.queries.runs.select import narrowed
from begat.queries.sorting import bare, sorting
from begat.queries.sources import Sources
from begat.queries.subgraph import subgraph
from begat.queries.where import Where, bare_names, parse

Given = Mapping[str, Any]
#: How many things a page of a connection has, unless told.
FIRST: Final = 100


class Recording(Protocol):
    """Where what somebody says becomes part of the record. `agent`: who says it."""

    agent: Node

    def commit(self, project: str, events: Sequence[Wire], seconds: float) -> None:
        """Returns when events are committed. Raises BegatError where they are not, or not in so many seconds."""
        ...


class Context(msgspec.Struct):
    """The store that is asked, of which only `project` is seen; `time_limit` in seconds for a whole document.

    Where there are `trusted` documents, no others are answered. `recording`: where changes go; without, or for the
    reason `refused`, a code and a line, there are none.
    """

    store: Store
    project: str = "default"
    time_limit: float | None = None
    limits: Limits = STANDARD
    trusted: Trusted | None = None
    recording: Recording | None = None
    refused: tuple[str, str] | None = None


class Asking:
    """One document being answered."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._seen: dict[int | None, At] = {}

    def at(self, given: Given) -> At:
        """What is seen as of the time that a root field has: looked up once."""
        as_of: int | None = given.get("asOf")
        if as_of not in self._seen:
            self._seen[as_of] = At(self.context.store, look(self.context.store, self.context.project, as_of))
        return self._seen[as_of]

    def first(self, given: Given, unless_told: int = LIMIT) -> int:
        """How many rows a field may have. Raises UsageError."""
        return self._many("first", given.get("first"), unless_told)

    def cut(self, given: Given) -> Cut:
        """Which part of a connection is asked for. Raises UsageError."""
        after, before = given.get("after"), given.get("before")
        if (last := given.get("last")) is None:
            return Cut(self.first(given, FIRST), after, before)
        if given.get("first") is not None:
            raise UsageError("first and last: give one of them: first goes on, last goes back")
        return Cut(self._many("last", last, FIRST), after, before, back=True)

    def _many(self, name: str, given: int | None, unless_told: int) -> int:
        many, most = unless_told if given is None else given, self.context.limits.rows
        if not 1 <= many <= most:
            raise UsageError(f"{name} is {many}: give a number from 1 to {most} (the limit on rows)")
        return int(many)


class Listing(msgspec.Struct, frozen=True):
    """A root field with a page of things: `type` a kind or type, `family` what they are (see things.Batch)."""

    name: str
    type: str
    family: str
    only: tuple[Atom, ...] = ()

    def choice(self, at: At, given: Given) -> Choice:
        where = conditions.expression(given.get("where"))
        order = conditions.ordered_by(given.get("orderBy"))
        made = _choice if len(where) + len(order) <= SHORT else _choice.__wrapped__
        types = tuple((given.get("where") or {}).get("types") or ())
        return made(self, where, order, given.get("steps"), types, at.scope.as_of is not None)


#: Signs of conditions and orders whose plans are kept.
SHORT: Final = 2_000


@lru_cache(maxsize=512)
def _choice(
    listing: Listing, where: str, order: str, steps: bool | None, types: tuple[str, ...], past: bool
) -> Choice:
    """The same one for the same words, so that its plans are known (see kept.py of queries/)."""
    who = Subject("x", kind_of(listing.type), past)
    only = listing.only if steps is None else (*listing.only, *narrowed(steps, types))
    by = sorting(order, who, {}) if order else LATEST
    said = (where, [(k.what, k.down) for k in by.keys], bool(steps))
    return Choice(listing.name, listing.type, listing.family, only, conditions.condition(where, who), by, said)


#: What has an object type of its own is no run.
RUNS_ONLY: Final = (Not((N("x", ("Job", "LearningStageSection")),)),)
LISTINGS: Final = (
    Listing("entities", "Entity", "Entity"),
    Listing("activities", "Activity", "Activity"),
    Listing("agents", "Agent", "Agent"),
    Listing("models", "Model", "Model"),
    Listing("datasets", "Dataset", "Dataset"),
    Listing("runs", "Activity", "Run", RUNS_ONLY),
    Listing("jobs", "Job", "Job"),
)


class Finding(msgspec.Struct, frozen=True):
    """The root field `find`: as `begat find`, with its own language."""

    name: str = "find"

    def choice(self, at: At, given: Given) -> Choice:
        type_ = kind_or_type(at.store, given["type"], at.scope)
        where, sort = given.get("where"), given.get("sort")
        who = Subject("x", kind_of(type_), at.scope.as_of is not None)
        sources = Sources(at.store, at.scope, (N("x", (type_,)),), who)
        told = sources.of((*(bare_names(where) if where else ()), *(bare(sort) if sort else ())))
        condition = parse(where, who, told, flag="where") if where else Where()
        order = sorting(sort, who, told) if sort else LATEST
        return Choice(self.name, type_, "Thing", (), condition, order, (type_, where, sort))


def page(asking: Asking, listing: Listing | Finding, given: Given, props: tuple[str, ...]) -> tuple[Batch, bool]:
    """The things of a root field, and whether there are more."""
    at = asking.at(given)
    return things.page(at, listing.choice(at, given), asking.cut(given), props)


def counted(asking: Asking, listing: Listing | Finding, given: Given) -> int:
    """How many things a root field has on all pages."""
    at = asking.at(given)
    return things.count(at, listing.choice(at, given))


def chosen(asking: Asking, ids: list[str], given: Given, props: tuple[str, ...]) -> Batch:
    """Things by their ids. Raises UsageError for too many."""
    if len(ids) > asking.context.limits.rows:
        raise UsageError(f"ids: {len(ids)} are given, the limit on rows is {asking.context.limits.rows}")
    return things.by_ids(asking.at(given), ids, props)


class Answered:
    """An answer of a question as its fields are called here."""

    def __init__(self, answer: Answer) -> None:
        self.rows = answer.rows
        self.columns: list[Column] = answer.columns
        self.truncated, self.as_of, self.pending = answer.truncated, answer.as_of, answer.pending
        self.next, self.notes = answer.next, [in_words(n) for n in answer.notes]


def answered(asking: Asking, question: Question, given: Given) -> Answered:
    """A question's answer."""
    at = asking.at(given)
    params = {p.name: given[camel(p.name)] for p in question.parameters if given.get(camel(p.name)) is not None}
    how: dict[str, Any] = {"after": given.get("after"), "limit": asking.first(given), "time_limit": left()}
    how |= {"as_of": at.scope.as_of, "project": at.scope.project}
    return Answered(ask_question(at.store, question, params, **how))


class Lines:
    """A part of the lineage: nodes and edges among them."""

    def __init__(self, at: At, answer: Answer) -> None:
        self.at = at
        self.nodes = [r for r in answer.rows if r["part"] == "node"]
        self.edges = [r for r in answer.rows if r["part"] == "edge"]
        self.truncated, self.as_of, self.pending = answer.truncated, answer.as_of, answer.pending
        self.notes = [in_words(n) for n in answer.notes]


def lineage(asking: Asking, given: Given) -> Lines:
    """What lies around a thing."""
    at = asking.at(given)
    answer = subgraph(
        at.store,
        given["of"],
        side=given["direction"].value,
        depth=given.get("depth"),
        types=tuple(given.get("types") or ()),
        relations=tuple(given.get("relations") or ()),
        limit=asking.first(given),
        as_of=at.scope.as_of,
        project=at.scope.project,
    )
    return Lines(at, answer)


def camel(name: str) -> str:
    """A name as GraphQL writes it."""
    first, *rest = name.split("_")
    return first + "".join(w.capitalize() for w in rest)


#: What is called otherwise on the command line.
_FLAGS: Final = {"--limit": "first", "--time-limit": "the time limit", "--as-of": "asOf", "--from": "since"}


def in_words(text: str) -> str:
    """A note or an error as it is told here: flags of the command line by the names that arguments have."""
    if "--" not in text:
        return text
    for flag, name in _FLAGS.items():
        text = text.replace(flag, name)
    return text.replace(" --", " ").removeprefix("--")


