"""Ends a worker whose committed offsets stand still while its input has more: progress of processing is no health."""

import logging
import os
import threading
import time
from typing import Final

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.connection import kafka_python_options
from streams.settings import Settings
from streams.stages.figures import Figures
from streams.topics import topic_name

logger = logging.getLogger(__name__)
_LOOKS: Final = 6  # in one period of the watchdog
EX_TEMPFAIL: Final = 75


class Watchdog(threading.Thread):
    """Looks from a thread of its own, with a client of its own, so that a stalled event loop is seen too."""

    def __init__(self, settings: Settings, group: str, figures: Figures) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._settings, self._group, self._figures = settings, group, figures
        self._tallies = topic_name(settings.run, "unit-tallies")
        self._since: dict[TopicPartition, tuple[int, float]] = {}

    def run(self) -> None:
        """Look for as long as the process lives; when looking itself fails in an unforeseen way, end too."""
        try:
            while True:
                time.sleep(self._settings.watchdog_s / _LOOKS)
                self._look()
        finally:
            self._end("it failed itself")

    def _look(self) -> None:
        limit = self._settings.watchdog_s
        if time.monotonic() - self._figures.beat > limit:
            self._end(f"the event loop has stood still for {limit:.0f} s")
        if self._settings.embedded:  # which cannot say what a group has committed
            return
        try:
            stuck = self._stuck(limit)
        except (KafkaError, OSError) as error:
            logger.info("watchdog: the broker does not answer (%s)", error)
            self._since.clear()
            return
        if stuck:
            self._end(f"no progress on {stuck[0].topic}/{stuck[0].partition} for {limit:.0f} s, though it has more")

    def _stuck(self, limit: float) -> list[TopicPartition]:
        """Our partitions with more input whose committed offset has not moved for `limit` seconds."""
        figures = self._figures
        mine = [TopicPartition(*place) for place in figures.assigned] if figures.ready else []
        committed, ends = self._offsets(mine)
        committed |= {place: figures.index_next for place in mine if place.topic == self._tallies}  # nothing to commit
        now, stuck, longest = time.monotonic(), [], 0.0
        for place in mine:
            at, since = self._since.get(place, (-1, now))
            done = committed.get(place, 0)
            if done != at or done >= ends[place]:
                self._since[place] = (done, now)
            else:
                longest = max(longest, now - since)
                if now - since > limit:
                    stuck.append(place)
        figures.standstill_s = longest
        return stuck

    def _offsets(self, places: list[TopicPartition]) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
        """What the group has committed, and where the partitions end."""
        if not places:
            return {}, {}
        options = kafka_python_options(self._settings)
        admin = KafkaAdminClient(**options)
        try:
            found = admin.list_group_offsets(self._group).get(self._group) or {}
        finally:
            admin.close()
        consumer = KafkaConsumer(**options)
        try:
            ends = consumer.end_offsets(places)
        finally:
            consumer.close()
        return {place: at.offset for place, at in found.items()}, ends

    def _end(self, why: str) -> None:
        logger.critical("watchdog: %s; the worker ends and a supervisor must restart it", why)
        logging.shutdown()
        os._exit(EX_TEMPFAIL)
