"""What a topic holds, for tests."""

from collections.abc import Iterator
from typing import NamedTuple

from kafka import KafkaConsumer, TopicPartition

from streams.connection import kafka_python_options
from streams.settings import Settings


class Message(NamedTuple):
    partition: int
    key: bytes | None
    value: bytes


def messages(settings: Settings, topic: str, partitions: int) -> list[Message]:
    """Every message of a topic, partition by partition."""
    consumer = KafkaConsumer(**kafka_python_options(settings), group_id=None, enable_auto_commit=False)
    try:
        return [message for number in range(partitions) for message in _of(consumer, TopicPartition(topic, number))]
    finally:
        consumer.close()


def _of(consumer: KafkaConsumer, place: TopicPartition) -> Iterator[Message]:
    consumer.assign([place])
    consumer.seek_to_beginning(place)
    end = consumer.end_offsets([place])[place]
    while consumer.position(place) < end:
        for records in consumer.poll(timeout_ms=200).values():
            for record in records:
                yield Message(record.partition, record.key, record.value)
