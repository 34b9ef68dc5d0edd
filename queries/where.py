"""`find --where`: a small language of comparisons, read into expressions of the plan; nothing is evaluated as code.

    expression  := conjunction ("or" conjunction)*
    conjunction := negation ("and" negation)*
    negation    := "not" negation | "(" expression ")" | comparison
    comparison  := WORD ("=" | "==" | "!=" | "<" | "<=" | ">" | ">=") LITERAL
    LITERAL     := "text" | 'text' | number | true | false

WORD is one of id, name, type, kind, status, started, ended, value, or any attribute's name. Times are texts in ISO
8601, UTC where they have no offset: `started > "2026-01-31"`.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, get_args

import msgspec

from begat.graph_schema.errors import UsageError
from begat.graph_schema.statements import canonical
from begat.queries.expr import AttrIs, Const, Expr, IsA, Op, Prop, op
from begat.queries.status import Status
from begat.queries.values import EXACT

TOKENS: Final = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"""
    r"""|(?P<word>[^\W\d][\w.:-]*)|(?P<sign>==|!=|<=|>=|[=<>()]))"""
)
Literal = str | int | float | bool
STATUSES: Final = get_args(Status)
#: How much an expression may hold: SQLite takes trees up to 1,000 deep.
MOST_WORDS: Final = 1000
DEEPEST: Final = 50
#: An integer of more digits is a float, far beyond what is stored.
MOST_DIGITS: Final = 20


class Where(msgspec.Struct):
    """What the store filters by, and which statuses are wanted of what remains (derived afterwards; None: any)."""

    test: Expr | None = None
    statuses: frozenset[str] | None = None


def parse(text: str, var: str = "x") -> Where:
    """Read an expression about the node `var`. Raises UsageError that shows where it went wrong."""
    return _Parser(text, var).where()


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


Term = Expr | _StatusIs


class _Parser:
    def __init__(self, text: str, var: str) -> None:
        self.text = text
        self.var = var
        self.tokens: list[tuple[str, str, int]] = []
        at = 0
        while text[at:].strip():
            found = TOKENS.match(text, at)
            if found is None or found.lastgroup is None:
                raise self.wrong("this cannot be read", at + len(text[at:]) - len(text[at:].lstrip()))
            self.tokens.append((found.lastgroup, found.group(found.lastgroup), found.start(found.lastgroup)))
            at = found.end()
        if len(self.tokens) > MOST_WORDS:
            raise UsageError(f"--where: {len(self.tokens)} words, signs and values: give at most {MOST_WORDS}")
        self.next = 0
        self.depth = 0

    def wrong(self, what: str, at: int | None = None) -> UsageError:
        if at is None:
            at = self.tokens[self.next][2] if self.next < len(self.tokens) else len(self.text)
        return UsageError(f"--where: {what} at {self.text[at:][:20]!r} in {self.text!r}")

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
        tests = tuple(t for t in terms if not isinstance(t, _StatusIs))
        return Where(Op("and", tests) if tests else None, frozenset.intersection(*statuses) if statuses else None)

    def conjuncts(self) -> list[Term]:
        terms = [self.negation()]
        while self.skip("and"):
            terms.append(self.negation())
        return terms

    def expression(self) -> Expr:
        return self.chain("or", lambda: self.chain("and", lambda: self.pure(self.negation())))

    def chain(self, name: str, part: Callable[[], Expr]) -> Expr:
        terms = [part()]
        while self.skip(name):
            terms.append(part())
        return terms[0] if len(terms) == 1 else Op(name, tuple(terms))

    def pure(self, term: Term) -> Expr:
        """A status is derived after the store has answered, so it can only narrow the whole."""
        if isinstance(term, _StatusIs):
            raise self.wrong("a status can only stand alone or be joined by 'and'", 0)
        return term

    def negation(self) -> Term:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UsageError(f"--where: brackets and 'not' stand more than {DEEPEST} deep")
        term = self.negated()
        self.depth -= 1
        return term

    def negated(self) -> Term:
        if self.skip("not"):
            term = self.negation()
            if isinstance(term, _StatusIs):
                return _StatusIs(frozenset(STATUSES) - term.wanted)
            return op("not", term)
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
        read = READERS.get(word)
        if read is None:
            return AttrIs(self.var, word, sign, Const(value))
        try:
            return read(self.var, sign, value)
        except UsageError as e:
            raise self.wrong(f"{word}: {e}", 0) from None

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
    test = IsA(var, (value,))
    return test if sign == "=" else op("not", test)


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


READERS: Final[dict[str, Callable[[str, str, Literal], Term]]] = {
    "id": _text("id"),
    "name": _text("name"),
    "type": _type,
    "kind": _type,
    "status": _status,
    "started": _moment("started"),
    "started_at": _moment("started"),
    "ended": _moment("ended"),
    "ended_at": _moment("ended"),
    "value": _value,
}
