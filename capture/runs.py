"""A run: an activity with the hooks that say what happens in it.

Every hook returns only when the kernel has what it wrote, and none raises into user code: what begat itself cannot
do is counted and told when the process ends.
"""

from collections.abc import Generator, Iterable, Mapping
from os import write
from time import time_ns
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload
from zlib import crc32

from begat.capture import parent as above
from begat.capture import problems, ranks, scope, surroundings, values
from begat.capture.entity import Entity, unrecorded
from begat.capture.later import Later
from begat.capture.values import LONGEST_NAME
from begat.capture.writer import NO_SPACE, WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import (
    RESUMED,
    Attributes,
    End,
    Event,
    Generated,
    Metric,
    Node,
    Outcome,
    Relate,
    Setting,
    Start,
    Used,
    encode,
)

if TYPE_CHECKING:
    from begat.capture import agents, annotations, points, results

T = TypeVar("T")

#: What programs exit with whose own handler ends them on SIGINT or SIGTERM.
BY_SIGNAL: Final = (128 + 2, 128 + 15)


class Run:
    """An activity that is recorded between `with` and its end. `id` names it for good."""

    # What most activities never have stands here once for all: an activity is made for every call of a function.
    experiment: str | None = None
    concepts: tuple[str, ...] = ()
    parent: "Run | str | None" = None
    attributes: Attributes = {}  # noqa: RUF012
    outer: "Run | None" = None
    #: The sections that are open, the innermost one last, which hooks name.
    sections: tuple[str, ...] = ()
    section: str | None = None
    #: The last sections, by name and number.
    numbers: dict[tuple[str, Any], str] = {}  # noqa: RUF012
    #: Whether this is a further attempt at a run that was begun before.
    resumed = False
    used_ids: set[str] | frozenset[str] = frozenset()
    made_ids: set[str] | frozenset[str] = frozenset()
    #: Models among the arguments of the call that this is.
    models: tuple[object, ...] = ()
    #: Whether one who has its handle has started it: who enters it after that, a thread or a child, joins it.
    begun = False
    ended = False
    #: Whether an exception has left a block in which this process had joined it.
    has_failed = False
    #: Whether children of this process are told of it, and whether it states what all its ranks share.
    tells = False
    states = True

    def __init__(self, name: str | None, types: list[str], id: str | None = None) -> None:
        self.id = id or ids.mint()
        self.name = name
        self.types = types

    def __enter__(self) -> "Run":
        if not self.begun or self.ended:
            return self.start()
        scope.join(self)
        return self

    def __exit__(
        self, cls: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if scope.unjoin(self):
            self._left(error)
            return
        self.finish(error)
        if self.outer is None:
            problems.tell()

    def start(self, *first: Event) -> "Run":
        """Begin; hooks that name no run belong to this one until `finish`. `with` does both."""
        try:
            if self.begun:
                if self.ended:
                    raise RuntimeError(f"the run {self.name!r} has ended, a second one needs a begat.run of its own")
                return self
            scope.enter(self)
            if WRITER.off:
                return self
            parent = self.parent or self.outer
            if self.outer is None or self.concepts:
                first = (*self._surroundings(), *first)
                parent = parent or above.parent()
            start = Start(
                0, 0, self.id, self.name, self.types, parent.id if isinstance(parent, Run) else parent,
                None, self.experiment, self.attributes,
            )  # fmt: skip
            if self.resumed and ranks.is_first():
                _surely(start, End(0, 0, self.id, RESUMED), start, *first)
            elif first:
                _surely(start, start, *first)
            else:
                WRITER.one(start)
        except Exception as e:  # the hook boundary: begat's own failure is never the user's
            problems.note(e)
        return self

    def finish(self, error: BaseException | None = None, *last: Event) -> None:
        """End; `error` is what ended it. A second call, or one in a forked child, says nothing."""
        if self.ended:
            return
        self.ended = True
        try:
            started_here = scope.leave(self)
            if WRITER.off or not started_here:
                return
            if error is None and self.section is None:
                if last:
                    end = End(0, 0, self.id)
                    _surely(end, *last, end)
                else:
                    WRITER.one(End(0, 0, self.id))
                return
            outcome, text, trace = _outcome(error)
            if self.sections:
                from begat.capture import sections

                sections.close(self, outcome)
            end = End(0, 0, self.id, outcome, text, trace)
            _surely(end, *scope.unended, *last, end)
            scope.unended.clear()
        except Exception as e:  # the hook boundary
            problems.note(e)
            # Where not even this could be done (no stack or memory left), who ends next says it.
            scope.unended.append(End(0, 0, self.id, "finished" if error is None else "failed", type(e).__name__))

    def _left(self, error: BaseException | None) -> None:
        """A thread or process that had joined this run leaves it; an exception there is one of the run, told once."""
        if error is None or self.has_failed or self.ended or WRITER.off:
            return
        try:
            outcome, text, trace = _outcome(error)
            if outcome != "finished":
                self.has_failed = True
                WRITER.emit(End(0, 0, self.id, outcome, text, trace))
        except Exception as e:  # the hook boundary
            problems.note(e)

    def _surroundings(self) -> list[Event]:
        """What a run states at its start of what is around it: concepts, and at the top code, person and the like."""
        events = surroundings.of_run(self) if self.outer is None else []
        return events + [Relate(0, 0, "about", self.id, concept) for concept in self.concepts]

    def __reduce__(self) -> tuple[object, ...]:
        """In another process it is the same run, which neither starts nor ends there."""
        from begat.capture import joined

        return joined.join, (self.id, self.name)

    def is_kin(self, other: "Run") -> bool:
        """Whether one of the two is the other, or a part of it."""
        return _within(self, other) or _within(other, self)

    if TYPE_CHECKING:
        metrics = points.metrics
        tag = annotations.tag
        note = annotations.note
        about = annotations.about
        label = annotations.label
        excluded = annotations.excluded
        domain = annotations.domain
        agent = agents.agent
        artifact = results.artifact
        checkpoint = results.checkpoint
        publication = results.publication
        plan = results.plan
    else:
        metrics = Later("points")
        tag, note, about, label, excluded, domain = (Later("annotations") for _ in range(6))
        agent = Later("agents")
        artifact, checkpoint, publication, plan = (Later("results") for _ in range(4))

    def metric(self, name: str, value: Any, step: Any = None, **context: Any) -> None:
        """A point of the series `name`: a number (NaN and infinities too), its step, and what tells series apart.

        `run.metric("loss", 0.3, step=7, split="validation")`. Points without a step are in the order of their calls.
        """
        try:
            w = WRITER
            if w.off:
                w.dropped += 1
                return
            if type(name) is not str or len(name) > LONGEST_NAME or not name.isascii():
                name = values.name(name)
            # value - value is 0.0 for finite floats only.
            if type(value) is not float or value - value != 0.0:
                value = values.number(value)
            if type(step) is not int and step is not None:
                step = values.step(step)
            labels = {values.name(k): values.plain(v) for k, v in context.items()} if context else None
            if not w.ready:
                w.emit(Metric(0, 0, self.id, name, value, step, self.section, labels))
                return
            # What follows is Writer.one in line: this is the call that training loops make.
            try:
                w.lock.acquire()
                w.seq = seq = w.seq + 1
                at = time_ns() // 1000
                if at < w.at:
                    at = w.at
                w.at = at
                try:
                    body = encode(Metric(seq, at, self.id, name, value, step, self.section, labels))
                except Exception:
                    w.unsaid(seq - 1, seq)
                    raise
                line = b"%08x %b\n" % (crc32(body), body)
                try:
                    done = write(w.fd, line)
                except OSError as e:
                    w.failed(seq - 1, seq, 0, e.strerror or str(e))
                    return
                if done != len(line):
                    w.failed(seq - 1, seq, done, NO_SPACE)
                elif seq >= w.turn:
                    w.look()
            finally:
                try:
                    w.lock.release()
                except RuntimeError:  # an interrupt came before the lock was taken
                    pass
        except Exception as e:  # the hook boundary
            problems.note(e)

    def params(self, mapping: Any = None, /, **named: Any) -> None:
        """Settings of this run, or of the section that is open: names and values, nested mappings with dots.

        Takes a mapping, a namespace or a dataclass, or keywords. Values whose names look secret are masked.
        """
        try:
            if WRITER.off or not self.states:
                return
            given = {**_mapping(mapping), **named}
            owner = self.section or self.id
            events = [Setting(0, 0, owner, k, v) for k, v in values.settings(given)]
            if events:
                WRITER.emit(*events)
        except Exception as e:  # the hook boundary
            problems.note(e)

    def used(
        self, thing: Any, role: str | None = None, type: str | Iterable[str] | None = None,
        *, name: str | None = None, **attributes: Any,
    ) -> Entity:  # fmt: skip
        """This run uses a file, a folder, an object or a handle, from here on.

        A folder or a pattern (`data/*.csv`) is all the files in it. Files are read whole, so that the version used is
        known: up to 16 MB here, more by a thread, unless `digest` says "now", "later" or "sampled", or is the digest
        itself ("sha256:..."). An address is as it is given; `version` (its version id or ETag) or `digest` say which
        version. What is not there is recorded as such. Files of no other known type are taken as Dataset. The handle
        can be opened like the path it was made from.
        """
        try:
            if WRITER.off:
                return unrecorded(thing)
            from begat.capture import things

            role, name = values.name_or_none(role), values.name_or_none(name)
            kinds = things.types_in(role, type)
            found = things.find(thing, self, kinds, name, values.attributes(attributes), used=True)
            self.note_used(found.entity.id, *(m.id for m in found.members))
            WRITER.emit(*found.events, Used(0, 0, self.id, found.entity.id, role, self.section))
            return found.entity
        except Exception as e:  # the hook boundary
            problems.note(e)
            return unrecorded(thing)

    def generated(
        self, thing: Any, type: str | Iterable[str] | None = None, role: str | None = None,
        *, of: Any = None, name: str | None = None, **attributes: Any,
    ) -> Entity:  # fmt: skip
        """This run made a file, a folder or an object: it depends on what the run has used until here.

        With `of` (an object, handle or path that begat knows, or several) it depends on that alone: a model that is
        saved after it was tested does not depend on the test data. Of a folder, the files in it that this run has not
        used, and neither it nor its parts have made before, are its work too. `digest` and `version` as in used().
        """
        try:
            if WRITER.off:
                return unrecorded(thing)
            from begat.capture import generations, type_names

            return generations.generated(self, thing, type_names.types(type), role, of, name, attributes)
        except Exception as e:  # the hook boundary
            problems.note(e)
            return unrecorded(thing)

    def evaluated(self, model: Any, on: Any = None, split: str | None = None, **measures: Any) -> tuple[Entity, ...]:
        """A model was scored: one ModelEvaluation a measure, each of the model and on the data.

        `run.evaluated(model, on="test.csv", split="test", accuracy=0.97)`. Model and data are used by this run from
        here on; both are files, objects or handles, `on` also several of them. Returns the evaluations' handles, in
        the measures' order.
        """
        try:
            if WRITER.off:
                return tuple(Entity("", m) for m in measures)
            from begat.capture import things

            scored = things.find(model, self, [], None, {}, used=True, claim=True)
            events: list[Event] = [*scored.events, Used(0, 0, self.id, scored.entity.id, None, self.section)]
            self.note_used(scored.entity.id)
            data = []
            role = values.name_or_none(split)
            for thing in () if on is None else on if isinstance(on, tuple | list) else (on,):
                found = things.find(thing, self, [], None, {}, used=True)
                data.append(found.entity.id)
                self.note_used(found.entity.id, *(m.id for m in found.members))
                events += [*found.events, Used(0, 0, self.id, found.entity.id, role, self.section)]
            facts = values.attributes({"split": role})
            made = []
            for measure, value in ((values.name(m), v) for m, v in measures.items()):
                v = Entity(ids.mint(), measure)
                made.append(v)
                types = ["ModelEvaluation"]
                events += [
                    Node(0, 0, v.id, "Entity", types, measure, facts, values.plain(value)),
                    Generated(0, 0, self.id, v.id, None, self.section),
                    Relate(0, 0, "evaluationOf", v.id, scored.entity.id),
                ]
                events += (Relate(0, 0, "onData", v.id, d) for d in data)
            WRITER.emit(*events)
            return tuple(made)
        except Exception as e:  # the hook boundary
            problems.note(e)
            return tuple(Entity(ids.mint(), m) for m in measures)

    @overload
    def epochs(self, items: int, name: str = "epoch") -> Generator[int, None, None]: ...

    @overload
    def epochs(self, items: Iterable[T], name: str = "epoch") -> Generator[T, None, None]: ...

    def epochs(self, items: int | Iterable[T], name: str = "epoch") -> Generator[Any, None, None]:
        """Go through a number of epochs or any iterable; each is a section of this run, with its own settings.

        A section ends with its epoch, also when the loop is left early. Lineage is the run's own, as without sections.
        """
        from begat.capture import sections

        return sections.iterate(self, items, name)

    def note_used(self, *entities: str) -> None:
        """Remember what this run used itself (a folder it writes later holds it too)."""
        if not isinstance(self.used_ids, set):
            self.used_ids = set()
        self.used_ids.update(entities)

    def note_made(self, entities: Iterable[str]) -> None:
        """Remember what this run or a part of it made: a folder that holds it does not make it a second time."""
        run: Run | None = self
        while run is not None:
            if not isinstance(run.made_ids, set):
                run.made_ids = set()
            run.made_ids.update(entities)
            run = run.outer

    def __repr__(self) -> str:
        return f"<Run {self.name or ''} {self.id}>"


def _surely(kept: Event, *events: Event) -> None:
    """Write events; if one of them cannot be encoded, then at least the start or end among them."""
    try:
        WRITER.emit(*events)
    except (TypeError, ValueError, OverflowError) as e:
        problems.note(e)
        WRITER.one(kept)


def _within(inner: Run | None, outer: Run) -> bool:
    while inner is not None:
        if inner is outer:
            return True
        inner = inner.outer
    return False


def _outcome(error: BaseException | None) -> tuple[Outcome, str | None, str | None]:
    """What an exception says about an activity's end: exit 0 is no failure, Ctrl-C and SIGTERM are no fault."""
    if error is None or isinstance(error, GeneratorExit):
        return "finished", None, None
    from begat.capture import lifecycle

    if isinstance(error, SystemExit) and error.code in (None, 0):
        return "finished", None, None
    killed = (
        isinstance(error, KeyboardInterrupt)
        or (isinstance(error, SystemExit) and (lifecycle.terminated or error.code in BY_SIGNAL))
        or type(error).__name__ == "CancelledError"
    )
    import traceback

    text = values.plain("".join(traceback.format_exception_only(error)).strip())
    trace = values.plain("".join(traceback.format_exception(error)))
    return "killed" if killed else "failed", text, None if killed else trace


def _mapping(given: Any) -> Mapping[Any, Any]:
    if given is None:
        return {}
    from begat.capture import records

    found = values.nested(given)
    if found is None and not records.is_record(type(given)):
        found = dict(records.public(given))
        if not found and not type(given).__dictoffset__:
            raise TypeError(f"params takes names and values, not {type(given).__name__}")
    if found is None:
        raise TypeError(f"params: the names and values of a {type(given).__name__} cannot be read")
    return found
