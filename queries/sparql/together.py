"""Several SELECTs that one answer is made of: all see the same commit."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from begat.graph_schema.errors import StoreAway
from begat.queries.sparql.pool import Pool, Question

if TYPE_CHECKING:
    import pyoxigraph as ox

_TRIES: Final = 5


def together(
    pool: Pool, folder: Path, texts: Mapping[str, str], graphs: tuple[list[str], list[str]] | None = None
) -> dict[str, "ox.QuerySolutions"]:
    """The rows of each, by its name. Raises as `Pool.ask` does, and StoreAway where each time something is committed.
    """
    import pyoxigraph as ox

    for _ in range(_TRIES):
        found = {name: pool.ask(folder, Question(text, "json", None, graphs)) for name, text in texts.items()}
        rows: dict[str, ox.QuerySolutions] = {}
        for name, answer in found.items():
            with closing(answer.file) as file:
                parsed = ox.parse_query_results(file.read(), format=ox.QueryResultsFormat.JSON)
            assert isinstance(parsed, ox.QuerySolutions)  # each is a SELECT
            rows[name] = parsed
        if len({answer.commit for answer in found.values()}) == 1:
            return rows
    raise StoreAway("the triples change faster than they can be asked: ask again in a moment")
