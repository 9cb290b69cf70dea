"""Notices that the whole process stood still: stopped, or on a machine that slept.

Such a process may have lost its partitions without knowing.  What it would write now could overwrite what their new
owner has written, so it ends before it writes.
"""

import logging
import os
import threading
import time
from typing import Final

logger = logging.getLogger(__name__)
_BEAT_S: Final = 0.25
EX_TEMPFAIL: Final = 75


class Standstill(threading.Thread):
    """A pulse of its own: it stops only with the whole process, not with a busy event loop.

    `limit_s` is the longest standstill after which the process may still believe in its partitions.
    """

    def __init__(self, limit_s: float) -> None:
        super().__init__(name="pulse", daemon=True)
        self._limit = limit_s
        self._last = _clock()

    def run(self) -> None:
        """Beat for as long as the process lives."""
        while True:
            time.sleep(_BEAT_S)
            self.look()
            self._last = _clock()

    def look(self) -> None:
        """Ends the process if it has just woken from a standstill."""
        stood = _clock() - self._last
        if stood > self._limit:
            logger.critical("this worker stood still for %.0f s and may own nothing any more; it ends", stood)
            logging.shutdown()
            os._exit(EX_TEMPFAIL)


def _clock() -> float:
    """Seconds that go on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
