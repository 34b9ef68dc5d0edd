"""Around the study: places and what kinds of places they are, people and whom they act for, machines, plans, code.

    elbe (river basin)                          oder (river basin)
      mulde (catchment)     havel (catchment)     warta (catchment)
        grimma  rain gauge    ketzin  rain gauge    kostrzyn  rain gauge
        wurzen  rain gauge
        golzern river gauge
"""

from typing import Final

from begat.api.demo.study.teller import Teller
from begat.graph_schema import events as ev
from begat.graph_schema import ids

FLOODS: Final = ids.agreed("experiment", "default", "floods")
ODER: Final = ids.agreed("experiment", "default", "oder")

#: Classes, with what is broader.
CLASSES: Final = (
    ("class:gauge", "gauge", None),
    ("class:rain-gauge", "rain gauge", "class:gauge"),
    ("class:river-gauge", "river gauge", "class:gauge"),
    ("class:catchment", "catchment", None),
    ("class:river-basin", "river basin", None),
)
#: Places: id, name, class, where it lies.
PLACES: Final = (
    ("basin:elbe", "Elbe", "class:river-basin", None),
    ("basin:oder", "Oder", "class:river-basin", None),
    ("area:mulde", "Mulde", "class:catchment", "basin:elbe"),
    ("area:havel", "Havel", "class:catchment", "basin:elbe"),
    ("area:warta", "Warta", "class:catchment", "basin:oder"),
    ("gauge:grimma", "Grimma", "class:rain-gauge", "area:mulde"),
    ("gauge:wurzen", "Wurzen", "class:rain-gauge", "area:mulde"),
    ("gauge:golzern", "Golzern", "class:river-gauge", "area:mulde"),
    ("gauge:ketzin", "Ketzin", "class:rain-gauge", "area:havel"),
    ("gauge:kostrzyn", "Kostrzyn", "class:rain-gauge", "area:warta"),
)
AGENTS: Final = (
    ("person:ada", "Person", "ada@lab"),
    ("person:bob", "Person", "bob@lab"),
    ("org:lab", "Organization", "Lab of Rivers"),
    ("org:university", "Organization", "University"),
    ("org:agency", "Organization", "River Agency"),
    ("org:harbour", "Organization", "Harbour Office"),
    ("node:1", "Node", "node1"),
    ("node:2", "Node", "node2"),
)
#: Versions of the code: id, repository, commit. All are called train.py; the last is of another repository.
CODE: Final = (
    ("train.py@1", "https://git.lab/floods", "1" * 40),
    ("train.py@2", "https://git.lab/floods", "2" * 40),
    ("train.py@oder", "https://git.lab/oder", "3" * 40),
)
ENVIRONMENTS: Final = (
    ("env@1", ["numpy==1.26.4", "torch==2.5.0"]),
    ("env@2", ["numpy==2.0.2", "torch==2.5.0"]),
)


def vocabulary() -> Teller:
    """What a person has told begat of the world before anything ran."""
    say = Teller("vocabulary").at("07:00")
    for node, name, broader in CLASSES:
        say.node(node, "Entity", "DomainConcept", name)
        if broader:
            say.relate(node, "broader", broader)
    for node, name, class_, inside in PLACES:
        say.node(node, "Entity", "DomainEntity", name)
        say.relate(node, "instanceOf", class_)
        if inside:
            say.relate(node, "locatedIn", inside)
    for node, kind, name in AGENTS:
        say.node(node, "Agent", kind, name)
    say.relate("org:lab", "actedOnBehalfOf", "org:university")
    for node, repository, commit in CODE:
        say.node(node, "Entity", "Code", "train.py", repository=repository, commit=commit, digest=f"blake2b:{node}")
    for node, packages in ENVIRONMENTS:
        say.node(node, "Entity", "Environment", "Python 3.11.7", python="3.11.7", packages=packages)
    say.node("rivers", "Entity", "Study", "rivers")
    for experiment, name in ((FLOODS, "floods"), (ODER, "oder")):
        say.node(experiment, "Entity", "LearningExperiment", name)
        say.relate(experiment, "partOf", "rivers", "study")
    say(ev.Node, id="protocol.md", kind="Plan", name="protocol.md")
    say(ev.Node, id="idea.md", kind="Plan", name="idea.md")  # nobody has followed it yet
    return say
