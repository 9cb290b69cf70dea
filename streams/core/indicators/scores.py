"""The score of one unit in one period: figures, groups, total, band, and what of it is missing.

The catalogue says what is computed; nothing here knows an indicator by name.
"""

from collections.abc import Container, Iterable, Mapping
from typing import Final

import msgspec

from streams.core.indicators.points import HUNDREDTHS, NIL, Exact, plus, points, rounded
from streams.core.indicators.quantities import NAMES
from streams.core.indicators.records import Amount, Band, Basis, Catalogue, Indicator, Kind
from streams.core.register import Level

_OWN: Final = (Level.COUNTRY, Level.PROVINCE)


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What a score is made of: counts by name (one that is not there is 0) and which names are known at all.

    `province` holds the counts of the province that a unit below it belongs to, for the indicators that it inherits.
    `reported` is False for a unit of which no source has said anything: it has no total.
    """

    here: Mapping[str, int]
    level: Level = Level.PROVINCE
    province: Mapping[str, int] | None = None
    known: Container[str] = NAMES
    reported: bool = True


class Figure(msgspec.Struct, frozen=True, gc=False):
    """One indicator of a unit: its counts, and its points in hundredths, rounded for showing.

    Without data both counts are as they are and `points` is None; an indicator that is not scored has none either.
    `known` is False where a count is missing altogether, as those of procedures are in a week.
    """

    indicator: str
    numerator: int
    denominator: int
    points: int | None
    known: bool = True


class GroupScore(msgspec.Struct, frozen=True, gc=False):
    """A group in hundredths of points; `points` is None where none of its indicators has a value.

    `reachable` is what its indicators that have a value can give; it is below `maximum` where the group is incomplete.
    """

    group: str
    points: int | None
    reachable: int
    maximum: int

    @property
    def complete(self) -> bool:
        """True when every indicator has a value."""
        return self.reachable == self.maximum


class Score(msgspec.Struct, frozen=True):
    """Everything of one unit and period under one catalogue, in hundredths of points.

    `total` is None where no source reports the unit, or no indicator has a value; `band` is that of the points as they
    are, and marked by `complete`.  `estimated` says that at least one indicator with a value was not measured.
    """

    catalogue: str
    figures: tuple[Figure, ...]
    groups: tuple[GroupScore, ...]
    total: int | None
    reachable: int
    maximum: int
    band: str | None
    estimated: bool

    @property
    def complete(self) -> bool:
        """True when every indicator has a value."""
        return self.reachable == self.maximum

    def figure(self, id_: str) -> Figure:
        """The figure of an indicator; KeyError where there is none."""
        for figure in self.figures:
            if figure.indicator == id_:
                return figure
        raise KeyError(id_)


def score(catalogue: Catalogue, counts: Counts) -> Score:
    """The score of `counts` under `catalogue`."""
    sums: dict[str, Exact] = {}
    reach: dict[str, int] = {}
    figures, estimated = [], False
    for indicator in catalogue.indicators:
        figure, exact = _figure(indicator, counts)
        figures.append(figure)
        if exact is not None:
            group = indicator.group
            sums[group] = plus(sums.get(group, NIL), exact)
            reach[group] = reach.get(group, 0) + indicator.maximum
            estimated = estimated or indicator.basis is not Basis.MEASURED
    groups = tuple(
        GroupScore(
            group.id,
            rounded(sums[group.id]) if group.id in sums else None,
            reach.get(group.id, 0) * HUNDREDTHS,
            group.maximum * HUNDREDTHS,
        )
        for group in catalogue.groups
    )
    shown = [group.points for group in groups if group.points is not None]
    total = sum(shown) if shown else None
    return Score(
        catalogue.id,
        tuple(figures),
        groups,
        total,
        sum(group.reachable for group in groups),
        catalogue.maximum * HUNDREDTHS,
        None if total is None or not catalogue.bands else band_of(catalogue.bands, total).id,
        estimated,
    )


def figures(indicators: Iterable[Indicator], counts: Counts) -> list[Figure]:
    """The figures alone, as for indicators that are not scored; those of other levels are left out."""
    return [_figure(indicator, counts)[0] for indicator in indicators if _has(indicator, counts.level)]


def exact_points(indicator: Indicator, figure: Figure) -> Exact | None:
    """Unrounded points behind a figure."""
    if not figure.known or not indicator.scored:
        return None
    return points(indicator, figure.numerator, figure.denominator)


def band_of(bands: Iterable[Band], total: int) -> Band:
    """The band of a total in hundredths: the highest that begins at or below it."""
    return max((band for band in bands if band.least * HUNDREDTHS <= total), key=lambda band: band.least)


def value(indicator: Indicator, figure: Figure) -> Exact | None:
    """The ratio itself (a mean in working minutes for HOURS, the count for COUNT); None without data."""
    if not figure.known:
        return None
    if indicator.kind is Kind.COUNT:
        return Exact(figure.numerator, 1)
    return Exact(figure.numerator, figure.denominator) if figure.denominator > 0 else None


def amount(what: Amount, counts: Mapping[str, int]) -> int:
    """The sum over counts by name; a name that is not there counts 0."""
    total = 0
    for name in what.plus:
        total += counts.get(name, 0)
    for name in what.minus:
        total -= counts.get(name, 0)
    return total


def _has(indicator: Indicator, level: Level) -> bool:
    """Whether units of a level have an indicator; one that the register does not know may be of any."""
    return level in indicator.levels or level is Level.UNREGISTERED


def _figure(indicator: Indicator, counts: Counts) -> tuple[Figure, Exact | None]:
    source: Mapping[str, int] | None = counts.here
    if indicator.inherited and counts.level not in _OWN:
        source = counts.province
    known = counts.known
    if (
        source is None
        or not counts.reported
        or not _has(indicator, counts.level)
        or (known is not NAMES and any(name not in known for name in indicator.names))
    ):
        return Figure(indicator.id, 0, 0, None, known=False), None
    above, below = amount(indicator.numerator, source), amount(indicator.denominator, source)
    if not indicator.maximum:
        return Figure(indicator.id, above, below, None), None
    exact = points(indicator, above, below)
    return Figure(indicator.id, above, below, None if exact is None else rounded(exact)), exact
