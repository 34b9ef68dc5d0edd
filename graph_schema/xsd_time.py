"""Times as documents write them: literals of XML Schema's dateTime, dateTimeStamp and date, as in PROV-JSON.

{"$": "2024-03-01T00:00:00Z", "type": "xsd:dateTime"}: the type by its IRI or with the usual prefix. A date is its first
moment; without an offset a time is in UTC, as everywhere in begat, and digits beyond the microsecond are cut off.
"""

import re
from datetime import UTC, datetime, timedelta
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
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: The end of a day, as XML Schema may write it.
MIDNIGHT: Final = "24:00:00"


def micros(literal: Any) -> int | None:
    """Microseconds since the epoch, UTC; None for what is no literal of these types, or not written as one."""
    match literal:
        case {"$": str() as text, "type": str() as name, **rest} if not rest:
            form = FORMS.get(name.removeprefix(XSD).removeprefix("xsd:"))
            found = None if form is None else form.fullmatch(text.strip())
        case _:
            return None
    return None if found is None else _micros(found.groupdict())


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
