"""PROV-N (https://www.w3.org/TR/prov-n/) as records: the grammar of its section 5, bundles and markers too."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, NoReturn

from begat.graph_schema.documents.literals import plain
from begat.graph_schema.documents.names import Names
from begat.graph_schema.documents.records import (
    FORMS,
    QUALIFIED_NAME,
    QUALIFIED_NAMES,
    THINGS,
    Heading,
    Record,
    Related,
    Thing,
    says_nothing,
)
from begat.graph_schema.errors import FormatError
from begat.graph_schema.events import Value
from begat.graph_schema.terms import XSD
from begat.graph_schema.xsd_time import is_datetime

_START: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
_BASE: Final = _START + "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_CHARS: Final = _BASE + "_0-9\u00b7\u0300-\u036f\u203f-\u2040\\-"
#: Further signs of local names, as they are and escaped.
_SIGNS: Final = "/@~&+*?#$!"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[='(),\-:;\[\].]"
_PREFIX: Final = f"[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?"
#: Runs of signs, none of which is looked at again; a dot is no last one.
_LOCAL: Final = (
    f"(?:[{_BASE}_0-9:{_SIGNS}]|{_ESCAPED})"
    f"(?:[{_CHARS}:{_SIGNS}]++|{_ESCAPED}|\\.++(?=[{_CHARS}:{_SIGNS}]|{_ESCAPED}))*+"
)
_SPACE: Final = re.compile(r"(?:[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/)+", re.DOTALL)
_MAY_BE_SPACE: Final = frozenset(" \t\r\n/")
_NAME: Final = re.compile(f"(?:{_PREFIX}:)?{_LOCAL}|{_PREFIX}:")
_IRI: Final = re.compile(r"<([^<>\"{}|^`\\\x00-\x20]*)>")
_TIME: Final = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
_STRING: Final = re.compile(r'"""((?:"{0,2}(?:[^"\\]|\\.))*)"""|"((?:[^"\\\n\r]|\\[tbnrf\\"\'])*)"', re.DOTALL)
_LANGUAGE: Final = re.compile(r"@([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)")
_NUMBER: Final = re.compile(r"-?\d+")
_UNESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
#: What is an extension of PROV-N is spelt with a prefix (PROV-LINKS, section 5).
_SPELT: Final = {"prov:mentionOf": "mentionOf"}


class _Time(str):
    """A time among the arguments, which else are IRIs."""


class _Arguments(NamedTuple):
    """What an expression is written with; None is a marker."""

    id: str | None
    given: list[str | None]
    attributes: list[tuple[str, Value]]


def read(text: str) -> Iterator[Heading | Record]:
    """The records of a document. Raises FormatError, with line and column, before the record that is wrong."""
    reader = _Reader(text)
    yield from reader.document()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._names = Names({})
        self._iris = self._names.iris
        self._bundle = ""

    def document(self) -> Iterator[Heading | Record]:
        self._keyword("document")
        yield self._heading("", None)
        while not self._is("endDocument"):
            if self._is("bundle"):
                yield from self._inner()
            else:
                yield self._expression()
        self._space()
        if self._at < len(self._text):
            self._wrong("nothing comes after endDocument")

    def _inner(self) -> Iterator[Heading | Record]:
        outer = self._names
        self._space()
        begin = self._at
        name = self._match(_NAME, "the name of the bundle")[0]
        heading = self._heading("", outer)
        self._bundle = heading.bundle = self._iri(name, begin)
        yield heading
        while not self._is("endBundle"):
            if self._is("bundle"):
                self._wrong("a bundle has no bundles in it")
            yield self._expression()
        self._names, self._iris, self._bundle = outer, outer.iris, ""

    def _heading(self, bundle: str, within: Names | None) -> Heading:
        declared: dict[str, str] = {}
        while True:
            # The default comes first by the grammar, and not in the recommendation's own examples.
            if "" not in declared and self._is("default"):
                declared[""] = self._match(_IRI, "the default namespace, <IRI>")[1]
            elif self._is("prefix"):
                prefix = self._match(re.compile(_PREFIX), "a prefix")[0]
                declared[prefix] = self._match(_IRI, f"the namespace of {prefix}, <IRI>")[1]
            else:
                break
        self._names = Names(declared, within)
        self._iris = self._names.iris
        return Heading(bundle, dict(self._names.prefixes))

    def _expression(self) -> Record:
        self._space()
        begin = self._at
        name = self._match(_NAME, "a statement, as entity(e)")[0]
        name = _SPELT.get(name, name)
        if name not in THINGS and name not in FORMS:
            self._wrong(f"{name!r} is no kind of statement", begin)
        self._sign("(")
        told = self._arguments()
        return self._thing(name, told, begin) if name in THINGS else self._related(name, told, begin)

    def _arguments(self) -> _Arguments:
        id_, given = None, []
        attributes: list[tuple[str, Value]] = []
        while True:
            self._space()
            if self._peek("["):
                attributes = self._attributes()
                self._sign(")")
                break
            given.append(self._argument())
            self._space()
            if len(given) == 1 and self._peek(";"):
                id_ = given.pop()
                self._at += 1
                continue
            if self._peek(")"):
                self._at += 1
                break
            self._sign(",")
        return _Arguments(id_, given, attributes)

    def _argument(self) -> str | None:
        """A name as an IRI, a time, None for a marker."""
        if found := _TIME.match(self._text, self._at):
            if not is_datetime(found[0]):
                self._wrong(f"{found[0]!r} is no xsd:dateTime")
            self._at = found.end()
            return _Time(found[0])
        if self._peek("-") and not _NAME.match(self._text, self._at):
            self._at += 1
            return None
        begin = self._at
        return self._iri(self._match(_NAME, "a name, a time or -")[0], begin)

    def _attributes(self) -> list[tuple[str, Value]]:
        self._sign("[")
        found: list[tuple[str, Value]] = []
        self._space()
        if self._peek("]"):
            self._at += 1
            return found
        while True:
            self._space()
            begin = self._at
            iri = self._iri(self._match(_NAME, "the name of an attribute")[0], begin)
            self._sign("=")
            found.append((iri, self._value()))
            self._space()
            if self._peek("]"):
                self._at += 1
                return found
            self._sign(",")

    def _value(self) -> Value:
        self._space()
        begin = self._at
        if self._peek("'"):
            self._at += 1
            name = _NAME.match(self._text, self._at)
            if name is None:
                self._wrong("a name is expected between the quotes")
            self._at = name.end()
            if not self._peek("'"):
                self._wrong("the quote behind a name is missing: '")
            self._at += 1
            return {"$": self._iri(name[0], begin), "type": QUALIFIED_NAME}
        if found := _NUMBER.match(self._text, self._at):
            self._at = found.end()
            return plain(found[0], XSD + "int")
        text = self._string()
        if found := _LANGUAGE.match(self._text, self._at):
            self._at = found.end()
            return {"$": text, "lang": found[1]}
        self._space()
        if not self._text.startswith("%%", self._at):
            return text
        self._at += 2
        self._space()
        at = self._at
        type_ = self._iri(self._match(_NAME, "a datatype")[0], at)
        return {"$": self._iri(text, begin), "type": QUALIFIED_NAME} if type_ in QUALIFIED_NAMES else plain(text, type_)

    def _string(self) -> str:
        found = self._match(_STRING, "a value: text in quotes, a whole number or a 'name'")
        text: str = found[1] if found[1] is not None else found[2]
        return _UNESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), text) if "\\" in text else text

    def _thing(self, name: str, told: _Arguments, begin: int) -> Thing:
        most = 3 if name == "activity" else 1
        if told.id is not None or not 1 <= len(told.given) <= most or told.given[0] is None:
            self._wrong(f"{name}(id{', start, end' if most > 1 else ''}, [attributes]) is expected", begin)
        id_, *rest = told.given
        if id_ is None or isinstance(id_, _Time):
            self._wrong(f"{name}: a name is expected first", begin)
        start, end = (self._time(t, begin) for t in [*rest, None, None][:2])
        return Thing(THINGS[name], id_, told.attributes, start, end, self._bundle)

    def _related(self, name: str, told: _Arguments, begin: int) -> Related:
        form = FORMS[name].arguments
        if len(told.given) > len(form):
            self._wrong(f"{name} has {len(form)} arguments at most", begin)
        found = Related(name, {}, told.id, None, told.attributes, self._bundle)
        for n, argument in enumerate(form):
            left_out = n >= len(told.given)
            value = None if left_out else told.given[n]
            if argument.field == "time":
                found.time = self._time(value, begin)
            elif isinstance(value, _Time):
                self._wrong(f"{name}: {argument.name} is a name, and {value} is a time", begin)
            elif value is not None:
                found.arguments[argument.field] = value
            elif left_out and not argument.optional:
                self._wrong(f"{name}: {argument.name} is missing", begin)
        if needed := says_nothing(found):
            self._wrong(f"{name}: {needed} is missing", begin)
        return found

    def _time(self, value: str | None, begin: int) -> str | None:
        if value is None:
            return None
        if not isinstance(value, _Time):
            self._wrong(f"a time is expected, as 2024-01-31T12:00:00Z, and not <{value}>", begin)
        return str(value)

    # -- signs

    def _space(self) -> None:
        if self._text[self._at : self._at + 1] in _MAY_BE_SPACE and (found := _SPACE.match(self._text, self._at)):
            self._at = found.end()

    def _peek(self, sign: str) -> bool:
        return self._text.startswith(sign, self._at)

    def _sign(self, sign: str) -> None:
        self._space()
        if not self._peek(sign):
            self._wrong(f"{sign} is expected")
        self._at += 1

    def _is(self, word: str) -> bool:
        """Whether a keyword comes, and then behind it."""
        self._space()
        found = _NAME.match(self._text, self._at)
        if found is None or found[0] != word:
            return False
        self._at = found.end()
        return True

    def _keyword(self, word: str) -> None:
        if not self._is(word):
            self._wrong(f"{word} is expected")

    def _match(self, form: re.Pattern[str], what: str) -> re.Match[str]:
        self._space()
        found = form.match(self._text, self._at)
        if found is None:
            self._wrong(f"{what} is expected")
        self._at = found.end()
        return found

    def _iri(self, name: str, at: int) -> str:
        try:
            return self._iris[_UNESCAPE.sub(r"\1", name) if "\\" in name else name]
        except FormatError as e:
            self._wrong(str(e), at)

    def _wrong(self, what: str, at: int | None = None) -> NoReturn:
        at = self._at if at is None else at
        line, column = self._text.count("\n", 0, at) + 1, at - self._text.rfind("\n", 0, at)
        near = self._text[at : at + 20].split("\n")[0]
        raise FormatError(f"no PROV-N: line {line}, column {column}: {what}" + (f", near {near!r}" if near else ""))
