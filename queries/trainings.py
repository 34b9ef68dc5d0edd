"""Lists of details about trainings: their settings, their data, who made them."""

from typing import Any, Final

import msgspec

from begat.graph_schema.terms import SECTION
from begat.queries.expr import Attr, Expr, Prop, Var
from begat.queries.plan import EACH, Atom, E, Either, L, N, Query
from begat.queries.plan import Rows as Given
from begat.queries.question import Rows


def set_by(activity: str) -> Atom:
    """Binds `s` to the settings of the activity that this variable holds, and of its sections."""
    section = (E("section", ("partOf",), activity, with_role=SECTION), E("section", ("hasSetting",), "s"))
    return Either(((E(activity, ("hasSetting",), "s"),), section))


#: Binds `s` to the settings of the activity `a` and of its sections.
SET: Final = set_by("a")
#: Binds `a` to the activity whose setting `s` is: who has it, or what that is a section of.
HAVING: Final[tuple[Atom, ...]] = (
    E("holder", ("hasSetting",), "s"),
    Either(
        (
            (L("a", Var("holder")),),
            (E("holder", ("partOf",), "a", with_role=SECTION),),
        )
    ),
)
_SETTING: Final[dict[str, Expr]] = {"of": Var("a"), "name": Prop("s", "name"), "value": Prop("s", "value")}
SETTINGS: Final = Query((*EACH, SET), _SETTING, ("of", "name", "value"))
#: The same without those of sections.
OWN_SETTINGS: Final = Query((*EACH, E("a", ("hasSetting",), "s")), _SETTING, ("of", "name", "value"))
#: Binds `d` to the data that the activity `a` used, in whatever role.
USED_DATA: Final[tuple[Atom, ...]] = (E("a", ("used",), "d", role="role"), N("d", ("Dataset",)))
DATA: Final = Query(
    (*EACH, *USED_DATA),
    {"of": Var("a"), "role": Var("role"), "id": Var("d"), "name": Prop("d", "name"), "digest": Attr("d", "digest")},
    ("of", "role", "id"),
)
#: Binds `a` to what used data that has `feature`, one of the names and ids given as `features`.
FEATURED: Final[tuple[Atom, ...]] = (
    Given("features", "feature"),
    Either(
        (
            (N("f", ("Feature",), name=Var("feature")),),
            (N("f", ("Feature",), id=Var("feature")),),
        )
    ),
    E("d", ("hasFeature",), "f"),
    N("d", ("Dataset",)),
    E("a", ("used",), "d"),
)
CREATORS: Final = Query(
    (*EACH, E("a", ("wasAssociatedWith",), "p", role="role")),
    {"of": Var("a"), "role": Var("role"), "id": Var("p"), "name": Prop("p", "name")},
    ("of", "role", "id"),
)


def settings_shown(rows: Rows) -> Rows:
    """Settings as a JSON column."""
    return [{"name": r["name"], "value": msgspec.json.decode(r["value"] or "null")} for r in rows]


def roles_shown(rows: Rows) -> Rows:
    """Data or people as a JSON column."""
    return [{"role": r["role"], "id": r["id"], "name": r["name"]} for r in rows]


def attributes(rows: Rows) -> dict[str, list[Any]]:
    """The attributes of a thing, of its descriptions in all bundles: `attrs` of each row, null where there are none."""
    found: dict[str, list[Any]] = {}
    for r in rows:
        for key, values in msgspec.json.decode(r["attrs"] or "{}").items():
            found.setdefault(key, []).extend(values)
    return found
