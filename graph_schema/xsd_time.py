"""Times as documents write them: literals of XML Schema's dateTime, dateTimeStamp and date, as in PROV-JSON.

{"$": "2024-03-01T00:00:00Z", "type": "xsd:dateTime"}: the type by its IRI or with the usual prefix. A date is its first
moment; without an offset a time is in UTC, as everywhere in begat, and digits beyond the microsecond are cut off.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from begat.graph_schema.terms import XSD

_DAY: Final = r"(?P<day>\d{4}-\d\d-\d\d)"
_CLOCK: Final = r"(?P<clock>\d\d:\d\d:\d\d)(?:\.(?P<part>\d+))?"
_ZONE: Final = r"(?P<zone>Z|[+-]\d\d:\d\d)"
#: How each type is written.
FORMS: Final = {
    "dateTime": re.compile(f"{_DAY}T{_CLOCK}{_ZONE}?", re.ASCII),
    "dateTimeStamp": re.compile(f"{_DAY}T{_CLOCK}{_ZONE}", re.ASCII),
    "date": re.compile(f"{_DAY}{_ZONE}?", re.ASCII),
}
#: A time before the year 1 or after 9999.
_ELSEWHEN: Final = re.compile(
    rf"(?:-\d{{4,}}|[1-9]\d{{4,}}|0000)-(?P<month>\d\d)-(?P<day>\d\d)T{_CLOCK}{_ZONE}?", re.ASCII
)
#: From the fifth on every third sign of a time as nearly all are written, 2024-01-31T12:00:00Z. Python reads other
#: forms of ISO 8601 too, which are none here; what is longer it refuses.
_USUAL: Final = "--T::Z"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: The end of a day, as XML Schema may write it.
MIDNIGHT: Final = "24:00:00"
#: The calendar comes round: every 400 years, which are so many seconds.
CYCLE: Final = 146_097 * 86_400
#: The first and the first that is none of the seconds that datetime knows, years 1 to 9999.
KNOWN: Final = (-62_135_596_800, 253_402_300_800)


def micros(literal: Any) -> int | None:
    """Microseconds since the epoch, UTC; None for what is no literal of these types, or not written as one."""
    match literal:
        case {"$": str() as text, "type": str() as name, **rest} if not rest:
            form = FORMS.get(name.removeprefix(XSD).removeprefix("xsd:"))
            found = None if form is None else form.fullmatch(text.strip())
        case _:
            return None
    return None if found is None else _micros(found.groupdict())


def micros_of(text: str) -> int | None:
    """The same of an xsd:dateTime's text."""
    if text[4::3] == _USUAL:
        try:
            since = datetime.fromisoformat(text) - EPOCH
        except ValueError:  # the 30th of February; or midnight, as XML Schema may write it
            return micros({"$": text, "type": "xsd:dateTime"})
        return (since.days * 86_400 + since.seconds) * 1_000_000
    return micros({"$": text, "type": "xsd:dateTime"})


def is_iso(text: str, moment: int) -> bool:
    """Whether a text that says this moment is what `iso` writes."""
    return (text[4::3] == _USUAL and text[11:13] != MIDNIGHT[:2]) or text == iso(moment)


def is_datetime(text: str) -> bool:
    """Whether a text is an xsd:dateTime; also of years that begat cannot count in."""
    if text[4::3] == _USUAL:
        try:
            return datetime.fromisoformat(text) is not None
        except ValueError:
            pass
    if micros_of(text) is not None:
        return text == text.strip()
    found = _ELSEWHEN.fullmatch(text)
    return found is not None and int(found["month"]) in range(1, 13) and int(found["day"]) in range(1, 32)


def _micros(parts: dict[str, str | None]) -> int | None:
    clock, zone = parts.get("clock") or "00:00:00", parts["zone"] or "Z"
    part = (parts.get("part") or "").ljust(6, "0")
    late = clock == MIDNIGHT and not part.strip("0")
    try:
        moment = datetime.fromisoformat(f"{parts['day']}T{'00:00:00' if late else clock}{zone}")
    except ValueError:  # the 30th of February
        return None
    since = moment - EPOCH + timedelta(days=int(late))
    return (since.days * 86_400 + since.seconds) * 1_000_000 + int(part[:6])


def iso(moment: int) -> str:
    """Microseconds since the epoch as ISO 8601, UTC: 2026-01-31T12:00:00Z, with a fraction only where there is one.

    Years before 1 and after 9999 have a sign and as many digits as they need: +10000-01-01T00:00:00Z.
    """
    minutes, rest = divmod(moment, 60_000_000)
    seconds, part = divmod(rest, 1_000_000)
    if not part:
        return f"{_minute(minutes)}:{_TWO[seconds]}Z"
    first, last = divmod(part, 1000)
    if not last:
        return f"{_minute(minutes)}:{_TWO[seconds]}.{_LAST[first]}Z"
    return f"{_minute(minutes)}:{_TWO[seconds]}.{_THREE[first]}{_LAST[last]}Z"


def isos(moments: Iterable[int | None]) -> list[str | None]:
    """The same of many, None of None: what follows another of its second takes less."""
    found: list[str | None] = []
    known, head = None, ""
    for moment in moments:
        if moment is None:
            found.append(None)
            continue
        seconds, rest = divmod(moment, 1_000_000)
        if seconds != known:
            known, head = seconds, _second(seconds)
        if rest:
            first, last = divmod(rest, 1000)
            found.append(f"{head}.{_THREE[first]}{_LAST[last]}Z" if last else f"{head}.{_LAST[first]}Z")
        else:
            found.append(f"{head}Z")
    return found


#: Digits of seconds and of a fraction, and those at its end.
_TWO: Final = tuple(f"{n:02}" for n in range(60))
_THREE: Final = tuple(f"{n:03}" for n in range(1000))
_LAST: Final = tuple(digits.rstrip("0") for digits in _THREE)


def _second(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{_minute(minutes)}:{_TWO[rest]}"


@lru_cache(maxsize=4096)
def _minute(minutes: int) -> str:
    """A minute since the epoch: 2026-01-31T12:00. An answer's times lie in few of them."""
    seconds = 60 * minutes
    cycles = 0 if KNOWN[0] <= seconds < KNOWN[1] else seconds // CYCLE
    moment = datetime.fromtimestamp(seconds - cycles * CYCLE, UTC)
    year = moment.year + 400 * cycles
    date = f"{year:04}" if cycles == 0 else f"{year:+05}"
    return date + moment.isoformat()[4:16]
