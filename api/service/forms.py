"""An answer as bytes, in the form that its asker wants: JSON, a JSON line a row, CSV, or an Arrow stream."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from begat.api.formats import View, as_csv, told
from begat.api.service.problem import Problem
from begat.queries.answer import Answer

T = TypeVar("T")


class HasMedia(Protocol):
    """A form, whatever it is a form of."""

    @property
    def media(self) -> str: ...


F = TypeVar("F", bound=HasMedia)


class Form(NamedTuple, Generic[T]):
    """A media type, and what writes it."""

    media: str
    write: Callable[[T], bytes]


def as_json(answer: Answer) -> bytes:
    """The object of the public contract."""
    return msgspec.json.encode(told(answer))


def as_lines(answer: Answer) -> bytes:
    """An object a row."""
    return msgspec.json.Encoder().encode_lines(answer.rows)


def as_arrow(answer: Answer) -> bytes:
    """An Arrow IPC stream. Raises MissingExtra without pyarrow."""
    from begat.api.service.arrow import stream

    return stream(answer)


FORMS: Final[Mapping[str, Form[Answer]]] = {
    "json": Form("application/json", as_json),
    "csv": Form("text/csv; charset=utf-8; header=present", lambda a: as_csv(a, View("")).encode("utf-8", "replace")),
    "ndjson": Form("application/x-ndjson", as_lines),
    "arrow": Form("application/vnd.apache.arrow.stream", as_arrow),
}


def chosen(format: str | None, accept: str | None, forms: Mapping[str, F]) -> F:
    """By the `format` of the address, else by the Accept header, else the first.

    Raises Problem (406) where there is no such form.
    """
    if format is not None:
        return forms[format]
    if not accept:
        return next(iter(forms.values()))
    found = best(accept, forms.values())
    if found is None:
        raise unacceptable(accept, forms.values())
    return found


def best(accept: str, forms: Iterable[F]) -> F | None:
    """What an Accept header wants most (RFC 9110, 12.5.1), the first of several; None where it wants none of it.

    A form that has several media types is there once for each.
    """
    found = max(forms, key=lambda f: wanted(accept, f.media))
    return found if wanted(accept, found.media) > 0 else None


def unacceptable(accept: str, forms: Iterable[HasMedia]) -> Problem:
    """The answer to who wants none of these."""
    known = ", ".join(dict.fromkeys(f.media.partition(";")[0] for f in forms))
    return Problem(406, "not acceptable", f"there is no {accept[:200]!r} of this: there is {known}")


def wanted(accept: str, media: str) -> float:
    """How much a media type is wanted, 0 if not: of the ranges that hold it, the narrowest says."""
    kind = media.partition(";")[0]
    ranges = {kind: 3, kind.partition("/")[0] + "/*": 2, "*/*": 1}
    best = (0, 0.0)
    for part in accept.split(","):
        name, *parameters = (p.strip().lower() for p in part.split(";"))
        weight = 1.0
        for p in parameters:
            if p.startswith("q="):
                try:
                    weight = float(p[2:])
                except ValueError:
                    weight = 0.0
        best = max(best, (ranges.get(name, 0), weight if name in ranges else 0.0))
    return best[1]
