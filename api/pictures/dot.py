"""A drawing in Graphviz' language, for whoever lays it out: `dot -Tpdf`, an editor, a web page. It needs no library."""

from begat.api.pictures import label
from begat.api.pictures.drawing import Arrow, Box, Drawing
from begat.api.pictures.style import KINDS, dash
from begat.api.table import one_line


def dot(d: Drawing, title: str) -> str:
    """The text of a digraph. Effects stand on the right, causes on the left, as time goes."""
    lines = [
        "digraph lineage {",
        f"  graph [rankdir=RL, label={quoted(title)}, labelloc=t, fontname=Helvetica]",
        "  node [style=filled, fontname=Helvetica, fontsize=10]",
        "  edge [fontname=Helvetica, fontsize=8]",
        *(f"  {quoted(b.id)} [{_node(b)}]" for b in d.boxes),
        *(f"  {quoted(a.source)} -> {quoted(a.target)} [{_edge(a)}]" for a in d.arrows),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _node(b: Box) -> str:
    look = KINDS[b.kind]
    below = " ".join(w for w in (f"[{label.type_of(b)}]", label.status(b)) if w)
    text = "\n".join(line for line in (label.name(b), below, label.settings(b)) if line)
    more = ", peripheries=2" if b.count > 1 else ""
    more += ", penwidth=2" if b.asked else ""
    return (
        f'label={quoted(text)}, tooltip={quoted(label.told(b))}, shape={look.dot}, fillcolor="{look.fill}", '
        f'color="{look.line}"{more}'
    )


def _edge(a: Arrow) -> str:
    return f"label={quoted(label.relation(a))}, style={dash(a).dot}"


def quoted(text: str) -> str:
    """A text as dot has it: quotes and backslashes escaped, lines by `\\n`; what no line may hold as a dot."""
    lines = map(one_line, text.split("\n"))
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
