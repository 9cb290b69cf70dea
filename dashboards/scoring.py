"""The index of units from their counts: indicators, groups, total and band as a report shows them.

Points are in points with two decimals, made of the exact ones; what the stream does not count is no data, not 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol

import msgspec

from streams.core.index import EntryKey, UnitIndex
from streams.core.indicators.gains import at_stake, losses
from streams.core.indicators.plans import Figure
from streams.core.indicators.points import HUNDREDTHS
from streams.core.indicators.records import Catalogue
from streams.core.indicators.scores import Counts, Score, score
from streams.core.register import Level, Register
from streams.core.scoring import Held, Scoring, Sums
from streams.core.told import counts_told, score_told

_MILLIONTHS: Final = 1_000_000


class IndicatorPoints(msgspec.Struct, frozen=True):
    """One indicator: its counts (None where one of them is not counted), and its points of `maximum` (0: not scored).

    `points` is None where there is no data, and where it is not scored.
    """

    indicator: str
    group: str
    numerator: int | None
    denominator: int | None
    points: float | None
    maximum: int


class GroupPoints(msgspec.Struct, frozen=True):
    """One group; `reachable` is what its indicators that have a value can give."""

    group: str
    points: float | None
    reachable: float
    maximum: float


class Gain(msgspec.Struct, frozen=True):
    """Points that an indicator has lost: `needed` more above the line bring all back, the next one brings `next`."""

    indicator: str
    lost: float
    needed: int
    next: float


class UnitScore(msgspec.Struct, frozen=True):
    """The index of one unit by one catalogue.

    `gains` begins with what would gain most.  `at_stake` are the points that go if the `open_within` dossiers in
    process within due all turn late.
    """

    unit: str
    catalogue: str
    indicators: list[IndicatorPoints]
    groups: list[GroupPoints]
    total: float | None
    reachable: float
    maximum: float
    band: str | None
    complete: bool
    estimated: bool
    gains: list[Gain]
    open_within: int
    at_stake: float


class Scores(Protocol):
    """Scores by period and unit, with what they are made of: computed here (`Scoring`), or told by the workers."""

    @property
    def held(self) -> Held:
        """The counters, and the register."""

    def catalogue(self, period: str) -> Catalogue:
        """The catalogue that holds for a period."""

    def counts(self, period: str, unit: str) -> Counts:
        """What a score is made of."""

    def score(self, period: str, unit: str) -> Score:
        """A score."""


class ToldScores:
    """The scores that records of `unit-index` carry; an entry without one has no data."""

    def __init__(self, register: Register, entries: Mapping[EntryKey, UnitIndex], today: date) -> None:
        self.held = Sums(register, {key: entry.counts for key, entry in entries.items()})
        self._entries = entries
        self._computed = Scoring(Sums(register, {}), today)

    def catalogue(self, period: str) -> Catalogue:
        """The catalogue that holds for a period."""
        return self._computed.catalogue(period)

    def counts(self, period: str, unit: str) -> Counts:
        """What is known of the counts behind a score."""
        entry = self._entries.get((period, unit))
        if entry is None or entry.score is None:
            return self._computed.counts(period, unit)
        counts = {**entry.counts, **entry.more}
        return counts_told(self.catalogue(period), entry.score, Level(entry.level), counts)

    def score(self, period: str, unit: str) -> Score:
        """The score that was told."""
        entry = self._entries.get((period, unit))
        if entry is None or entry.score is None:
            return self._computed.score(period, unit)
        return score_told(self.catalogue(period), entry.score)


def unit_score(catalogue: Catalogue, unit: str, held: Counts, told: Score | None = None) -> UnitScore:
    """The index of a unit in one period by what its score is made of, or as it was told."""
    made = score(catalogue, held) if told is None else told
    stake = at_stake(catalogue, held)
    return UnitScore(
        unit,
        made.catalogue,
        [_indicator(catalogue, figure) for figure in made.figures],
        [
            GroupPoints(one.group, shown(one.points), one.reachable / HUNDREDTHS, one.maximum / HUNDREDTHS)
            for one in made.groups
        ],
        shown(made.total),
        made.reachable / HUNDREDTHS,
        made.maximum / HUNDREDTHS,
        made.band,
        made.complete,
        made.estimated,
        _gains(catalogue, made),
        stake.dossiers,
        stake.points / HUNDREDTHS,
    )


def shown(hundredths: int | None) -> float | None:
    """Points with two decimals; None stays None."""
    return None if hundredths is None else hundredths / HUNDREDTHS


def _indicator(catalogue: Catalogue, figure: Figure) -> IndicatorPoints:
    indicator, known = catalogue.indicator(figure.indicator), figure.known
    return IndicatorPoints(
        figure.indicator,
        indicator.group,
        figure.numerator if known else None,
        figure.denominator if known else None,
        shown(figure.points),
        indicator.maximum,
    )


def _gains(catalogue: Catalogue, made: Score) -> list[Gain]:
    return [
        Gain(one.indicator, one.lost / HUNDREDTHS, one.needed, one.step / _MILLIONTHS)
        for one in losses(catalogue, made)
    ]
