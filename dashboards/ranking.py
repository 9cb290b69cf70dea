"""Units in the order of a rate, or of the points of their index; those with too few dossiers apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from dashboards.rates import Share
from dashboards.scoring import contender
from streams.core.indicators.records import Catalogue
from streams.core.ranking import LEAST_VOLUME, Place, among
from streams.core.ranking import ranking as places_of
from streams.core.register import UNREGISTERED, Level, Register

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


def by_points(
    catalogue: Catalogue, counts: Mapping[str, Mapping[str, int]], register: Register, least: int = LEAST_VOLUME
) -> list[Place]:
    """All these units against one another by the points of their index, from counts by unit; the best first."""
    return places_of((contender(catalogue, unit, register.level(unit), own) for unit, own in counts.items()), least)


def among_peers(
    catalogue: Catalogue,
    counts: Mapping[str, Mapping[str, int]],
    register: Register,
    day: int,
    least: int = LEAST_VOLUME,
) -> dict[str, list[Place]]:
    """The same by groups of peers, named ``level`` or ``level/province``: one level, below one province.

    Provinces are ranked in the country; units belong to a province by the register as of a civil day (number).  What is
    not registered is not ranked.
    """
    peers = {unit: _peers(unit, register, day) for unit in counts}
    held = (contender(catalogue, unit, register.level(unit), own) for unit, own in counts.items())
    return among(held, lambda one: peers[one.unit], least)


def _peers(unit: str, register: Register, day: int) -> str:
    level = register.level(unit)
    if level is Level.UNREGISTERED or unit == UNREGISTERED:
        return ""
    above = [one for one in register.chain(unit, day)[1:] if register.level(one) is Level.PROVINCE]
    return f"{level.value}/{above[0]}" if above else level.value
