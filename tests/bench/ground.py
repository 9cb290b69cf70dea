"""What the rows stand on: a folder, real brokers, settings of a run, workers, and what they have acknowledged."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from simulators.workers import environment, tail
from streams import topic_admin
from streams.connection import admin_client, kafka_python_options
from streams.local_kafka import LocalKafka
from streams.local_kafka.ports import free_port
from streams.settings import Settings, load
from streams.topics import BY_NAME, topic_name

_TICK: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_LOOK_S: Final = 0.1


class BenchFailed(Exception):
    """A row that could not be measured; the text says why."""


class Ground:
    """Everything that rows share. `quick` makes them small: to see that they work, not how fast it is."""

    def __init__(self, folder: Path, version: str, *, quick: bool) -> None:
        self.folder, self.version, self.quick = folder, version, quick
        self._shared: LocalKafka | None = None
        self._numbers = itertools.count(1)

    def say(self, words: str) -> None:
        """Tell the person who waits."""
        print(f"   {words}", file=sys.stderr, flush=True)

    def sized(self, full: int, quick: int) -> int:
        """How many to take."""
        return quick if self.quick else full

    @property
    def kafka(self) -> LocalKafka:
        """The broker that the isolated runs share; started when first asked for."""
        if self._shared is None:
            self._shared = self._broker()
            self._shared.start()
        return self._shared

    @contextmanager
    def own_kafka(self) -> Iterator[LocalKafka]:
        """A broker for one row: of the live run there is only one on a broker."""
        with self._broker() as broker:
            yield broker

    def settings(self, broker: LocalKafka, run: str = "", **over: object) -> Settings:
        """Settings of a new run (or of `run`) on that broker, with its topics created."""
        name = run or f"bench-{next(self._numbers)}"
        base: dict[str, Any] = {
            "brokers": (broker.brokers,),
            "run": name,
            "data": self.folder / f"data-{next(self._numbers)}",
        }
        settings = msgspec.structs.replace(load({"HOME": str(self.folder)}), **{**base, **over})
        topic_admin.create(settings, name)
        return settings

    def close(self) -> None:
        """End the shared broker."""
        if self._shared is not None:
            self._shared.stop()

    def _broker(self) -> LocalKafka:
        return LocalKafka(self.folder / f"kafka-{next(self._numbers)}", version=self.version)


class Worker:
    """One process that works on a run: a real worker, or what it is compared with.

    Given as `module` and arguments for Python; its pages listen on a free port. Ends with the block that starts it.
    """

    def __init__(self, settings: Settings, *command: str, extra: Mapping[str, str] | None = None) -> None:
        self.settings = settings
        self._port = free_port()
        self._log = settings.data / f"worker-{self._port}.log"
        self._command = command or ("streams.cli", "worker", "--run", settings.run)
        self._extra = dict(extra or {})

    def __enter__(self) -> Worker:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        variables = environment(self.settings, os.environ, http_port=str(self._port)) | self._extra
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._command],
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us, who end it in order
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_until_ready(self, timeout_s: float = 180.0) -> None:
        """Return as soon as it says on its pages that it is ready."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            self.check()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/readyz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.01)
        raise BenchFailed(f"the worker was not ready in {timeout_s:.0f} s; its log ends with:\n{tail(self._log)}")

    def check(self) -> None:
        """BenchFailed when it has ended."""
        if (status := self._process.poll()) is not None:
            raise BenchFailed(f"the worker ended with status {status}; its log ends with:\n{tail(self._log)}")

    @property
    def cpu_s(self) -> float:
        """CPU time so far (seconds): all threads, user and system."""
        after_name = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / _TICK

    @property
    def waited_s(self) -> float:
        """How long its threads that still live have waited for a CPU that others used (seconds)."""
        tasks = Path(f"/proc/{self._process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text(encoding="ascii").split()[1]) for task in tasks) / 1e9

    @property
    def resident(self) -> int:
        """Resident bytes."""
        return int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE


class Acknowledged:
    """What a consumer group has acknowledged of one topic of a run; to be closed (a context manager)."""

    def __init__(self, settings: Settings, group: str, base: str) -> None:
        self._group, self._topic = group, topic_name(settings.run, base)
        self._admin = admin_client(settings)
        consumer = KafkaConsumer(**kafka_python_options(settings))
        numbers = range(BY_NAME[base].partition_count(settings))
        self._ends = consumer.end_offsets([TopicPartition(self._topic, number) for number in numbers])
        consumer.close()
        self.total: int = sum(self._ends.values())

    def __enter__(self) -> Acknowledged:
        return self

    def __exit__(self, *_: object) -> None:
        self._admin.close()

    @property
    def done(self) -> int:
        """Messages acknowledged, of those that were there at the start."""
        try:
            offsets = self._admin.list_group_offsets({self._group: None})[self._group]
        except KafkaError:
            return 0  # the group is only being formed
        return sum(max(0, min(at.offset, self._ends.get(place, 0))) for place, at in offsets.items())

    def wait(self, *workers: Worker, timeout_s: float = 600.0) -> None:
        """Return when all is acknowledged."""
        end = time.monotonic() + timeout_s
        while (done := self.done) < self.total:
            for worker in workers:
                worker.check()
            if time.monotonic() > end:
                raise BenchFailed(f"only {done} of {self.total} messages of {self._topic} acknowledged in time")
            time.sleep(_LOOK_S)
