"""Who took part in a run, besides the person and the machine that begat finds out by itself."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from begat.capture import problems, things, type_names, values
from begat.capture.writer import WRITER
from begat.graph_schema import ids, terms
from begat.graph_schema.events import Event, Node, Relate

if TYPE_CHECKING:
    from begat.capture.runs import Run


class Agent(NamedTuple):
    """The handle of an agent, for `on_behalf_of`."""

    id: str
    name: str


def agent(
    run: "Run", name: Any, /, type: str | Iterable[str] = "Person", role: str | None = None,
    *, of: Any = None, on_behalf_of: Any = None, **attributes: Any,
) -> Agent:  # fmt: skip
    """A person, organisation or software that took part in this run, and in which role.

    `run.agent("ada@lab", role="annotator", on_behalf_of="Royal Society")`. `type` is Person, Organization or
    SoftwareAgent, or a type of your own. A name that is an address (an ORCID's, say) is the agent's id. Whom it acted
    for is an organisation's name, or a handle that this hook returned.

    With `of` the thing is theirs (wasAttributedTo), and they took no part in the run:
    `run.agent("River Agency", type="Organization", role="rights holder", of=data)`.
    """
    name = values.name(name)
    try:
        if WRITER.off:
            return Agent("", name)
        kinds = type_names.types(type)
        for given in kinds:
            if terms.kind_of(given) not in ("Agent", None):
                raise ValueError(f"{given} is no type of agent: Person, Organization and SoftwareAgent are")
        made, said = _known(name, kinds, values.attributes(attributes))
        role = values.name_or_none(role)
        if of is None:
            said.append(Relate(0, 0, "wasAssociatedWith", run.id, made.id, role))
        else:
            found = things.find(of, run, [], None, {}, used=False)
            said += [*found.events, Relate(0, 0, "wasAttributedTo", found.entity.id, made.id, role)]
        if on_behalf_of is not None:
            whom, more = (
                (on_behalf_of, []) if isinstance(on_behalf_of, Agent)
                else _known(values.name(on_behalf_of), ["Organization"], {})
            )  # fmt: skip
            said += more
            said.append(Relate(0, 0, "actedOnBehalfOf", made.id, whom.id, arguments={"activity": run.id}))
        WRITER.emit(*said)
        return made
    except Exception as e:  # the hook boundary
        problems.note(e)
        return Agent("", name)


def _known(name: str, types: list[str], facts: dict[str, Any]) -> tuple[Agent, list[Event]]:
    """An agent by its name: a person is the one that begat itself finds under the same account."""
    kind = types[0] if types else "Agent"
    elsewhere = "://" in name or name.startswith(("urn:", "mailto:"))
    known = name if elsewhere else ids.agreed(kind.lower(), name)
    return Agent(known, name), [Node(0, 0, known, "Agent", types, name, facts)]
