"""What an author says about a run, or about a file, an object or a model: tags, notes, concepts, labels."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from begat.capture import things, type_names, values
from begat.capture.boundary import saying
from begat.capture.writer import WRITER
from begat.graph_schema import ids, terms
from begat.graph_schema.events import Attributes, Event, Node, Relate, Used

if TYPE_CHECKING:
    from begat.capture.runs import Run


@saying
def tag(run: "Run", /, *names: Any, of: Any = None, **named: Any) -> None:
    """Tags of this run, or of the thing `of`: words, and names with a value.

    `run.tag("baseline", stage="draft")`. A name that is given two values has both.
    """
    facts = values.attributes(named)
    if names:
        facts["tag"] = [values.name(n) for n in names]
    _describe(run, of, facts)


@saying
def note(run: "Run", text: Any, /, *, of: Any = None) -> None:
    """A remark on this run, or on the thing `of`. Several are all kept."""
    _describe(run, of, {"note": values.attribute(text)})


@saying
def about(run: "Run", /, *named: Any, of: Any = None, since: Any = None, until: Any = None) -> None:
    """What this run is about, or the thing `of`: domain concepts, places. `run.about("domain:handwriting")`.

    `since` and `until` (not included) say of which time data has values: dates, datetimes or ISO 8601 texts, UTC where
    they have no offset. `run.about("gauge:ketzin", of=data, since="2024-01-01", until="2025-01-01")`.
    """
    window = _window(since, until)
    said, subject, _ = _subject(run, of)
    WRITER.emit(*said)
    concepts(subject, named, window)


@saying
def concepts(subject: str, given: Iterable[Any], window: Attributes) -> None:
    """The concepts that a node is about, for a time."""
    said = [c for several in given for c in type_names.several(several)]
    WRITER.emit(*(Relate(0, 0, "about", subject, c, attributes=window) for c in said))


@saying
def entity_about(subject: str, given: Iterable[Any], since: Any, until: Any) -> None:
    """The same of a handle."""
    concepts(subject, given, _window(since, until))


@saying
def excluded(run: "Run", /, *named: Any, since: Any = None, until: Any = None, **attributes: Any) -> None:
    """What this run makes has no values of these places or concepts, from `since` to before `until`.

    `run.excluded("gauge:ketzin", since="2024-03-01", until="2024-04-01", reason="ice")`: should that time turn out to
    be faulty, what the run has made is not affected. Without times it is all values.
    """
    facts = {**values.attributes(attributes), **_window(since, until)}
    said = [c for several in named for c in type_names.several(several)]
    WRITER.emit(*(Relate(0, 0, "excluded", run.id, c, attributes=facts) for c in said))


@saying
def domain(
    run: "Run", id: Any, /, name: Any = None, *, is_a: Any = None, within: Any = None, **attributes: Any
) -> None:
    """A thing of the world that data is about: a well, a station, a survey, an area.

    `run.domain("gauge:ketzin", "Ketzin", is_a="class:rain-gauge", within="area:havel")`: what kind of thing it is, and
    what it lies in (each one or several).
    """
    node = values.name(id)
    facts = values.attributes(attributes)
    WRITER.emit(
        Node(0, 0, node, "Entity", ["DomainEntity"], values.name_or_none(name), facts),
        *(Relate(0, 0, "instanceOf", node, c) for c in type_names.several(is_a)),
        *(Relate(0, 0, "locatedIn", node, c) for c in type_names.several(within)),
    )


@saying
def label(run: "Run", name: Any, /, *, of: Any = None, **attributes: Any) -> None:
    """What a model learns to tell: a Label that this run uses, a feature of the data `of`.

    `run.label("species", of=data, classes=["setosa", "virginica"])`.
    """
    said, subject, _ = _subject(run, of)
    name = values.name(name)
    node = ids.agreed("label", subject, name)
    said.append(Node(0, 0, node, "Entity", ["Label"], name, values.attributes(attributes)))
    if of is not None:
        said.append(Relate(0, 0, "hasFeature", subject, node))
    run.note_used(node)
    WRITER.emit(*said, Used(0, 0, run.id, node, "label", run.section))


def _window(since: Any, until: Any) -> Attributes:
    """The time for which a relation holds, as its attributes."""
    if since is None and until is None:
        return {}
    from begat.capture.moments import micros

    given = ((terms.FROM, since), (terms.TO, until))
    window: dict[str, int] = {key: micros(said) for key, said in given if said is not None}
    if len(window) == 2 and window[terms.FROM] >= window[terms.TO]:
        raise ValueError(f"since {since} is not before until {until}")
    return {**window}


def _describe(run: "Run", of: Any, facts: dict[str, Any]) -> None:
    if facts:
        said, subject, kind = _subject(run, of)
        WRITER.emit(*said, Node(0, 0, subject, kind, [], None, facts))


def _subject(run: "Run", of: Any) -> tuple[list[Event], str, str]:
    """What is spoken about: what is to be said of it first, its id and its kind."""
    if of is None or isinstance(of, type(run)):
        return [], (of or run).id, "Activity"
    found = things.find(of, run, [], None, {}, used=False)
    return found.events, found.entity.id, "Entity"
