"""The records of `unit-index`."""

from typing import Final

import msgspec

from streams.core.tallies import Totals
from streams.core.told import ToldPlace, ToldScore

INDEX_VERSION: Final = 2
RUN_KEY: Final = "@run"


class UnitIndex(msgspec.Struct, frozen=True):
    """One record of `unit-index`, keyed ``period/unit``: counts of a unit with all units below it, in one period.

    Verdicts are those as of the end of the period of reception, or as of now while it lasts; for `all` as of now.
    `settled` are those of `received` whose verdict stands: ended, or in process and already overdue.  `more` are the
    counts behind the score that are not counters of days; `place` is null for what is ranked nowhere (the country, what
    is not registered).
    """

    unit: str
    period: str
    level: str
    as_of: int  # micros: the run's clock when this record was made
    generation: int
    counts: dict[str, int]
    version: int = INDEX_VERSION
    settled: int = 0
    more: dict[str, int] = {}
    score: ToldScore | None = None
    place: ToldPlace | None = None

    @property
    def every(self) -> dict[str, int]:
        """All that was counted: `counts` and `more`."""
        return self.counts | self.more


class RunStatus(msgspec.Struct, frozen=True):
    """The record ``@run`` of `unit-index`: how far and how complete the index of a run is.

    `as_of` (micros) is the lowest clock of its partitions; `complete` is False while a partition has not said anything
    or is being taken over.  `closed` (micros) is the last full hour of which the history is written.  `register`,
    `calendar`, `limits` and `stated` are versions; empty where there is none.
    """

    run: str
    as_of: int
    generation: int
    complete: bool
    partitions: int
    cases: int
    accounts: dict[str, Totals]
    zone: str
    register: str
    version: int = INDEX_VERSION
    calendar: str = ""
    limits: str = ""
    closed: int = 0
    stated: str = ""


def entry_key(period: str, unit: str) -> str:
    """Key of a record of `unit-index`."""
    return f"{period}/{unit}"
