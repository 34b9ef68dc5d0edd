"""The flow projection as records: the lineage law as plain reachability, for SPARQL and graph libraries."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.iris import iri_of_id
from begat.graph_schema.documents.qualified import DEPENDS_ON
from begat.graph_schema.documents.records import QUALIFIED_NAME, Related
from begat.graph_schema.events import Value
from begat.graph_schema.projection import phase_name
from begat.graph_schema.statements import Flow
from begat.graph_schema.store import Store
from begat.queries.own_flow import OwnFlow

#: A phase of a node: see projection.phase_name.
_PHASE: Final = re.compile(r"(.*) (?:fin|name|(?:input|output|made) \S+ \S* \S+)", re.DOTALL)
_TYPE: Final[tuple[str, Value]] = (r.TYPE, {"$": DEPENDS_ON, "type": QUALIFIED_NAME})


def depending(store: Store, project: str | None, only: Collection[str] | None) -> Iterator[Related]:
    """The edges among the things of a project, by what the project itself says, and the phases of its activities, in no
    bundle; of all where `project` is None, of `only` these nodes where they are given. A store that is not settled has
    not all of them."""
    known = None if only is None else set(only)
    for source, target in _of_all(store) if project is None else _own(store, project):
        if known is None or {_node(source, known), _node(target, known)} <= known:
            yield Related(
                "wasInfluencedBy", {"source": iri_of_id(source), "target": iri_of_id(target)}, attributes=[_TYPE]
            )


def _of_all(store: Store) -> Iterator[tuple[str, str]]:
    return ((s.source, s.target) for s in store.scan() if isinstance(s, Flow))


def _own(store: Store, project: str) -> Iterator[tuple[str, str]]:
    for edges in OwnFlow(store, project).all():
        yield from sorted((phase_name(edge.source), phase_name(edge.target)) for edge in edges)


def _node(name: str, known: Collection[str]) -> str:
    """The node that a phase is of."""
    found = None if name in known else _PHASE.fullmatch(name)
    return name if found is None else found[1]
