"""Lines of N-Quads in which some terms are given anew each time."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from begat.graph_schema.documents.prov_o import lines, nameless, said_by_node
from begat.graph_schema.documents.records import Record


class _Cut:
    """A text in pieces: every second one is a term that is given."""

    def __init__(self, whole: str, terms: Sequence[str]) -> None:
        for n, term in enumerate(terms):
            if term:
                whole = whole.replace(term, f"\0{n}\0")  # no term of RDF has a NUL in it
        self._pieces = whole.split("\0")
        places = [int(place) for place in self._pieces[1::2]]
        self._pick: Any = itemgetter(*places) if len(places) > 1 else lambda given: [given[n] for n in places]

    def __call__(self, given: tuple[str, ...]) -> str:
        self._pieces[1::2] = self._pick(given)
        return "".join(self._pieces)


class Template:
    """The lines of records, whose `terms` are in no other statement; of terms of which one has another in it the longer
    stands first. Called with others in their order, it has the lines of records with these; what stands at the end and
    is in none of the lines may be left out."""

    def __init__(self, records: Iterable[Record], terms: Sequence[str]) -> None:
        held = list(records)
        # A node without an id is called by what it says: that has terms of its own, and so is cut, too.
        told = next(filter(None, map(said_by_node, held)), None)
        self._told = None if told is None else _Cut(told, terms)
        node = [] if told is None else [nameless(told)]
        self._lines = _Cut("".join(lines(record).decode() for record in held), [*node, *terms])

    def __call__(self, given: tuple[str, ...]) -> str:
        """For one thread at a time."""
        if self._told is None:
            return self._lines(given)
        return self._lines((nameless(self._told(given)), *given))
