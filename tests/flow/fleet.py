"""Workers of a run as processes: started, killed, frozen, woken, and started again when they end by themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from simulators.workers import environment
from streams.settings import Settings

SESSION_S: Final = 6.0
STOP_S: Final = 20.0
_LOOK_S: Final = 0.1
_MOST_STARTS: Final = 60
T = TypeVar("T")


class Worker:
    """One place in the fleet: the process that has it now, and the log of all that ever had it."""

    def __init__(self, settings: Settings, log: Path, **over: str) -> None:
        self.log = log
        self._run = settings.run
        self._environment = environment(settings, os.environ, **{"http_port": "0", **over})
        self.process: subprocess.Popen[bytes] | None = None
        self.statuses: list[int] = []

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def launch(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streams.cli", "worker", "--run", self._run],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def send(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def wait(self, timeout_s: float) -> int:
        """The exit status; subprocess.TimeoutExpired when it does not end in time."""
        assert self.process is not None
        return self.process.wait(timeout_s)

    def end(self) -> None:
        """End it whatever it takes."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        if self.process is not None:
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def address(self, timeout_s: float = 30.0) -> str:
        """Where its pages are, as its log says."""
        said = until(lambda: [line for line in self.words().splitlines() if "pages on" in line], timeout_s, self.words)
        return said[-1].rpartition(" ")[2]

    def page(self, path: str) -> tuple[int, str]:
        """Status and text of one of its pages; status 0 when nobody answers."""
        try:
            with urlopen(f"{self.address()}{path}", timeout=5) as answer:
                return int(answer.status), answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except (URLError, OSError) as error:
            return 0, str(error)


class Fleet:
    """`count` workers of one run, and a supervisor that starts again whatever ends with another status than 0."""

    def __init__(self, settings: Settings, count: int, folder: Path, **over: str) -> None:
        self._settings, self._folder, self._over = settings, folder, over
        self.workers = [self._new(number) for number in range(count)]
        self._watching = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._supervise, daemon=True)
        self.started = 0
        self._given_up = False

    def start(self) -> None:
        for worker in self.workers:
            self._launch(worker)
        self._thread.start()

    def kill(self, place: int) -> None:
        """SIGKILL; the supervisor starts another in its place."""
        self.workers[place].send(signal.SIGKILL)

    def freeze(self, place: int) -> None:
        self.workers[place].send(signal.SIGSTOP)

    def wake(self, place: int) -> None:
        self.workers[place].send(signal.SIGCONT)

    @contextmanager
    def frozen(self, place: int) -> Iterator[None]:
        """The process that has the place now stands still meanwhile."""
        process = self.workers[place].process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def check(self) -> None:
        """AssertionError when the supervisor gave up."""
        if self._given_up:
            raise AssertionError(f"workers end again and again:\n{self.words()}")

    def replace(self, place: int) -> int:
        """SIGTERM, wait for the orderly end, start a new one; the status of the old one (negative: it was killed)."""
        worker = self.workers[place]
        with self._lock:
            worker.send(signal.SIGTERM)
            try:
                status = worker.wait(STOP_S)
            except subprocess.TimeoutExpired:
                worker.send(signal.SIGKILL)
                status = worker.wait(STOP_S)
            self._launch(worker)
        return status

    def stop(self) -> None:
        self._watching.set()
        with self._lock:
            for worker in self.workers:
                worker.send(signal.SIGCONT)
                worker.send(signal.SIGTERM)
            for worker in self.workers:
                worker.end()

    def words(self) -> str:
        """The ends of all logs, for whoever has to find out what happened."""
        return "\n".join(
            f"{worker.log.name}:\n" + "\n".join(worker.words().splitlines()[-25:]) for worker in self.workers
        )

    def __enter__(self) -> Fleet:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _new(self, number: int) -> Worker:
        return Worker(self._settings, self._folder / f"{self._settings.run}-worker-{number}.log", **self._over)

    def _launch(self, worker: Worker) -> None:
        self.started += 1
        if self.started > _MOST_STARTS:
            self._given_up = True
            self._watching.set()
            return
        worker.launch()

    def _supervise(self) -> None:
        while not self._watching.wait(_LOOK_S):
            with self._lock:
                for worker in self.workers:
                    if self._watching.is_set() or worker.process is None:
                        continue
                    status = worker.process.poll()
                    if status is not None:
                        worker.statuses.append(status)
                        time.sleep(0.5)
                        self._launch(worker)


def until(look: Callable[[], T], timeout_s: float, words: Callable[[], str] = lambda: "") -> T:
    """What `look` returns once it is true; AssertionError with `words` when it does not become so in time."""
    end = time.monotonic() + timeout_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout_s:.0f} s; {words()}")
        time.sleep(0.05)
