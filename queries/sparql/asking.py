"""Questions as SPARQL: which there are, and their texts with the values of somebody's own in place of the example's.

A parameter is a line `VALUES ?name { ... }` in the text, or several where its parts need it. Nothing but terms that are
made of checked values gets there.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from typing import Any, Final

from begat.graph_schema.documents.iris import iri_of_id
from begat.graph_schema.documents.n_triples import iri, term
from begat.graph_schema.errors import NotFound, UsageError
from begat.queries.ask import CONVERT
from begat.queries.catalogue import question
from begat.queries.measures import MAX, MIN, greatest, words
from begat.queries.question import Parameter

_FOLDER: Final = files("begat.queries.sparql.questions")
#: A parameter's line.
_VALUES: Final = re.compile(r"^( *VALUES \?)(\w+) \{.*\}$", re.MULTILINE)
_UNDEFINED: Final = "UNDEF"
#: Variables of parameters whose names are columns' as well.
_ASKED_FOR: Final = {"split": "splits", "measure": "measures", "best": "wanted"}


def names() -> list[str]:
    """The questions that there is a text of, sorted."""
    return sorted(file.name.removesuffix(".rq") for file in _FOLDER.iterdir() if file.name.endswith(".rq"))


def text(name: str) -> str:
    """The text of a question, with its example's values. Raises NotFound."""
    if name not in names():
        question(name)  # which says what is near, where there is none at all
        raise NotFound(f"{name} is not written in SPARQL: ask it with begat ask", tuple(names()))
    return (_FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def asked(name: str, given: Mapping[str, Any]) -> str:
    """The text with these values of the question's parameters, things by id or IRI; others have their defaults.

    Raises NotFound for a question that is not written in SPARQL; UsageError for a parameter that it has not, or that is
    missing or of the wrong type.
    """
    template = text(name)
    held = {m[2] for m in _VALUES.finditer(template)}
    known = {p.name: p for p in question(name).parameters if _variable(p.name) in held}
    for unknown in given.keys() - known.keys():
        near = get_close_matches(unknown, known, 1, 0.4)
        hint = f"; did you mean {near[0]}?" if near else f": it takes {', '.join(known)}"
        raise UsageError(f"{name} has no parameter {unknown!r} in SPARQL{hint}")
    values = {p.name: _value(name, p, given.get(p.name, p.default)) for p in known.values()}
    told = {_variable(p.name): _terms(p, values) for p in known.values()}
    return _VALUES.sub(lambda m: f"{m[1]}{m[2]} {{ {told[m[2]]} }}", template)


def _variable(parameter: str) -> str:
    return _ASKED_FOR.get(parameter, parameter)


def _value(name: str, p: Parameter, value: Any) -> Any:
    if value is None or value == []:
        if p.required:
            raise UsageError(f"{name} needs {p.name}: {p.help}")
        return value
    try:
        return CONVERT["text" if p.type == "thing" else p.type](value)
    except (TypeError, ValueError, OverflowError):
        raise UsageError(f"{p.name} is {value!r}, which is no {p.type}") from None


def _terms(p: Parameter, values: Mapping[str, Any]) -> str:
    """What stands between the braces."""
    value = values[p.name]
    if p.name == "best":
        return term(MAX if greatest(values["measure"], value) else MIN)
    if p.name == "split":
        value = words(value)
    if value is None:
        return _UNDEFINED
    if p.type == "thing":
        return iri(iri_of_id(str(value)))
    return " ".join([term(v) for v in value]) if isinstance(value, list) else term(value)
