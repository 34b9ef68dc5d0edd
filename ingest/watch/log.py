"""What a watcher says: a line an event in logfmt, `time=... level=... event=... key=value`, on stderr."""

import sys
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

import msgspec

Level = Literal["info", "warning", "error"]
#: Different lines remembered as said; with more of them, the oldest may be said again.
REMEMBERED: Final = 10_000


class Log:
    """Writes lines to a stream. It never fails: a watcher goes on where nobody listens any more."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._said: dict[str, None] = {}

    def say(self, event: str, level: Level = "info", **fields: object) -> None:
        """Write a line, without fields that are None; a text with blanks or quotes stands in quotes, as in JSON."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        words = {"time": now, "level": level, "event": event, **fields}
        line = " ".join(f"{key}={_word(value)}" for key, value in words.items() if value is not None)
        try:
            print(line, file=self._out or sys.stderr, flush=True)
        except (OSError, ValueError):  # who closed the stream wants no lines
            pass

    def once(self, event: str, level: Level = "info", **fields: object) -> bool:
        """Write a line, unless it was written before; whether it was not."""
        key = repr((event, fields))
        if key in self._said:
            return False
        if len(self._said) >= REMEMBERED:
            self._said.pop(next(iter(self._said)))
        self._said[key] = None
        self.say(event, level, **fields)
        return True


def _word(value: object) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    plain = text.isprintable() and not any(c in ' "=\\' for c in text)
    return text if plain and text else msgspec.json.encode(text).decode()
