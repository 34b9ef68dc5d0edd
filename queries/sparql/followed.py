"""The keeper's other side: a service says which projects are asked about, and hears when their triples are current."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from begat.graph_schema.errors import StoreAway
from begat.queries.sparql.keeper import Follow, News, Start
from begat.queries.sparql.place import folder_of

#: Seconds that a question waits for triples that are not current yet, and after which the keeper hears again that a
#: project is still asked about.
PATIENCE: Final = 5.0
AGAIN: Final = 60.0


class Followed:
    """Starts the keeper with the first question, and again where it has ended. `say` is told a line for the log."""

    def __init__(self, start: Start, say: Callable[[str], None] = lambda _: None) -> None:
        self._start, self._say = start, say
        self._turn = threading.Condition()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: dict[Follow, float] = {}
        self._current: dict[Follow, int] = {}
        self._wrong: dict[Follow, str] = {}
        self._closed = False

    def folder(self, what: Follow) -> Path:
        """The folder of a project's triples, once they are current. Raises StoreAway where that takes too long."""
        with self._turn:
            self._begin(what)
            if not self._turn.wait_for(lambda: what in self._current or what in self._wrong, PATIENCE):
                raise StoreAway("the triples are being made of what the store holds: ask again in a while")
            if what not in self._current:
                raise StoreAway(f"the triples cannot be kept up to date: {self._wrong.pop(what)}")
        return folder_of(Path(self._start.place), what.project, what.more)

    def _begin(self, what: Follow) -> None:
        if self._closed:
            raise StoreAway("the service is ending")
        if self._process is None or self._process.poll() is not None:
            self._current.clear()
            self._asked.clear()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "begat.queries.sparql.keeper"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            self._send(self._start)
            threading.Thread(target=self._hear, args=(self._process,), name="begat-keeper", daemon=True).start()
        now = time.monotonic()
        if now - self._asked.get(what, -AGAIN) >= AGAIN:
            self._asked[what] = now
            self._send(what)

    def _send(self, message: Start | Follow) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(msgspec.json.encode(message) + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise StoreAway("the process that keeps triples has ended: ask again in a moment") from None

    def _hear(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            news = msgspec.json.decode(line, type=News)
            if news.said:
                self._say(news.said)
            with self._turn:
                if news.wrong:
                    if self._wrong.get(news.of) != news.wrong:
                        self._say(f"{news.of.project}: {news.wrong}")
                    self._wrong[news.of] = news.wrong
                    self._current.pop(news.of, None)
                elif news.commit is not None:
                    self._current[news.of] = news.commit
                    self._wrong.pop(news.of, None)
                self._turn.notify_all()
        process.stdout.close()

    def close(self) -> None:
        """End the keeper."""
        with self._turn:
            self._closed = True
            process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
