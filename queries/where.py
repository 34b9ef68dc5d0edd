"""`--where`: a small language of comparisons, read into expressions and atoms of the plan; nothing is evaluated.

    expression  := conjunction ("or" conjunction)*
    conjunction := negation ("and" negation)*
    negation    := "not" negation | "(" expression ")" | comparison
    comparison  := NAME ("=" | "==" | "!=" | "<" | "<=" | ">" | ">=") LITERAL
    LITERAL     := "text" | 'text' | number | true | false

NAME is one of

    id, name, type, kind, status, started, ended, value     what begat knows of every thing
    params.NAME                                             a setting of the run, or of the run that made the thing
    metrics.NAME  metrics.NAME.min|max|first|last           a measure: the last value, or the least, greatest, first
    metrics.NAME[split=val]                                 of the series with that context only
    attributes.NAME, tags.NAME                              an attribute
    about, concept                                          what it, or the run that made it, is about (or lies within)
    NAME                                                    whichever of these three the things in question have

A part of a name that is no word stands in backticks: params.`learning rate`. Times are texts in ISO 8601, UTC where
they have no offset: `started > "2026-01-31"`. Of several values (of an attribute, of a measure on
several splits) one suffices.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, get_args
from typing import Literal as Literal_

import msgspec

from begat.graph_schema.errors import UsageError
from begat.graph_schema.statements import canonical
from begat.graph_schema.terms import KINDS
from begat.queries import facts
from begat.queries.expr import AttrIs, Const, Expr, IsA, Op, Prop, op
from begat.queries.facts import Body, Subject
from begat.queries.kinds import own
from begat.queries.plan import Atom, Either, Has, Not, W
from begat.queries.status import Status
from begat.queries.values import EXACT

TOKENS: Final = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"""
    r"""|(?P<word>(?:[^\W\d][\w.:/-]*(?:`[^`]*`)?|`[^`]*`)(?:\[[^\]]*\])?(?:\.\w+)?)|(?P<sign>==|!=|<=|>=|[=<>()]))"""
)
Literal = str | int | float | bool
STATUSES: Final = get_args(Status)
#: How much an expression may hold: SQLite takes trees up to 1,000 deep.
MOST_WORDS: Final = 1000
DEEPEST: Final = 50
#: An integer of more digits is a float, far beyond what is stored.
MOST_DIGITS: Final = 20
#: Letters of what somebody wrote that a message repeats.
MOST_QUOTED: Final = 200


class Where(msgspec.Struct):
    """What the store filters by (a test, and atoms where settings or measures are looked at), and which statuses are
    wanted of what remains (derived afterwards; None: any)."""

    test: Expr | None = None
    statuses: frozenset[str] | None = None
    atoms: tuple[Atom, ...] = ()

    def body(self) -> tuple[Atom, ...]:
        """What keeps a binding."""
        return (*(() if self.test is None else (W(self.test),)), *self.atoms)


#: What a bare name may stand for.
Source = Literal_["attributes", "params", "metrics"]


def parse(
    text: str, who: Subject | None = None, sources: Mapping[str, Source] | None = None, flag: str = "--where"
) -> Where:
    """Read an expression about a node. `sources`: what bare names stand for; an attribute where it does not say.

    Raises UsageError that shows where it went wrong; `flag` is what the expression was given as.
    """
    return _Parser(text, who or Subject(), sources or {}, flag).where()


def bare_names(text: str) -> tuple[str, ...]:
    """The names in an expression that may be an attribute's, a setting's or a measure's."""
    parser = _Parser(text, Subject(), {}, "--where")
    parser.where()
    return tuple(dict.fromkeys(parser.bare))


def time(text: str) -> int:
    """A time in ISO 8601 as microseconds since the epoch, UTC where it has no offset. Raises UsageError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a time: write 2026-01-31 or 2026-01-31T12:00:00Z") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise UsageError(f"{text!r} is not within the years 1 to 9999, UTC") from None
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class _StatusIs(msgspec.Struct, frozen=True):
    """A comparison of the status: no store can make it."""

    wanted: frozenset[str]


class _Told(msgspec.Struct, frozen=True):
    """A comparison of a setting or measure: one of the bodies holds, or none."""

    bodies: tuple[Body, ...]
    holds: bool = True


class _Group(msgspec.Struct, frozen=True):
    """Terms joined by "and" or "or", settings or measures among them."""

    name: str
    terms: tuple["Expr | _Told | _Group", ...]


Pure = Expr | _Told | _Group
Term = Pure | _StatusIs


def _negated(term: Pure) -> Pure:
    """Negation goes down to the comparisons, so that what is unknown stays so."""
    match term:
        case _Told(bodies, holds):
            return _Told(bodies, not holds)
        case _Group(name, terms):
            return _Group("or" if name == "and" else "and", tuple(map(_negated, terms)))
        case _:
            return op("not", term)


def _atom(term: Pure) -> Atom:
    match term:
        case _Told(bodies, holds):
            body = bodies[0] if len(bodies) == 1 else (Either(bodies),)
            return Has(body) if holds else Not(body)
        case _Group("or", terms):
            return Has((Either(tuple((_atom(t),) for t in terms)),))
        case _Group(_, terms):
            return Has(tuple(map(_atom, terms)))
        case _:
            return W(term)


class _Parser:
    def __init__(self, text: str, who: Subject, sources: Mapping[str, Source], flag: str) -> None:
        self.flag = flag
        self.text = text
        self.who = who
        self.sources = sources
        self.bare: list[str] = []
        self.tokens: list[tuple[str, str, int]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            if len(self.tokens) >= MOST_WORDS:
                raise UsageError(f"{self.flag}: more words, signs and values than {MOST_WORDS}: give fewer")
            found = TOKENS.match(text, at)
            if found is None or found.lastgroup is None:
                raise self.wrong("this cannot be read", at + len(text[at:]) - len(text[at:].lstrip()))
            self.tokens.append((found.lastgroup, found.group(found.lastgroup), found.start(found.lastgroup)))
            at = found.end()
        self.next = 0
        self.depth = 0

    def wrong(self, what: str, at: int | None = None) -> UsageError:
        if at is None:
            at = self.tokens[self.next][2] if self.next < len(self.tokens) else len(self.text)
        here = repr(self.text[at:][:20]) if self.text[at:].strip() else "the end"
        return UsageError(f"{self.flag}: {what} at {here} in {quoted(self.text)}")

    def peek(self) -> str:
        return self.tokens[self.next][1] if self.next < len(self.tokens) else ""

    def take(self, kind: str) -> str | None:
        if self.next < len(self.tokens) and self.tokens[self.next][0] == kind:
            self.next += 1
            return self.tokens[self.next - 1][1]
        return None

    def skip(self, *tokens: str) -> bool:
        if self.peek() in tokens:
            self.next += 1
            return True
        return False

    def where(self) -> Where:
        if not self.tokens:
            return Where()
        terms = self.conjuncts()
        if self.skip("or"):
            self.next = 0
            terms = [self.expression()]
        if self.next < len(self.tokens):
            raise self.wrong("expected 'and', 'or' or the end")
        statuses = [t.wanted for t in terms if isinstance(t, _StatusIs)]
        tests = tuple(t for t in terms if not isinstance(t, _StatusIs | _Told | _Group))
        atoms = tuple(_atom(t) for t in terms if isinstance(t, _Told | _Group))
        wanted = frozenset.intersection(*statuses) if statuses else None
        return Where(Op("and", tests) if tests else None, wanted, atoms)

    def conjuncts(self) -> list[Term]:
        terms = [self.negation()]
        while self.skip("and"):
            terms.append(self.negation())
        return terms

    def expression(self) -> Pure:
        return self.chain("or", lambda: self.chain("and", lambda: self.pure(self.negation())))

    def chain(self, name: str, part: Callable[[], Pure]) -> Pure:
        terms = [part()]
        while self.skip(name):
            terms.append(part())
        if len(terms) == 1:
            return terms[0]
        tests = tuple(t for t in terms if not isinstance(t, _Told | _Group))
        return Op(name, tests) if len(tests) == len(terms) else _Group(name, tuple(terms))

    def pure(self, term: Term) -> Pure:
        """A status is derived after the store has answered, so it can only narrow the whole."""
        if isinstance(term, _StatusIs):
            raise self.wrong("a status can only stand alone or be joined by 'and'", 0)
        return term

    def negation(self) -> Term:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UsageError(f"{self.flag}: brackets and 'not' stand more than {DEEPEST} deep")
        term = self.negated()
        self.depth -= 1
        return term

    def negated(self) -> Term:
        if self.skip("not"):
            term = self.negation()
            if isinstance(term, _StatusIs):
                return _StatusIs(frozenset(STATUSES) - term.wanted)
            return _negated(term)
        if self.skip("("):
            inner = self.expression()
            if not self.skip(")"):
                raise self.wrong("expected ')'")
            return inner
        return self.comparison()

    def comparison(self) -> Term:
        word = self.take("word")
        if word is None:
            raise self.wrong("expected a property's or attribute's name")
        sign = self.take("sign")
        if sign not in ("=", "==", "!=", "<", "<=", ">", ">="):
            raise self.wrong(f"expected a comparison after {word!r}")
        sign = "=" if sign == "==" else sign
        value = self.literal(word)
        try:
            return self.compared(word, sign, value)
        except UsageError as e:
            raise self.wrong(f"{word}: {e}", 0) from None

    def compared(self, word: str, sign: str, value: Literal) -> Term:
        read = READERS.get(word)
        if read is not None:
            return read(self.who.var, sign, value)
        prefix, dot, rest = word.partition(".")
        if word in CONCEPTS:
            return _about(self.who, sign, value)
        source = PREFIXES.get(prefix) if dot else None
        if source is not None and not unquoted(rest):
            raise UsageError(f"write {prefix}.NAME")
        if source is None:
            self.bare.append(word)
            source, rest = self.sources.get(word, "attributes"), word
        return SOURCES[source](self.who, rest, sign, value)

    def literal(self, word: str) -> Literal:
        if (text := self.take("text")) is not None:
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if (number := self.take("number")) is not None:
            return int(number) if number.lstrip("+-").isdigit() and len(number) <= MOST_DIGITS else float(number)
        if self.peek() in ("true", "false"):
            return self.take("word") == "true"
        raise self.wrong(f'expected a number or a quoted text for {word!r}, as in {word} = "..."')


def _text(prop: str) -> Callable[[str, str, Literal], Term]:
    def read(var: str, sign: str, value: Literal) -> Term:
        if not isinstance(value, str):
            raise UsageError("compare it with a quoted text")
        return op(sign, Prop(var, prop), value)

    return read


def _moment(prop: str) -> Callable[[str, str, Literal], Term]:
    def read(var: str, sign: str, value: Literal) -> Term:
        if not isinstance(value, str):
            raise UsageError('compare it with a time, "2026-01-31"')
        return op(sign, Prop(var, prop), time(value))

    return read


def _type(var: str, sign: str, value: Literal) -> Term:
    if not isinstance(value, str) or sign not in ("=", "!="):
        raise UsageError("it is or is not (= or !=) a quoted type")
    test = IsA(var, (own(value) or value,))
    return test if sign == "=" else op("not", test)


def _kind(var: str, sign: str, value: Literal) -> Term:
    if not isinstance(value, str) or own(value) not in KINDS:
        raise UsageError(f"it is or is not (= or !=) one of {', '.join(KINDS)}")
    return _type(var, sign, value)


def _value(var: str, sign: str, value: Literal) -> Term:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if isinstance(value, int) and abs(value) > EXACT and sign in ("=", "!="):
            return op(sign, Prop(var, "value"), canonical(value))  # two of them may be one as floats
        return op(sign, Prop(var, "number"), float(value))
    if sign not in ("=", "!="):
        raise UsageError("texts, true and false are only equal or not (= or !=)")
    return op(sign, Prop(var, "value"), canonical(value))


def _status(var: str, sign: str, value: Literal) -> Term:
    if value not in STATUSES or sign not in ("=", "!="):
        raise UsageError(f"it is or is not (= or !=) one of {', '.join(STATUSES)}")
    wanted = frozenset({str(value)})
    return _StatusIs(wanted if sign == "=" else frozenset(STATUSES) - wanted)


def _attribute(who: Subject, name: str, sign: str, value: Literal) -> Term:
    return AttrIs(who.var, unquoted(name), sign, Const(value))


def _setting(who: Subject, name: str, sign: str, value: Literal) -> Term:
    _value("s", sign, value)  # what is wrong with it is told now
    return _Told(facts.setting(who, unquoted(name), lambda s: _value(s, sign, value)))


def _about(who: Subject, sign: str, value: Literal) -> Term:
    if not isinstance(value, str) or sign not in ("=", "!="):
        raise UsageError("it is or is not (= or !=) the quoted id or name of a concept")
    return _Told(facts.about(who, value), sign == "=")


def _measure(who: Subject, name: str, sign: str, value: Literal) -> Term:
    if isinstance(value, str | bool):
        raise UsageError("a measure is a number: compare it with one")
    return _Told(facts.measure(who, *measure_named(name), facts.compared(sign, float(value))))


def measure_named(text: str) -> tuple[str, str | None, str]:
    """Name, labels and which value of `loss`, `loss.min`, `loss[split=val].max`, "`odd name`.min"."""
    name, labels, which = MEASURE.fullmatch(text).groups()  # type: ignore[union-attr]
    if which is not None and which not in facts.WHICH:
        if labels is not None or name.startswith("`"):
            raise UsageError(f"no value .{which} of a measure: there are {', '.join(facts.WHICH)}")
        name, which = f"{name}.{which}", None
    return unquoted(name), labels, which or "last"


def unquoted(name: str) -> str:
    """A name without its backticks."""
    return name.replace("`", "")


def quoted(text: str) -> str:
    """What somebody wrote, in a message: of a long text the beginning."""
    return repr(text if len(text) <= MOST_QUOTED else text[:MOST_QUOTED] + "…")


MEASURE: Final = re.compile(r"(.*?)(?:\[([^\]]*)\])?(?:\.([^\W\d]\w*))?", re.DOTALL)
SOURCES: Final[dict[Source, Callable[[Subject, str, str, Literal], Term]]] = {
    "attributes": _attribute,
    "params": _setting,
    "metrics": _measure,
}
CONCEPTS: Final = ("about", "concept")
#: How a name is said to be of one of them: ours, and as users of other tools write it.
PREFIXES: Final[dict[str, Source]] = {
    "attributes": "attributes", "tags": "attributes",
    "params": "params", "param": "params", "parameters": "params", "settings": "params",
    "metrics": "metrics", "metric": "metrics",
}  # fmt: skip
READERS: Final[dict[str, Callable[[str, str, Literal], Term]]] = {
    "id": _text("id"),
    "name": _text("name"),
    "type": _type,
    "kind": _kind,
    "status": _status,
    "started": _moment("started"),
    "started_at": _moment("started"),
    "ended": _moment("ended"),
    "ended_at": _moment("ended"),
    "value": _value,
}
