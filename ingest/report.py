"""What a pass over the spool did."""

import msgspec


class Report(msgspec.Struct):
    """`events` were read (of those the store held already, nothing changed), `points` of them metric points.

    `quarantined` lines could not be taken in, `findings` say in a line each what is wrong with a segment. `complete`
    is False when the time was up before all was read. `aside` is where a rebuild put a store that could not be read.
    """

    events: int = 0
    points: int = 0
    quarantined: int = 0
    findings: list[str] = []
    files: int = 0
    seconds: float = 0.0
    complete: bool = True
    aside: str = ""
