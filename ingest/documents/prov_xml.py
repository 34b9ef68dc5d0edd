"""PROV-XML (https://www.w3.org/TR/prov-xml/) as records, while it is parsed. Nothing outside a document is looked at.

Names in it are resolved by the namespaces in scope where they stand, and so need not have the prefixes of the root.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Final, NoReturn
from xml.parsers import expat

from begat.graph_schema.documents.literals import STRING, plain
from begat.graph_schema.documents.names import Names
from begat.graph_schema.documents.records import (
    FIELDS,
    FORMS,
    QUALIFIED_NAME,
    QUALIFIED_NAMES,
    THINGS,
    TIMES,
    TYPE,
    Heading,
    Record,
    Related,
    Thing,
    says_nothing,
)
from begat.graph_schema.documents.xml_names import XML, XSI, uncut
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Value
from begat.graph_schema.terms import PROV, XSD
from begat.graph_schema.xsd_time import is_datetime

#: Between a namespace and a local name, as the parser gives both; in neither of them.
_CUT: Final = "\n"
#: Bytes that are parsed at once.
_PIECE: Final = 64 << 10
_ID, _REF, _TYPE, _LANG = f"{PROV}{_CUT}id", f"{PROV}{_CUT}ref", f"{XSI}{_CUT}type", f"{XML}{_CUT}lang"
#: Elements that are records of a type (section 3): what they are records of, and the type.
_SUBTYPES: Final = {
    "person": ("agent", "Person"), "organization": ("agent", "Organization"),
    "softwareAgent": ("agent", "SoftwareAgent"), "plan": ("entity", "Plan"), "bundle": ("entity", "Bundle"),
    "collection": ("entity", "Collection"), "emptyCollection": ("entity", "EmptyCollection"),
    "wasRevisionOf": ("wasDerivedFrom", "Revision"), "wasQuotedFrom": ("wasDerivedFrom", "Quotation"),
    "hadPrimarySource": ("wasDerivedFrom", "PrimarySource"),
}  # fmt: skip
_IS_BUNDLE: Final[list[tuple[str, Value]]] = [(TYPE, {"$": PROV + "Bundle", "type": QUALIFIED_NAME})]
#: What comes before the root element; behind it no document type may be declared.
_PROLOG: Final = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_INTERNATIONAL: Final = PROV + "InternationalizedString"
#: Types in whose text space counts (XML Schema, part 2, section 4.3.6).
_SPACED: Final = frozenset((STRING, XSD + "normalizedString"))

#: What is open.
DOCUMENT, BUNDLE, RECORD, VALUE, OTHER = "document", "bundle", "record", "value", "other"


def read(data: bytes) -> Iterator[Heading | Record]:
    """The records of a document. Raises FormatError, with line and column, before the record that is wrong."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeDecodeError as e:
            raise FormatError(f"no PROV-XML: byte {e.start} is no UTF-16") from None
        reader = _Reader("utf-8")
    else:
        data = data.removeprefix(codecs.BOM_UTF8)
        reader = _Reader(None)
    _refuse_types(data)
    for at in range(0, len(data) + 1, _PIECE):
        yield from reader.parse(data[at : at + _PIECE], at + _PIECE > len(data))


def _refuse_types(data: bytes) -> None:
    """A document type declares entities, and what those are may be large, or elsewhere: none is read at all."""
    found = _PROLOG.match(data)
    at = found.end() if found else 0
    if data.startswith(b"<!DOCTYPE", at):
        line, column = data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at)
        raise FormatError(f"no PROV-XML: line {line}, column {column}: a document type is declared, which is not read")
    if b"\0" in data[:4]:
        raise FormatError("no PROV-XML: in UTF-16 a document begins with a byte order mark")


class _Attribute:
    """An element in a record, until it ends."""

    def __init__(self, iri: str, attributes: Mapping[str, str]) -> None:
        self.iri, self.attributes = iri, attributes
        self.ref = attributes.get(_REF)
        self.text: list[str] = []


class _Reader:
    def __init__(self, encoding: str | None) -> None:
        parser = expat.ParserCreate(encoding, _CUT)
        parser.buffer_text = True
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser
        self._declared: dict[str, str] = {}
        self._scopes = [Names({})]
        self._open: list[str] = []
        self._found: list[Heading | Record] = []
        self._bundle = ""
        self._members: list[str] = []
        self._others = self._nowhere = 0

    def parse(self, piece: bytes, last: bool) -> list[Heading | Record]:
        """The records that end in a piece."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as e:
            self._wrong(expat.ErrorString(e.code), e.lineno, e.offset)
        except (LookupError, ValueError) as e:
            self._wrong(f"its encoding is not read: {e}")
        found, self._found = self._found, []
        if last:
            found.append(Heading(remarks=[said.format(number) for number, said in (
                (self._others, "{} elements <prov:other> were passed over: they are not PROV"),
                (self._nowhere, "{} names in no namespace were kept as text"),
            ) if number]))  # fmt: skip
        return found

    # -- what the parser finds

    def _declare(self, prefix: str | None, namespace: str | None) -> None:
        self._declared[prefix or ""] = namespace or ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        names = self._scopes[-1]
        if self._declared:
            names = Names({p: n for p, n in self._declared.items() if n}, names)
            if self._declared.get("") == "":
                names.prefixes.pop("", None)
            self._declared = {}
        self._scopes.append(names)
        namespace, _, local = name.rpartition(_CUT)
        self._open.append(self._opened(self._open[-1] if self._open else None, namespace, local, attributes))

    def _end(self, _: str) -> None:
        match self._open.pop():
            case "value":
                self._attribute_ends()
            case "record":
                self._record_ends()
            case "bundle":
                self._bundle = ""
        self._scopes.pop()

    def _characters(self, text: str) -> None:
        if self._open[-1] == VALUE:
            self._attribute.text.append(text)
        elif self._open[-1] != OTHER and text.strip():
            self._wrong(f"an element is expected, and not {text.strip()[:20]!r}")

    # -- elements

    def _opened(self, within: str | None, namespace: str, local: str, attributes: dict[str, str]) -> str:
        """Begin an element; what it is."""
        if within == RECORD and self._holds_records(namespace, local):
            self._into_bundle(self._record.id or "")
            self._open[-1] = within = BUNDLE
        if within == RECORD:
            self._attribute = _Attribute(uncut(namespace, local), attributes)
            return VALUE
        if within == VALUE:
            return self._nested(local, attributes)
        if within == OTHER:
            return OTHER
        if namespace != PROV:
            self._wrong(f"<{local}> is not of PROV's namespace, {PROV}")
        if within is None:
            if local != "document":
                self._wrong(f"<prov:document> is expected, and not <prov:{local}>")
            return self._heading("")
        if local == "other":
            self._others += 1
            return OTHER
        if local == "bundleContent":
            if within == BUNDLE:
                self._wrong("a bundle has no bundles in it")
            iri = self._name(attributes.pop(_ID, "") or self._wrong("<prov:bundleContent> has no prov:id"))
            self._only(local, attributes)
            return self._into_bundle(iri)
        return self._statement(local, attributes)

    def _holds_records(self, namespace: str, local: str) -> bool:
        """Whether what is open is a bundle with its statements in it, as older versions of ProvToolbox write it."""
        is_record = namespace == PROV and _SUBTYPES.get(local, (local, ""))[0] in (*THINGS, *FORMS)
        return is_record and isinstance(self._record, Thing) and self._record.attributes == _IS_BUNDLE

    def _into_bundle(self, iri: str) -> str:
        self._bundle = iri
        return self._heading(iri)

    def _heading(self, bundle: str) -> str:
        prefixes = {p: n for p, n in self._scopes[-1].prefixes.items() if n != XSI}
        self._found.append(Heading(bundle, prefixes))
        return BUNDLE if bundle else DOCUMENT

    def _statement(self, local: str, attributes: dict[str, str]) -> str:
        what, subtype = _SUBTYPES.get(local, (local, ""))
        if what not in THINGS and what not in FORMS:
            self._wrong(f"<prov:{local}> is no kind of record")
        id_, type_ = attributes.pop(_ID, None), attributes.pop(_TYPE, None)
        self._only(local, attributes)
        types = [PROV + subtype] if subtype else []
        if type_ is not None:
            types.append(self._name(type_))
        told: list[tuple[str, Value]] = [(TYPE, {"$": t, "type": QUALIFIED_NAME}) for t in types]
        iri = None if id_ is None else self._name(id_)
        if what in FORMS:
            self._record: Record = Related(what, {}, iri, None, told, self._bundle)
        else:
            self._record = Thing(THINGS[what], iri or self._wrong(f"<prov:{local}> has no prov:id"), told,
                                 bundle=self._bundle)  # fmt: skip
        return RECORD

    def _only(self, local: str, attributes: Mapping[str, str]) -> None:
        """Refuse attributes that mean nothing where they stand, but those of XML itself."""
        for name in attributes:
            namespace, _, own = name.rpartition(_CUT)
            if namespace not in (XML, XSI):
                self._wrong(f"<prov:{local}> has no attribute {own}" + ("" if namespace else ": prov:id is meant?"))

    def _nested(self, local: str, attributes: Mapping[str, str]) -> str:
        """An element in an attribute: ProvToolbox has references of hadMember so."""
        inner = attributes.get(_REF)
        if inner is None or self._attribute.ref is not None:
            self._wrong(f"<{local}> is in an attribute, where text is expected")
        self._attribute.ref = inner
        return OTHER

    def _record_ends(self) -> None:
        record, members = self._record, self._members
        if isinstance(record, Related):
            if members:
                record.arguments["target"] = members[0]
            if name := says_nothing(record):
                self._wrong(f"<prov:{record.relation}>: <prov:{name}> is missing")
        self._found.append(record)
        for member in members[1:]:
            assert isinstance(record, Related)
            ends = {**record.arguments, "target": member}
            self._found.append(Related(record.relation, ends, record.id, None, record.attributes, record.bundle))
        self._members = []

    def _attribute_ends(self) -> None:
        told, record = self._attribute, self._record
        fields = FIELDS[record.relation] if isinstance(record, Related) else TIMES if record.kind == "Activity" else {}
        field = fields.get(told.iri)
        if field is None:
            record.attributes.append((told.iri, self._value(told)))
        elif field in ("time", "start", "end"):
            self._once(told, getattr(record, field))
            setattr(record, field, self._time(told))
        else:
            assert isinstance(record, Related)
            iri = self._name(told.ref or "".join(told.text) or self._wrong(f"{_shown(told)} has no prov:ref"))
            if record.relation == "hadMember" and field == "target":
                self._members.append(iri)
                return
            self._once(told, record.arguments.get(field))
            record.arguments[field] = iri

    def _once(self, told: _Attribute, before: str | None) -> None:
        if before is not None:
            self._wrong(f"{_shown(told)} is there twice, and one is expected")

    def _time(self, told: _Attribute) -> str:
        text = "".join(told.text).strip()
        if not is_datetime(text):
            self._wrong(f"{_shown(told)}: {text!r} is no xsd:dateTime, as 2024-01-31T12:00:00Z")
        return text

    def _value(self, told: _Attribute) -> Value:
        for name in told.attributes.keys() - {_TYPE, _LANG}:
            self._wrong(f"{_shown(told)} has no attribute {name.rpartition(_CUT)[2]}")
        text = "".join(told.text)
        type_, lang = told.attributes.get(_TYPE), told.attributes.get(_LANG)
        if lang:
            return {"$": text, "lang": lang}
        iri = STRING if type_ is None else self._name(type_)
        if iri in QUALIFIED_NAMES:
            if ":" not in text and "" not in self._scopes[-1].prefixes:
                # In no namespace, as XML has it: PROV-XML's own examples name types so. It is no IRI, so it is text.
                self._nowhere += 1
                return text.strip()
            return {"$": self._name(text), "type": QUALIFIED_NAME}
        if iri == _INTERNATIONAL:
            return text
        return plain(text if iri in _SPACED or not iri.startswith(XSD) else text.strip(), iri)

    def _name(self, name: str) -> str:
        try:
            return self._scopes[-1].iri(name.strip())
        except FormatError as e:
            self._wrong(str(e))

    def _wrong(self, what: str, line: int = 0, column: int = 0) -> NoReturn:
        if not line:
            line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber
        raise FormatError(f"no PROV-XML: line {line}, column {column + 1}: {what}")


def _shown(told: _Attribute) -> str:
    return f"<prov:{told.iri.removeprefix(PROV)}>"
