"""The reference page of the questions, made from their definitions: `begat questions --format markdown`."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from begat.queries.answer import Column
from begat.queries.outline import outline
from begat.queries.question import Parameter, Question

HEAD: Final = """\
# The questions

*Made by `begat questions --format markdown` from the definitions in `queries/questions/`; not to be edited.*

Each question is asked as `begat ask NAME` (with `--help`), or from Python as `begat.ask("NAME", ...)`, and has the same
rows in the same order on every store. Besides its own parameters each takes `--limit` (rows, 1000 unless told),
`--after` (the page that follows another: what that told as `next`), `--time-limit` (seconds, 60
unless told; an answer that takes longer is truncated, and has no rows), `--as-of` (what was known at that time) and
`--format`. Times are ISO 8601, UTC. What values mean is told on
[a page of its own](values.md), how plans are written [on another](../explanation/plan-language.md), and how to add a
question [here](../howto/add-a-question.md).
"""
#: What a parameter of each type takes.
TAKES: Final = {
    "thing": "an id, a path or a name",
    "text": "text",
    "texts": "texts",
    "integer": "a whole number",
    "number": "a number",
    "time": "a time, ISO 8601",
}


def page(questions: Iterable[Question]) -> str:
    """The whole page, newline at its end."""
    asked = list(questions)
    contents = [f"- [{q.name}](#{q.name}): {q.sentence}" for q in asked]
    parts = ["\n".join(contents), *("\n\n".join(_question(q)) for q in asked)]
    return f"{HEAD}\n" + "\n\n".join(parts) + "\n"


def _question(q: Question) -> Iterator[str]:
    yield f"## {q.name}"
    yield q.sentence
    yield f"```console\n$ {q.example}\n```"
    if q.parameters:
        yield "\n".join(["| parameter | takes | default | |", "|---|---|---|---|", *map(_parameter, q.parameters)])
    yield "\n".join(["| column | type | unit | |", "|---|---|---|---|", *map(_column, q.columns)])
    lines = outline(q.query)
    for name, plan in q.details.items():
        lines += ["", f"{name}, of each row:", *(f"  {line}" for line in outline(plan))]
    yield "\n".join(["Plan:", "", "```text", *lines, "```"])


def _parameter(p: Parameter) -> str:
    takes = " or ".join(f"`{w}`" for w in p.words) or TAKES[p.type]
    takes += (f" from {p.least}" if p.least is not None else "") + (f" up to {p.most}" if p.most is not None else "")
    default = "required" if p.required else "" if p.default is None else f"`{_text(p.default)}`"
    name = f"`{p.name}`" + (", the first" if p.main else "")
    return _row(name, takes, default, p.help)


def _column(c: Column) -> str:
    return _row(f"`{c.name}`", c.type, c.unit or "", c.help)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
