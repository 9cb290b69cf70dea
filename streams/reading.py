"""Reading the topics of a run from their beginning to where they end now; for commands and screens."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Final, NamedTuple

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorError,
)

from streams import topic_admin
from streams.connection import admin_client, kafka_python_options, unreachable
from streams.errors import MotcuaError
from streams.settings import Settings
from streams.topics import BATCH_BYTES, topic_name

_POLL_MS: Final = 200
_ANSWER_S: Final = 30.0
_GROUPS_LOADING: Final = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)
_BACK: Final = 16  # how many times further back to look for a key, each time


class NoSuchRun(MotcuaError):
    """The run has not the topic that was asked for; the text says which runs there are."""


class Message(NamedTuple):
    """One record of a topic."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


class RunReader:
    """Reads topics of the run of the settings, one at a time; to be closed (a context manager).

    Every call may raise NoSuchRun, BrokerUnreachable or BrokerRefused.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._partitions: dict[str, int] = {}
        self._consumer: KafkaConsumer | None = None

    def partitions(self, base: str) -> int:
        """How many partitions a topic of the run has."""
        found = self._partitions.get(base)
        if found is None:
            found = self._partitions[base] = _partitions(self.settings, base)
        return found

    def begins(self, base: str) -> dict[int, int]:
        """The offset of the first record kept, by partition."""
        return self._offsets("beginning_offsets", self._places(base, None))

    def ends(self, base: str) -> dict[int, int]:
        """The offset that the next record will get, by partition."""
        return self._offsets("end_offsets", self._places(base, None))

    def read(
        self,
        base: str,
        partition: int | None = None,
        *,
        since: Mapping[int, int] | None = None,
        until: Mapping[int, int] | None = None,
    ) -> Iterator[Message]:
        """Every record that a topic, or one partition of it, holds now, in the order of each partition.

        `since` begins partitions later, at those offsets, and `until` ends them earlier, before those.
        """
        places = self._places(base, partition)
        begins, ends = (self._offsets(what, places) for what in ("beginning_offsets", "end_offsets"))
        for number, begin in (since or {}).items():
            begins[number] = max(begin, begins.get(number, 0))
        for number, end in (until or {}).items():
            ends[number] = min(end, ends.get(number, 0))
        yield from self._between(base, begins, ends)

    def latest(self, base: str, key: bytes, partition: int = 0) -> bytes | None:
        """The latest value of a key, looked for from the end backwards; None when there is none."""
        places = self._places(base, partition)
        begin, end = (self._offsets(what, places)[partition] for what in ("beginning_offsets", "end_offsets"))
        back, upper = 1, end
        while upper > begin:
            start = max(begin, end - back)
            found = [one for one in self._between(base, {partition: start}, {partition: upper}) if one.key == key]
            if found:
                return found[-1].value
            back, upper = back * _BACK, start
        return None

    def close(self) -> None:
        """Close the connections."""
        if self._consumer is not None:
            self._consumer.close()

    def __enter__(self) -> RunReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _places(self, base: str, partition: int | None) -> list[TopicPartition]:
        count, name = self.partitions(base), topic_name(self.settings.run, base)
        return [TopicPartition(name, number) for number in (range(count) if partition is None else (partition,))]

    def _offsets(self, what: str, places: list[TopicPartition]) -> dict[int, int]:
        try:
            found = getattr(self._connected(), what)(places)
        except KafkaError as error:
            raise unreachable(self.settings, error) from error
        return {place.partition: offset for place, offset in found.items()}

    def _between(self, base: str, starts: Mapping[int, int], ends: Mapping[int, int]) -> Iterator[Message]:
        name, consumer = topic_name(self.settings.run, base), self._connected()
        left = {TopicPartition(name, number): ends[number] for number, start in starts.items() if start < ends[number]}
        consumer.assign(list(left))
        consumer.resume(*left)  # a partition read to its end before is still paused
        answered = time.monotonic()
        try:
            for place in left:
                consumer.seek(place, starts[place.partition])
            while left:
                for place, records in consumer.poll(timeout_ms=_POLL_MS).items():
                    answered = time.monotonic()
                    end = left.get(place, 0)
                    for record in records:
                        if record.offset < end:
                            yield Message(place.partition, record.offset, record.key, record.value)
                    # The time that the caller took for what it was given is not the broker's.
                    answered = time.monotonic()
                for place in [place for place, end in left.items() if consumer.position(place) >= end]:
                    del left[place]
                    consumer.pause(place)
                if time.monotonic() - answered > _ANSWER_S:
                    raise unreachable(self.settings, TimeoutError(f"no answer about {name} for {_ANSWER_S:.0f} s"))
        except KafkaError as error:
            raise unreachable(self.settings, error) from error

    def _connected(self) -> KafkaConsumer:
        if self._consumer is None:
            try:
                self._consumer = KafkaConsumer(
                    **kafka_python_options(self.settings),
                    group_id=None,
                    enable_auto_commit=False,
                    max_poll_records=5000,
                    max_partition_fetch_bytes=BATCH_BYTES,
                    allow_auto_create_topics=False,
                )
            except KafkaError as error:
                raise unreachable(self.settings, error) from error
        return self._consumer


def committed(settings: Settings, group: str, base: str) -> dict[int, int]:
    """Up to where (next offset) a consumer group has acknowledged a topic of the run, by partition."""
    name = topic_name(settings.run, base)
    admin = admin_client(settings)
    deadline = time.monotonic() + _ANSWER_S
    try:
        offsets = None
        while offsets is None:
            try:
                offsets = admin.list_group_offsets({group: None})[group]
            except _GROUPS_LOADING:
                # A broker that has just started, or never had a group, needs a moment before it knows any.
                if time.monotonic() > deadline:
                    raise
                time.sleep(_POLL_MS / 1000)
    except KafkaError as error:
        raise unreachable(settings, error) from error
    finally:
        admin.close()
    return {place.partition: held.offset for place, held in offsets.items() if place.topic == name and held.offset >= 0}


def _partitions(settings: Settings, base: str) -> int:
    name = topic_name(settings.run, base)
    admin = admin_client(settings)
    try:
        described = [one for one in admin.describe_topics([name]) if not one["error_code"]]
    except KafkaError as error:
        raise unreachable(settings, error) from error
    finally:
        admin.close()
    if not described:
        raise _missing(settings, name)
    return len(described[0]["partitions"])


def _missing(settings: Settings, name: str) -> NoSuchRun:
    there = topic_admin.runs(settings)
    where = f"at {', '.join(settings.brokers)}"
    if settings.run in there:
        return NoSuchRun(f"Run {settings.run} {where} has no topic {name}. Create it: `motcua topics create`.")
    known = f"There are the runs {', '.join(there)}: give one with --run." if there else "There are no runs yet."
    return NoSuchRun(
        f"There is no run {settings.run} {where}. {known} "
        "`motcua topics create` begins one, and so does `motcua replay FILE --mapping MAP --run NAME`."
    )
