"""Questions as SPARQL: which there are, and their texts with the values of somebody's own in place of the example's.

A parameter is a line `VALUES ?name { ... }` in the text, or several where its parts need it; how many rows there are at
most is the line `LIMIT n`. Nothing but terms that are made of checked values gets there.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from msgspec.structs import replace

from begat.graph_schema.documents.iris import id_of_iri, iri_of_id
from begat.graph_schema.documents.n_triples import iri, term
from begat.graph_schema.errors import NotFound, UsageError
from begat.queries.ask import converted
from begat.queries.catalogue import question
from begat.queries.measures import MAX, MIN, greatest, words
from begat.queries.question import Parameter
from begat.queries.sparql.finishing.table import SEVERAL

_FOLDER: Final = files("begat.queries.sparql.questions")
_SELECTS: Final = files("begat.queries.sparql.selects")
#: A parameter's line.
_VALUES: Final = re.compile(r"^( *VALUES \?)(\w+) \{.*\}$", re.MULTILINE)
#: The line of the parameter that a question has as its `first`.
_LIMIT: Final = re.compile(r"^LIMIT \d+$", re.MULTILINE)
_UNDEFINED: Final = "UNDEF"
#: Variables of parameters whose names are columns' as well.
_ASKED_FOR: Final = {"split": "splits", "measure": "measures", "best": "wanted"}


def names() -> list[str]:
    """The questions that are written in SPARQL, sorted."""
    return sorted((*alone(), *SEVERAL))


def alone() -> list[str]:
    """Those that one SELECT answers."""
    return [file.name.removesuffix(".rq") for file in _FOLDER.iterdir() if file.name.endswith(".rq")]


def texts(name: str) -> dict[str, str]:
    """The texts of a question with its example's values, each by its name: the question's, or of several SELECTs of
    selects/. Raises NotFound."""
    if name in SEVERAL:
        return {select: _read(_SELECTS, select) for select in SEVERAL[name].selects}
    if name in alone():
        return {name: _read(_FOLDER, name)}
    question(name)  # which says what is near, where there is none at all
    raise NotFound(f"{name} is not written in SPARQL: ask it with begat ask")


def _read(folder: Traversable, name: str) -> str:
    return (folder / f"{name}.rq").read_text(encoding="utf-8")


def filled(name: str, given: Mapping[str, Any]) -> dict[str, str]:
    """The texts with these values of the question's parameters, things by id or IRI; others have their defaults.

    Raises NotFound for a question that is not written in SPARQL; UsageError for a parameter that it has not, or that is
    missing or of the wrong type.
    """
    checked = values(name, given)
    q = question(name)
    told = {_variable(p.name): _terms(p, checked) for p in q.parameters if p.name in checked}
    found = {
        select: _VALUES.sub(lambda m: f"{m[1]}{m[2]} {{ {told[m[2]]} }}", template)
        for select, template in texts(name).items()
    }
    if q.first in checked:
        found = {select: _LIMIT.sub(f"LIMIT {checked[q.first]}", one) for select, one in found.items()}
    return found


def values(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the parameters that can be asked for in SPARQL have; raises as `filled` does."""
    q = question(name)
    held = {m[2] for template in texts(name).values() for m in _VALUES.finditer(template)}
    further = SEVERAL[name].further if name in SEVERAL else (q.first,)
    known = {p.name: p for p in q.parameters if _variable(p.name) in held or p.name in further}
    for unknown in given.keys() - known.keys():
        near = get_close_matches(unknown, known, 1, 0.4)
        hint = f"; did you mean {near[0]}?" if near else f": it takes {', '.join(known)}"
        raise UsageError(f"{name} has no parameter {unknown!r} in SPARQL{hint}")
    checked = {p.name: _value(name, p, given.get(p.name, p.default)) for p in known.values()}
    derive = question(name).derive
    if name in SEVERAL and derive is not None:
        derive(checked)  # which refuses what makes no sense together, before anything is asked
    return checked


def text(name: str) -> str:
    """The text of a question as it is printed: of several each after a comment that names it. Raises NotFound."""
    return _printed(name, texts(name))


def asked(name: str, given: Mapping[str, Any]) -> str:
    """The same with values; raises as `filled` does."""
    return _printed(name, filled(name, given))


def _printed(name: str, parts: Mapping[str, str]) -> str:
    if len(parts) == 1:
        return "".join(parts.values())
    several = enumerate(parts.items(), 1)
    return "\n".join(f"# {name}, {n} of {len(parts)}: {select}\n{part}" for n, (select, part) in several)


def _variable(parameter: str) -> str:
    return _ASKED_FOR.get(parameter, parameter)


def _value(name: str, p: Parameter, value: Any) -> Any:
    if value is None or value == []:
        if p.required:
            raise UsageError(f"{name} needs {p.name}: {p.help}")
        return value
    if p.type == "thing":  # its id, of that or of its IRI
        return id_of_iri(iri_of_id(converted(replace(p, type="text"), value)))
    return converted(p, value)


def _terms(p: Parameter, values: Mapping[str, Any]) -> str:
    """What stands between the braces."""
    value = values[p.name]
    if p.name == "best":
        measure = values["measure"]  # none has a greatest or least
        return term(MAX if measure is not None and greatest(measure, value) else MIN)
    if p.name == "split":
        value = words(value)
    if value is None:
        return _UNDEFINED
    if p.type == "thing":
        return iri(iri_of_id(str(value)))
    return " ".join([term(v) for v in value]) if isinstance(value, list) else term(value)
