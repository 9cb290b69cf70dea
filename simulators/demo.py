"""The demo's run: a broker and a worker of its own, simulated days as a replay that ends now, then real time.

The run is not `live`, so its worker writes no ticks.  During the replay they come with the log; afterwards this process
goes on writing them, by the wall clock, and sends the events of each second through INTAKE.  So the clock of the run
never jumps, whatever it replays, and no second process has to be told when the replay is at its end.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from simulators.demo_pace import DemoPace
from simulators.embedded import EmbeddedBroker
from simulators.facts_log import FactsLog
from simulators.log_writer import LogWriter, Pace
from simulators.outbox import Outbox
from simulators.replay_record import KEY, ReplayRecord
from simulators.runs import remove
from simulators.simulation import Simulation
from simulators.workers import Workers, run_folder
from streams import topic_admin
from streams.connection import wait_for_broker
from streams.core.civil import MICROS, Civil
from streams.core.events import Event
from streams.core.facts import Batch
from streams.core.routing import partition_of
from streams.errors import MotcuaError
from streams.registers import as_simulated
from streams.settings import Settings
from streams.settings_catalogue import BY_NAME, read_value
from streams.sources.native import Reader
from streams.topics import topic_name

MOST_EVENTS: Final = 150_000
"""More than this, and the embedded broker would drop what a partition began with."""
PARTITIONS: Final = 8
ZONE: Final = "Asia/Ho_Chi_Minh"
LIVE_S: Final = 1.0
"""Seconds between two ticks once the run goes at real speed."""
_BROKER_S: Final = 30.0
_FOLDER: Final = "motcua-demo-"
Say = Callable[[str], None]


class DemoError(MotcuaError):
    """A demo that cannot be had as asked for; the text says why and what to do."""


class Ground:
    """Where the demo runs: its settings, its worker, and how to leave nothing of both behind."""

    def __init__(self, settings: Settings, workers: Workers) -> None:
        self.settings, self._workers = settings, workers

    def check(self) -> None:
        """Restart a worker that ended; WorkerFailed when that happened too often."""
        self._workers.check()

    def pages(self) -> str:
        """Where the worker's pages are, by its log; empty while it has not said."""
        log = run_folder(self.settings) / "worker-1.log"
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        said = [line for line in text.splitlines() if "pages on" in line]
        return said[-1].rpartition(" ")[2] if said else ""


@contextmanager
def ground(base: Settings, broker: str | None, run: str, say: Say, *, keep: bool) -> Iterator[Ground]:
    """A broker (an embedded one, unless `broker` names one) and a worker; both end with the block, and leave nothing.

    With `keep` the folder stays, and the run on a broker that goes on without us.
    """
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
    with ExitStack() as stack:
        stack.callback(_leave, folder, say, keep=keep)
        settings = _settings(base, run, folder)
        if broker is None:
            embedded = stack.enter_context(EmbeddedBroker())
            settings = msgspec.structs.replace(
                settings,
                brokers=(embedded.brokers,),
                embedded=True,
                security_protocol="PLAINTEXT",
                sasl_username=None,
                sasl_password=None,
                sasl_password_file=None,
                session_timeout_s=6.0,  # the longest that it grants
                heartbeat_s=1.0,
                publish_interval_ms=200,  # each telling stays in its memory
            )
            embedded.create_topics(settings)
        else:
            settings = msgspec.structs.replace(settings, brokers=_brokers(broker))
            _begin_run(settings, say)
            if not keep:
                stack.callback(remove, settings)
        workers = Workers(settings, 1, say)
        stack.callback(workers.stop)
        workers.start()
        yield Ground(settings, workers)


class Feed:
    """What the demo sends: facts and ticks during the replay, afterwards events through INTAKE, and ticks."""

    def __init__(self, settings: Settings, simulation: Simulation) -> None:
        self._settings, self._simulation = settings, simulation
        self._civil = Civil(settings.zone)
        self._outbox = Outbox(settings)
        self._log = FactsLog(self._outbox, settings.run)
        self._partitions = self._log.partitions
        self._record = ReplayRecord(
            id=simulation.sending(), file=simulation.name, source=simulation.source, partitions=self._partitions
        )
        self._writer: LogWriter | None = None
        self._coming: Iterator[Event] = iter(())
        self._next: Event | None = None
        self._sent = 0

    @property
    def read(self) -> int:
        """Items sent so far."""
        return self._sent + (self._writer.seq if self._writer is not None else 0)

    def begin(self) -> None:
        """Tell every partition that the simulation begins, so that the worker has a clock."""
        for partition in range(self._partitions):
            self._log.write(partition, Batch(self._simulation.begins * MICROS))
        self._log.flush()

    def replay(self, until: int, pace: Pace) -> None:
        """Write all facts from before `until` (micros) at that pace, and a tick at `until`; durably."""
        if self._writer is None:
            reader = Reader(self._civil, int(self._settings.max_ahead_s))
            facts = self._simulation.facts(reader)
            input_ = self._record.input
            self._writer = LogWriter(facts, self._log, self._civil, self._partitions, input_, pace=pace)
        self._writer.advance(until)

    def conclude(self) -> int:
        """Say in the run that its replay is at its end; the instant (micros) that it came to."""
        writer, record = self._writer, self._record
        assert writer is not None  # concluded is what was begun
        record.rows = record.facts = record.seq = writer.seq
        record.last, record.ticked, record.finished = writer.last, writer.ticked, True
        references = topic_name(self._settings.run, "references")
        self._outbox.send(references, msgspec.json.encode(record), key=KEY, partition=0)
        self._log.flush()
        self._coming = self._simulation.events(since=writer.ticked)
        return writer.ticked

    def live(self, now: int) -> None:
        """Send the events from before `now` (micros) to INTAKE, and a tick at `now` to every partition."""
        waiting: dict[int, list[bytes]] = defaultdict(list)
        while (event := self._peek()) is not None and event.at.timestamp() * MICROS < now:
            waiting[partition_of(event.dossier, self._partitions)].append(msgspec.json.encode(event))
            self._sent += 1
            self._next = None
        for partition, events in waiting.items():
            topic = topic_name(self._settings.run, "dossier-events")
            self._outbox.send(topic, b"\n".join(events), partition=partition)
        for partition in range(self._partitions):
            self._log.write(partition, Batch(now))
        self._log.flush()

    def upcoming(self) -> int | None:
        """When (seconds) the next event is, None when the simulation is at its end."""
        event = self._peek()
        return None if event is None else int(event.at.timestamp())

    def close(self) -> None:
        """Close the connections."""
        self._outbox.close()

    def __enter__(self) -> Feed:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _peek(self) -> Event | None:
        if self._next is None:
            self._next = next(self._coming, None)
        return self._next


def check_size(settings: Settings, simulation: Simulation, until: int) -> int:
    """How many events come before `until` (micros); DemoError when they are too many for the embedded broker."""
    events = sum(1 for _ in simulation.events(until=until))
    if settings.embedded and events > MOST_EVENTS:
        raise DemoError(
            f"These are {events:,} events, the embedded broker holds {MOST_EVENTS:,}. "
            "Take fewer --units or --days, or a real Kafka: --broker HOST:PORT."
        )
    return events


def wall_second() -> int:
    """The full second that has begun, in micros: what lies before it can still be told whole."""
    return int(time.time()) * MICROS


def pace_of(
    simulation: Simulation, until: int, seconds: float, figures: Callable[[], int], shown: Callable[[], None]
) -> DemoPace:
    """The pace at which the demo comes from the beginning of the simulation to `until` (micros)."""
    return DemoPace(
        Civil(ZONE),
        begins=simulation.begins * MICROS,
        ends=until,
        seconds=seconds,
        figures=figures,
        shown=shown,
    )


def _settings(base: Settings, run: str, folder: Path) -> Settings:
    base = as_simulated(msgspec.structs.replace(base, units=None, limits=None))
    return msgspec.structs.replace(base, run=run, partitions=PARTITIONS, zone=ZONE, data=folder)


def _brokers(text: str) -> tuple[str, ...]:
    try:
        value = read_value(BY_NAME["brokers"], text)
    except ValueError as error:
        raise DemoError(f"--broker {error}.") from None
    assert isinstance(value, tuple)
    return value


def _begin_run(settings: Settings, say: Say) -> None:
    """The topics of the run on a real broker; DemoError when there is such a run already."""
    wait_for_broker(settings, _BROKER_S, say)
    if settings.run in topic_admin.runs(settings):
        raise DemoError(
            f"There is a run {settings.run} at {', '.join(settings.brokers)} already. Remove it "
            f"(`motcua run remove {settings.run}`) or take another name: --run NAME."
        )
    topic_admin.create(settings, settings.run)


def _leave(folder: Path, say: Say, *, keep: bool) -> None:
    if keep:
        say(f"Kept: {folder} (the worker's log)")
    else:
        shutil.rmtree(folder, ignore_errors=True)
