"""The schema: committed as text, described to the last argument, and made of all that there is to ask."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, get_named_type

from begat.api.graphql.asking import camel
from begat.api.graphql.conditions import READ, Status
from begat.api.graphql.relations import LINKS, NAMES
from begat.api.graphql.schema import CORE
from begat.graph_schema.terms import RELATIONS
from begat.queries.catalogue import QUESTIONS
from begat.queries.status import Status as StatusName

COMMAND: Final = [sys.executable, "-m", "begat.api.graphql"]


def test_the_committed_text_is_the_schema() -> None:
    """After a change: python -m begat.api.graphql > api/schema.graphql"""
    printed = subprocess.run(COMMAND, capture_output=True, text=True, check=True).stdout
    assert Path("api/schema.graphql").read_text() == printed


def described() -> Iterator[tuple[str, str | None]]:
    for name, type_ in CORE.type_map.items():
        if name.startswith("__"):
            continue
        yield name, type_.description
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, held in type_.fields.items():
                yield f"{name}.{field}", held.description
                for argument, given in held.args.items():
                    yield f"{name}.{field}({argument})", given.description
        if isinstance(type_, GraphQLInputObjectType):
            for field, given in type_.fields.items():
                yield f"{name}.{field}", given.description


def test_everything_is_described() -> None:
    assert [what for what, text in described() if not text] == []


def fields_of(name: str) -> dict[str, Any]:
    type_ = CORE.type_map[name]
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    fields: dict[str, Any] = type_.fields
    return fields


def test_each_question_is_a_field_with_its_parameters_and_columns() -> None:
    for q in QUESTIONS.values():
        field = fields_of("Query")[camel(q.name)]
        given = {camel(p.name): p.required for p in q.parameters}
        assert {a: str(t.type).endswith("!") for a, t in field.args.items()} == {
            **given, "first": False, "after": False, "asOf": False,
        }  # fmt: skip
        rows = get_named_type(fields_of(get_named_type(field.type).name)["rows"].type).name
        assert list(fields_of(rows)) == [camel(c.name) for c in q.columns]


def test_each_relation_is_a_field_at_both_ends() -> None:
    assert set(NAMES) == set(RELATIONS)
    for link in LINKS:
        assert get_named_type(fields_of(link.of)[link.name].type).name == f"{link.to}Connection"


def test_words_that_stand_elsewhere_too_are_the_same() -> None:
    assert [s.value for s in Status] == list(get_args(StatusName))
    for name in ("EntityWhere", "ActivityWhere", "AgentWhere"):
        where = CORE.type_map[name]
        assert isinstance(where, GraphQLInputObjectType)
        assert set(where.fields) <= set(READ)
