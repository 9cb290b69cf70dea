"""Workers of a run, started and watched by the command that needs them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from streams.errors import MotcuaError
from streams.parent import ALONE
from streams.settings import PREFIX, Settings, variable
from streams.settings_catalogue import SETTINGS

RESTARTS: Final = 3
STOP_S: Final = 30.0
_TAIL_BYTES: Final = 4000
_TAIL_LINES: Final = 15


class WorkerFailed(MotcuaError):
    """A worker that ends again and again; the text shows the end of its log."""


def run_folder(settings: Settings) -> Path:
    """Where files of a run lie on this machine."""
    return settings.data / "runs" / settings.run


def environment(settings: Settings, base: Mapping[str, str], **over: str) -> dict[str, str]:
    """Variables under which another process has the same settings, except those in `over` (by setting)."""
    found = {name: value for name, value in base.items() if not name.startswith(PREFIX)}
    for setting in SETTINGS:
        value = getattr(settings, setting.name)
        if setting.name == "sasl_password" and settings.sasl_password_file is not None:
            continue  # it came from that file, and both at once are refused
        if setting.name in over:
            value = over[setting.name]
        if value is not None:
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            found[variable(setting)] = text.lower() if isinstance(value, bool) else text
    return found


class Workers:
    """`count` workers of the run of the settings, each logging to a file in the folder of the run."""

    def __init__(self, settings: Settings, count: int, say: Callable[[str], None]) -> None:
        self._settings, self._say = settings, say
        self._environment = environment(settings, os.environ, http_port="0")
        self._logs = [run_folder(settings) / f"worker-{number}.log" for number in range(1, count + 1)]
        self._processes: list[subprocess.Popen[bytes]] = []
        self._restarts = 0

    def start(self) -> None:
        """Start all of them; WorkerFailed when there is no place for their logs."""
        folder = run_folder(self._settings)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkerFailed(
                f"The folder {folder} cannot be used for logs of workers: {error.strerror}. Correct the setting data."
            ) from error
        self._processes = [self._launch(log) for log in self._logs]

    def check(self) -> None:
        """Restart what has ended, with a word; WorkerFailed when that happened too often."""
        for place, process in enumerate(self._processes):
            if (status := process.poll()) is None:
                continue
            log = self._logs[place]
            words = f"Worker {place + 1} of run {self._settings.run} ended with status {status}."
            if self._restarts >= RESTARTS:
                raise WorkerFailed(f"{words} Its log ({log}) ends with:\n{tail(log)}")
            self._restarts += 1
            self._say(f"{words} Its log ends with:\n{tail(log)}\nStarting it again ({self._restarts} of {RESTARTS}).")
            _close(process)
            time.sleep(1.0)  # what ended it, such as a broker that restarts, may need a moment
            self._processes[place] = self._launch(log)

    def stop(self) -> None:
        """Ask all of them to end, which flushes, and wait; what does not end in 30 s is killed."""
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + STOP_S
        for process in self._processes:
            try:
                process.wait(max(end - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                self._say(f"Worker {process.pid} did not end in {STOP_S:.0f} s and was killed.")
                process.kill()
                process.wait()
            _close(process)
        self._processes = []

    def leave(self) -> None:
        """Let all of them go on without us."""
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.write(ALONE)
            _close(process)

    def pids(self) -> list[int]:
        """Process ids of the workers."""
        return [process.pid for process in self._processes]

    def _launch(self, log: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "streams.cli", "worker", "--with-parent", "--run", self._settings.run]
        with log.open("ab") as out:
            # In a group of their own: Ctrl-C is for us, and we end them in order.
            return subprocess.Popen(
                command,
                env=self._environment,
                stdin=subprocess.PIPE,  # closed when we have gone, whatever ended us; then the worker ends too
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def _close(process: subprocess.Popen[bytes]) -> None:
    """Close our end of its standard input."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):  # it has gone already
            process.stdin.close()


def tail(log: Path) -> str:
    """The last lines of a log."""
    try:
        with log.open("rb") as file:
            file.seek(max(log.stat().st_size - _TAIL_BYTES, 0))
            text = file.read().decode(errors="replace")
    except OSError as error:
        return f"(not readable: {error.strerror})"
    return "\n".join(f"  {line}" for line in text.splitlines()[-_TAIL_LINES:])
