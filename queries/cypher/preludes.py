"""What a statement is handed that another one finds first."""

import msgspec

from begat.queries.expr import Expr


class Closure(msgspec.Struct, frozen=True):
    """A closure with depths, found before the statement and handed to it as a map: id -> (depth, via)."""

    name: str
    text: str
    root: Expr
    hi: Expr | None


class Reached(msgspec.Struct, frozen=True):
    """A closure without depths, found before the statement and handed to it as a map by its ids."""

    name: str
    text: str
    root: Expr


class Between(msgspec.Struct, frozen=True):
    """What lies between the root of a closure and the ids that `text` gives, handed over as a list of ids."""

    name: str
    text: str
    closure: str


class Avoided(msgspec.Struct, frozen=True):
    """What a closure avoids, handed over as a map by the ids that `text` gives."""

    name: str
    text: str


class OnWay(msgspec.Struct, frozen=True):
    """The nodes of a least path from the root of a closure to another, handed over as a list of their ids."""

    name: str
    closure: str
    end: Expr
    text: str = ""


Prelude = Closure | Reached | Between | Avoided | OnWay
