"""A question of several SELECTs: its answer as of `begat ask`, of what they have found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from begat.queries.answer import Answer, shown
from begat.queries.catalogue import question
from begat.queries.evaluator import in_order
from begat.queries.paging import ordered
from begat.queries.question import Question, Rows
from begat.queries.sparql.asking import values
from begat.queries.sparql.finishing.table import SEVERAL
from begat.queries.sparql.finishing.told import Told, stored

if TYPE_CHECKING:
    import pyoxigraph as ox


def finished(name: str, given: Mapping[str, Any], found: Mapping[str, "ox.QuerySolutions"]) -> Answer:
    """The answer, of the rows of each SELECT by its name, in the order of `begat ask`. A status is no column: RDF does
    not tell who is still at work. Raises UsageError as `asking.filled` does."""
    q = question(name)
    told = Told(values(name, given), {select: stored(rows) for select, rows in found.items()})
    made = SEVERAL[name].finish(told)
    columns = [c for c in q.columns if c.name != q.status]
    return Answer(
        question=name,
        params={k: v for k, v in given.items() if v is not None},
        columns=columns,
        rows=[{c.name: shown(r[c.name], c.type) for c in columns} for r in _in_order(q, made.rows)],
        as_of=None,
        truncated=made.deeper,
        way=q.way,
    )


def _in_order(q: Question, rows: Rows) -> Rows:
    """Rows of a whole answer in the order that it names, others in their plan's, the other columns as ties."""
    if q.whole:
        return ordered(rows, q.order)
    names = [c for c in q.query.cols if c != q.status]
    table = [(*(r[n] for n in names), r) for r in rows]
    return [row[-1] for row in in_order(table, [*names, ""], q.query.order, names)]
