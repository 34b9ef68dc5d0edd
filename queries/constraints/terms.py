"""Terms as whole numbers: constants (ids and times) from 1, the placeholder `-` is 0, and existential variables below.

A variable stands for what a statement leaves out (definitions 1 to 4). Unification (section 6.1) joins variables with
each other and binds them to constants; two constants are never made one.
"""

from array import array
from typing import Final

from begat.graph_schema.terms import XSD
from begat.graph_schema.xsd_time import iso, micros

PLACEHOLDER: Final = 0
#: Longer texts of times have digits beyond the microsecond.
_EXACT: Final = len("2024-01-31T12:00:00.123456+00:00")


def moment(text: str) -> str:
    """A time in one of its ways to be written; without an offset it is another one."""
    at = micros({"$": text, "type": XSD + "dateTime"}) if len(text) <= _EXACT else None
    if at is None:
        return text
    return iso(at) if text[-1] == "Z" or text[-6] in "+-" else iso(at).removesuffix("Z")


class Constants:
    """Ids and times, each with its number."""

    def __init__(self) -> None:
        self.texts = ["-"]
        self._ids: dict[str, int] = {}
        self._times: dict[str, int] = {}
        self._moments: dict[str, int] = {}

    def id(self, iri: str) -> int:
        """The number of an id."""
        found = self._ids.get(iri)
        if found is None:
            found = self._ids[iri] = len(self.texts)
            self.texts.append(iri)
        return found

    def time(self, text: str) -> int:
        """The number of a time: one for all ways to write it."""
        found = self._times.get(text)
        if found is None:
            found = self._times[text] = self._moments.setdefault(moment(text), len(self.texts))
            if found == len(self.texts):
                self.texts.append(text)
        return found


class Variables:
    """Existential variables: -1, -2 ... Each has an owner, the statement to look at again when it stands for more."""

    def __init__(self) -> None:
        self._up = array("q")
        self._owner = array("q")
        self._members: dict[int, list[int]] = {}
        #: Statements to look at again.
        self.changed: list[int] = []

    def new(self, owner: int = -1) -> int:
        """A variable that nothing is known of."""
        self._up.append(-1 - len(self._up))
        self._owner.append(owner)
        return self._up[-1]

    def root(self, term: int) -> int:
        """What a term stands for: a constant, or the variable that speaks for all that are joined with it."""
        while term < 0:
            up = self._up[~term]
            if up == term:
                return term
            term = up
        return term

    def alone(self, root: int) -> bool:
        """Whether a root is a variable that was never joined with another."""
        return root < 0 and root not in self._members

    def unify(self, a: int, b: int) -> bool:
        """Make two terms one; False if they are two constants."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return True
        if a >= 0 and b >= 0:
            return False
        if a >= 0 or (b < 0 and self._size(a) > self._size(b)):
            a, b = b, a
        mine = self._members.pop(a, None) or [a]
        self._look(mine)
        if b < 0:
            if b not in self._members:
                self._members[b] = [b]
                self._look([b])
            self._members[b] += mine
        self._up[~a] = b
        return True

    def _size(self, root: int) -> int:
        return len(self._members.get(root, ())) or 1

    def _look(self, variables: list[int]) -> None:
        self.changed += [owner for v in variables if (owner := self._owner[~v]) >= 0]
