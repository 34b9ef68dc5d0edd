"""The flow projection as records: the lineage law as plain reachability, for SPARQL and graph libraries."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from begat.graph_schema.documents import records as r
from begat.graph_schema.documents.iris import iri_of_id
from begat.graph_schema.documents.qualified import DEPENDS_ON
from begat.graph_schema.documents.records import QUALIFIED_NAME, Related
from begat.graph_schema.events import Value
from begat.graph_schema.statements import Flow, Folded, Relation
from begat.graph_schema.store import Store

#: A phase of a node: see projection.phase_name.
_PHASE: Final = re.compile(r"(.*) (?:fin|name|(?:input|output|made) \S+ \S* \S+)", re.DOTALL)
_TYPE: Final[tuple[str, Value]] = (r.TYPE, {"$": DEPENDS_ON, "type": QUALIFIED_NAME})


def depending(store: Store, project: str | None, only: Collection[str] | None) -> Iterator[Related]:
    """The edges among the things of a project, and the phases of its activities, in no bundle; of all where `project`
    is None, of `only` these nodes where they are given. A store that is not settled has not all of them."""
    known = None if only is None else set(only)
    if known is None and project is not None:
        known = _named(store, project)
    for s in store.scan():
        if not isinstance(s, Flow) or (s.context is not None and project not in (None, s.context.project)):
            continue
        if known is None or {_node(s.source, known), _node(s.target, known)} <= known:
            ends = {"source": iri_of_id(s.source), "target": iri_of_id(s.target)}
            yield Related("wasInfluencedBy", ends, attributes=[_TYPE])


def _named(store: Store, project: str) -> set[str]:
    """The ids of all that a project speaks of."""
    found: set[str | None] = set()
    for s in store.scan():
        if isinstance(s, Folded) and s.context.project == project:
            found.add(s.node)
        elif isinstance(s, Relation) and s.context.project == project:
            found |= {s.source, s.target}
    return {id_ for id_ in found if id_ is not None}


def _node(name: str, known: Collection[str]) -> str:
    """The node that a phase is of."""
    found = None if name in known else _PHASE.fullmatch(name)
    return name if found is None else found[1]
