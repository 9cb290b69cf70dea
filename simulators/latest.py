"""The latest value of one key in a compacted topic of one partition."""

from __future__ import annotations

import time

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.connection import kafka_python_options, unreachable
from streams.settings import Settings

_POLL_MS = 200
_ANSWER_S = 30.0


class Latest:
    """Follows one key; each call of `value` reads on to the present end of the topic."""

    def __init__(self, settings: Settings, topic: str, key: bytes) -> None:
        self._settings, self._key = settings, key
        self._partition = TopicPartition(topic, 0)
        self._value: bytes | None = None
        try:
            self._consumer = KafkaConsumer(
                **kafka_python_options(settings), group_id=None, enable_auto_commit=False, max_poll_records=5000
            )
            self._consumer.assign([self._partition])
            self._consumer.seek_to_beginning(self._partition)
        except KafkaError as error:
            raise unreachable(settings, error) from error

    def value(self) -> bytes | None:
        """The latest value, None when there is none (or it was deleted); BrokerUnreachable without an answer."""
        deadline = time.monotonic() + _ANSWER_S
        try:
            end = self._consumer.end_offsets([self._partition])[self._partition]
            while self._consumer.position(self._partition) < end:
                for records in self._consumer.poll(timeout_ms=_POLL_MS).values():
                    for record in records:
                        if record.key == self._key:
                            self._value = record.value
                if time.monotonic() > deadline:
                    raise unreachable(self._settings, TimeoutError(f"no answer about {self._partition.topic}"))
        except KafkaError as error:
            raise unreachable(self._settings, error) from error
        return self._value

    def close(self) -> None:
        """Close the connections."""
        self._consumer.close()

    def __enter__(self) -> Latest:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ends(settings: Settings, topic: str, partitions: int) -> int:
    """How many messages a topic has had, over all its partitions."""
    places = [TopicPartition(topic, number) for number in range(partitions)]
    try:
        consumer = KafkaConsumer(**kafka_python_options(settings), group_id=None, enable_auto_commit=False)
        try:
            return sum(consumer.end_offsets(places).values())
        finally:
            consumer.close()
    except KafkaError as error:
        raise unreachable(settings, error) from error
