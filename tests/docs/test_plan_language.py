"""The page on the plan language names every word of it, and its examples can be written so."""

import re
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from begat.queries import expr, plan

PAGE: Final = (Path(__file__).parents[2] / "docs/explanation/plan-language.md").read_text()
BLOCKS: Final = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def built(text: str) -> Any:
    """What an example stands for."""
    return eval(text, {**vars(plan), **vars(expr)})  # noqa: S307 - of a page of ours


@pytest.mark.parametrize("word", [t.__name__ for t in (*get_args(plan.Atom), *get_args(expr.Expr)) if t is not expr.Op])
def test_every_atom_and_expression_has_an_example(word: str) -> None:
    assert re.search(rf"\b{word}\(", PAGE)


@pytest.mark.parametrize("name", [*expr.OPERATORS, *get_args(plan.Aggregates)])
def test_every_operator_and_aggregate_is_named(name: str) -> None:
    assert f'"{name}"' in PAGE or f"`{name}`" in PAGE


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_can_be_written_so(block: str) -> None:
    made = [built(text) for text in re.split(r"\n(?=\w)", block.strip())]
    body = made[0].body if isinstance(made[0], plan.Query) else made
    assert all(isinstance(atom, plan.Atom) for atom in body)
    assert plan.of_body(plan.expand(body, dict.fromkeys(("measure",), "loss")))
