"""What comes of a run: artifacts, checkpoints, publications; and the plan it followed."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from begat.capture import generations, sections, things, type_names, values
from begat.capture.boundary import naming
from begat.capture.entity import Entity
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import Node, Relate

if TYPE_CHECKING:
    from begat.capture.runs import Run

#: How people write addresses of papers, and what they are short for.
PAPERS: Final = (
    ("doi:", "https://doi.org/"),
    ("http://doi.org/", "https://doi.org/"),
    ("http://dx.doi.org/", "https://doi.org/"),
    ("https://dx.doi.org/", "https://doi.org/"),
    ("10.", "https://doi.org/10."),
    ("arxiv:", "https://arxiv.org/abs/"),
)
DOI: Final = "https://doi.org/"


@naming
def artifact(
    run: "Run", thing: Any, /, type: str | Iterable[str] | None = None, role: str | None = "artifact",
    *, of: Any = None, name: str | None = None, **attributes: Any,
) -> Entity:  # fmt: skip
    """A file or folder that belongs to this run: a report, a picture, a folder of logs. The run has made it.

    What the run has used as it is now stays used: an artifact of it is described, and not made by it. Else as
    `generated`.
    """
    return generations.state(run, thing, type_names.types(type), role, of, name, attributes, unless_used=True)


@naming
def checkpoint(
    run: "Run", thing: Any, /, epoch: int | None = None,
    *, of: Any = None, name: str | None = None, **attributes: Any,
) -> Entity:  # fmt: skip
    """A model as it is in the middle of its training, a file or an object: a Checkpoint, made in its epoch.

    Without `epoch` it is the open one. One that has ended before is named by wasInfluencedBy. A file that is written
    anew in each epoch is a version each.
    """
    section = run.section if epoch is None else sections.of_epoch(run, epoch)
    epoch = sections.index_of(run, section) if epoch is None else values.step(epoch)  # type: ignore[assignment]
    facts = {"epoch": epoch, **attributes}
    made = generations.state(run, thing, ["Checkpoint"], None, of, name, facts)
    if section is not None and section != run.section and made.id:
        WRITER.emit(Relate(0, 0, "wasInfluencedBy", made.id, section))
    return made


@naming
def publication(
    run: "Run", address: Any, /, *, of: Any = None, title: str | None = None, **attributes: Any
) -> Entity:  # fmt: skip
    """A paper or report on this run, or on what it made: a DOI, a URL or a file.

    `run.publication("10.1000/182", of=model)`: the publication rests on the model, and on what is behind it. Without
    `of` it is of the run (wasInfluencedBy), which is no lineage. A paper that a run follows is used by it:
    `run.used("https://doi.org/...", role="publication")`.
    """
    rests_on = of if isinstance(of, list | tuple) else () if of is None else (of,)
    reported = [things.find(thing, run, [], None, {}, used=False) for thing in rests_on]
    address = paper(address) if isinstance(address, str) else address
    found = things.find(
        address, run, ["Publication"], values.name_or_none(title), values.attributes(attributes), used=False
    )
    said = [event for thing in (*reported, found) for event in thing.events]
    said += [Relate(0, 0, "wasDerivedFrom", found.entity.id, thing.entity.id) for thing in reported]
    WRITER.emit(*said, *(() if reported else (Relate(0, 0, "wasInfluencedBy", found.entity.id, run.id),)))
    return found.entity


@naming
def plan(run: "Run", thing: Any, /, *, name: str | None = None, **attributes: Any) -> Entity:
    """The plan that this run follows: a file, an address, or a text.

    `run.plan("protocol.md")`, `run.plan("Leave out the Elbe, tune on the Oder")`. A text is what has a blank in it and
    is no file.
    """
    facts = values.attributes(attributes)
    name = values.name_or_none(name)
    if isinstance(thing, str) and any(c.isspace() for c in thing) and not _is_there(thing):
        made = Entity(ids.mint(), name or values.name(thing.strip().partition("\n")[0]))
        said = [Node(0, 0, made.id, "Plan", [], made.name, {"text": values.plain(thing), **facts})]
    else:
        found = things.find(thing, run, [], name, facts, used=False)
        made = found.entity
        said = [*found.events, Node(0, 0, made.id, "Plan")]  # type: ignore[list-item]
    WRITER.emit(*said, Relate(0, 0, "hadPlan", run.id, made.id))
    return made


def paper(address: str) -> str:
    """A paper's address, in full: DOIs have no case."""
    low = address.strip().lower()
    for short, full in PAPERS:
        if low.startswith(short):
            address = full + address.strip()[len(short) :].strip()
            break
    return address.lower() if address.lower().startswith(DOI) else address


def _is_there(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except (OSError, ValueError):
        return False
