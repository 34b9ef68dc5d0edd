"""An answer as text: aligned table, tree, CSV, the JSON object of the public contract, or a picture (dot, SVG)."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from begat.api.pictures.drawing import Drawing, drawing
from begat.api.table import aligned, plain, readable
from begat.graph_schema.errors import UsageError
from begat.queries.answer import Answer
from begat.queries.graph import Graph, by_via

#: Columns that only machines read: the tree is drawn from them.
UNSHOWN: Final = ("via",)


class View(NamedTuple):
    """How an answer is shown: what was asked about, as given; all its links, where they were looked up (else those by
    `via` are drawn); whether what is alike is folded."""

    title: str
    graph: Graph | None = None
    fold: bool = True


def render(answer: Answer, form: str, view: View) -> str:
    """The text of an answer, newline at its end. Raises UsageError where the form does not suit the answer."""
    return FORMATS[form](answer, view)


def told(answer: Answer) -> dict[str, Any]:
    """The object of the public contract."""
    told = msgspec.structs.asdict(answer)
    del told["notes"]  # for people, told beside the answer
    del told["starts"], told["way"]  # for pictures
    if answer.next is None:
        del told["next"]
    # An argument may be a file's name with bytes that are no UTF-8, which JSON must be.
    told["params"] = {
        k: v.encode("utf-8", "backslashreplace").decode() if isinstance(v, str) else v for k, v in answer.params.items()
    }
    return told


def as_json(answer: Answer, view: View) -> str:
    return msgspec.json.format(msgspec.json.encode(told(answer)), indent=2).decode() + "\n"


def as_csv(answer: Answer, view: View) -> str:
    out = io.StringIO()
    names = [c.name for c in answer.columns]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([plain(row[n]) for n in names] for row in answer.rows)
    return out.getvalue()


def as_table(answer: Answer, view: View) -> str:
    """Columns that are empty throughout are left out; what does not fit the terminal is cut."""
    shown = [
        c for c in answer.columns if c.name not in UNSHOWN and any(row[c.name] is not None for row in answer.rows)
    ]
    cells = [[readable(row[c.name], c.type) for c in shown] for row in answer.rows]
    right = [c.type in ("integer", "number") for c in shown]
    return aligned([c.name for c in shown], cells, right)


def as_tree(answer: Answer, view: View) -> str:
    from begat.api.pictures.tree import tree

    return tree(_drawn(answer, "tree", view), view.title)


def as_dot(answer: Answer, view: View) -> str:
    from begat.api.pictures.dot import dot

    return dot(_drawn(answer, "dot", view), f"{answer.question} {view.title}")


def as_svg(answer: Answer, view: View) -> str:
    """Curves of measures, else lineage."""
    title = f"{answer.question} {view.title}"
    if CURVES.issubset((c.name, c.type) for c in answer.columns):
        from begat.api.pictures.curves import curves

        return curves(answer.rows, title, _notes(answer, f"{len(answer.rows):,} points"))
    from begat.api.pictures.svg import svg

    d = _drawn(answer, "svg", view)
    things = sum(b.count for b in d.boxes)
    boxes = f"{things:,} things" if things == len(d.boxes) else f"{things:,} things in {len(d.boxes):,} boxes"
    return svg(d, title, _notes(answer, boxes))


#: The columns that are drawn as curves.
CURVES: Final = frozenset((("step", "number"), ("name", "text"), ("value", "number")))


def _drawn(answer: Answer, form: str, view: View) -> Drawing:
    around = answer.way == "both" and form == "tree"  # what lies on both sides of a thing is no tree
    if around or (view.graph is None and "via" not in [c.name for c in answer.columns]):
        forms = ", ".join((*_pictures(answer), "table", "json"))
        raise UsageError(f"{answer.question} has no steps to draw as {form}: give --format {forms} or csv")
    d = drawing(view.graph or by_via(answer), answer.way == "down")
    if not view.fold:
        return d
    from begat.api.pictures.fold import fold

    return fold(d)


def _pictures(answer: Answer) -> tuple[str, ...]:
    """The forms in which an answer without a tree can be drawn: what lies around a thing, or curves."""
    if answer.way == "both":
        return ("svg", "dot")
    curves = CURVES.issubset((c.name, c.type) for c in answer.columns)
    return ("svg",) if curves or (answer.way is None and answer.starts) else ()


def _notes(answer: Answer, first: str) -> list[str]:
    """What has to be known to trust a picture that is handed on without its command."""
    as_of = f"as of {answer.as_of}" if answer.as_of else ""
    pending = f"without {answer.pending:,} events pending" if answer.pending else ""
    return [w for w in (first, as_of, "only a part" if answer.truncated else "", pending) if w]


FORMATS: Final[Mapping[str, Callable[[Answer, View], str]]] = {
    "table": as_table,
    "tree": as_tree,
    "json": as_json,
    "csv": as_csv,
    "dot": as_dot,
    "svg": as_svg,
}
