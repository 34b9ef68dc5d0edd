"""What a SPARQL text asks of others, found in its words before anything runs it.

The engine has no syntax tree to show, so the text is taken apart here: strings, IRIs, comments and names are passed
over, what is left are the words of the language. Where a text can be taken apart in two ways (`<` begins an IRI, or is
less than), both are followed: the engine's way is always one of them, so what it would call is always seen.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, NamedTuple

#: SPARQL 1.1, section 19.8. An IRI may hold # and ', which elsewhere begin a comment and a string.
_IRI: Final = r"<([^\x00-\x20<>\"{}|^`\\]*)>"
_SKIPPED: Final = r"(?:[ \t\r\n]|#[^\r\n]*+)*+"
_SIGN: Final = r"\w\u00b7\u0300-\u036f\u203f-\u2040"
#: What is no word: blanks, strings, variables, language tags.
_PASSED: Final = re.compile(
    r"[ \t\r\n]+"
    r'|"""(?:"{0,2}(?:[^"\\]|\\.))*+"""'
    r"|'''(?:'{0,2}(?:[^'\\]|\\.))*+'''"
    r'|"(?:[^"\\\r\n]|\\.)*+"'
    r"|'(?:[^'\\\r\n]|\\.)*+'"
    rf"|[?$][{_SIGN}]+|@[A-Za-z]+(?:-[A-Za-z0-9]+)*",
    re.DOTALL,
)
_LINE_END: Final = re.compile("[\r\n]")
_ANGLED: Final = re.compile(_IRI)
#: Words and the signs between them that a prefix may hold, too; then what stands behind a prefix.
_RUN: Final = re.compile(rf"[{_SIGN}.-]+")
_WORD: Final = re.compile(rf"[{_SIGN}]+")
_LOCAL: Final = rf":(?:(?:[\w:]|%[0-9A-Fa-f]{{2}}|\\.)(?:[{_SIGN}:.-]|%[0-9A-Fa-f]{{2}}|\\.)*)?"
_BEHIND_PREFIX: Final = re.compile(_LOCAL)
#: The engine needs no blank before SERVICE, nor behind it.
_SERVICE: Final = re.compile(r"service(?:silent)?$", re.IGNORECASE)
_CALLED: Final = re.compile(
    rf"{_SKIPPED}(?:SILENT{_SKIPPED})?(?:{_IRI}|[?$][{_SIGN}]+|(?:[{_SIGN}.-]*){_LOCAL}){_SKIPPED}\{{", re.IGNORECASE
)
_FROM: Final = re.compile(rf"{_SKIPPED}(?:NAMED{_SKIPPED})?(?:<|[{_SIGN}.-]*:)", re.IGNORECASE)
_GROUP: Final = re.compile(rf"{_SKIPPED}\{{")
#: The words that begin an update (SPARQL 1.1 Update, section 3).
UPDATES: Final = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"))
_PROLOGUE: Final = frozenset(("BASE", "PREFIX", "VERSION"))


class Words(NamedTuple):
    """What a text says. `form`: the first word behind its prologue, in capitals; `dataset`: whether it says by FROM
    which graphs are asked; `services`: the IRI of each endpoint that it calls, None for one that is told otherwise."""

    form: str
    dataset: bool
    services: tuple[str | None, ...]


def words(text: str) -> Words:
    """Take a text apart; one that is no SPARQL has words, too."""
    form, dataset = "", False
    services: list[str | None] = []
    for start, end in _bare(text):
        word = text[start:end]
        if word.endswith(":"):
            services.append(None)
            continue
        form = form or ("" if word.upper() in _PROLOGUE else word.upper())
        dataset |= word.upper() == "FROM" and _FROM.match(text, end) is not None
        if _SERVICE.search(word) and (called := _CALLED.match(text, end)):
            services.append(called[1])
    return Words(form, dataset, tuple(dict.fromkeys(services)))


def _bare(text: str) -> Iterator[tuple[int, int]]:
    """Where each bare word begins and ends, in order of the text where that can be read in one way only. A prefix, with
    its colon, only where SERVICE stands in it and a group of patterns follows its name."""
    ends = [*(m.start() for m in _LINE_END.finditer(text)), len(text)]
    seen, todo = set[int](), [0]
    while todo:
        at = todo.pop()
        while at < len(text) and at not in seen:
            seen.add(at)
            if text[at] == "#":
                at = ends[bisect_left(ends, at)]
            elif (passed := _PASSED.match(text, at)) is not None:
                at = passed.end()
            elif (iri := _ANGLED.match(text, at)) is not None:
                if "//" not in re.split("[#']", iri[1], maxsplit=1)[0]:  # which no expression holds
                    todo.append(at + 1)
                at = iri.end()
            elif (run := _RUN.match(text, at)) is None:
                name = _BEHIND_PREFIX.match(text, at)
                at = at + 1 if name is None else name.end()
            elif (name := _BEHIND_PREFIX.match(text, run.end())) is None:
                yield from (word.span() for word in _WORD.finditer(text, *run.span()))
                at = run.end()
            else:
                if "service" in run[0].lower() and _GROUP.match(text, name.end()):
                    yield run.start(), run.end() + 1
                at = name.end()
