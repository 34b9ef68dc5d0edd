"""What an author says about a run, or about a file, an object or a model: tags, notes, concepts, labels."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from begat.capture import things, values
from begat.capture.boundary import saying
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Event, Node, Relate, Used

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
def about(run: "Run", /, *named: Any, of: Any = None) -> None:
    """The domain concepts that this run is about, or the thing `of`: `run.about("domain:handwriting")`."""
    said, subject, _ = _subject(run, of)
    WRITER.emit(*said)
    concepts(subject, named)


@saying
def concepts(subject: str, given: Iterable[Any]) -> None:
    """The concepts that a node is about."""
    WRITER.emit(*(Relate(0, 0, "about", subject, c) for several in given for c in things.several(several)))


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
