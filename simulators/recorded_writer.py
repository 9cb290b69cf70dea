"""Plays a recording into a run: every batch as it stood, in the order of the clocks, up to any instant."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from simulators.recorded_log import Batches, Place, behind
from simulators.recording_files import Line
from simulators.recording_played import Recording
from streams.core.civil import MICROS, Civil
from streams.core.facts import Batch, encode_batch
from streams.topics import topic_name

FOREVER: Final = 1 << 62
BEGINNING: Final = -FOREVER


class Sender(Protocol):
    """Where messages go, in order within each partition."""

    def send(self, topic: str, value: bytes | None, *, partition: int | None = None, key: bytes | None = None) -> None:
        """Send one message."""

    def flush(self) -> None:
        """Return once all that was sent is durable."""


_line = msgspec.json.Decoder(Line).decode


def new_places(recording: Recording) -> list[Place]:
    """Where a recording begins: a place for each partition of facts, of rejections, and for the definitions."""
    return [Place() for _ in range(2 * recording.partitions + 1)]


class _Rejection(msgspec.Struct):
    at: int = 0


_rejection = msgspec.json.Decoder(_Rejection).decode


class RecordedWriter:
    """Does for a recording what `LogWriter` does for facts.

    Batches go to the partition that they come from, as the bytes that they were, so that the log of each partition is
    the recorded one.  Only a batch in which an instant falls is written in parts, with a tick between them.  What is
    said before `since` (micros) is left out.  `places` say how far each partition is, that of the definitions last.
    """

    def __init__(
        self,
        recording: Recording,
        outbox: Sender,
        run: str,
        civil: Civil,
        *,
        places: list[Place],
        since: int = BEGINNING,
        seq: int = 0,
        ticked: int = 0,
        last: int | None = None,
    ) -> None:
        self._recording, self._outbox, self._civil, self._since = recording, outbox, civil, since
        self._topics = {base: topic_name(run, base) for base in ("dossier-facts", "rejected", "references")}
        self.places = places
        count = recording.partitions
        facts, refused = self.places[:count], self.places[count:-1]
        self._batches = [Batches(recording.lines("dossier-facts", n, at.lines), at) for n, at in enumerate(facts)]
        self._refused = [recording.lines("rejected", n, at.lines) for n, at in enumerate(refused)]
        self._refusal = [next(lines, None) for lines in self._refused]
        self._clocks = [ticked] * count
        self.seq, self.ticked, self.last = seq, ticked, last
        self._known = 0
        self.kept: Callable[[], None] = lambda: None
        self._queue_up()

    def begin(self, known: Callable[[], int], *, definitions: bool = True) -> None:
        """Write the recorded definitions, durably; before all facts, since they name the instants from which they hold.

        `known` says afterwards at which offset the run's topic of definitions ends: no batch waits for more.  Without
        `definitions` they are left out, and what the run is told by others holds.
        """
        if definitions:
            self._define()
        self._known = known()

    def _define(self) -> None:
        place = self.places[-1]
        for line in self._recording.lines("references", 0, place.lines):
            record = _line(line)
            key = None if record.key is None else record.key.encode()
            self._outbox.send(self._topics["references"], record.content(), key=key, partition=0)
            place.lines += 1
        self._outbox.flush()

    @property
    def next_at(self) -> int | None:
        """When (micros of the log) the next of it is said, None at its end."""
        return min((one.first for one in self._batches if one.line is not None), default=None)

    def write_before(self, instant: int) -> None:
        """Write all that is said before `instant` (micros)."""
        while self._queue and self._queue[0][0] < instant:
            _, number = self._queue[0]
            self._write_line(number)
            one = self._batches[number]
            if one.line is None:
                heapq.heappop(self._queue)
            else:
                heapq.heapreplace(self._queue, (one.clock, number))
        for number, one in enumerate(self._batches):
            while one.line is not None and one.first < instant:
                self._write_part(number, instant)
        self._queue_up()
        for partition in range(len(self._refused)):
            self._write_refused(partition, instant)

    def advance(self, until: int) -> None:
        """Write all that is said before `until` (micros) and a tick at `until`, durably.

        ValueError when the log has gone beyond that instant.
        """
        if until < max(self._clocks) or (self.last is not None and until <= self.last):
            raise ValueError(f"the log is beyond {self._civil.text(until / MICROS)} already")
        self.write_before(until)
        self._tick(until)
        self.flush()

    def finish(self) -> int:
        """Write all that is left and, where partitions end earlier, a tick at the last clock of all; that clock."""
        self.write_before(FOREVER)
        self._tick(max(*self._clocks, self._recording.last))
        self.flush()
        return self.ticked

    def flush(self) -> None:
        """Everything written so far is durable."""
        self._outbox.flush()

    def _queue_up(self) -> None:
        self._queue = [(one.clock, number) for number, one in enumerate(self._batches) if one.line is not None]
        heapq.heapify(self._queue)

    def _write_line(self, number: int) -> None:
        """All that is left of a line."""
        one = self._batches[number]
        if one.line is not None and not one.begun and one.first >= self._since:
            self._send(number, one.line)
            self._passed(number, one.clock, one.final)
            self.seq += one.left
            one.next()
        else:
            self._write_part(number, FOREVER)
        self.kept()

    def _write_part(self, number: int, instant: int) -> None:
        """What is left of a line before an instant."""
        one = self._batches[number]
        left = one.left
        batch, said = one.part(self._since, instant)
        if batch.facts or (batch.clock >= self._since and batch.clock > self._clocks[number]):
            self._send(number, encode_batch(batch))
            self._passed(number, batch.clock, said)
        self.seq += left - one.left
        if not one.left and one.clock <= instant:
            one.next()

    def _send(self, number: int, line: bytes) -> None:
        message = behind(line, self._known) if self._batches[number].barrier else line
        self._outbox.send(self._topics["dossier-facts"], message, partition=number)

    def _passed(self, number: int, clock: int, said: int | None) -> None:
        """A partition has come to `clock`, and a fact said at that instant is written, None for no fact."""
        self._clocks[number] = max(self._clocks[number], clock)
        if said is not None:
            self.last = said if self.last is None else max(self.last, said)

    def _write_refused(self, partition: int, instant: int) -> None:
        place = self.places[self._recording.partitions + partition]
        while (line := self._refusal[partition]) is not None:
            record = _line(line)
            value = record.content()
            at = _rejection(value).at if value is not None else 0
            if at >= instant:
                return
            if at >= self._since:
                key = None if record.key is None else record.key.encode()
                self._outbox.send(self._topics["rejected"], value, key=key, partition=partition)
            place.lines += 1
            self._refusal[partition] = next(self._refused[partition], None)

    def _tick(self, instant: int) -> None:
        for number, clock in enumerate(self._clocks):
            if clock < instant:
                self._outbox.send(self._topics["dossier-facts"], encode_batch(Batch(instant)), partition=number)
                self._clocks[number] = instant
        self.ticked = max(self.ticked, instant)
