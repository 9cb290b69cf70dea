"""INDEX: sum the tallies of all partitions over units and periods, and tell every screen."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import aclosing
from typing import NamedTuple, Protocol

import msgspec

from streams.core.civil import Civil
from streams.core.closing import Closing, Consumer
from streams.core.counters import READ_AS
from streams.core.index import RUN_KEY, EntryKey, Index, RunStatus, UnitIndex, entry_key
from streams.core.register import Register
from streams.core.rules import Rules
from streams.core.scoring import today_of
from streams.core.standings import Standings
from streams.core.tallies import LastOfEach, encode, read_key
from streams.core.told import settled_of, told_place, told_score
from streams.logs import Read, Record
from streams.stages.figures import Figures
from streams.stages.hours import Hours
from streams.stages.stream import Event, Outputs

logger = logging.getLogger(__name__)
OWNER_KEY = "@owner"
_MANY = 500  # records at once: INDEX is behind, and had better read on before it tells
_BUSY_S = 1.0
_AT_ONCE = 25  # entries to score and to tell in one turn of the event loop
_WAITING = 4000  # keys that wait to be taken in, at most: no turn of the event loop should be long


class Screen(Protocol):
    """Whoever shows the latest figures of this worker; called in the event loop, so it must be quick."""

    def show(self, status: RunStatus, entries: Iterable[UnitIndex]) -> None:
        """The run stands so, and these entries changed."""

    def clear(self) -> None:
        """This worker no longer holds INDEX."""


class _Closed(msgspec.Struct):
    """What is asked of an older record ``@run``, of whatever version."""

    closed: int = 0


class RunOf(NamedTuple):
    """What INDEX must know of its run."""

    name: str
    register: Register
    zone: str
    partitions: int
    versions: Callable[[int], tuple[str, str]]  # of calendar and limits in force at an instant (micros)
    rules: Callable[[], Rules]  # in force now
    consumers: Callable[[], Sequence[Consumer]] = tuple  # of closed hours, new ones for each holding


class IndexStage:
    """The loop over the one partition of `unit-tallies`, in the worker that holds it.

    `pause` stops the stream of that partition until the next rebalance.
    """

    def __init__(
        self, run: RunOf, outputs: Outputs, figures: Figures, screen: Screen, pause: Callable[[], None]
    ) -> None:
        self._run, self._pause = run, pause
        self._out, self._figures, self._screen = outputs, figures, screen
        self._lock = asyncio.Lock()
        self._index: Index | None = None
        self._civil = Civil(run.zone)
        self._standings = self._standings_of(Index(run.register, run.partitions))
        self._hours: Hours | None = None
        self._generation = 0
        self._next = 0
        self._waiting = LastOfEach()
        self._status: RunStatus | None = None
        self._published = 0.0
        self._read, self._read_at = 0, 0.0  # records not told yet, and the sum of when they were read

    @property
    def held(self) -> bool:
        """True while this worker computes the index."""
        return self._index is not None

    async def consume(self, events: AsyncIterator[Event]) -> None:
        """The stream says who holds INDEX, nothing more: its messages come one by one, and cells come by the thousand.

        So its first message pauses it, and the holder reads in bulk by itself (`follow`).
        """
        async for event in events:
            event.ack()
            self._pause()

    async def follow(self, every_s: float) -> None:
        """While INDEX is held: take in every record, and tell what changed as it comes, `every_s` seconds at most.

        What is lost with this worker, the next reads from the start.
        """
        index = self._index
        if index is None:
            return
        async with aclosing(self._out.tallies.follow(0, self._next)) as following:
            async for records in following:
                if self._index is not index:
                    return
                self._take(records)
                if self._hours is not None and self._hours.behind:
                    await self._hours.close()
                if len(self._waiting) >= _WAITING:
                    self._take_in(index)
                if records and time.monotonic() - self._published >= (every_s if len(records) < _MANY else _BUSY_S):
                    await self.publish()
                await asyncio.sleep(0)

    async def end(self) -> None:
        """Before the worker ends: close no more hours."""
        if self._hours is not None:
            await self._hours.end()

    async def close_hours(self) -> None:
        """While INDEX is held: close the hours that every partition has reached."""
        if self._index is not None and self._hours is not None:
            await self._hours.close()

    def _take(self, records: list[Read]) -> None:
        if self._hours is not None:
            self._hours.feed(records)
        for record in records:
            if record.key is not None:
                self._waiting.put(record.key, record.value)
        if records:
            self._next = records[-1].offset + 1
            self._read, self._read_at = self._read + len(records), self._read_at + len(records) * time.monotonic()
        self._figures.tallies_read += len(records)
        self._figures.index_next = self._next

    def _take_in(self, index: Index) -> None:
        for key, value in self._waiting.take().items():
            index.take(read_key(key.decode()), value)

    async def assigned(self, held: bool) -> None:
        """Hold INDEX from now on, or no longer; on gaining it, read all tallies and tell every entry anew."""
        if not held:
            self._index = self._hours = None
            self._screen.clear()
        elif self._index is None:
            await self._take_over()
        self._figures.index_held = int(self.held)

    async def _take_over(self) -> None:
        run = self._run
        index = Index(run.register, run.partitions)
        listed, closed = await self._listed()
        closing = Closing(run.register, run.partitions, run.rules, closed)
        self._hours = Hours(closing, run.consumers(), self._out, self._figures)
        self._next, self._waiting = 0, LastOfEach()
        async for records in self._out.tallies.read(0, 0):
            self._take(records)
            if len(self._waiting) >= _WAITING:
                self._take_in(index)
            await asyncio.sleep(0)
        self._take_in(index)
        owner = await self._out.index.append(0, [Record(OWNER_KEY.encode(), encode({"run": self._run.name}))])
        # The place of this record in the topic is the generation: whoever takes over later gets a higher one.
        self._generation = owner[0].base + 1
        self._status = None
        gone = listed - {entry_key(*entry).encode() for entry in index.entries()}
        await self._out.index.append(0, [Record(key, None) for key in gone])
        self._standings = self._standings_of(index)
        index.changed = set(index.entries())
        count, self._index = len(index.changed), index
        await self.publish()
        logger.info("index taken over: %d entries, generation %d", count, self._generation)

    async def _listed(self) -> tuple[set[bytes], int]:
        """The entries that `unit-index` has, and the last hour (micros) of which the history is written."""
        listed: set[bytes] = set()
        closed = 0
        async for records in self._out.index.read(0, 0):
            for record in records:
                if record.key is None:
                    continue
                if record.key == RUN_KEY.encode() and record.value is not None:
                    closed = max(closed, msgspec.json.decode(record.value, type=_Closed).closed)
                elif not record.key.startswith(b"@"):
                    (listed.discard if record.value is None else listed.add)(record.key)
        return listed, closed

    async def publish(self) -> None:
        """Tell every entry that changed, and how far the run is."""
        async with self._lock:
            index = self._index
            if index is None:
                return
            self._take_in(index)
            read, read_at, self._read, self._read_at = self._read, self._read_at, 0, 0.0
            status, standings = self._status_of(index), self._standings
            index.turn(today_of(status.as_of, self._civil))
            changed = index.take_changed()
            touched: set[EntryKey] = set()
            for found in standings.steps(changed, today_of(status.as_of, self._civil)):
                touched |= found
                await asyncio.sleep(0)
            entries = []
            for entry in touched:
                entries.append(self._entry(index, standings, entry))
                if len(entries) % _AT_ONCE == 0:
                    await asyncio.sleep(0)
            if not entries and status == self._status:
                return
            records = [Record(entry_key(one.period, one.unit).encode(), encode(one)) for one in entries]
            records.append(Record(RUN_KEY.encode(), encode(status)))
            await self._out.index.append(0, records)
            await self._out.tallies.append(0, [Record(key.encode(), None) for key in index.take_obsolete()])
            self._status, self._published = status, time.monotonic()
            self._figures.passed("index", read, read * self._published - read_at)
            self._figures.entries_written += len(entries)
            if self._index is index:
                self._screen.show(status, entries)

    def _entry(self, index: Index, standings: Standings, entry: EntryKey) -> UnitIndex:
        period, unit = entry
        held, made = standings.entry(entry)
        counts = index.counts(period, unit)
        return UnitIndex(
            unit,
            period,
            held.level.value,
            index.as_of,
            self._generation,
            counts,
            settled=settled_of(counts),
            more={name: count for name, count in held.here.items() if name not in READ_AS},
            score=told_score(made),
            place=told_place(standings.peers(period, unit), standings.place(period, unit)),
        )

    def _standings_of(self, index: Index) -> Standings:
        return Standings(index, today_of(index.as_of, self._civil))

    def _status_of(self, index: Index) -> RunStatus:
        calendar, limits = self._run.versions(index.as_of)
        return RunStatus(
            self._run.name,
            index.as_of,
            self._generation,
            index.complete,
            self._run.partitions,
            index.cases,
            index.accounts(),
            self._run.zone,
            self._run.register.version,
            calendar=calendar,
            limits=limits,
            stated=index.stated.version,
            closed=0 if self._hours is None else self._hours.closed,
        )
