"""Question 23: what is needed to make a thing again, and what of that nobody has recorded.

Of the activity that made it and of what that is a part of: a function writes the model, its script has the command. Of
what these used only what stands behind the thing counts.
"""

from typing import Final

from begat.graph_schema.statements import canonical
from begat.graph_schema.terms import PART, SECTION_TYPE
from begat.queries.answer import Column
from begat.queries.columns import thing
from begat.queries.expr import Attr, Const, Par, Prop, Var
from begat.queries.plan import EACH, FLOW, C, E, Either, L, N, Not, Opt, Query, T
from begat.queries.question import Question, Row, Rows
from begat.queries.trainings import SETTINGS, attributes

KNOWN: Final = "known"
MISSING: Final = "missing"
#: What is used, by its types, and the attributes of which the first there is says which one it was.
USED: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "code": (("Code",), ("commit", "digest")),
    "data": (("Dataset", "Model"), ("digest",)),
    "environment": (("Environment",), ("packages",)),
    "job": (("JobSpec",), ("digest",)),
}
#: Attributes that are lists.
LISTS: Final = ("packages",)
#: What a setting's name ends in, or begins with, if it is a seed: `run(seeds=True)` says `seeds.torch`.
SEEDS: Final = ("seed", "random_state")
STATES: Final = "seeds"
#: Each activity misses these, if it has none.
NEEDED: Final = ("code", "command", "environment", "job", "seed")

_USED: Final = Query(
    (
        *EACH,
        N("x", id=Par("thing")),
        E("a", ("used",), "u"),
        Either(tuple((N("u", types), L("what", Const(what))) for what, (types, _) in USED.items())),
        C("x", FLOW, "u", "up"),
        Opt((T("description", "u", {"attrs": "attrs"}),)),
    ),
    {"of": Var("a"), "what": Var("what"), "name": Prop("u", "name"), "id": Var("u"), "attrs": Var("attrs")},
    ("of", "what", "name", "id", "attrs"),
)


def needed(rows: Rows) -> Rows:
    """All that is known of the activities, each once, and what is missing."""
    found = [n for r in rows for n in (*_command(r), *_used(r["used"]), *map(_setting, r["settings"]))]
    told = {n["what"] for n in found}
    found += [_row(what) for what in NEEDED if rows and what not in told]
    each = {(n["what"], n["name"], n["value"], n["id"]): n for n in found}
    return list(each.values())


def _row(what: str, name: str | None = None, value: str | None = None, id: str | None = None) -> Row:
    """`value` is JSON; what has none is missing."""
    return {"what": what, "name": name, "value": value, "id": id, "state": MISSING if value is None else KNOWN}


def _command(row: Row) -> Rows:
    return [] if row["command"] is None else [_row("command", None, canonical(row["command"]), row["id"])]


def _used(rows: Rows) -> Rows:
    """A thing's descriptions are those of all bundles."""
    things: dict[tuple[str, str | None, str], Rows] = {}
    for r in rows:
        things.setdefault((r["what"], r["name"], r["id"]), []).append(r)
    return [_row(what, name, _which(what, of), node) for (what, name, node), of in things.items()]


def _which(what: str, described: Rows) -> str | None:
    told = attributes(described)
    for key in USED[what][1]:
        if values := sorted(str(v) for v in told.get(key, ())):
            return canonical(values if key in LISTS else values[0])
    return None


def _setting(setting: Row) -> Row:
    name = setting["name"] or ""
    is_seed = name.lower().endswith(SEEDS) or name.split(".")[0] == STATES
    return {**_row("seed" if is_seed else "setting", setting["name"], setting["value"]), "state": KNOWN}


QUESTION: Final = Question(
    name="reproduce",
    sentence="What is needed to make this model again, and what of it is missing?",
    parameters=(thing("a model, another thing that was made, or an activity: an id, a path or a name"),),
    columns=(
        Column("what", "text", "code, command, data, environment, job, seed or setting"),
        Column("name", "text"),
        Column("value", "json", "commit, command, digest, packages or value"),
        Column("id", "id", "what has it; null for settings"),
        Column("state", "text", "known or missing"),
    ),
    query=Query(
        body=(
            N("x", id=Par("thing")),
            Either(
                (
                    (L("maker", Var("x")), N("maker", ("Activity",))),
                    (E("x", ("wasGeneratedBy",), "maker"), Not((N("maker", (SECTION_TYPE,)),))),
                )
            ),
            C("maker", ("partOf",), "a", "up", with_role=PART, lo=0),
        ),
        cols={"id": Var("a"), "command": Attr("a", "command")},
        order=("id",),
    ),
    example="begat ask reproduce models/a.pt",
    whole=True,
    order=("what", "name", "value", "id"),
    details={"used": _USED, "settings": SETTINGS},
    finish=needed,
)
