"""Asking a watcher to stop, from a signal handler or another thread."""

import os
import select


class Stop:
    """A request that a waiting watcher notices at once. `request` may be called in a signal handler."""

    def __init__(self) -> None:
        self.requested = False
        # A pipe: threading.Event takes a lock, which the interrupted thread itself may hold.
        self._wake, self._ring = os.pipe()
        os.set_blocking(self._ring, False)

    def request(self) -> None:
        """Ask for the end. Asking again changes nothing."""
        if not self.requested:
            self.requested = True
            os.write(self._ring, b"!")

    def wait(self, seconds: float) -> bool:
        """Wait for the request; whether it came within `seconds`."""
        if not self.requested and seconds > 0:
            select.select([self._wake], [], [], seconds)
        return self.requested

    def close(self) -> None:
        """Give the pipe back. Nobody may ask or wait any more."""
        os.close(self._wake)
        os.close(self._ring)
