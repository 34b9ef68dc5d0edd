"""Documents of RDF as triples, by pyoxigraph: strict, with line and column, and nothing is ever fetched."""

import re
from collections import Counter
from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from begat.graph_schema.documents.inverses import INVERSES
from begat.graph_schema.documents.literals import plain
from begat.graph_schema.documents.n_triples import NAME, PLAIN_LITERAL
from begat.graph_schema.documents.records import QUALIFIED_NAME
from begat.graph_schema.errors import FormatError, UsageError
from begat.graph_schema.events import Value
from begat.graph_schema.terms import XSD
from begat.ingest.documents.tracked import Tracked

if TYPE_CHECKING:
    from pyoxigraph import Literal, Quad

#: Where blank nodes have a name (RDF 1.1, section 3.5): of the document they stand in, and their number in it.
BLANK: Final = "https://w3id.org/.well-known/genid/begat/"
#: What relative IRIs of JSON-LD begin with, which has no other way to tell that there is no base.
_RELATIVE: Final = "relative-iri://begat/"
#: XML Schema's namespace as some have it.
_WRONG_XSD: Final = re.compile(r"http://www\.w3\.org/(?:2000/10/XMLSchema#|2001/XMLSchema(?=[A-Za-z]))")
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(?P<parameter>%\s+)?(?P<name>[^\s>]+)\s+(?P<value>\"[^\"]*\"|'[^']*'|[^>]*)")
#: An entity of RDF/XML stands for a namespace: no other entity is in it, and a document grows little by all of them.
_GROWTH: Final = 10
_ALWAYS_FINE: Final = 1 << 20
#: What the library calls the forms, and what people call them.
_FORMS: Final = {
    "turtle": ("TURTLE", "Turtle"),
    "trig": ("TRIG", "TriG"),
    "n-triples": ("N_TRIPLES", "N-Triples"),
    "n-quads": ("N_QUADS", "N-Quads"),
    "rdf-xml": ("RDF_XML", "RDF/XML"),
    "json-ld": ("JSON_LD", "JSON-LD"),
}


#: What a piece ends with for parsers that tell no place, or not always.
_PIECES: Final = {"rdf-xml": b">", "json-ld": b"}"}
_MARK: Final = b"\xef\xbb\xbf"
#: How a subtag of a language is written, by its length: a country and a script.
_CASED: Final = {2: str.upper, 4: str.title}
#: What the library says, and what people understand.
_SAID: Final = {
    "No LoadDocumentCallback has been set to load remote contexts": "its @context is an address, and nothing is "
    "fetched: write the context into the document",
}


class Name(str):
    """An object that is an IRI, not a literal."""


Object = Name | Value
#: By subject, predicates and objects in the order in which they stand.
Graph = dict[str, list[tuple[str, Object]]]


class Triples(NamedTuple):
    """A document. `graphs` by their names, "" the default graph; `lost`: how many of what cannot be kept."""

    graphs: dict[str, Graph]
    prefixes: dict[str, str]
    lost: Counter[str]


def triples(data: bytes, form: str) -> Triples:
    """All triples of a document; properties that PROV-O has the other way round are turned. Raises FormatError, which
    says where and what; UsageError where pyoxigraph is not installed."""
    try:
        import pyoxigraph as ox
    except ImportError:
        raise UsageError("RDF is read with the package pyoxigraph: pip install 'begat[rdf]'") from None
    constant, called = _FORMS[form]
    if form == "rdf-xml":
        if not data.strip():
            raise FormatError(f"no {called}: there is nothing in it")
        _no_expansion(data)
    base = _RELATIVE if form == "json-ld" else None
    source = Tracked(data.removeprefix(_MARK), _PIECES.get(form, b""))
    parser = ox.parse(
        source if form in _PIECES else data.removeprefix(_MARK),  # type: ignore[arg-type]  # it only reads
        format=getattr(ox.RdfFormat, constant),
        base_iri=base,
    )
    digest = blake2b(data, digest_size=8).hexdigest()
    found = Triples({}, {}, Counter())
    numbers: dict[str, str] = {}

    def iri(node: Any) -> str:
        """An IRI, or that of a blank node: numbered, as the library calls those without a label anything."""
        if isinstance(node, ox.NamedNode):
            if base is not None and node.value.startswith(base):
                relative = node.value.removeprefix(base)
                raise FormatError(f"no {called}: <{relative}> is a relative IRI, and there is no @base")
            return node.value
        return numbers.setdefault(node.value, f"{BLANK}{digest}/{len(numbers) + 1}")

    try:
        for quad in parser:
            _add(found, quad, iri)
    except SyntaxError as e:
        raise FormatError(f"no {called}: {_placed(e, source)}") from None
    except RecursionError:
        raise FormatError(f"no {called}: it is nested too deeply") from None
    found.prefixes.update(parser.prefixes)
    return found


def _add(found: Triples, quad: "Quad", iri: Callable[[Any], str]) -> None:
    import pyoxigraph as ox

    if isinstance(quad.object, ox.Triple):
        found.lost["triples about triples"] += 1
        return
    bundle = "" if isinstance(quad.graph_name, ox.DefaultGraph) else iri(quad.graph_name)
    graph = found.graphs.setdefault(bundle, {})
    subject, predicate = iri(quad.subject), iri(quad.predicate)
    if isinstance(quad.object, ox.Literal):
        graph.setdefault(subject, []).append((predicate, _value(quad.object)))
        return
    told = Name(iri(quad.object))
    if predicate in INVERSES:
        predicate, subject, told = INVERSES[predicate], str(told), Name(subject)
    graph.setdefault(subject, []).append((predicate, told))


def _value(literal: "Literal") -> Value:
    text = literal.value
    if literal.language is not None:
        return {"$": text, "lang": _as_written(literal.language)}
    type_ = _WRONG_XSD.sub(XSD, literal.datatype.value)
    if type_ == NAME:
        return {"$": text, "type": QUALIFIED_NAME}
    if type_ == PLAIN_LITERAL:
        text, _, language = text.rpartition("@")
        return {"$": text, "lang": language} if language else text
    return plain(text, type_)


def _as_written(language: str) -> str:
    """A language tag with its letters as RFC 5646, section 2.1.1, has them: libraries make them all small."""
    first, *rest = language.split("-")
    written, as_it_is = [first], len(first) == 1
    for subtag in rest:
        as_it_is = as_it_is or len(subtag) == 1
        written.append(subtag if as_it_is else _CASED.get(len(subtag), str)(subtag))
    return "-".join(written)


def _no_expansion(data: bytes) -> None:
    """Raises FormatError for entities that make a document grow when they are expanded."""
    expanded = 0
    for found in _ENTITY.finditer(data):
        value = found["value"]
        expanded += len(value) * data.count(b"&" + found["name"] + b";")
        if found["parameter"] or b"&" in value.replace(b"&#", b"") or expanded > _GROWTH * len(data) + _ALWAYS_FINE:
            line = data.count(b"\n", 0, found.start()) + 1
            raise FormatError(f"no RDF/XML: line {line}: entities that make a document grow are not expanded")


def _placed(e: SyntaxError, source: Tracked) -> str:
    """Line and column first, then what it is."""
    said = str(e.msg).strip().split("\n")[0]
    _, told, rest = said.partition(": ")
    if said.startswith("Parser error at line") and told:
        said = rest
    line, column = (e.lineno, e.offset) if e.lineno else source.place()
    return f"line {line}, column {column}: {_SAID.get(said, said)}"
