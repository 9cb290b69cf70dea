"""The score of one unit in one period: figures, groups, total, band, and what of it is missing.

The catalogue says what is computed; nothing here knows an indicator by name.
"""

from collections.abc import Container, Iterable, Mapping

import msgspec

from streams.core.indicators.plans import Figure, Step, plan_of, step_of
from streams.core.indicators.points import HUNDREDTHS, PERCENT, Exact, points, rounded
from streams.core.indicators.quantities import NAMES
from streams.core.indicators.records import Amount, Band, Catalogue, Indicator, Kind
from streams.core.register import Level


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
    plan = plan_of(catalogue, counts.level, counts.known)
    above, below, reach = [0] * len(plan.groups), [1] * len(plan.groups), [0] * len(plan.groups)
    made, estimated = [], False
    for step in plan.steps:
        figure, more, of = _made(step, counts)
        made.append(figure)
        if of:
            group = step.group
            if of == below[group]:
                above[group] += more
            else:
                above[group], below[group] = above[group] * of + more * below[group], below[group] * of
            reach[group] += step.maximum
            estimated = estimated or step.estimated
    groups = tuple(map(_group, plan.groups, above, below, reach))
    shown = [group.points for group in groups if group.points is not None]
    total = sum(shown) if shown else None
    return Score(
        catalogue.id,
        tuple(made),
        groups,
        total,
        sum(reach) * HUNDREDTHS,
        plan.maximum,
        None if total is None else plan.band(total),
        estimated,
    )


def figures(indicators: Iterable[Indicator], counts: Counts) -> list[Figure]:
    """The figures alone, as for indicators that are not scored; those of other levels are left out."""
    steps = (step_of(indicator, 0, counts.level, counts.known) for indicator in indicators)
    return [_made(step, counts)[0] for step in steps if step.has]


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


def _group(named: tuple[str, int], above: int, below: int, reach: int) -> GroupScore:
    """A group, half up, from its unrounded points above ÷ below."""
    id_, maximum = named
    points = (2 * HUNDREDTHS * above + below) // (2 * below) if reach else None
    return GroupScore(id_, points, reach * HUNDREDTHS, maximum)


def _made(step: Step, counts: Counts) -> tuple[Figure, int, int]:
    """A figure, and its exact points as a quotient; below 0 is none.  The rule itself is that of `points.points`."""
    source = counts.province if step.inherits else counts.here
    if source is None or not step.known or not counts.reported:
        return step.nothing, 0, 0
    above = source.get(step.above, 0) if step.above else amount(step.indicator.numerator, source)
    below = source.get(step.below, 0) if step.below else amount(step.indicator.denominator, source)
    maximum = step.maximum
    if not maximum:
        return Figure(step.id, above, below, None), 0, 0
    if below > 0 and 0 <= above * PERCENT < below * step.threshold:  # the common case, without a call
        more, of = maximum * PERCENT * above, below * step.threshold
        return Figure(step.id, above, below, (2 * HUNDREDTHS * more + of) // (2 * of)), more, of
    exact = points(step.indicator, above, below)
    if exact is None:
        return Figure(step.id, above, below, None), 0, 0
    return Figure(step.id, above, below, rounded(exact)), *exact
