"""Keeping up with what the workers of a run tell, for screens that move."""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.connection import kafka_python_options, unreachable
from streams.core.index import RUN_KEY, EntryKey, RunStatus, UnitIndex
from streams.core.watchlist import WatchEntry, decode_entry
from streams.settings import Settings
from streams.sources.rejections import IGNORED, Rejection
from streams.topics import TOPICS, topic_name

_POLL_MS: Final = 20
_WAIT_MS: Final = 50  # an embedded broker lets an empty fetch wait so long, whatever comes meanwhile
_AT_ONCE: Final = 20_000
_KEPT: Final = 50
_FOLLOWED: Final = ("unit-index", "watchlist", "rejected")
_RUN: Final = RUN_KEY.encode()


class NewlyLate(NamedTuple):
    """A dossier that has just become late: its code and its entry of the watch list."""

    case: str
    entry: WatchEntry


class Following:
    """The latest figures of the run of the settings; each call of `look` takes in what is new.

    To be closed (a context manager).  `status` is None and all else empty while no worker has told anything.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.status: RunStatus | None = None
        self.counts: dict[EntryKey, dict[str, int]] = {}
        self.entries: dict[EntryKey, UnitIndex] = {}
        self.newly_late: deque[NewlyLate] = deque(maxlen=_KEPT)
        """The latest ones last."""
        self.rejected = self.ignored = 0
        self._late: set[str] = set()
        self._refused: dict[bytes, bool] = {}
        self._take = {
            topic_name(settings.run, name): take
            for name, take in zip(_FOLLOWED, (self._figures, self._watched, self._rejection), strict=True)
        }
        try:
            self._consumer = KafkaConsumer(
                **kafka_python_options(settings),
                group_id=None,
                enable_auto_commit=False,
                max_poll_records=_AT_ONCE,
                fetch_max_wait_ms=_WAIT_MS,
            )
            places = [
                TopicPartition(topic_name(settings.run, topic.name), number)
                for topic in TOPICS
                if topic.name in _FOLLOWED
                for number in range(topic.partition_count(settings))
            ]
            self._consumer.assign(places)
            self._consumer.seek_to_beginning(*places)
        except KafkaError as error:
            raise unreachable(settings, error) from error

    @property
    def as_of(self) -> int:
        """The instant (micros) as of which the figures stand; 0 while they are not complete."""
        return self.status.as_of if self.status is not None and self.status.complete else 0

    def look(self) -> None:
        """Take in what has come since the last look; BrokerUnreachable when the broker is gone."""
        try:
            polled = self._consumer.poll(timeout_ms=_POLL_MS)
        except KafkaError as error:
            raise unreachable(self._settings, error) from error
        for place, records in polled.items():
            take = self._take[place.topic]
            for record in records:
                if record.key is not None:
                    take(record.key, record.value)

    def close(self) -> None:
        """Close the connections."""
        self._consumer.close()

    def __enter__(self) -> Following:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _figures(self, key: bytes, value: bytes | None) -> None:
        if key == _RUN and value is not None:
            self.status = msgspec.json.decode(value, type=RunStatus)
        elif key.startswith(b"@"):
            return
        elif value is None:
            period, _, unit = key.decode().partition("/")
            self.counts.pop((period, unit), None)
            self.entries.pop((period, unit), None)
        else:
            entry = msgspec.json.decode(value, type=UnitIndex)
            self.counts[entry.period, entry.unit] = entry.counts
            self.entries[entry.period, entry.unit] = entry

    def _watched(self, key: bytes, value: bytes | None) -> None:
        case = key.decode()
        entry = None if value is None else decode_entry(value)
        if entry is None or not entry.late:
            self._late.discard(case)
        elif case not in self._late:
            self._late.add(case)
            self.newly_late.append(NewlyLate(case, entry))

    def _rejection(self, key: bytes, value: bytes | None) -> None:
        if value is None or key in self._refused:
            return
        ignored = self._refused[key] = msgspec.json.decode(value, type=Rejection).reason in IGNORED
        if ignored:
            self.ignored += 1
        else:
            self.rejected += 1
