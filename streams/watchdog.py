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
        self._since: dict[TopicPartition, tuple[int, float]] = {}

    def run(self) -> None:
        """Look for as long as the process lives."""
        limit = self._settings.watchdog_s
        while True:
            time.sleep(limit / _LOOKS)
            if time.monotonic() - self._figures.beat > limit:
                self._end(f"the event loop has stood still for {limit:.0f} s")
            try:
                stuck = self._stuck(limit)
            except (KafkaError, OSError) as error:
                logger.info("watchdog: the broker does not answer (%s)", error)
                self._since.clear()
                continue
            if stuck and self._figures.ready:
                self._end(f"no progress on {stuck[0].topic}/{stuck[0].partition} for {limit:.0f} s, though it has more")

    def _stuck(self, limit: float) -> list[TopicPartition]:
        """Partitions with more input whose committed offset has not moved for `limit` seconds, while we own some."""
        options = kafka_python_options(self._settings)
        admin = KafkaAdminClient(**options)
        try:
            found = admin.list_group_offsets(self._group)[self._group]
            committed = {place: at.offset for place, at in found.items()}
        finally:
            admin.close()
        mine = [place for place in committed if place.topic == topic_name(self._settings.run, "dossier-facts")]
        consumer = KafkaConsumer(**options)
        try:
            ends = consumer.end_offsets(mine) if mine else {}
        finally:
            consumer.close()
        now, stuck = time.monotonic(), []
        for place in mine:
            at, since = self._since.get(place, (-1, now))
            if committed[place] != at or committed[place] >= ends[place]:
                self._since[place] = (committed[place], now)
            elif now - since > limit and place.partition in self._figures.owned:
                stuck.append(place)
        return stuck

    def _end(self, why: str) -> None:
        logger.critical("watchdog: %s; the worker ends and a supervisor must restart it", why)
        logging.shutdown()
        os._exit(EX_TEMPFAIL)
