"""Events sent into a run through INTAKE when their time has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from simulators.outbox import Outbox
from streams.core.civil import MICROS, micros
from streams.core.events import Event
from streams.core.routing import partition_of
from streams.settings import Settings
from streams.topics import topic_name

BATCH = 200


class LiveFeed:
    """Sends events, which come in the order of time, as NDJSON batches on `dossier-events`."""

    def __init__(self, settings: Settings, outbox: Outbox, events: Iterator[Event], batch: int = BATCH) -> None:
        self._topic = topic_name(settings.run, "dossier-events")
        self._outbox, self._events, self._batch = outbox, events, batch
        self._partitions = outbox.partitions(self._topic)
        self._encode = msgspec.json.Encoder().encode
        self._waiting: dict[int, list[bytes]] = defaultdict(list)
        self._next = next(events, None)
        self.sent = 0

    @property
    def next_at(self) -> float | None:
        """The instant (seconds) of the next event; None after the last."""
        return None if self._next is None else micros(self._next.at) / MICROS

    def send_until(self, now: int) -> int:
        """Send every event that has happened by `now` (micros), durably; how many they were."""
        before = self.sent
        while self._next is not None and micros(self._next.at) <= now:
            partition = partition_of(self._next.dossier, self._partitions)
            self._waiting[partition].append(self._encode(self._next))
            self.sent += 1
            if len(self._waiting[partition]) >= self._batch:
                self._send(partition)
            self._next = next(self._events, None)
        for partition, waiting in self._waiting.items():
            if waiting:
                self._send(partition)
        self._outbox.flush()
        return self.sent - before

    def _send(self, partition: int) -> None:
        self._outbox.send(self._topic, b"\n".join(self._waiting[partition]), partition=partition)
        self._waiting[partition].clear()
