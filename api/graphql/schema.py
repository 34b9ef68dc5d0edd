"""The schema, made of what is data already: the questions of the catalogue, the relations, kinds and types.

`python -m begat.api.graphql > api/schema.graphql` writes it down.
"""

from collections.abc import Mapping
from enum import Enum
from functools import partial
from types import new_class
from typing import Any, Final

import strawberry
from graphql import GraphQLSchema

from begat.api.graphql import conditions, fields, saying, scalars
from begat.api.graphql.asking import FIRST, LISTINGS, Finding, Listing, camel
from begat.api.graphql.fields import (
    NAMES,
    Argument,
    Cell,
    Derived,
    InLineage,
    Last,
    Saying,
    Streamed,
    Told,
    plain,
)
from begat.api.graphql.relations import FAMILIES, LINKS, THING, Link
from begat.api.graphql.sources import Item
from begat.queries.answer import Column
from begat.queries.catalogue import QUESTIONS
from begat.queries.columns import NODE, TIMES
from begat.queries.properties import Type
from begat.queries.question import Parameter, ParameterType, Question
from begat.queries.subgraph import EDGE

Fields = Mapping[str, Any]

#: The types of columns and of parameters.
COLUMN: Final[dict[Type, str]] = {
    "id": "str", "text": "str", "relation": "str", "integer": "Long", "number": "Number", "time": "DateTime",
    "json": "Json",
}  # fmt: skip
PARAMETER: Final[dict[ParameterType, Any]] = {
    "thing": str, "text": str, "texts": list[str], "integer": scalars.Long, "number": scalars.Number,
    "time": scalars.DateTime,
}  # fmt: skip

AS_OF: Final = Argument("asOf", scalars.DateTime | None, "Only what is said to have happened by then.")
AFTER: Final = Argument("after", str | None, "What the page before had as its end cursor.")


ROWS: Final = Argument("first", int | None, "Rows at most: 1000, unless told.")
#: The arguments of a connection.
CUT: Final = (
    Argument("first", int | None, f"How many at most, of each: {FIRST}, unless told."),
    AFTER,
    Argument("last", int | None, "Instead of first: so many at most of the last, in the same order."),
    Argument("before", str | None, "What a page has as its start cursor: only what comes before it."),
)


def _type(make: Any, name: str, help: str, held: Fields, *bases: type) -> type:
    """A strawberry type of that name, known to annotations."""
    cls = new_class(name, bases, {}, lambda ns: ns.update(held, __module__=__name__))
    NAMES[name] = make(cls, name=name, description=help)
    found: type = NAMES[name]
    return found


_object = partial(_type, strawberry.type)
_interface = partial(_type, strawberry.interface)


def resolve_type(item: Item, info: Any, abstract: Any) -> str:
    """The object type of a node."""
    return item.typename


def _is_it(item: Any, info: Any) -> bool:
    return True


_INTERFACE: Final[dict[str, Any]] = {"resolve_type": staticmethod(resolve_type)}
_OBJECT: Final[dict[str, Any]] = {"is_type_of": staticmethod(_is_it)}


def _connection(of: str) -> None:
    """A page of one type, with its edges."""
    edge = {
        "cursor": plain("str", "Where a page goes on that comes after this one."),
        "node": plain(of, "What is reached."),
        "roles": plain("list[str]", "Of a relation: the roles in which it is stated, sorted."),
        "at": plain("DateTime | None", "Of a relation: when it was first stated."),
    }
    _object(f"{of}Edge", f"A place in a page of {of}.", edge)
    page = {
        "edges": plain(f"list[{of}Edge]", "The nodes with what is told of the way to each."),
        "nodes": plain(f"list[{of}]", "The nodes."),
        "page_info": plain("PageInfo", "Where the page stands."),
        "total_count": plain("Long", "How many there are on all pages; counted only when asked for."),
    }
    _object(f"{of}Connection", f"A page of {of}.", page)


def _linked(link: Link) -> Told:
    return Told(f"{link.to}Connection", link.help, fields.Linked(link), CUT)


def _links(of: str) -> Fields:
    return {link.name: _linked(link) for link in LINKS if link.of == of}


def _column(c: Column) -> Told:
    told = f"{c.help or c.name.replace('_', ' ')}{f', in {c.unit}' if c.unit else ''}"
    return Told(f"{COLUMN[c.type]} | None", told[0].upper() + told[1:] + ".", Cell(c.name))


def _told(columns: tuple[Column, ...]) -> Fields:
    return {camel(c.name): _column(c) for c in columns}


def _parameter(p: Parameter) -> Argument:
    type_ = PARAMETER[p.type]
    notes = [f"one of {', '.join(p.words)}"] if p.words else []
    notes += [f"from {p.least}"] if p.least is not None else []
    notes += [f"up to {p.most}"] if p.most is not None else []
    notes += [f"{p.default!r} unless told"] if p.default is not None else []
    told = p.help[0].upper() + p.help[1:] + (f" ({', '.join(notes)})." if notes else ".")
    return Argument(camel(p.name), type_ if p.required else type_ | None, told)


def _question(q: Question) -> Told:
    """A question as a field, with the types of its answer."""
    name = "".join(w.capitalize() for w in q.name.split("_"))
    _object(f"{name}Row", f"A row of the answer to: {q.sentence}", _told(q.columns))
    rows = {"rows": plain(f"list[{name}Row]", "The rows, in order.")}
    _object(f"{name}Answer", q.sentence, {**rows, **_OBJECT}, NAMES["Answer"])
    arguments = (*map(_parameter, q.parameters), ROWS, AFTER, AS_OF)
    return Told(f"{name}Answer | None", q.sentence, fields.Asked(q), arguments)


def _listing(one: Listing) -> Told:
    kind = one.type if one.type in FAMILIES else "Activity" if one.type == "Job" else "Entity"
    where = Argument("where", NAMES[f"{kind}Where"] | None, "Which of them: all that is given must hold.")
    order = Argument("orderBy", conditions.OrderBy | None, "In which order: the latest first, unless told.")
    steps = Argument("steps", bool, "Functions called by a run too, which are its steps.", False)
    more = (steps,) if one.name == "runs" else ()
    return Told(
        f"{one.family}Connection | None",
        f"All {one.name}, the latest first unless ordered.",
        fields.Listed(one),
        (where, order, *more, *CUT, AS_OF),
    )


def _single_values() -> None:
    NAMES.update(DateTime=scalars.DateTime, Long=scalars.Long, Number=scalars.Number, Json=scalars.Json)
    NAMES.update(
        EntityWhere=conditions.EntityWhere, ActivityWhere=conditions.ActivityWhere, AgentWhere=conditions.AgentWhere
    )
    NAMES["Status"] = conditions.Status


def _things() -> None:
    """The nodes: interfaces by kind, objects by type, and pages of them."""
    page = {
        "has_next_page": plain("bool", "Whether there are more."),
        "has_previous_page": plain("bool", "Whether it comes after another page."),
        "start_cursor": plain("str | None", "The cursor of its first edge."),
        "end_cursor": plain("str | None", "The cursor of its last edge: what the next page takes as `after`."),
    }
    _object("PageInfo", "Where a page stands among the others.", page)
    node: Any = {"id": plain("ID", "Its id, as stored.")}
    _interface("Node", "Whatever has an id.", {**node, **_INTERFACE})
    thing = {
        "name": plain("str | None", "Its name; a file's is its path."),
        "kind": plain("str | None", "Entity, Activity or Agent; null where it was only ever named."),
        "type": plain("str | None", "The first of its types."),
        "types": Told("list[str]", "All its types, sorted.", Derived("types")),
        "seen_at": plain("DateTime | None", "Its start, else when its name was last said."),
        "attributes": Told("Json", "Its attributes: an object of lists.", Derived("attributes")),
        **_links(THING),
    }
    _interface("Thing", "A node of the graph.", {**thing, **_INTERFACE}, NAMES["Node"])
    made_by = next(link for link in LINKS if link.name == "generations")
    entity = {
        "value": plain("Json | None", "Of a setting or an evaluation."),
        "generatedBy": Told("Activity | None", "What made it; the last time, where it was made again.", Last(made_by)),
        **_links("Entity"),
    }
    activity = {
        "started_at": plain("DateTime | None", "When it started."),
        "ended_at": plain("DateTime | None", "When it ended."),
        "status": Told("Status | None", "What became of it.", Derived("status")),
        "error": Told("str | None", "The error that it ended with.", Derived("error")),
        "series": Told("list[Series]", "Its metric series.", fields.SeriesOf(), _SERIES),
        **_links("Activity"),
    }
    _interface("Entity", "A thing: data, a model, a setting, an evaluation.", {**entity, **_INTERFACE}, NAMES["Thing"])
    _interface("Activity", "Something that happened.", {**activity, **_INTERFACE}, NAMES["Thing"])
    agent = {**_links("Agent"), **_OBJECT}
    _object("Agent", "Who or what is responsible: a person, software, a node.", agent, NAMES["Thing"])
    for name, kind, what in (
        ("Model", "Entity", "A model, checkpoints among them."),
        ("Dataset", "Entity", "A dataset."),
        ("OtherEntity", "Entity", "An entity that is neither a model nor a dataset."),
        ("Run", "Activity", "An activity that is neither a job nor a section: a training, a step of it."),
        ("Job", "Activity", "What a scheduler holds."),
        ("Section", "Activity", "A section of an activity: an epoch, say."),
    ):
        _object(name, what, dict(_OBJECT), NAMES[kind])
    for name in (THING, *FAMILIES, "Model", "Dataset", "Run", "Job"):
        _connection(name)


@strawberry.enum(description="How long series are thinned: LTTB keeps the look of the curve, MINMAX its extremes.")
class Thinning(Enum):
    LTTB = "LTTB"
    MINMAX = "MINMAX"


@strawberry.enum(description="Which way lineage is followed: to ancestors, to descendants, or both.")
class Way(Enum):
    UP = "up"
    DOWN = "down"
    BOTH = "both"


@strawberry.enum(description="What happens in a run; of STARTED and ENDED, to its sections and parts too.")
class RunEventKind(Enum):
    STARTED = "STARTED"
    ENDED = "ENDED"
    SETTING = "SETTING"
    USED = "USED"
    GENERATED = "GENERATED"
    METRIC = "METRIC"
    RELATED = "RELATED"


_SERIES: Final = (
    Argument("names", list[str] | None, "Only series of these names."),
    Argument("context", str | None, "Only series with this context: split=val,fold=1."),
    Argument("max", int, "Points at most that a series shows; longer ones are thinned.", 500),
    Argument("method", Thinning, "What thins them.", Thinning.LTTB),
)


def _parts() -> None:
    """What answers are made of."""
    point = {
        "step": plain("Number | None", "Its step."),
        "value": plain("Number | None", "Its value."),
        "at": plain("DateTime | None", "When it was said."),
    }
    _object("Point", "A point of a series.", point)
    NAMES["Thinning"] = Thinning
    series = {
        "name": plain("str", "The measure's name."),
        "labels": plain("Json", "Its context: an object."),
        "count": plain("Long", "How many points are known."),
        "thinned": plain("str | None", "By what the points were thinned; null where all are shown."),
        "points": plain("list[Point]", "The points, in order; of a thinned series only those that are a number."),
    }
    _object("Series", "A metric series of an activity.", series)
    column = {
        "name": plain("str", "Its name."),
        "type": plain("str", "What it holds."),
        "help": plain("str", "What it tells."),
        "unit": plain("str | None", "The unit, where there is one."),
    }
    _object("Column", "A column of an answer, as on the command line.", column)
    told = {
        "truncated": plain("bool", "Whether a limit on rows, depth or time left something out."),
        "as_of": plain("DateTime | None", "The time that was asked about."),
        "pending": plain("Long", "How many nodes have a lineage that is not settled."),
        "notes": plain("list[str]", "What is to be known about the answer: which of several was meant."),
    }
    further = {
        "next": plain("str | None", "Where there are more rows: the `after` of the next page."),
        "columns": plain("list[Column]", "The columns of the rows."),
    }
    _interface("Answer", "What every answer of a question has.", {**told, **further})
    side = Column("side", "text", "Where it lies: self, up (an ancestor), down (a descendant) or both")
    depth = Column("depth", "integer", "Least number of entities and activities on the way")
    _object("LineageNode", "A node of a lineage.", _told((*NODE, side, depth, *TIMES)))
    _object("LineageEdge", "A stated relation between two nodes, effect to cause.", _told(EDGE))
    lines: Fields = {
        "nodes": plain("list[LineageNode]", "The nodes, nearest first."),
        "edges": plain("list[LineageEdge]", "The relations among them."),
        "things": Told("list[Thing]", "The nodes again, as things of which more can be asked.", InLineage()),
    }
    _object("Lineage", "What lies around a thing.", {**lines, **told})


def _root() -> Fields:
    direction = Argument("direction", Way, "Ancestors (UP), descendants (DOWN) or both.", Way.UP)
    around = (
        Argument("of", str, "What it is the lineage of: an id, a path or a name."),
        direction,
        Argument("depth", scalars.Long | None, "How far, in entities and activities."),
        Argument("types", list[str] | None, "Only things of these kinds or types."),
        Argument("relations", list[str] | None, "Along these relations, instead of by the lineage law."),
        Argument("first", int | None, "Nodes at most: 1000, unless told."),
        AS_OF,
    )
    looking = (
        Argument("type", str, "A kind or type, subtypes included."),
        Argument("where", str | None, "As `begat find --where`."),
        Argument("sort", str | None, "As `begat find --sort`."),
        *CUT, AS_OF,
    )  # fmt: skip
    found: Fields = {
        "node": Told(
            "Node | None", "The thing with this id, null where there is none.", fields.Named(False),
            (Argument("id", strawberry.ID, "An id, as stored."), AS_OF),
        ),
        "nodes": Told(
            "list[Node | None] | None", "The things with these ids, null for each that is not there.",
            fields.Named(True), (Argument("ids", list[strawberry.ID], "Ids, as stored."), AS_OF),
        ),
        **{one.name: _listing(one) for one in LISTINGS},
        "find": Told(
            "ThingConnection | None", "Things by kind or type, and by what is said of them, as `begat find`.",
            fields.Listed(Finding()), looking,
        ),
        "lineage": Told("Lineage | None", "What lies around a thing, by the lineage law.", fields.Lineage(), around),
    }  # fmt: skip
    return {**found, **{camel(q.name): _question(q) for q in QUESTIONS.values()}}


def _mutations() -> Fields:
    """What can be said of things."""
    change = {
        "changed": plain("bool", "Whether it was not said before."),
        "thing": plain("Thing", "The thing, with what is said of it now."),
        "activity": plain("Activity | None", "In which it was said, with who said it; null where it was so already."),
    }
    _object("Change", "What became of something that was said.", change)
    thing = Argument("thing", str, "What it is said of: an id, a path or a name.")
    about = (
        thing,
        Argument("concept", str, "A concept, or a thing of the world, that is known: its id or name."),
        Argument("since", scalars.DateTime | None, "The time for which it holds: from here on."),
        Argument("until", scalars.DateTime | None, "And to before this."),
    )
    tags = Argument("tags", list[str], f"Words, of {saying.TAG} signs at most each.")
    note = Argument("note", str, f"A remark, of {saying.NOTE} signs at most.")
    return {
        "linkConcept": Told("Change | None", "Say what a thing is about.", Saying(saying.link_concept), about),
        "tag": Told("Change | None", "Tag a thing.", Saying(saying.tag), (thing, tags)),
        "annotate": Told("Change | None", "Write a note on a thing.", Saying(saying.annotate), (thing, note)),
    }


def _subscriptions() -> Fields:
    """What is told while it happens."""
    NAMES["RunEventKind"] = RunEventKind
    happening = {
        "kind": plain("RunEventKind", "What happened. RELATED: a relation that has no word of its own here."),
        "at": plain("DateTime | None", "When."),
        "activity": plain("ID", "The run, or its section or part."),
        "thing": plain("ID | None", "What it has to do with: what was used or made, a setting, an agent."),
        "relation": plain("str | None", "The relation that was stated between the two."),
        "role": plain("str | None", "In which role."),
        "name": plain("str | None", "The measure's, the setting's, the thing's, or the section's or part's."),
        "type": plain("str | None", "The first type of the thing, section or part."),
        "value": plain("Json | None", "The point's, or the setting's."),
        "step": plain("Number | None", "The point's."),
        "context": plain("Json | None", "The point's context: an object."),
        "outcome": plain("str | None", "Of an end: finished, failed, killed, or resumed."),
        "error": plain("str | None", "The error that it ended with."),
    }
    _object("RunEvent", "Something that happens in a run.", happening)
    run = Argument("run", str, "The run: its id or name.")
    last = Argument("last", int, "Of what has happened already, so many things are told first.", 1000)
    trouble = QUESTIONS["in_trouble"]
    return {
        "runEvents": Told(
            "RunEvent", "What happens in a run, until it has ended.", Streamed("runEvents"), (run, last)
        ),
        "metrics": Told(
            "list[Series]", "The points of a run until it has ended: first those that there are, then the new ones of "
            "the series that have some.", Streamed("metrics"), (run, *_SERIES),
        ),
        "inTrouble": Told(
            "InTroubleAnswer", f"{trouble.sentence} Again when others are, or in another trouble.",
            Streamed("inTrouble"), tuple(map(_parameter, trouble.parameters)),
        ),
    }  # fmt: skip


def _made() -> strawberry.Schema:
    _single_values()
    _parts()
    _things()
    query = _object("Query", "What can be asked.", _root())
    mutation = _object("Mutation", "What can be said of things: it takes a token that may write.", _mutations())
    subscription = _object("Subscription", "What is told while it happens.", _subscriptions())
    types = [NAMES[n] for n in ("Agent", "Model", "Dataset", "OtherEntity", "Run", "Job", "Section")]
    return strawberry.Schema(query, mutation, subscription, types=types, config=scalars.CONFIG)


SCHEMA: Final = _made()
#: The same as graphql-core knows it.
CORE: Final[GraphQLSchema] = SCHEMA._schema
