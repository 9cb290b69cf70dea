"""A worker that a command started ends with that command, also when it was killed and could not say so."""

from __future__ import annotations

import os
import signal
import threading
from typing import Final

ALONE: Final = b"alone\n"
"""What the command writes into the worker's standard input when the worker is to go on without it."""


def end_with_parent(source: int = 0) -> None:
    """From now on end this process in order (SIGTERM) once the pipe `source` is closed without that word.

    The other end is held by the command alone, and the system closes it whatever ends that command.
    """
    threading.Thread(target=_watch, args=(source,), name="parent", daemon=True).start()


def _watch(source: int) -> None:
    said = b""
    while chunk := os.read(source, 64):
        said += chunk
    if said != ALONE:
        os.kill(os.getpid(), signal.SIGTERM)
