"""What analysts say of things: tags, notes, what a thing is about. Each is recorded as an activity of who says it.

It goes the way of all that is recorded: events in a journal, committed, then told. The thing is said to be influenced
by the activity, which is no lineage: a model does not depend on who tagged it. What was said already changes nothing.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from begat.api.graphql import things
from begat.api.graphql.asking import Asking, Given
from begat.api.graphql.derived import DERIVED
from begat.api.graphql.sources import Item, items
from begat.api.graphql.things import At
from begat.capture import values
from begat.graph_schema import ids
from begat.graph_schema.documents.iris import is_iri
from begat.graph_schema.documents.records import QUALIFIED_NAME
from begat.graph_schema.errors import UsageError
from begat.graph_schema.events import Attributes, End, Node, Relate, Start, Value, Wire
from begat.graph_schema.terms import FROM, TO
from begat.queries.answer import iso
from begat.queries.clock import left
from begat.queries.engine import look, run
from begat.queries.expr import Par, Var
from begat.queries.naming import find_thing
from begat.queries.places import WINDOW
from begat.queries.plan import E, N, Query

#: What the activities are.
TYPE: Final = "Curation"
#: Signs of a tag and of a note, and tags of one change.
TAG, NOTE, TAGS = 200, 20_000, 100
#: Signs of an address.
_ADDRESS: Final = 2_000
_ABOUT: Final = Query(
    (N("x", id=Par("thing")), E("x", ("about",), "y", attrs=WINDOW)),
    {"id": Var("y"), "since": Var("since"), "until": Var("until")},
    ("id", "since", "until"),
)


class Change(msgspec.Struct):
    """`changed`: whether it was not said before. `activity`: in which it was said, where it was said now."""

    changed: bool
    thing: Item
    activity: Item | None


def tag(asking: Asking, given: Given) -> Change:
    """Tag a thing with words. Raises NotFound, and UsageError for what is no tag."""
    words = list(dict.fromkeys(_text("a tag", t, TAG) for t in given["tags"]))
    if not 0 < len(words) <= TAGS:
        raise UsageError(f"tags: {len(words)} are given: give 1 to {TAGS}")
    if not all(w.isprintable() for w in words):
        raise UsageError("a tag is a word or some: without line ends and other signs that are not printed")
    return _described(asking, given["thing"], "tag", words)


def annotate(asking: Asking, given: Given) -> Change:
    """Say something of a thing in a note. Raises NotFound, and UsageError for what is no note."""
    return _described(asking, given["thing"], "annotate", [_text("a note", given["note"], NOTE)])


def heard_of(asking: Asking, named: str, addresses: Sequence[str]) -> Change:
    """Say where more of a thing's provenance is. Raises NotFound, and UsageError for what is no address."""
    if wrong := next((a for a in addresses if len(a) > _ADDRESS or not is_iri(a)), None):
        raise UsageError(f"{wrong[:200]!r} is no IRI")
    said: list[Value] = [{"$": values.attribute(a), "type": QUALIFIED_NAME} for a in addresses]
    return _described(asking, named, "pingback", said)


#: The attribute in which it stands, as hooks have it.
_KEYS: Final = {"tag": "tag", "annotate": "note", "pingback": "prov:has_provenance"}


def _described(asking: Asking, named: str, how: str, said: Sequence[Value]) -> Change:
    at, id_, kind = _thing(asking, named)
    key = _KEYS[how]
    known = DERIVED["attributes"].read(at, [id_]).get(id_, {}).get(key, ())
    new: Attributes = {key: [s for s in said if s not in known]}
    if not new[key]:
        return _change(asking, id_, None)
    return _said(asking, how, id_, [Node(0, 0, id_, kind, [], None, new)], new)


def link_concept(asking: Asking, given: Given) -> Change:
    """Say what a thing is about, for a time. Raises NotFound, also for a concept that nobody knows, and UsageError for
    what is no concept, or no time."""
    at, id_, _ = _thing(asking, given["thing"])
    concept = find_thing(at.store, given["concept"], at.scope).id
    if (kind := _kind(at, concept)) not in ("Entity", None):
        raise UsageError(f"{given['concept']!r} is an {kind}: a thing is about a concept or a thing of the world")
    since, until = given.get("since"), given.get("until")
    if since is not None and until is not None and since >= until:
        raise UsageError(f"since {iso(since)} is not before until {iso(until)}")
    if (concept, since, until) in run(at.store, _ABOUT, {"thing": id_}, at.scope).rows:
        return _change(asking, id_, None)
    window: Attributes = {k: v for k, v in ((FROM, since), (TO, until)) if v is not None}
    relation = Relate(0, 0, "about", id_, concept, attributes=window)
    return _said(asking, "link concept", id_, [relation], {"about": concept})


def _said(asking: Asking, how: str, thing: str, what: Sequence[Wire], told: Attributes) -> Change:
    """Record an activity that says something of a thing, `told` in short."""
    recording = asking.context.recording
    assert recording is not None  # execute.py lets nobody come here without
    activity, agent = ids.mint(), recording.agent
    events: list[Wire] = [
        Start(0, 0, activity, how, [TYPE]),
        Node(0, 0, agent.id, agent.kind, agent.types, agent.name),
        Relate(0, 0, "wasAssociatedWith", activity, agent.id),
        *what,
        Relate(0, 0, "wasInfluencedBy", thing, activity, attributes=told),
        End(0, 0, activity),
    ]
    recording.commit(asking.context.project, events, left())
    return _change(asking, thing, activity)


def _change(asking: Asking, thing: str, activity: str | None) -> Change:
    """As it is now: the project's first word may have made a context of which nothing was seen before."""
    context = asking.context
    at = At(context.store, look(context.store, context.project))
    found = {i.id: i for i in items(things.by_ids(at, [thing, *filter(None, [activity])], things.EVERY))}
    return Change(activity is not None, found[thing], None if activity is None else found[activity])


def _thing(asking: Asking, named: str) -> tuple[At, str, str]:
    """The thing of that name, and its kind. Raises NotFound, and UsageError for what was only ever named."""
    at = asking.at({})
    id_ = find_thing(at.store, named, at.scope).id
    kind = _kind(at, id_)
    if kind is None:
        raise UsageError(f"of {named!r} nothing is known but that it was named: nothing can be said of it yet")
    return at, id_, kind


def _kind(at: At, id_: str) -> Any:
    return next(iter(things.by_ids(at, [id_], ("kind",)).column("kind")), None)


def _text(what: str, given: str, most: int) -> str:
    """A text as hooks would record it: secrets in it masked."""
    if not given.strip() or len(given.strip()) > most:
        raise UsageError(f"{what} has 1 to {most} signs: this one has {len(given.strip())}")
    said: str = values.attribute(given.strip())
    return said
