"""What the commands send into Kafka: one idempotent producer, with a bound on what is under way."""

from __future__ import annotations

from kafka import KafkaProducer
from kafka.codec import has_lz4, has_zstd
from kafka.errors import KafkaError

from streams.connection import kafka_python_options
from streams.errors import MotcuaError
from streams.settings import Settings
from streams.topics import BATCH_BYTES

UNDER_WAY_BYTES = 16 * 1024 * 1024
UNDER_WAY_MESSAGES = 20_000
FLUSH_S = 120.0


class SendingFailed(MotcuaError):
    """Kafka did not take what was sent; what had been acknowledged before stands."""


class Outbox:
    """Sends messages in order within each partition; `flush` returns once the brokers have all of them."""

    def __init__(self, settings: Settings) -> None:
        self._brokers = ", ".join(settings.brokers)
        self._error: BaseException | None = None
        self._bytes = self._messages = 0
        try:
            self._producer = KafkaProducer(
                **kafka_python_options(settings),
                acks="all",
                enable_idempotence=True,
                compression_type=_codec(settings.compression),
                batch_size=256 * 1024,
                linger_ms=20,
                max_request_size=BATCH_BYTES,
                delivery_timeout_ms=int(FLUSH_S * 1000),
            )
        except KafkaError as error:
            raise self._failed(error) from error

    def partitions(self, topic: str) -> int:
        """How many partitions `topic` has; SendingFailed when it is not there."""
        try:
            return len(self._producer.partitions_for(topic))
        except KafkaError as error:
            raise self._failed(error, f"The topic {topic} is not there (`motcua topics create`). ") from error

    def send(self, topic: str, value: bytes | None, *, partition: int | None = None, key: bytes | None = None) -> None:
        """Send one message to a partition, or to that of its key; waits when too much is under way.

        Without a value it deletes its key.
        """
        try:
            self._producer.send(topic, value, key=key, partition=partition).add_errback(self._remember)
        except KafkaError as error:
            raise self._failed(error) from error
        self._bytes += len(value or b"")
        self._messages += 1
        # The client itself has no bound on what it holds.
        if self._bytes > UNDER_WAY_BYTES or self._messages > UNDER_WAY_MESSAGES:
            self.flush()

    def flush(self) -> None:
        """Wait until all that was sent is durable; SendingFailed when some of it is not."""
        try:
            self._producer.flush(timeout=FLUSH_S)
        except KafkaError as error:
            raise self._failed(error) from error
        if self._error is not None:
            raise self._failed(self._error)
        self._bytes = self._messages = 0

    def close(self) -> None:
        """Give up what is not acknowledged yet and close the connections."""
        self._producer.close(timeout=5)

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _remember(self, error: BaseException) -> None:
        self._error = self._error or error

    def _failed(self, error: BaseException, first: str = "") -> SendingFailed:
        words = str(error) or type(error).__name__
        return SendingFailed(
            f"{first}Kafka at {self._brokers} did not take what was sent: {words}. "
            "What was acknowledged stands; the same command again continues from there."
        )


def _codec(compression: str) -> str | None:
    # Every broker and reader unpacks gzip; the others need a package that may be missing on this machine.
    there = {"zstd": has_zstd(), "lz4": has_lz4(), "gzip": True}
    if compression == "none":
        return None
    return compression if there[compression] else "gzip"
