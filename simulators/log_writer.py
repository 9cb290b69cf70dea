"""Writes facts in log order with ticks: what makes the state of a run a function of its log alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from streams.core.civil import MICROS, Civil
from streams.core.facts import Batch, Fact
from streams.core.routing import partition_of

BATCH = 500


class Log(Protocol):
    """Where batches go."""

    def write(self, partition: int, batch: Batch) -> None:
        """Append one batch to a partition of `dossier-facts`."""

    def flush(self) -> None:
        """Return once everything written is durable."""


class Pace(Protocol):
    """When the log may go on."""

    def wait(self, instant: int, tick: Callable[[int], None]) -> None:
        """Return when `instant` (micros of the log) has come; `tick` is called with the log's time meanwhile."""


class AtOnce:
    """No pacing: as fast as it goes."""

    def wait(self, instant: int, tick: Callable[[int], None]) -> None:
        """Return at once."""


class LogWriter:
    """Writes the facts of a log up to an instant, then up to the next.

    `facts` come in log order from position `seq` on; `ticked` and `last` (micros) are the last tick and the time of the
    last fact that were written before.  `kept` is called after each fact, for whoever keeps the progress.
    A tick T goes to every partition before the first fact recorded at T or later, and after all earlier ones:
    at the first civil midnight after a fact, at the last one before the next fact, and at each instant asked for.  It
    rides on the partition's last batch where there is one.  Full hours in between need no tick: batches are `ordered`,
    so whoever folds them lets each hour pass before the first fact after it, and a gap is as good as its hours.
    """

    def __init__(
        self,
        facts: Iterator[Fact],
        log: Log,
        civil: Civil,
        partitions: int,
        input_: str,
        *,
        seq: int = 0,
        ticked: int = 0,
        last: int | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._facts, self._log, self._civil, self._partitions = facts, log, civil, partitions
        self._inputs = [input_]
        self._pace = pace or AtOnce()
        self._waiting: list[list[Fact]] = [[] for _ in range(partitions)]
        self._next: Fact | None = None
        self.last = last
        self.seq = seq
        self.ticked = ticked
        self.kept: Callable[[], None] = lambda: None

    @property
    def next_at(self) -> int | None:
        """When (micros) the next fact was recorded, None at the end of the log."""
        fact = self._peek()
        return None if fact is None else fact.recorded

    def write_before(self, instant: int) -> None:
        """Write every fact recorded before `instant` (micros), and the ticks between them."""
        while (fact := self._peek()) is not None and fact.recorded < instant:
            self._ticks_before(fact.recorded)
            self._take(fact)
            self._next = None

    def advance(self, until: int) -> None:
        """Write every fact recorded before `until` (micros) and a tick at `until`, durably.

        ValueError when the log has gone beyond that instant.
        """
        if until < self.ticked or (self.last is not None and until <= self.last):
            raise ValueError(f"the log is beyond {self._civil.text(until / MICROS)} already")
        self.write_before(until)
        self._ticks_before(until)
        self._tick(until)
        self.flush()

    def finish(self) -> int:
        """Write everything and a tick at the first full hour after the last fact; that tick (micros), 0 for none."""
        while (fact := self._peek()) is not None:
            self._ticks_before(fact.recorded)
            self._take(fact)
            self._next = None
        if self.last is not None:
            self._tick(self._hour_after(self.last))
        self.flush()
        return self.ticked

    def flush(self) -> None:
        """Everything taken so far is written and durable."""
        self._push_all()
        self._log.flush()

    def _peek(self) -> Fact | None:
        if self._next is None:
            self._next = next(self._facts, None)
        return self._next

    def _take(self, fact: Fact) -> None:
        self._pace.wait(fact.recorded, self._tick)
        partition = partition_of(fact.case, self._partitions)
        waiting = self._waiting[partition]
        waiting.append(fact)
        self.last = fact.recorded
        self.seq = fact.origin[1] + 1
        if len(waiting) >= BATCH:
            self._push(partition, fact.recorded)
        self.kept()

    def _ticks_before(self, instant: int) -> None:
        """The midnights that must be told before anything at `instant` (micros)."""
        day = self._civil.day(instant // MICROS)
        if self.last is not None:
            last = self._civil.day(self.last // MICROS)
            if day <= last:
                return
            if last + 1 < day:
                self._tick(self._civil.midnight(last + 1) * MICROS)
        self._tick(self._civil.midnight(day) * MICROS)

    def _hour_after(self, instant: int) -> int:
        return self._civil.next_full_hour(instant // MICROS) * MICROS

    def _tick(self, instant: int) -> None:
        if instant <= self.ticked:
            return
        self._pace.wait(instant, self._tick)
        if instant <= self.ticked:  # the wait itself has told it
            return
        for partition in range(self._partitions):
            self._push(partition, instant)
        self.ticked = instant

    def _push_all(self) -> None:
        for partition, waiting in enumerate(self._waiting):
            if waiting:
                self._push(partition, waiting[-1].recorded)

    def _push(self, partition: int, clock: int) -> None:
        facts = self._waiting[partition]
        batch = Batch(max(clock, 0), facts, self._inputs, ordered=True) if facts else Batch(clock)
        self._log.write(partition, batch)
        self._waiting[partition] = []
