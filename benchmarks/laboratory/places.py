"""What stands around all experiments: 5,525 places and their classes, people, machines, environments, features.

They are the same in every size, so that what is asked of one place has as large an answer in each.
"""

from typing import Final

from begat.graph_schema import events as ev
from benchmarks.laboratory.process import BEGINNING, Process

BASINS, FIELDS, WELLS = 25, 20, 10
PEOPLE, MACHINES, ENVIRONMENTS, FEATURES = 50, 100, 20, 40
#: Classes, with what is broader.
CLASSES: Final = (
    ("class:well", "well", None),
    ("class:oil-well", "oil well", "class:well"),
    ("class:gas-well", "gas well", "class:well"),
    ("class:water-well", "water well", "class:well"),
    ("class:field", "field", None),
    ("class:basin", "basin", None),
)
KINDS_OF_WELLS: Final = ("class:oil-well", "class:gas-well", "class:water-well")


def basin(n: int) -> str:
    """The basin that an experiment is about."""
    return f"basin:{n % BASINS}"


def field(n: int) -> str:
    """The field that an experiment is about: 500 experiments have one each."""
    return f"field:{n % BASINS}.{n // BASINS % FIELDS}"


def wells(n: int) -> list[str]:
    """The wells of that field."""
    return [f"well:{n % BASINS}.{n // BASINS % FIELDS}.{w}" for w in range(WELLS)]


def person(n: int) -> str:
    return f"person:{n % PEOPLE}"


def vocabulary() -> Process:
    """Told before anything ran."""
    say = Process("vocabulary", BEGINNING)
    for class_, name, broader in CLASSES:
        say.node(class_, "Entity", "DomainConcept", name)
        if broader:
            say.relate(class_, "broader", broader)
    for n in range(BASINS):
        _place(say, basin(n), f"Basin {n}", "class:basin", None)
    for n in range(BASINS * FIELDS):
        _place(say, field(n), f"Field {n}", "class:field", basin(n))
        for w, well in enumerate(wells(n)):
            _place(say, well, f"Well {n}-{w}", KINDS_OF_WELLS[(n + w) % len(KINDS_OF_WELLS)], field(n))
    _around(say)
    return say


def _place(say: Process, place: str, name: str, class_: str, inside: str | None) -> None:
    say.node(place, "Entity", "DomainEntity", name)
    say.relate(place, "instanceOf", class_)
    if inside:
        say.relate(place, "locatedIn", inside)


def _around(say: Process) -> None:
    for organization in ("org:laboratory", "org:university"):
        say.node(organization, "Agent", "Organization", organization)
    say.relate("org:laboratory", "actedOnBehalfOf", "org:university")
    for n in range(PEOPLE):
        say.node(person(n), "Agent", "Person", f"person{n}@laboratory")
        say.relate(person(n), "actedOnBehalfOf", "org:laboratory")
    for n in range(MACHINES):
        say.node(f"node:{n}", "Agent", "Node", f"node{n}")
    for n in range(ENVIRONMENTS):
        packages = [f"package{i}==1.{n + i}" for i in range(60)]
        say.node(f"env:{n}", "Entity", "Environment", "Python 3.11.7", python="3.11.7", packages=packages)
    for n in range(FEATURES):
        say.node(f"feature:{n}", "Entity", "Feature", f"feature {n}")
    say.node("study:0", "Entity", "Study", "all experiments")
    say(ev.Node, id="protocol:0", kind="Plan", name="protocol.md")
