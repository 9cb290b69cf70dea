"""What a score is made of: everything that is counted, stated and registered of a unit in a period, merged.

One part a family of quantities (`indicators.quantities`).  A part that cannot say anything of a period (as that of
procedures in a week) gives None, and an indicator that needs it has no data, which is not 0.  INDEX, reports and the
fold go through here; the audit does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Final, NamedTuple, Protocol, TypeAlias

from streams.core.civil import ALL, MICROS, Civil, date_of
from streams.core.counters import READ_AS
from streams.core.indicators.catalogues import catalogue_at
from streams.core.indicators.quantities import OF_FAMILY, Family
from streams.core.indicators.records import Catalogue
from streams.core.indicators.scores import Counts, Score, score
from streams.core.ranking import Contender
from streams.core.register import UNREGISTERED, Level, Register
from streams.core.spans import rolling_day, span_of
from streams.core.stated import SETS, TOTALS, UNITS, Counted, Stated
from streams.core.used_sets import UsedSets

JUDGED_PETITIONS: Final = frozenset({"petitions_in_time", "petitions_well"})
COUNTED: Final = OF_FAMILY[Family.DAY] & READ_AS
"""Names of the counts of days that the stream counts; an indicator that needs another one has no data."""
USED: Final = OF_FAMILY[Family.PROCEDURE]
_OWN: Final = (Level.COUNTRY, Level.PROVINCE)
Named: TypeAlias = Mapping[str, int]


class Held(Protocol):
    """Where counts come from: INDEX, or a run folded from its facts."""

    @property
    def register(self) -> Register:
        """The register by which units are rolled up."""

    @property
    def stated(self) -> Says:
        """What follows from procedures and declared totals, and from the register."""

    def counts(self, period: str, unit: str) -> Named:
        """Counters of a unit with all below it in a period, by name; zeros may be left out."""

    def count(self, period: str, unit: str, name: str) -> int:
        """One counter of an entry; 0 where there is none."""

    def covers(self, period: str) -> bool:
        """True for a period of which anything was counted."""

    def used(self, period: str, unit: str, today: date) -> Named | None:
        """Counts of procedures used, as of a civil day; None where they are not known, as in a week."""


class Says(Protocol):
    """Counts that are made of what was stated; None where nobody has stated anything of that kind."""

    def sets(self, period: str, unit: str, today: date, counted: Counted) -> Named | None:
        """Counts of procedures in authority, as of a civil day."""

    def totals(self, period: str, unit: str, counted: Counted) -> Named | None:
        """Counts of what should have been synchronised."""

    def registered(self, period: str, unit: str, counted: Counted) -> Named:
        """Counts of units."""


class Repeated:
    """What somebody else has made of statements, read from the counts that he told; others are not known."""

    def __init__(self, index: Mapping[tuple[str, str], Named]) -> None:
        self._index = index

    def sets(self, period: str, unit: str, _today: date, _counted: Counted) -> Named | None:
        """Counts of procedures in authority."""
        return self._told(SETS, period, unit)

    def totals(self, period: str, unit: str, _counted: Counted) -> Named | None:
        """Counts of what should have been synchronised."""
        return self._told(TOTALS, period, unit)

    def registered(self, period: str, unit: str, _counted: Counted) -> Named:
        """Counts of units."""
        return self._told(UNITS, period, unit) or {}

    def _told(self, names: frozenset[str], period: str, unit: str) -> Named | None:
        counts = self._index.get((period, unit), {})
        return {name: counts[name] for name in names} if names <= counts.keys() else None


@dataclass(frozen=True)
class Sums:
    """Counts that somebody else has summed, by period and unit; with `summed`, they lack what follows from that."""

    register: Register
    index: Mapping[tuple[str, str], Named]
    summed: Stated | None = None
    procedures: UsedSets | None = None

    @cached_property
    def stated(self) -> Says:
        """What was stated, or what the counts say of it."""
        return self.summed or Repeated(self.index)

    def count(self, period: str, unit: str, name: str) -> int:
        """One of the counts of an entry."""
        return self.index.get((period, unit), {}).get(name, 0)

    def covers(self, period: str) -> bool:
        """True for a period of which anything was counted."""
        return period == ALL or any(self.index.get((period, self.register.root), {}).values())

    def counts(self, period: str, unit: str) -> Named:
        """Those of the entry; none where there is no entry."""
        return self.index.get((period, unit), {})

    def used(self, period: str, unit: str, today: date) -> Named | None:
        """Counts of procedures used, as of a civil day, or what the counts say of them."""
        if self.procedures is not None and self.summed is not None:
            return self.procedures.counts(period, unit, today, self.summed)
        told = self.counts(period, unit)
        return {name: told[name] for name in USED} if told.keys() >= USED else None


class Asked(NamedTuple):
    """Of what a score is asked: of whom, as of which civil day (the last of the period, or today), and today."""

    held: Held
    period: str
    unit: str
    day: date
    today: date


class Part(NamedTuple):
    """A family of quantities: the names that it knows, and where their counts come from; None where it knows none.

    A new one: a function of what is `Asked` and a line in `PARTS`; what it asks of INDEX and of the fold is a method of
    `Held` (and of `Sums`).
    """

    names: frozenset[str]
    counts: Callable[[Asked], Named | None]


def _of_days(asked: Asked) -> Named:
    return asked.held.counts(asked.period, asked.unit)


def _of_petitions(asked: Asked) -> Named | None:
    """Petitions in time are not known where the calendar does not say when one of them is due."""
    counts = asked.held.counts(asked.period, asked.unit)
    return None if counts.get("petitions_no_due") else {}


def _of_sets(asked: Asked) -> Named | None:
    return asked.held.stated.sets(asked.period, asked.unit, asked.today, asked.held)


def _of_totals(asked: Asked) -> Named | None:
    return asked.held.stated.totals(asked.period, asked.unit, asked.held)


def _of_units(asked: Asked) -> Named:
    return asked.held.stated.registered(asked.period, asked.unit, asked.held)


def _of_used(asked: Asked) -> Named | None:
    return asked.held.used(asked.period, asked.unit, asked.today)


DAY_PART: Final = Part(COUNTED - JUDGED_PETITIONS, _of_days)
PARTS: Final = (
    DAY_PART,
    Part(JUDGED_PETITIONS, _of_petitions),
    Part(SETS, _of_sets),
    Part(TOTALS, _of_totals),
    Part(UNITS, _of_units),
    Part(USED, _of_used),
)
"""All that is merged; no two parts know the same name."""


class Scoring:
    """The scores of a run as of a civil day `today`; what it holds may change between two questions."""

    def __init__(self, held: Held, today: date) -> None:
        self.held, self.today = held, today

    def day_of(self, period: str) -> date:
        """The civil day as of which a period is scored."""
        return scored_day(period, self.today)

    def catalogue(self, period: str) -> Catalogue:
        """The catalogue that holds on that day."""
        return catalogue_at(self.day_of(period))

    def counts(self, period: str, unit: str) -> Counts:
        """What the score of a unit in a period is made of."""
        register = self.held.register
        level, day = register.level(unit), self.day_of(period)
        here, known = _merged(Asked(self.held, period, unit, day, self.today))
        above = None if level in _OWN else province_of(register, unit, rolling_day(period))
        province = None if above is None else _merged(Asked(self.held, period, above, day, self.today))[0]
        return Counts(
            here=here,
            level=level,
            province=province,
            known=known,
            reported=any(here.values()),
        )

    def score(self, period: str, unit: str) -> Score:
        """The score of a unit in a period, by the catalogue that holds."""
        return score(self.catalogue(period), self.counts(period, unit))

    def more(self, period: str, unit: str) -> Named:
        """The counts behind the score of an entry that are not counters of days."""
        here = _merged(Asked(self.held, period, unit, self.day_of(period), self.today))[0]
        return {name: count for name, count in here.items() if name not in READ_AS}


def scored_day(period: str, today: date) -> date:
    """The last civil day of a period, or today while it lasts (its first day, where it has not begun)."""
    if period == ALL:
        return today
    span = span_of(period)
    return max(span.first, min(today, span.end - timedelta(days=1)))


def today_of(as_of: int, civil: Civil) -> date:
    """The civil day that holds an instant (micros)."""
    return date_of(civil.day(as_of // MICROS))


def province_of(register: Register, unit: str, day: int) -> str | None:
    """The province above a unit (itself, where it is one) as of a civil day (number); None where there is none."""
    return next((one for one in register.chain(unit, day) if register.level(one) is Level.PROVINCE), None)


def peers_of(register: Register, unit: str, day: int) -> str:
    """The peer group in which a unit is ranked: ``level/province`` below a province, else ``level``.

    So provinces are ranked in the country, departments and communes within the province that they belong to on a civil
    day (number).  Empty, so in none, for the country and what is not
    registered.
    """
    level = register.level(unit)
    if level in (Level.COUNTRY, Level.UNREGISTERED) or unit == UNREGISTERED:
        return ""
    above = None if level in _OWN else province_of(register, unit, day)
    return level.value if above is None else f"{level.value}/{above}"


def contender(unit: str, made: Score, counts: Named) -> Contender:
    """A unit as it goes into a ranking by its total."""
    return Contender(unit, made.total, made.reachable, counts.get("received", 0), made.complete)


def _merged(asked: Asked) -> tuple[Named, frozenset[str]]:
    """Counts by name, and the names that are known at all."""
    here: dict[str, int] = {}
    there = []
    for part in PARTS:
        counts = part.counts(asked)
        there.append(counts is not None)
        if counts is not None:
            here.update(counts)
    if not any(count for name, count in here.items() if name != "units"):
        here.pop("units", None)  # where nothing else is counted of a unit, that it is one counts nothing
    return here, _names(tuple(there))


@lru_cache(maxsize=256)
def _names(there: tuple[bool, ...]) -> frozenset[str]:
    """The names that the parts which are there know; the same set each time."""
    return frozenset().union(*(part.names for part, known in zip(PARTS, there, strict=True) if known))
