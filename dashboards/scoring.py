"""The index of units from their counts: indicators, groups, total and band as a report shows them.

Points are in points with two decimals, made of the exact ones; what the stream does not count is no data, not 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import msgspec

from streams.core.civil import ALL, MICROS, Civil, date_of
from streams.core.counters import READ_AS
from streams.core.indicators.catalogues import catalogue_at
from streams.core.indicators.gains import at_stake, losses
from streams.core.indicators.points import HUNDREDTHS
from streams.core.indicators.quantities import OF_FAMILY, Family
from streams.core.indicators.records import Catalogue
from streams.core.indicators.scores import Counts, Figure, Score, score
from streams.core.ranking import Contender
from streams.core.register import Level
from streams.core.spans import span_of

COUNTED: Final = OF_FAMILY[Family.DAY] & READ_AS
"""Names of the counts that the figures of a unit hold; an indicator that needs another one has no data."""
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


def catalogue_of(period: str, as_of: int, civil: Civil) -> Catalogue:
    """The catalogue that holds on the last day of a period, or on that of `as_of` (micros) while it lasts."""
    today = date_of(civil.day(as_of // MICROS))
    if period == ALL:
        return catalogue_at(today)
    span = span_of(period)
    return catalogue_at(max(span.first, min(today, span.end - timedelta(days=1))))


def counts_of(level: Level, counts: Mapping[str, int]) -> Counts:
    """What a score is made of, by the counts of a unit in one period."""
    return Counts(here=counts, level=level, known=COUNTED, reported=any(counts.values()))


def contender(catalogue: Catalogue, unit: str, level: Level, counts: Mapping[str, int]) -> Contender:
    """A unit as it goes into a ranking by its total."""
    made = score(catalogue, counts_of(level, counts))
    return Contender(unit, made.total, made.reachable, counts.get("received", 0), made.complete)


def unit_score(catalogue: Catalogue, unit: str, level: Level, counts: Mapping[str, int]) -> UnitScore:
    """The index of a unit by its counts in one period."""
    held = counts_of(level, counts)
    made = score(catalogue, held)
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
