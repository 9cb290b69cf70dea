"""DOSSIERS: fold facts into cases, keep tallies and the watch list, acknowledge only what is durable."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Final

import msgspec

from streams.core.accounting import Account
from streams.core.cells import Marker
from streams.core.civil import MICROS
from streams.core.facts import Batch, decode_batch, encode_batch
from streams.core.partition import Partition
from streams.core.tallies import ClockValue, Complete, Kind, Totals, encode, sign_key
from streams.core.tally_records import Content, told_record
from streams.core.watchlist import encode_entry
from streams.logs import Record
from streams.sources.rejections import Reason, Rejection
from streams.stages.figures import Figures
from streams.stages.references import References, judge_anew
from streams.stages.stream import Event, Outputs, age_of
from streams.state import Durable

logger = logging.getLogger(__name__)
_TURN_S: Final = 0.005  # how long folding may keep the event loop before others get their turn
_TICK_AT_LEAST_S: Final = 10


class Owned:
    """A partition of facts that this worker owns, with the messages folded and not yet acknowledged."""

    def __init__(self, durable: Durable) -> None:
        self.durable = durable
        self.partition = durable.partition
        self.pending: list[Event] = []
        self.told_clock = self.told_offset = -1
        self.ticked = 0


class Dossiers:
    """The loop over `dossier-facts` of one worker.

    `wall` gives the time in micros; with `live` the owner of a partition writes the ticks that let time pass.  `guard`
    is called before anything is written: it ends a process that may have lost its partitions without knowing.
    """

    def __init__(  # noqa: PLR0917 - made once, by the composition root
        self,
        definitions: References,
        outputs: Outputs,
        figures: Figures,
        wall: Callable[[], int],
        guard: Callable[[], None],
        live: bool,
    ) -> None:
        self._definitions = definitions
        self._out = outputs
        self._figures = figures
        self._wall = wall
        self._guard = guard
        self._live = live
        self._commit_lock = asyncio.Lock()
        self._learning = asyncio.Lock()
        self._published = 0.0
        self.owned: dict[int, Owned] = {}

    async def consume(self, events: AsyncIterator[Event]) -> None:
        """Fold every message of the owned partitions; never acknowledges, `commit` does."""
        loop = asyncio.get_running_loop()
        turn = loop.time()
        async for event in events:
            owned = self.owned.get(event.message.partition)
            if owned is None:
                continue  # of a partition just lost; its new owner reads it
            await self._fold(owned, event)
            if loop.time() - turn > _TURN_S:
                await asyncio.sleep(0)
                turn = loop.time()

    async def _fold(self, owned: Owned, event: Event) -> None:
        figures, partition = self._figures, owned.partition
        clock, redelivered = partition.clock, partition.redelivered
        try:
            batch = decode_batch(event.value or b"")
        except msgspec.DecodeError:
            await self._reject(event)
        else:
            if batch.references > self._definitions.known or self._learning.locked():
                await self.learn()
            partition.apply(batch, event.message.offset)
            figures.facts_folded += len(batch.facts)
            figures.facts_redelivered += partition.redelivered - redelivered
            if batch.facts or partition.clock > clock:
                owned.durable.touch()
        figures.batches_folded += 1
        owned.pending.append(event)

    async def learn(self) -> None:
        """Go by the definitions that `references` holds now."""
        async with self._learning:
            await self._definitions.learn()
            # asked of each partition: a reading that broke off, or that came while it was loaded, leaves it behind
            for owned in list(self.owned.values()):
                if owned.partition.rules is not self._definitions.rules:
                    await judge_anew(owned.partition, self._definitions.rules)
                    owned.durable.touch()

    async def _reject(self, event: Event) -> None:
        message = event.message
        input_ = f"{message.topic}/{message.partition}"
        detail = "not a batch of facts; only motcua writes to this topic"
        rejection = Rejection(Reason.UNREADABLE, detail, input_, message.offset, 0, self._wall())
        self._figures.items_rejected[rejection.reason] = self._figures.items_rejected.get(rejection.reason, 0) + 1
        record = Record(rejection.key.encode(), msgspec.json.encode(rejection))
        await self._out.rejected.append(message.partition, [record])

    # -- durability ---------------------------------------------------------------------------------------------

    async def commit(self, publish: bool) -> None:
        """Make what was folded durable, tell what changed when `publish`, then acknowledge in order."""
        async with self._commit_lock:
            owned = list(self.owned.values())
            folded = [(one, one.pending) for one in owned]
            for one in owned:
                one.pending = []
            self._guard()
            await asyncio.gather(*(self._make_durable(one) for one in owned))
            if publish:
                self._guard()
                await self.publish(owned)
            now = self._wall()
            for _, events in folded:
                self._figures.passed("dossiers", len(events), age_of(events, now))
                for event in events:
                    event.ack()
            self._figures.commits += 1

    async def _make_durable(self, owned: Owned) -> None:
        self._figures.states_written += len(owned.partition.changed)
        async with owned.durable.lock:
            await owned.durable.commit()
            if owned.durable.superseded:
                await self._take_over(owned)

    async def publish(self, owned: Iterable[Owned]) -> None:
        """Tell cells, clocks and watch list entries that changed."""
        tallies: list[Record] = []
        watched = []
        for one in owned:
            tallies += self._told(one)
            generation = one.durable.generation
            entries = one.partition.take_watch()
            if entries:
                records = [Record(case.encode(), encode_entry(entry, generation)) for case, entry in entries.items()]
                watched.append(self._out.watch.append(one.durable.number, records))
        if tallies:
            watched.append(self._out.tallies.append(0, tallies))
        await asyncio.gather(*watched)

    def _told(self, owned: Owned) -> list[Record]:
        partition, number, generation = owned.partition, owned.durable.number, owned.durable.generation
        records, marked = [], -1
        for told in partition.take_told(flush=True):
            if isinstance(told, Marker):
                marked = told.clock
                records.append(self._clock(owned, marked))
            else:
                records.append(_told(number, generation, told, partition.offset))
        if partition.clock > max(marked, owned.told_clock):
            records.append(self._clock(owned, partition.clock))
        elif marked < partition.clock and partition.offset > owned.told_offset:
            # A second clock record at the same clock would make what came late a part of what was closed there.
            records.append(self._clock(owned, partition.clock, Kind.ACCOUNTS))
        owned.told_clock, owned.told_offset = partition.clock, partition.offset
        return records

    def _clock(self, owned: Owned, clock: int, kind: Kind = Kind.CLOCK) -> Record:
        partition = owned.partition
        accounts = {name: _totals(account) for name, account in partition.accounts.items()}
        value = ClockValue(clock, partition.offset, len(partition), accounts)
        key = sign_key(owned.durable.number, owned.durable.generation, kind)
        return Record(key.encode(), encode(value))

    # -- ownership ----------------------------------------------------------------------------------------------

    async def revoked(self) -> None:
        """Partitions may go: make durable and acknowledge what was folded, while they are still ours."""
        if self.owned:
            await self.commit(publish=True)

    async def assigned(self, numbers: set[int]) -> None:
        """Own exactly these partitions from now on: drop lost ones, load what was gained or may have changed."""
        await self.learn()
        for lost in set(self.owned) - numbers:
            del self.owned[lost]
        for number in sorted(numbers):
            owned = self.owned.get(number)
            if owned is None:
                owned = Owned(Durable(number, Partition(self._definitions.rules), self._out.state))
            else:
                owned.pending = []  # Faust reads again from what was committed
            async with owned.durable.lock:
                await owned.durable.load()
                if owned.durable.generation < 0 or owned.durable.superseded:
                    await self._take_over(owned)
                await owned.durable.commit()
            self.owned[number] = owned
        self._figures.owned = frozenset(self.owned)
        await self.learn()

    async def _take_over(self, owned: Owned) -> None:
        """Raise the generation, then tell everything under it: cells, clock, the end marker, the watch list."""
        durable, partition = owned.durable, owned.partition
        await durable.take_over()
        number, generation = durable.number, durable.generation
        partition.take_told(flush=True)
        cells = list(partition.all_cells())
        records = [_told(number, generation, cell, partition.offset) for cell in cells]
        records.append(self._clock(owned, partition.clock))
        records.append(Record(sign_key(number, generation, Kind.COMPLETE).encode(), encode(Complete(len(cells)))))
        await self._out.tallies.append(0, records)
        await self._renew_watch(owned)
        owned.told_clock, owned.told_offset = partition.clock, partition.offset
        self._figures.take_overs += 1
        logger.info("partition %d taken over: %d cases, generation %d", number, len(partition), generation)

    async def _renew_watch(self, owned: Owned) -> None:
        number, generation = owned.durable.number, owned.durable.generation
        changes = owned.partition.take_watch()
        if owned.told_clock < 0:  # just loaded, so every entry of the list is a change
            entries = {case: entry for case, entry in changes.items() if entry is not None}
        else:
            entries = owned.partition.all_watched()
        listed: set[bytes] = set()
        async for records in self._out.watch.read(number, 0):
            for record in records:
                if record.key is not None:
                    (listed.discard if record.value is None else listed.add)(record.key)
        renewed = [Record(case.encode(), encode_entry(entry, generation)) for case, entry in entries.items()]
        gone = listed - {record.key for record in renewed}
        await self._out.watch.append(number, renewed + [Record(key, None) for key in gone])

    async def check(self) -> None:
        """Look for other definitions, and whether anybody else has written to an owned state partition; heal it."""
        await self.learn()
        for owned in list(self.owned.values()):
            async with owned.durable.lock:
                if self.owned.get(owned.durable.number) is owned and await owned.durable.check():
                    logger.warning("partition %d: another worker wrote to its state; merged", owned.durable.number)
                    await owned.durable.commit()
                    if owned.durable.superseded:
                        await self._take_over(owned)

    def measure(self) -> None:
        """Say how many cases are held, and how far the partition is that is furthest behind."""
        owned = [one.partition for one in self.owned.values()]
        self._figures.cases_held = sum(len(partition) for partition in owned)
        self._figures.clock = min((partition.clock for partition in owned), default=0)

    # -- time ---------------------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """Live: write a tick to each owned partition whose next timer, full hour or tenth second has come."""
        if not self._live:
            return
        now = self._wall()
        for number, owned in list(self.owned.items()):
            if now >= self._tick_due(owned):
                owned.ticked = now
                await self._out.facts.append(number, [Record(None, encode_batch(Batch(now)))])

    def _tick_due(self, owned: Owned) -> int:
        clock = max(owned.partition.clock, owned.ticked)
        hour = self._definitions.rules.civil.next_full_hour(clock // MICROS) * MICROS if clock else 0
        due = min(clock + _TICK_AT_LEAST_S * MICROS, hour)
        upcoming = owned.partition.next_change(due)
        return due if upcoming <= owned.ticked else min(due, upcoming)


def _told(number: int, generation: int, told: Content, offset: int) -> Record:
    key, value = told_record(number, generation, told, offset)
    return Record(key.encode(), value)


def _totals(account: Account) -> Totals:
    return Totals(account.applied, account.repeated)
