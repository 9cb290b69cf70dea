"""Following the definitions that a run is told while it runs."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Final, Protocol

from streams.core.partition import Partition
from streams.core.rules import Rules
from streams.logs import Log

logger = logging.getLogger(__name__)
_JUDGED: Final = 2000  # cases at once, so that others get their turn


class Following(Protocol):
    """The definitions of the run, which follow the records of `references` that they are given."""

    rules: Rules

    def take(self, records: Iterable[tuple[bytes | None, bytes | None]]) -> bool:
        """Take in records (key, value); True when the rules are others now."""


class References:
    """The topic `references`, read up to the offset `known`.

    Read late, an edition gives what it would have given in time: it holds from its own instant.
    """

    def __init__(self, definitions: Following, log: Log) -> None:
        self._definitions = definitions
        self._log = log
        self._lock = asyncio.Lock()
        self.known = 0

    @property
    def rules(self) -> Rules:
        """What to go by now."""
        return self._definitions.rules

    async def learn(self) -> bool:
        """Read what was written since this was last asked; True when the rules are others now."""
        async with self._lock:
            if await self._log.end(0) <= self.known:
                return False
            changed = False
            async for records in self._log.read(0, self.known):
                changed |= self._definitions.take((record.key, record.value) for record in records)
                self.known = records[-1].offset + 1
            self.known = max(self.known, await self._log.end(0))
            return changed


async def judge_anew(partition: Partition, rules: Rules) -> None:
    """Judge by other rules every case that asks them for its due date."""
    since, warned = rules.terms.since(partition.rules.terms), rules.terms.other_calendars(partition.rules.terms)
    partition.rules = rules
    keys = partition.asked_of_terms(since, warned=warned)
    for at in range(0, len(keys), _JUDGED):
        partition.settle(keys[at : at + _JUDGED])
        await asyncio.sleep(0)
    logger.info("judged %d cases by other definitions", len(keys))
