"""Questions of the catalogue, asked of generic PROV: for each of their plans a statement that was written by hand.

It is an engine beside those of begat's stores, so that naming, details, status and finishing are the very same code.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from begat.graph_schema.store import Store
from begat.queries import naming, status
from begat.queries.catalogue import question
from begat.queries.clock import left
from begat.queries.engine import ENGINES
from begat.queries.plan import Query
from begat.queries.result import Result
from begat.queries.scope import Scope

QUESTIONS: Final = (
    "best_model_settings",
    "settings_for_features",
    "comparable_runs",
    "models_of_entity",
    "best_model_for_class",
)
LIMIT: Final = "_limit"


def _statements() -> dict[int, str]:
    """The name of the statement that answers each plan, which are told apart by what they are, not by what they say."""
    found = {id(naming.BY_ID): "known", id(status.HAPPENED): "happened"}
    for name in QUESTIONS:
        q = question(name)
        found[id(q.query)] = name
        found |= {id(details): detail for detail, details in q.details.items()}
    return found


STATEMENTS: Final = _statements()
#: Columns that hold a list, which SQLite gives as JSON.
LISTS: Final = frozenset({"entities"})


@cache
def text(language: Path, name: str) -> str:
    """The statement of that name."""
    (file,) = language.glob(f"{name}.*")
    return file.read_text(encoding="utf-8")


def _look(store: Store, project: str, as_of: int | None) -> Scope:
    return Scope(project, as_of)


def _run_sqlite(store: Store, query: Query, params: Mapping[str, Any], scope: Scope, limit: int | None) -> Result:
    bound = {k: json.dumps(v) if isinstance(v, list) else v for k, v in params.items()}
    bound[LIMIT] = -1 if limit is None else limit + 1
    rows = store.read(_text(store, query), bound, left())
    lists = [i for i, name in enumerate(query.cols) if name in LISTS]
    return Result([tuple(json.loads(v) if i in lists else v for i, v in enumerate(row)) for row in rows], False)


def _run_neo4j(store: Store, query: Query, params: Mapping[str, Any], scope: Scope, limit: int | None) -> Result:
    bound = {**params, LIMIT: 2**31 if limit is None else limit + 1}
    ((rows,),) = store.read(_text(store, query), bound, left())
    return Result([tuple(row) for row in rows], False)


def _text(store: Any, query: Query) -> str:
    return text(store.language, STATEMENTS[id(query)])


ENGINES["generic-sqlite"] = (_look, _run_sqlite)
ENGINES["generic-neo4j"] = (_look, _run_neo4j)
