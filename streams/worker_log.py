"""The log of a worker: one line an event, times in UTC, the chatter of clients limited."""

import logging
import time
from typing import Final

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_QUIET: Final = ("aiokafka", "kafka", "faust", "mode")
_PER_S: Final = 60.0  # the same line of a client is shown once in so many seconds


class OncePerMinute(logging.Filter):
    """Lets a client's warning through once a minute: a broker that is away makes thousands of them."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """True for what is ours, and for what has not been said lately."""
        if not record.name.startswith(_QUIET):
            return True
        if record.levelno < logging.WARNING:
            return False
        key = (record.name, str(record.msg))
        now = time.monotonic()
        if now - self._seen.get(key, -_PER_S) < _PER_S:
            return False
        self._seen[key] = now
        return True


def arrange_logging(level: str) -> None:
    """Send the log to standard error in one form."""
    handler = logging.StreamHandler()
    formatter = logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(OncePerMinute())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
