"""How the study is told: a Teller is a process with hooks in it, whose clock is set by hand.

What it says are the wire events that hooks write, so that the study can be a journal, or statements of a test. Times
are of one day, `DAY`; times of the data ("2024-03-01") are days.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from zlib import crc32

from begat.graph_schema import events as ev
from begat.graph_schema.statements import AnyStatement
from begat.graph_schema.terms import FROM, TO
from begat.ingest.resolve import resolve

E = TypeVar("E", bound=ev.Wire)

#: The day on which all of it happens.
DAY: Final = "2026-03-02"
PROJECT: Final = "default"


def time(text: str) -> int:
    """Microseconds since the epoch of "10:15" on that day, or of a day such as "2024-03-01". All times are UTC."""
    moment = datetime.fromisoformat(text if "-" in text else f"{DAY}T{text}")
    return int(moment.replace(tzinfo=UTC).timestamp()) * 1_000_000


class Teller:
    """A writer: one process on one machine, which says events one after the other."""

    def __init__(self, name: str, host: str = "node1", lives: bool = False) -> None:
        self.writer = f"study-{name}"
        self.host = host
        self.lives = lives
        self.now = 0
        self.events: list[ev.Wire] = []

    def at(self, clock: str) -> "Teller":
        """Set the clock; it stands until it is set again."""
        self.now = time(clock)
        return self

    def __call__(self, event: type[E], **fields: Any) -> E:
        said = event(seq=len(self.events) + 1, at=self.now, **fields)
        self.events.append(said)
        return said

    def node(self, id: str, kind: str, type: str, name: str, **attributes: Any) -> None:
        self(ev.Node, id=id, kind=kind, types=[type] if type else [], name=name, attributes=attributes)

    def file(self, id: str, type: str, name: str, **attributes: Any) -> None:
        """A version of a file: its digest is made of its id unless it is given, its path of its name."""
        facts = {"path": f"/study/{name}", "digest": f"blake2b:{id}", **attributes}
        self.node(id, "Entity", type, name, **facts)

    def relate(self, source: str, relation: str, target: str, role: str | None = None, **attributes: Any) -> None:
        self(ev.Relate, relation=relation, source=source, target=target, role=role, attributes=attributes)

    def about(self, data: str, *things: str, since: str | None = None, until: str | None = None) -> None:
        """Data (or a prediction) has values of these, from day `since` to before day `until`."""
        for thing in things:
            self.relate(data, "about", thing, **window(since, until))

    def start(self, run: str, name: str, *types: str, **fields: Any) -> None:
        self(ev.Start, run=run, name=name, types=list(types), **fields)

    def end(self, run: str, outcome: str = "finished", error: str | None = None) -> None:
        self(ev.End, run=run, outcome=outcome, error=error)

    def uses(self, run: str, *entities: str, role: str | None = None) -> None:
        for entity in entities:
            self(ev.Used, run=run, entity=entity, role=role)

    def makes(self, run: str, entity: str, section: str | None = None) -> None:
        self(ev.Generated, run=run, entity=entity, section=section)

    def params(self, run: str, **settings: Any) -> None:
        for name, value in settings.items():
            self(ev.Setting, run=run, name=name, value=value)

    def metric(self, run: str, name: str, value: Any, step: int, section: str | None = None, **context: Any) -> None:
        self(ev.Metric, run=run, name=name, value=value, step=step, section=section, context=context or None)

    def by(self, run: str, person: str, role: str, behalf: str | None = None) -> None:
        """A person took part in a run, for an organisation."""
        self.relate(run, "wasAssociatedWith", person, role)
        if behalf is not None:
            self(ev.Relate, relation="actedOnBehalfOf", source=person, target=behalf, arguments={"activity": run})

    def statements(self) -> list[AnyStatement]:
        """What its events say."""
        return [s for e in self.events for s in resolve(e, self.writer, PROJECT)]

    def journal(self) -> bytes:
        """Its segment: sealed, unless the process is still at work."""
        first = ev.Header(
            format=ev.FORMAT, writer=self.writer, segment=1, project=PROJECT, host=self.host, boot="study",
            pid=1, pid_start=1, pid_ns="study", wall=self.events[0].at, monotonic=0,
        )  # fmt: skip
        body = b"".join(ev.line(said) for said in (first, *self.events))
        return body if self.lives else body + ev.line(ev.Footer(len(self.events), crc32(body)))

    def write(self, spool: Path) -> Path:
        """Its segment as a file of a spool, where capture would have put it."""
        folder = spool / self.host
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.writer}.0001.{'open' if self.lives else 'seg'}"
        path.write_bytes(self.journal())
        return path


def window(since: str | None, until: str | None) -> dict[str, Any]:
    """The attributes of a relation that holds for a time: half-open, an end that is missing is unbounded."""
    return {key: time(day) for key, day in ((FROM, since), (TO, until)) if day is not None}
