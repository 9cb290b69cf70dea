"""Closing hours while INDEX is held: records of `unit-tallies` go in, what consumers want written goes out."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from streams.core.closing import Closing, Consumer, Hour
from streams.core.history import is_restatement
from streams.logs import Read, Record
from streams.stages.figures import Figures
from streams.stages.stream import Outputs

logger = logging.getLogger(__name__)
_AT_ONCE: Final = 20  # records made in one turn of the event loop
MANY: Final = 200_000  # records held back: closing is behind, and whoever reads had better wait
_HOURS: Final = 100  # closed before what they say is written
_RECORDS: Final = 5000


class Hours:
    """The closed hours of one holding of INDEX; `closed` (micros) is the last one of which everything is written."""

    def __init__(self, closing: Closing, consumers: Sequence[Consumer], outputs: Outputs, figures: Figures) -> None:
        self._closing, self._consumers, self._outputs, self._figures = closing, consumers, outputs, figures
        self._learned, self._lock = False, asyncio.Lock()
        self.closed = closing.closed
        self._ending = False
        self._held: dict[str, list[Record]] = {}

    @property
    def behind(self) -> bool:
        """True while more is held back than is good."""
        return self._closing.waiting > MANY

    def feed(self, records: Sequence[Read]) -> None:
        """The next records of the topic."""
        for record in records:
            if record.key is not None:
                self._closing.take(record.key, record.value)

    async def close(self) -> None:
        """Close every hour that is over."""
        async with self._lock:
            if not self._learned:
                await self._learn()
            hours = 0
            while not self._ending and (hour := self._closing.close_next()) is not None:
                await self._collect(hour)
                hours += 1
                if hours % _HOURS == 0 or sum(map(len, self._held.values())) >= _RECORDS:
                    await self._write()
                await asyncio.sleep(0)
            await self._write()

    async def end(self) -> None:
        """Finish the hour that is being closed, and close no other."""
        self._ending = True
        async with self._lock:
            pass

    async def _learn(self) -> None:
        for consumer in self._consumers:
            async for records in self._outputs.of(consumer.topic).read(0, 0):
                for place, record in enumerate(records):
                    if record.key is not None:
                        consumer.learn(record.key, record.value)
                    if place % 1000 == 0:
                        await asyncio.sleep(0)
        self._learned = True

    async def _collect(self, hour: Hour) -> None:
        for consumer in self._consumers:
            held = self._held.setdefault(consumer.topic, [])
            for written in consumer.close(hour):
                held.append(Record(written.key, written.value))
                self._figures.restatements += is_restatement(written.key)
                if len(held) % _AT_ONCE == 0:
                    await asyncio.sleep(0)

    async def _write(self) -> None:
        """Write what the hours closed so far have to say, hours together: a replay closes hundreds in a second."""
        closed = self._closing.closed
        for topic, records in self._held.items():
            if records:
                await self._outputs.of(topic).append(0, records)
        self._held = {}
        self.closed = closed
