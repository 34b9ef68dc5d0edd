"""What a batch says of lineage: its edges, and of parts their starts and ends, which are events of their wholes."""

from begat.graph_schema.law import later_key
from begat.graph_schema.neo4j.edges import LINEAGE, PART_OF, Edge
from begat.graph_schema.neo4j.happened import Happened
from begat.graph_schema.neo4j.nodes import Held, Nodes
from begat.graph_schema.projection import PART_END, PART_START
from begat.graph_schema.terms import PART


def lineage(
    edges: list[Edge], repeated: set[int], nodes: Nodes, wholes: list[tuple[str, str, int]], new: set[str]
) -> Happened:
    """Collect it. `repeated` are the places of edges that were there already, `wholes` (part, whole, context) those
    of nodes that were there before and that the batch starts or ends, `new` the nodes that were not."""
    happened = Happened()
    for i, e in enumerate(edges):
        if e.relation in LINEAGE:
            happened.relation(e, i in repeated)
    told = {held.node: held for held in nodes.rows.values() if held.told}
    for held in nodes.rows.values():
        one = told.get(held.node)
        if one is not None and one is not held and (held.fold.starts or held.fold.ends):
            one.starts_before = one.started_again = True  # told in two contexts: no case for appending
    ended: list[tuple[str, str, int]] = []
    for i, e in enumerate(edges):
        if e.relation == PART_OF and e.role == PART:
            happened.wanted.add(e.s)
            begun = told.get(e.s)
            if i in repeated or begun is None or not begun.fold.starts or begun.starts_before or e.s not in new:
                happened.marks.add(e.d)
            else:
                happened.part(e.s, e.d, e.ctx, PART_START, _start(begun))
                ended.append((e.s, e.d, e.ctx))
    for part, whole, ctx in wholes:
        held = told[part]
        if held.starts_before and held.fold.ends and not held.ends_before and not held.started_again:
            ended.append((part, whole, ctx))
        else:
            happened.marks.add(whole)
    for part, whole, ctx in ended:
        ends = told[part].fold.ends
        if ends:
            happened.part(part, whole, ctx, PART_END, max(later_key(e.position) for e in ends))
    return happened


def _start(held: Held) -> tuple[int, str, int]:
    return min(later_key(p) for p in held.fold.starts)
