"""Replay of a table, simulation or recording in the log's time, in an isolated run that a killed command continues."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

import msgspec

from simulators.facts_log import FactsLog
from simulators.log_writer import LogWriter
from simulators.outbox import Outbox
from simulators.played import FactLog, Played, Window, Writer
from simulators.recorded_writer import BEGINNING, RecordedWriter, new_places
from simulators.recording_played import Recording
from simulators.replay_record import KEY, ReplayError, ReplayRecord, load_record, refuse_live
from streams import topic_admin
from streams.core.civil import Civil
from streams.core.index import RUN_KEY, RunStatus
from streams.reading import RunReader
from streams.settings import Settings
from streams.sources.rejections import Rejection
from streams.topics import topic_name

RUN: Final = RUN_KEY.encode()
KEEP_S: Final = 5.0
LOOK_S: Final = 0.5

Say = Callable[[str], None]


class Replay:
    """The replay of one table, simulation or recording in the run of the settings.

    Opening it creates the run's topics, opens what is played and finds out how far an earlier replay came; then
    `advance` as often as wanted, and `finish`.  To be closed (a context manager).
    """

    def __init__(
        self,
        settings: Settings,
        played: Played | Recording,
        *,
        window: Window = Window(),  # noqa: B008 - it cannot be changed
        definitions: bool = True,
        say: Say = lambda _: None,
    ) -> None:
        refuse_live(settings)
        topic_admin.create(settings, settings.run)
        self._settings, self._played, self._window, self._definitions = settings, played, window, definitions
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
            self._writer = self._open(played)
            self._writer.kept = self._keep_now_and_then
            self._tell(say)
            on_failure.pop_all()

    @property
    def next_at(self) -> int | None:
        """When (micros) the next fact is said, None at the end of the log."""
        coming, before = self._writer.next_at, self._window.before
        return None if coming is None or (before is not None and coming >= before) else coming

    @property
    def position(self) -> int:
        """The instant (micros) that the log has come to, 0 at its beginning."""
        return max(self._writer.ticked, self._writer.last or 0)

    def write_before(self, instant: int) -> None:
        """Write every fact said before `instant` (micros), not yet durably."""
        self._writer.write_before(instant)
        self._keep_now_and_then()

    def rest(self) -> None:
        """Make durable what is written, and how far it is."""
        self._writer.flush()
        self._keep()

    def advance(self, until: int) -> None:
        """Write every fact said before `until` (micros) and a tick at `until`, durably."""
        try:
            self._writer.advance(until)
        except ValueError as error:
            raise ReplayError(
                f"In run {self._settings.run} {error}. Take a later --until, or another run, "
                f"or remove this one (`motcua run remove {self._settings.run}`)."
            ) from error
        self._keep()

    def finish(self) -> None:
        """Write everything that is to be played and a last tick, durably.

        That tick is where the part that is played ends, when the log goes on after it; else the first full hour after
        the last fact, or where a recording ends.
        """
        before = self._window.before
        if before is not None:
            self._writer.write_before(before)
        if before is not None and self._writer.next_at is not None:
            self.advance(before)
        else:
            self._writer.finish()
        self.record.finished = True
        if isinstance(self._played, Recording) and self._window.whole:
            self.record.items = self._played.items
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
        if found is not None and (found.id, found.window, found.definitions) != (id_, self._window, self._definitions):
            raise ReplayError(
                f"Run {settings.run} replays {found.file} already, or the same under that name with other content, "
                "--from, --to or definitions. Take another name for --run, "
                f"or remove that run first: `motcua run remove {settings.run}`."
            )
        if found is None and _messages(settings):
            raise ReplayError(
                f"Run {settings.run} holds facts that come from no replay. Take another name for --run, "
                f"or remove that run first: `motcua run remove {settings.run}`."
            )
        if isinstance(self._played, Recording) and self._played.partitions != partitions:
            raise ReplayError(
                f"{self._played.name} is of {self._played.partitions} partitions, run {settings.run} has {partitions}. "
                "Take another name for --run, and leave --partitions out."
            )
        name, source, (since, before) = self._played.name, self._played.source, self._window
        return found or ReplayRecord(
            id=id_,
            file=name,
            source=source,
            partitions=partitions,
            since=since,
            before=before,
            definitions=self._definitions,
        )

    def _open(self, played: Played | Recording) -> Writer:
        record, civil, since = self.record, Civil(self._settings.zone), self._window.since
        since = BEGINNING if since is None else since
        seq, ticked, last = record.seq, record.ticked, record.last
        if isinstance(played, Recording):
            record.places = record.places or new_places(played)
            run, places = self._settings.run, record.places
            writer = RecordedWriter(
                played, self._outbox, run, civil, places=places, since=since, seq=seq, ticked=ticked, last=last
            )
            writer.begin(self._known, definitions=self._definitions)
            return writer
        self._log = self._read(played)
        facts = (fact for fact in self._log.read(seq) if fact.recorded >= since)
        log, partitions = self._facts_log, record.partitions
        return LogWriter(facts, log, civil, partitions, record.input, seq=seq, ticked=ticked, last=last)

    def _known(self) -> int:
        """Where the run's definitions end."""
        with RunReader(self._settings) as reader:
            return reader.ends("references")[0]

    def _read(self, played: Played) -> FactLog:
        record, topic = self.record, topic_name(self._settings.run, "rejected")
        record.rejected = {}

        def reject(rejection: Rejection) -> None:
            kept = msgspec.structs.replace(rejection, input=record.input, at=time.time_ns() // 1000)
            self._outbox.send(topic, msgspec.json.encode(kept), key=kept.key.encode())
            reason = rejection.reason.value
            record.rejected[reason] = record.rejected.get(reason, 0) + 1

        return played.log(self._settings, reject)

    def _tell(self, say: Say) -> None:
        self._count()
        record = self.record
        if record.rows:
            rejected = sum(record.rejected.values())
            say(f"{record.rows:,} rows read, {rejected:,} rejected, {record.facts:,} facts.")
        self._send_record()

    def _count(self) -> None:
        if isinstance(self._played, Recording):
            self.record.facts = self._played.facts
        elif self._log is not None:
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

    def _keep(self) -> None:
        record, writer = self.record, self._writer
        self._count()
        record.seq, record.ticked, record.last = writer.seq, writer.ticked, writer.last
        self._send_record()
        self._kept = time.monotonic()

    def _send_record(self) -> None:
        self._outbox.send(self._references, msgspec.json.encode(self.record), key=KEY, partition=0)
        self._outbox.flush()


def as_of(reader: RunReader) -> int:
    """The instant (micros) as of which the figures of a run stand, 0 while they are not complete."""
    status = _status(reader)
    return status.as_of if status is not None and status.complete else 0


def closed_upto(reader: RunReader) -> int:
    """The last full hour (micros) of which the history of a run is written, 0 while there is none."""
    status = _status(reader)
    return 0 if status is None else status.closed


def _status(reader: RunReader) -> RunStatus | None:
    value = reader.latest("unit-index", RUN)
    try:
        return None if value is None else msgspec.json.decode(value, type=RunStatus)
    except msgspec.MsgspecError as error:
        raise ReplayError(f"The record {RUN_KEY} of unit-index is not readable by this version: {error}.") from error


def _messages(settings: Settings) -> int:
    """How many messages of facts the run has had."""
    with RunReader(settings) as reader:
        return sum(reader.ends("dossier-facts").values())
