"""Which runs a table has: activities that are no sections of another, the latest first, or in the asked order.

Calls of functions are parts of a run and, without a type, steps of it rather than runs; what an analyst only says of a
thing, a tag or a note, is an activity and no run either. Both are left out, unless asked for.
"""

from collections.abc import Sequence
from typing import Any, Final

from begat.graph_schema.store import Store
from begat.graph_schema.terms import PART, SECTION_TYPE
from begat.queries.engine import run
from begat.queries.expr import Const, Par, Prop, Var, eq, op
from begat.queries.find import LATEST, happened
from begat.queries.plan import Atom, C, E, Either, L, N, Not, Query, Rows, W
from begat.queries.runs import quick
from begat.queries.runs.facts import Wanted
from begat.queries.scope import Scope
from begat.queries.sorting import Sorting
from begat.queries.status import statuses
from begat.queries.where import Where

RUN: Final[tuple[Atom, ...]] = (N("x", ("Activity",)), Not((N("x", (SECTION_TYPE,)),)))
#: Parts with a type are runs in their own right: the trials of a study.
NO_STEP: Final = Not((W(op("isnull", Prop("x", "type"))), E("x", ("partOf",), "whole", with_role=PART)))
#: What a remark is one of; there are others, which used and made something.
CURATION: Final = "Curation"
#: A thing is influenced by what was only said of it.
NO_REMARK: Final = Not((W(eq(Prop("x", "type"), Const(CURATION))), E("thing", ("wasInfluencedBy",), "x")))
#: The runs of an experiment, with their parts.
MEMBERS: Final[tuple[Atom, ...]] = (
    N("experiment", id=Par("experiment")),
    E("r", ("partOf",), "experiment"),
    Either(((L("x", Var("r")),), (C("r", ("partOf",), "x", "down", with_role=PART),))),
)


class Choice:
    """A selection of runs: all, or those of an experiment (an id), of some types, for which a condition holds."""

    def __init__(self, store: Store, scope: Scope, experiment: str | None, types: tuple[str, ...], steps: bool) -> None:
        self.store, self.scope = store, scope
        self.params: dict[str, Any] = {} if experiment is None else {"experiment": experiment}
        self.everything = experiment is None and not types
        self.steps = steps
        first: tuple[Atom, ...] = () if experiment is None else MEMBERS
        only: tuple[Atom, ...] = (N("x", types),) if types else ()
        self.body = (*first, *(only if experiment is None else ()), *RUN, *only, *narrowed(steps, types))

    def rows(
        self, where: Where, order: Sorting | None, after: tuple[Any, ...] | None, limit: int, wanted: Wanted
    ) -> list[quick.Row]:
        """At most `limit` runs as quick.py reads them, in order, where it can."""
        plain = not where.body() and where.statuses is None and order is None and after is None
        if self.everything and plain:
            return quick.latest(self.store, self.scope, self.steps, limit, wanted)
        return quick.these(self.store, self.scope, self.ids(where, order, after, limit), wanted)

    def ids(self, where: Where, order: Sorting | None, after: tuple[Any, ...] | None, limit: int) -> list[str]:
        """At most `limit` ids, in order."""
        if self.everything and quick.suits(self.store, self.scope):
            all_ = quick.every(self.store, self.scope, self.steps)
            start: tuple[Atom, ...] = (Rows("ids", "given"), N("x", id=Var("given")))
            return self._chosen(start, {"ids": all_}, where, order, after, limit)
        return self._chosen(self.body, self.params, where, order, after, limit)

    def _chosen(
        self, body: Sequence[Atom], params: dict[str, Any], where: Where, order: Sorting | None,
        after: tuple[Any, ...] | None, limit: int,
    ) -> list[str]:  # fmt: skip
        by = order or LATEST
        atoms = [*body, *where.body(), *([] if where.statuses is None else [happened(where.statuses)]), *by.atoms()]
        if after is not None:
            atoms.append(by.after(after))
        query = Query(tuple(atoms), {"id": Var("x"), **by.cols()}, by.order())
        if where.statuses is None:
            return [row[0] for row in run(self.store, query, params, self.scope, limit).rows]
        found = [row[0] for row in run(self.store, query, params, self.scope).rows]
        status = statuses(self.store, self.scope, found)
        return [i for i in found if status.get(i) in where.statuses][:limit]


def narrowed(steps: bool, types: Sequence[str]) -> tuple[Atom, ...]:
    """What `x` must not be to be a run: a step, unless `steps`; a remark, unless its type is among those asked for."""
    return (*(() if steps else (NO_STEP,)), *(() if CURATION in types else (NO_REMARK,)))


def experiments(store: Store, scope: Scope, name: str) -> list[str]:
    """The ids of the experiments and studies of that name."""
    named = Query((N("x", ("LearningExperiment", "Study"), name=Par("name")),), {"id": Var("x")}, ("id",))
    return [i for (i,) in run(store, named, {"name": name}, scope).rows]

