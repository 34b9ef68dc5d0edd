"""The Cypher texts: one file a subject, each statement under a line `// :name`."""

import re
from functools import cache
from importlib.resources import files
from typing import Any, Final, LiteralString

from begat.graph_schema.terms import RELATIONS

_NAMED: Final = re.compile(r"^// :(\w+)\n", re.MULTILINE)


def relation_type(name: str) -> str:
    """A relation's name as a relationship type: wasGeneratedBy is WAS_GENERATED_BY."""
    return re.sub(r"(?=[A-Z])", "_", name).upper()


#: Relationship types of the stored relations, and back.
TYPE_OF: Final = {name: relation_type(name) for name in RELATIONS}
NAME_OF: Final = {type_: name for name, type_ in TYPE_OF.items()}
ALL_RELATIONS: Final = "|".join(TYPE_OF.values())


@cache
def texts(subject: str) -> dict[str, str]:
    """The statements of a file, by name."""
    return parts(files("begat.graph_schema.neo4j").joinpath(f"{subject}.cypher").read_text(encoding="utf-8"))


def parts(text: str) -> dict[str, str]:
    """The statements of a file's text, by name."""
    _, *found = _NAMED.split(text)
    return {name: body.strip() for name, body in zip(found[::2], found[1::2], strict=True)}


@cache
def cypher(subject: str, name: str, **names: str) -> LiteralString:
    """A statement by its file and name. `names` fill its @NAME@ places: labels and types from tables, never values."""
    text = texts(subject)[name]
    for key, value in names.items():
        text = text.replace(f"@{key}@", value)
    return ours(text)


def statements(subject: str) -> list[LiteralString]:
    """All statements of a file, in order."""
    return [ours(text) for text in texts(subject).values()]


def ours(text: Any) -> LiteralString:
    """A text that is made of begat's own words and tables alone: what the driver's types ask of a statement."""
    told: LiteralString = text
    return told
