"""The index of units from their counts: indicators, groups, total and band as a report shows them.

Points are in points with two decimals, made of the exact ones; what the stream does not count is no data, not 0.
"""

from __future__ import annotations

from typing import Final

import msgspec

from streams.core.indicators.gains import at_stake, losses
from streams.core.indicators.plans import Figure
from streams.core.indicators.points import HUNDREDTHS
from streams.core.indicators.records import Catalogue
from streams.core.indicators.scores import Counts, Score, score

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


def unit_score(catalogue: Catalogue, unit: str, held: Counts) -> UnitScore:
    """The index of a unit in one period by what its score is made of."""
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
