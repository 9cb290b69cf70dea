"""Replay of a table or a simulation in the log's time, in an isolated run that a killed command can continue."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

import msgspec

from simulators.facts_log import FactsLog
from simulators.log_writer import LogWriter, Pace
from simulators.outbox import Outbox
from simulators.played import FactLog, Played
from streams import topic_admin
from streams.core.civil import MICROS, Civil
from streams.core.index import RUN_KEY, RunStatus
from streams.errors import MotcuaError
from streams.reading import RunReader
from streams.settings import Settings
from streams.sources.rejections import Rejection
from streams.topics import LIVE, topic_name

KEY: Final = b"replay"
RUN: Final = RUN_KEY.encode()
KEEP_S: Final = 5.0
LOOK_S: Final = 0.5

Say = Callable[[str], None]


class ReplayError(MotcuaError):
    """A replay that cannot be begun or continued in this run; the text says why and what to do."""


class ReplayRecord(msgspec.Struct, kw_only=True):
    """What a run replays and how far it is, in its topic `references` under the key `replay`.

    `rows` is how many items were read and `facts` how many facts they gave; of a simulation, so far.
    Every fact before position `seq` in log order is acknowledged, `last` is the time of the latest of them, `ticked`
    the latest tick (both micros).
    """

    id: str
    file: str
    source: str
    partitions: int
    rows: int = 0
    rejected: dict[str, int] = {}
    facts: int = 0
    seq: int = 0
    last: int | None = None
    ticked: int = 0
    finished: bool = False
    version: int = 1

    @property
    def input(self) -> str:
        """The name of this sending as the origin of facts and rejections."""
        return f"replay:{self.id}"


class Replay:
    """The replay of one table or simulation in the run of the settings.

    Opening it creates the run's topics, opens what is played and finds out how far an earlier replay came; then
    `advance` as often as wanted, and `finish`.  To be closed (a context manager).
    """

    def __init__(
        self, settings: Settings, played: Played, *, pace: Pace | None = None, say: Say = lambda _: None
    ) -> None:
        refuse_live(settings)
        topic_admin.create(settings, settings.run)
        self._settings, self._played = settings, played
        self._references = topic_name(settings.run, "references")
        self._outbox = Outbox(settings)
        self._facts_log = FactsLog(self._outbox, settings.run)
        self._log: FactLog | None = None
        self._kept = self._looked = time.monotonic()
        self.watched: Callable[[], None] = lambda: None
        """Called about twice a second while facts are written."""
        with ExitStack() as on_failure:
            on_failure.callback(self.close)
            self.record = self._begin()
            self._log = self._read()
            self._writer = self._open(self._log, pace)
            self._tell(say)
            on_failure.pop_all()

    def advance(self, until: int) -> None:
        """Write every fact recorded before `until` (micros) and a tick at `until`, durably."""
        try:
            self._writer.advance(until)
        except ValueError as error:
            raise ReplayError(
                f"In run {self._settings.run} {error}. Take a later --until, or another run, "
                f"or remove this one (`motcua run remove {self._settings.run}`)."
            ) from error
        self._keep()

    def finish(self) -> None:
        """Write everything and a last tick at the first full hour after the last fact, durably."""
        self._writer.finish()
        self.record.finished = True
        self._keep()

    def close(self) -> None:
        """Close the connections and remove what was sorted on disk."""
        self._outbox.close()
        if self._log is not None:
            self._log.close()

    def __enter__(self) -> Replay:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> ReplayRecord:
        settings, partitions = self._settings, self._facts_log.partitions
        id_, found = self._played.sending(), load_record(settings)
        if found is not None and found.id != id_:
            raise ReplayError(
                f"Run {settings.run} replays {found.file} already, or the same under that name with other content. "
                f"Take another name for --run, or remove that run first: `motcua run remove {settings.run}`."
            )
        if found is None and _messages(settings):
            raise ReplayError(
                f"Run {settings.run} holds facts that come from no replay. Take another name for --run, "
                f"or remove that run first: `motcua run remove {settings.run}`."
            )
        new = ReplayRecord(id=id_, file=self._played.name, source=self._played.source, partitions=partitions)
        return found or new

    def _read(self) -> FactLog:
        record, topic = self.record, topic_name(self._settings.run, "rejected")
        record.rejected = {}

        def reject(rejection: Rejection) -> None:
            kept = msgspec.structs.replace(rejection, input=record.input, at=time.time_ns() // 1000)
            self._outbox.send(topic, msgspec.json.encode(kept), key=kept.key.encode())
            reason = rejection.reason.value
            record.rejected[reason] = record.rejected.get(reason, 0) + 1

        return self._played.log(self._settings, reject)

    def _open(self, log: FactLog, pace: Pace | None) -> LogWriter:
        record = self.record
        writer = LogWriter(
            log.read(record.seq),
            self._facts_log,
            Civil(self._settings.zone),
            record.partitions,
            record.input,
            seq=record.seq,
            ticked=record.ticked,
            last=record.last,
            pace=pace,
        )
        writer.kept = self._keep_now_and_then
        return writer

    def _tell(self, say: Say) -> None:
        self._count()
        record = self.record
        if record.rows:
            rejected = sum(record.rejected.values())
            say(f"{record.rows:,} rows read, {rejected:,} rejected, {record.facts:,} facts.")
        self._send_record()

    def _count(self) -> None:
        if self._log is not None:
            self.record.facts = self._log.facts
            self.record.rows = self._log.rows + sum(self.record.rejected.values())

    def _keep_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._looked >= LOOK_S:
            self._looked = now
            self.record.seq, self.record.last = self._writer.seq, self._writer.last
            self._count()
            self.watched()
        if now - self._kept >= KEEP_S:
            self._writer.flush()
            self._keep()
            self._kept = time.monotonic()

    def _keep(self) -> None:
        record, writer = self.record, self._writer
        self._count()
        record.seq, record.ticked, record.last = writer.seq, writer.ticked, writer.last
        self._send_record()

    def _send_record(self) -> None:
        self._outbox.send(self._references, msgspec.json.encode(self.record), key=KEY, partition=0)
        self._outbox.flush()


def refuse_live(settings: Settings) -> None:
    """ReplayError when the run of the settings is that of real events."""
    if settings.run == LIVE:
        raise ReplayError("A replay needs a run of its own, and `live` is the run of real events: give --run NAME.")


def load_record(settings: Settings) -> ReplayRecord | None:
    """What the run of the settings replays, None when it replays nothing; its topics must be there."""
    with RunReader(settings) as reader:
        value = reader.latest("references", KEY)
    if value is None:
        return None
    try:
        return msgspec.json.decode(value, type=ReplayRecord)
    except msgspec.MsgspecError as error:
        raise ReplayError(
            f"The record of the replay in run {settings.run} is not readable by this version: {error}. "
            f"Remove the run (`motcua run remove {settings.run}`) and replay again."
        ) from error


def as_of(reader: RunReader) -> int:
    """The instant (micros) as of which the figures of a run stand, 0 while they are not complete."""
    value = reader.latest("unit-index", RUN)
    if value is None:
        return 0
    try:
        status = msgspec.json.decode(value, type=RunStatus)
    except msgspec.MsgspecError as error:
        raise ReplayError(f"The record {RUN_KEY} of unit-index is not readable by this version: {error}.") from error
    return status.as_of if status.complete else 0


def _messages(settings: Settings) -> int:
    """How many messages of facts the run has had."""
    with RunReader(settings) as reader:
        return sum(reader.ends("dossier-facts").values())


class RealTime:
    """Plays a log `speed` times as fast as it was recorded; telling the log's time once a second meanwhile.

    `between` is called as often.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self.between: Callable[[], None] = lambda: None
        self._start: tuple[int, float] | None = None

    def wait(self, instant: int, tick: Callable[[int], None]) -> None:
        """Return when `instant` (micros of the log) has come."""
        if self._start is None:
            self._start = (instant, time.monotonic())
        first, began = self._start
        while (left := (instant - first) / MICROS / self._speed - (time.monotonic() - began)) > 0:
            time.sleep(min(left, 1.0))
            self.between()
            reached = first + int((time.monotonic() - began) * self._speed * MICROS)
            if reached < instant:
                tick(reached)
