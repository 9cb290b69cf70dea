"""Items sent into a run through INTAKE, each when its time has come, or so many a second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from simulators.outbox import Outbox
from simulators.pieces import Line
from simulators.sent import TOPICS
from streams.core.civil import MICROS
from streams.core.routing import partition_of
from streams.settings import Settings
from streams.topics import BY_NAME, topic_name

BATCH = 200


class LiveFeed:
    """Sends items, which come in the order of sending, as NDJSON batches on the topics that they belong to."""

    def __init__(self, settings: Settings, outbox: Outbox, items: Iterator[Line], batch: int = BATCH) -> None:
        self._outbox, self._items, self._batch = outbox, (one for one in items if one.topic in BY_NAME), batch
        self._topics = {topic: topic_name(settings.run, topic) for topic in TOPICS if topic in BY_NAME}
        self._partitions = {topic: outbox.partitions(name) for topic, name in self._topics.items()}
        self._waiting: dict[tuple[str, int], list[bytes]] = defaultdict(list)
        self._next = next(self._items, None)
        self.sent = 0

    @property
    def next_at(self) -> float | None:
        """The instant (seconds) at which the next item is sent; None after the last."""
        return None if self._next is None else self._next.when

    def send_until(self, now: int) -> int:
        """Send every item whose time has come by `now` (micros), durably; how many they were."""
        before = self.sent
        while self._next is not None and self._next.when * MICROS <= now:
            self._take(self._next)
        self._flush()
        return self.sent - before

    def send_some(self, count: int) -> int:
        """Send the next so many items, whatever their time, durably; how many there were."""
        before = self.sent
        while self._next is not None and self.sent - before < count:
            self._take(self._next)
        self._flush()
        return self.sent - before

    def _take(self, item: Line) -> None:
        place = item.topic, partition_of(item.dossier, self._partitions[item.topic])
        self._waiting[place].append(item.data)
        self.sent += 1
        if len(self._waiting[place]) >= self._batch:
            self._send(place)
        self._next = next(self._items, None)

    def _flush(self) -> None:
        for place, waiting in self._waiting.items():
            if waiting:
                self._send(place)
        self._outbox.flush()

    def _send(self, place: tuple[str, int]) -> None:
        topic, partition = place
        self._outbox.send(self._topics[topic], b"\n".join(self._waiting[place]), partition=partition)
        self._waiting[place].clear()
