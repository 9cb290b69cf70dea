"""Partitions of topics as logs that can be appended to in bulk and read back: on Kafka, and in memory for tests."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any, NamedTuple, Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams.connection import aiokafka_options
from streams.packing import pack_lightly
from streams.settings import Settings

BATCH_BYTES = 1 << 20
_FOLLOW_MS = 200
_FOLLOWED = 2000  # records at a time, so that others get their turn


class Record(NamedTuple):
    """One record to write; a value of None deletes the key at compaction."""

    key: bytes | None
    value: bytes | None


class Read(NamedTuple):
    """One record read back."""

    offset: int
    key: bytes | None
    value: bytes | None


class Written(NamedTuple):
    """Where the records of one bulk went: offset of the first, and how many."""

    base: int
    records: int


class Log(Protocol):
    """Partitions of one topic."""

    async def append(self, partition: int, records: Sequence[Record]) -> list[Written]:
        """Write `records` in order; when this returns they are durable.  Raises what the client raises."""

    def read(self, partition: int, start: int) -> AsyncIterator[list[Read]]:
        """The records from offset `start` to the end that the partition has now."""

    async def end(self, partition: int) -> int:
        """The offset that the next record gets."""

    def follow(self, partition: int, start: int) -> AsyncGenerator[list[Read], None]:
        """The records from offset `start` on, for ever, in bulk; an empty list now and then when there are none."""


class KafkaLog:
    """A topic on Kafka, written by a producer that several logs may share."""

    def __init__(self, topic: str, settings: Settings, producer: AIOKafkaProducer) -> None:
        self.topic = topic
        self._settings = settings
        self._producer = producer
        self._consumer: AIOKafkaConsumer | None = None
        self._reading = asyncio.Lock()

    async def append(self, partition: int, records: Sequence[Record]) -> list[Written]:
        """Write `records` in batches of up to a megabyte, in order."""
        sent: list[tuple[Any, int]] = []
        builder, count = self._producer.create_batch(), 0
        for record in records:
            if builder.append(key=record.key, value=record.value, timestamp=None) is None:
                sent.append((await self._producer.send_batch(builder, self.topic, partition=partition), count))
                builder, count = self._producer.create_batch(), 0
                builder.append(key=record.key, value=record.value, timestamp=None)
            count += 1
        if count:
            sent.append((await self._producer.send_batch(builder, self.topic, partition=partition), count))
        return [Written((await future).offset, written) for future, written in sent]

    async def read(self, partition: int, start: int) -> AsyncIterator[list[Read]]:
        """The records from `start` to the present end, as the broker hands them out."""
        async with self._reading:
            consumer = await self._reader()
            place = TopicPartition(self.topic, partition)
            consumer.assign([place])
            end = (await consumer.end_offsets([place]))[place]
            consumer.seek(place, max(start, (await consumer.beginning_offsets([place]))[place]))
            try:
                while await consumer.position(place) < end:
                    fetched = await consumer.getmany(place, timeout_ms=1000, max_records=20_000)
                    records = [Read(r.offset, r.key, r.value) for r in fetched.get(place, ()) if r.offset < end]
                    if records:
                        yield records
            finally:
                consumer.unsubscribe()  # else it goes on fetching what nobody asked for

    async def end(self, partition: int) -> int:
        """The offset that the next record gets."""
        async with self._reading:
            consumer = await self._reader()
            place = TopicPartition(self.topic, partition)
            return int((await consumer.end_offsets([place]))[place])

    async def follow(self, partition: int, start: int) -> AsyncGenerator[list[Read], None]:
        """The records from `start` on, for ever, through a connection of its own."""
        consumer = await self._connect()
        try:
            place = TopicPartition(self.topic, partition)
            consumer.assign([place])
            consumer.seek(place, start)
            while True:
                fetched = await consumer.getmany(place, timeout_ms=_FOLLOW_MS, max_records=_FOLLOWED)
                yield [Read(r.offset, r.key, r.value) for r in fetched.get(place, ())]
        finally:
            await consumer.stop()

    async def close(self) -> None:
        """End the connection with which it reads."""
        if self._consumer is not None:
            await self._consumer.stop()
            self._consumer = None

    async def _reader(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            self._consumer = await self._connect()
        return self._consumer

    async def _connect(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            enable_auto_commit=False,
            max_partition_fetch_bytes=8 * BATCH_BYTES,
            fetch_max_wait_ms=20,  # a question about offsets waits behind a fetch on the same connection
            **aiokafka_options(self._settings),
        )
        await consumer.start()
        return consumer


def bulk_producer(settings: Settings) -> AIOKafkaProducer:
    """The idempotent producer of a worker: nothing counts as sent before the broker has it durably."""
    pack_lightly()
    compression = None if settings.compression == "none" else settings.compression
    return AIOKafkaProducer(
        acks="all",
        enable_idempotence=True,
        compression_type=compression,
        max_batch_size=BATCH_BYTES,
        max_request_size=4 * BATCH_BYTES,
        linger_ms=0,
        **aiokafka_options(settings),
    )


class MemoryLog:
    """The same in memory: for tests, which may append to it behind an owner's back."""

    def __init__(self) -> None:
        self.records: dict[int, list[Record]] = {}

    async def append(self, partition: int, records: Sequence[Record]) -> list[Written]:
        """Append at once."""
        held = self.records.setdefault(partition, [])
        base = len(held)
        held.extend(records)
        return [Written(base, len(records))] if records else []

    async def read(self, partition: int, start: int) -> AsyncIterator[list[Read]]:
        """Everything from `start`."""
        held = self.records.get(partition, [])[start:]
        if held:
            yield [Read(start + place, record.key, record.value) for place, record in enumerate(held)]

    async def follow(self, partition: int, start: int) -> AsyncGenerator[list[Read], None]:
        """Everything from `start`, and then what comes."""
        while True:
            async for records in self.read(partition, start):
                yield records
                start = records[-1].offset + 1
            yield []
            await asyncio.sleep(0.001)

    async def end(self, partition: int) -> int:
        """How many records there are."""
        return len(self.records.get(partition, []))
