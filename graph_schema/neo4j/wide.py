"""Texts that Neo4j may put in another order than code points: those with a sign from U+D7FF up.

A text that is stored compares with another by code point, one from a parameter or made in a statement by UTF-16 unit,
where the signs beyond U+FFFF come before those from U+E000. So a store notes whether it has any such text (`wide`), and
then questions sort by a key that has one order both ways: see queries/cypher/order.py.
"""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from begat.graph_schema.statements import AnyStatement, Points

#: In UTF-8; other bytes from 0xed up stand in no text.
_WIDE: Final = re.compile(rb"[\xee-\xf4]|\xed\x9f\xbf")


def is_wide(text: str) -> bool:
    """Whether a text has a sign from U+D7FF up."""
    return max(text, default="") >= "\ud7ff"


def any_wide(statements: list[AnyStatement], points: Iterable[Points]) -> bool:
    """The same of any text that these hold."""
    named = [(p.context, p.writer, p.activity, p.name, p.labels, {r[4] for r in p.rows}) for p in points]
    text = msgspec.json.encode((statements, named))
    return not text.isascii() and _WIDE.search(text) is not None
