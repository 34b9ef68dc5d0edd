"""A run as `begat.run` opens it: children of this process are told of it, and what was asked for is gathered."""

import os
import sys

from begat.capture import parent, problems
from begat.capture.runs import Run
from begat.capture.settings import OFF
from begat.capture.writer import WRITER
from begat.graph_schema.events import Event


class Opened(Run):
    """What `begat.run` returns."""

    tells = True
    sampled: bool | None = None
    seeds = False
    #: The file that keeps its id for the next attempt.
    kept_in: "os.PathLike[str] | None" = None

    def start(self, *first: Event) -> Run:
        """Begin, and tell the processes that are started from now on."""
        if self.begun:
            return super().start()
        super().start(*first)
        self.begun = True
        try:
            if not WRITER.off:
                parent.tell(self)
                self._further()
        except Exception as e:  # the hook boundary
            problems.note(e)
        return self

    def finish(self, error: BaseException | None = None, *last: Event) -> None:
        """End; a process that is started later is no child of it."""
        try:
            if not self.ended:
                parent.untell(self)
                sampling = sys.modules.get("begat.capture.resources")
                if sampling is not None:
                    sampling.end(self)
        except Exception as e:  # the hook boundary
            problems.note(e)
        super().finish(error, *last)

    def _further(self) -> None:
        if self.kept_in is not None and not self.resumed:
            from begat.capture import attempts

            attempts.keep(self, self.kept_in)
        if "IPython" in sys.modules:
            from begat.capture import notebook

            notebook.watch(self)
        if self.seeds:
            from begat.capture import seeds

            self.params(seeds=seeds.states())
        wanted = self.sampled
        if wanted is None:
            wanted = self.outer is None and os.environ.get("BEGAT_RESOURCES", "").lower() not in OFF
        if wanted:
            from begat.capture import resources

            resources.begin(self)
