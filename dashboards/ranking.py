"""Units in the order of a rate, or of the points of their index; those with too few dossiers apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from dashboards.rates import Share
from dashboards.scoring import Scores
from streams.core.ranking import LEAST_VOLUME, Contender, Place, among
from streams.core.ranking import ranking as places_of
from streams.core.scoring import contender, peers_of
from streams.core.spans import rolling_day

LEAST: Final = 10
"""Fewer dossiers received than this, and a unit has no rank yet."""


class Rated(NamedTuple):
    """A unit with the counts behind its rate."""

    unit: str
    share: Share


class Ranked(NamedTuple):
    """A unit with its rank; units with the same rate share one, and as many places after it stay empty."""

    rank: int
    unit: str
    share: Share


class Ranking(NamedTuple):
    """Units with a rank, the best first, and the codes of those with too few dossiers."""

    ranked: list[Ranked]
    few: list[str]


def ranking(units: Iterable[Rated], least: int = LEAST) -> Ranking:
    """Standard competition ranks (1, 2, 2, 4) by the unrounded rate, then by code."""
    many: list[Rated] = []
    few: list[str] = []
    for one in units:
        if one.share.denominator >= max(least, 1):
            many.append(one)
        else:
            few.append(one.unit)
    many.sort(key=lambda one: (-one.share.numerator / one.share.denominator, one.unit))
    ranked: list[Ranked] = []
    for place, one in enumerate(many, 1):
        before = ranked[-1] if ranked else None
        rank = before.rank if before is not None and _same(before.share, one.share) else place
        ranked.append(Ranked(rank, *one))
    return Ranking(ranked, sorted(few))


def _same(one: Share, other: Share) -> bool:
    return one.numerator * other.denominator == other.numerator * one.denominator


def by_points(scoring: Scores, period: str, units: Iterable[str], least: int = LEAST_VOLUME) -> list[Place]:
    """All these units against one another by the points of their index in a period; the best first."""
    return places_of(_contenders(scoring, period, units), least)


def among_peers(
    scoring: Scores, period: str, units: Iterable[str], least: int = LEAST_VOLUME
) -> dict[str, list[Place]]:
    """The same by groups of peers: one level, below one province (`peers_of`)."""
    register, day = scoring.held.register, rolling_day(period)
    return among(_contenders(scoring, period, units), lambda one: peers_of(register, one.unit, day), least)


def _contenders(scoring: Scores, period: str, units: Iterable[str]) -> Iterator[Contender]:
    for unit in units:
        yield contender(unit, scoring.score(period, unit), scoring.held.counts(period, unit))
