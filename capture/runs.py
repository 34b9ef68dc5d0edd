"""A run: an activity with the hooks that say what happens in it.

Every hook returns only when the kernel has what it wrote, and none raises into user code: what begat itself cannot
do is counted and told when the process ends.
"""

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from begat.capture import parent as above
from begat.capture import problems, ranks, scope, surroundings, values
from begat.capture.entity import Entity
from begat.capture.later import Later
from begat.capture.point import metric as point
from begat.capture.writer import WRITER
from begat.graph_schema import ids
from begat.graph_schema.events import RESUMED, Attributes, End, Event, Outcome, Relate, Start

if TYPE_CHECKING:
    from begat.capture import agents, annotations, generations, points, results, usages
    from begat.capture.parameters import params as settings
    from begat.capture.sections import epochs as loop

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
            if self.resumed:
                if start.parent == self.id:  # a child of the run that it goes on with
                    start.parent = None
                before = (End(0, 0, self.id, RESUMED),) if ranks.is_first() else ()
                _surely(start, *before, start, *first)
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

    metric = point
    if TYPE_CHECKING:
        metrics = points.metrics
        params = settings
        used, evaluated = usages.used, usages.evaluated
        generated = generations.generated
        epochs = loop
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
        params = Later("parameters")
        used = Later("usages")
        evaluated = Later("usages", lambda model, on=None, split=None, **of: tuple(Entity("", str(m)) for m in of))
        generated = Later("generations")
        epochs = Later("sections", lambda items, name="": iter(values.counted(items)))
        tag, note, about, label, excluded, domain = (Later("annotations") for _ in range(6))
        agent = Later("agents")
        artifact, checkpoint, publication, plan = (Later("results") for _ in range(4))

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
