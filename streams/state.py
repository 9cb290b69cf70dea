"""The durable state of one partition: loading, bulk group commit, and healing after a stranger wrote to it.

There is one writer per state partition, but one that was frozen may wake and write once more.  So the offset that the
broker returns must be the expected one; where it is not, the strangers' records are read and merged, and every key
whose last record is not the merged state is written again.
"""

import asyncio
from typing import Final

from streams.core.accounting import LEDGER_KEY, decode_ledger, encode_ledger
from streams.core.partition import Partition
from streams.core.stored import split
from streams.logs import Log, Record

_LEDGER: Final = LEDGER_KEY.encode()


class Durable:
    """A partition of cases with its state partition.  `expected` is the offset that our next record should get."""

    def __init__(self, number: int, partition: Partition, log: Log) -> None:
        self.number = number
        self.partition = partition
        self.expected = 0
        self.generation = -1  # ours; the partition's is the highest that anybody wrote
        self.healed = 0  # records of strangers that had to be mended
        self.lock = asyncio.Lock()
        self._log = log
        self._ledger_due = False

    @property
    def superseded(self) -> bool:
        """True when somebody else has taken the partition over after us."""
        return self.partition.generation > self.generation

    async def load(self) -> int:
        """Read what was written since the last known offset and merge it; the number of records read."""
        last: dict[str, bytes] = {}
        count = 0
        async for records in self._log.read(self.number, self.expected):
            for record in records:
                count += 1
                self.expected = record.offset + 1
                if record.key is None or record.value is None:
                    continue
                if record.key == _LEDGER:
                    self.partition.absorb_ledger(decode_ledger(record.value))
                    self._ledger_due = True
                else:
                    key = record.key.decode()
                    judged, state = split(record.value)
                    self.partition.absorb(key, state, judged)
                    last[key] = state
            await asyncio.sleep(0)  # heartbeats and liveness go on
        self.expected = max(self.expected, await self._log.end(self.number))
        await self._settle(last)
        return count

    async def _settle(self, last: dict[str, bytes]) -> None:
        keys = list(last)
        for at in range(0, len(keys), 2000):
            self.partition.settle(set(keys[at : at + 2000]))
            await asyncio.sleep(0)
        self.partition.catch_up()
        stale = {key for key, value in last.items() if self.partition.state(key) != value}
        self.healed += len(stale)
        self.partition.changed |= stale

    async def take_over(self) -> None:
        """Raise the generation durably, above every one that anybody wrote."""
        while self.superseded or self.generation < 0:
            self.generation = self.partition.generation = self.partition.generation + 1
            self._ledger_due = True
            await self.commit()

    async def commit(self) -> None:
        """Make every change durable; returns when the last record of each key in the log is the state here."""
        while self.partition.changed or self._ledger_due:
            changed = self.partition.take_changed()
            self._ledger_due = False
            records = [Record(key.encode(), value) for key, value in self.partition.records(changed)]
            records.append(Record(_LEDGER, encode_ledger(self.partition.ledger())))
            expected = self.expected
            for written in await self._log.append(self.number, records):
                if written.base != expected:
                    await self.load()
                    break
                expected += written.records
            else:
                self.expected = expected

    def touch(self) -> None:
        """The next commit writes the ledger even where no case changed: the clock or the accounts moved."""
        self._ledger_due = True

    async def check(self) -> bool:
        """Look for strangers' records when nothing was committed for a while; True when there were any."""
        if await self._log.end(self.number) <= self.expected:
            return False
        await self.load()
        return True
