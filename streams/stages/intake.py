"""INTAKE: read, validate, drop personal data, translate to facts, batch by partition.  Keeps no state."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

import msgspec

from streams.core.civil import MICROS
from streams.core.facts import Batch, Fact, encode_batch
from streams.core.routing import partition_of
from streams.logs import Record
from streams.sources.inputs import ItemReader
from streams.sources.rejections import IGNORED, Rejection
from streams.stages.figures import Figures
from streams.stages.stream import Event, Outputs, age_of

logger = logging.getLogger(__name__)
_FULL: Final = 4000  # facts held before they are sent without waiting for the next flush
_BATCH: Final = 500  # facts in one message
_TURN_S: Final = 0.005


class Intake:
    """The loops over the inputs of one worker, whose topics `readers` names.

    `partitions` are those of `dossier-facts`, `wall` is in micros.
    """

    def __init__(
        self,
        readers: Mapping[str, ItemReader],
        outputs: Outputs,
        partitions: int,
        figures: Figures,
        wall: Callable[[], int],
    ) -> None:
        self._readers = readers
        self._out = outputs
        self._partitions = partitions
        self._figures = figures
        self._wall = wall
        self._lock = asyncio.Lock()
        self._clear()

    def _clear(self) -> None:
        self._pending: list[Event] = []
        self._inputs: dict[str, int] = {}
        self._facts: dict[int, list[Fact]] = {}
        self._rejected: dict[int, list[Rejection]] = {}
        self._held = 0

    async def consume(self, events: AsyncIterator[Event]) -> None:
        """Translate every message of one input; never acknowledges, `flush` does once what came of it is durable."""
        loop = asyncio.get_running_loop()
        turn = loop.time()
        async for event in events:
            self._take(event)
            if self._held >= _FULL:
                await self.flush()
            if loop.time() - turn > _TURN_S:
                await asyncio.sleep(0)
                turn = loop.time()

    def _take(self, event: Event) -> None:
        message, figures = event.message, self._figures
        input_ = f"{message.topic}/{message.partition}"
        place = self._inputs.setdefault(input_, len(self._inputs))
        stamp = int(message.timestamp * MICROS)
        for item in self._readers[message.topic].read(event.value, stamp, input_, message.offset, place):
            if isinstance(item, Fact):
                self._facts.setdefault(partition_of(item.case, self._partitions), []).append(item)
                figures.items_read += item.counted
            else:
                figures.items_read += 1
                self._rejected.setdefault(message.partition % self._partitions, []).append(item)
                if item.reason in IGNORED:
                    figures.items_ignored += 1
                else:
                    figures.items_rejected[item.reason] = figures.items_rejected.get(item.reason, 0) + 1
            self._held += 1
        figures.messages_read += 1
        self._pending.append(event)

    async def flush(self) -> None:
        """Send what is held, then acknowledge in order.  A failed send raises, so nothing after it is sent either."""
        async with self._lock:
            if not self._pending:
                return
            pending, inputs, facts, rejected = self._pending, list(self._inputs), self._facts, self._rejected
            self._clear()
            clock = self._wall()
            sends = [self._out.facts.append(number, _batches(clock, held, inputs)) for number, held in facts.items()]
            for number, refused in rejected.items():
                records = [Record(one.key.encode(), msgspec.json.encode(one)) for one in refused]
                sends.append(self._out.rejected.append(number, records))
            await asyncio.gather(*sends)
            self._figures.passed("intake", len(pending), age_of(pending, self._wall()))
            for event in pending:
                event.ack()


def _batches(clock: int, facts: list[Fact], inputs: list[str]) -> list[Record]:
    chunks = [facts[at : at + _BATCH] for at in range(0, len(facts), _BATCH)]
    return [Record(None, encode_batch(Batch(clock, chunk, inputs))) for chunk in chunks]
