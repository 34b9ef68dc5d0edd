"""What can be asked, for the tests of all engines: of one thing, of many, and seen from where."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from begat.queries.catalogue import QUESTIONS
from begat.queries.expr import IsA, Prop, Var, eq
from begat.queries.find import query as find_query
from begat.queries.lineage import closure
from begat.queries.naming import BY_ID, BY_NAMES
from begat.queries.plan import FLOW, C, E, Either, Has, N, Not, Opt, Query, Rows, T, W
from begat.queries.scope import Scope
from begat.queries.show import ERRORS, IN, NODE, OUT, PAST, SETTINGS, TYPES
from begat.queries.status import HAPPENED
from begat.queries.where import Where

SCOPES: Final = {
    "alone": Scope(),
    "among others": Scope(contexts=(1, 4), folded=True),
    "as of": Scope(as_of=1_750_000_000_000_000),
}
#: All that a caller can ask of one thing or of a list of them; each must be answered by index.
OF_ONE: Final[dict[str, Query]] = {
    **{q.name: q.query for q in QUESTIONS.values()},
    "ancestors": closure("ancestors", "", "up", ()).query,
    "ancestors of types": closure("ancestors", "", "up", ("Model", "urn:foreign")).query,
    "descendants": closure("descendants", "", "down", ()).query,
    "naming by id": BY_ID,
    "naming by names": BY_NAMES,
    "status": HAPPENED,
    "show": NODE,
    "show types": TYPES,
    "show errors": ERRORS,
    "show settings": SETTINGS,
    "show out": OUT,
    "show in": IN,
    "show past": PAST,
    "closure of many": Query(
        (
            Rows("ids", "id"),
            N("x", id=Var("id")),
            C("x", FLOW, "y", "down"),
            Not((C("y", ("partOf",), "z", "up"), N("z", ("Study",)))),
            Opt((E("y", ("used",), "d"), N("d", ("Model",)))),
            Has((Either(((T("point", "y"),), (W(IsA("y", ("Model",))),))),)),
        ),
        {"x": Var("x"), "y": Var("y"), "d": Var("d")},
        ("x", "y"),
    ),
}
FIND: Final = find_query("Training", Where(eq(Prop("x", "name"), "train"), frozenset(("FAILED", "LOST"))))


class Text(Protocol):
    """What is made ready before a statement."""

    @property
    def text(self) -> str: ...


class Rendered(Protocol):
    """A query in the language of a store."""

    @property
    def text(self) -> str: ...
    @property
    def preludes(self) -> Iterable[Text]: ...


def statements(r: Rendered) -> list[str]:
    """All that is asked, in order."""
    return [*(p.text for p in r.preludes), r.text]


def as_written_down(r: Rendered, golden: Path, made: Path) -> None:
    """Assert that a question is rendered as the file says."""
    made.write_text(";\n\n".join(statements(r)) + ";\n")
    known = golden.read_text() if golden.exists() else ""
    assert made.read_text() == known, f"if it is meant: cp '{made}' '{golden}'"
