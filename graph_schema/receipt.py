"""What a server answers to a piece of a journal: both ends of that wire read it here.

A piece is a segment's header line, and behind it whole lines of that segment from some place of it on. It is sent with
POST to JOURNAL below the server's address; `offset` in the query says at which byte of the segment those lines begin
(without it right behind the header, so that a segment's file is a piece), `ended=true` that its writer will not go on.
"""

from typing import Final

import msgspec

JOURNAL: Final = "/api/v1/journal"
#: The folder of a spool in which its senders keep what was receipted.
SENT: Final = ".sent"


class Receipt(msgspec.Struct):
    """What of a writer and a segment is committed; told after the commit, never before.

    All of the segment before byte `through` that was sent, now or earlier, is committed or kept aside: go on there.
    `committed` is the number up to which each of the writer's events is committed (0: not even the first), and
    `quarantined` counts the lines of this piece that nobody could read, which were kept aside with their reason.
    """

    writer: str
    segment: int
    committed: int
    through: int
    quarantined: int = 0
