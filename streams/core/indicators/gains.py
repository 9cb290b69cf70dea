"""Points lost, what would gain most, and how sure small counts are."""

from collections.abc import Mapping
from math import sqrt
from typing import Final

import msgspec

from streams.core.indicators.plans import Figure
from streams.core.indicators.points import HUNDREDTHS, Exact, less, plus, points, rounded
from streams.core.indicators.records import Catalogue, Indicator, Merge
from streams.core.indicators.scores import Counts, Score, exact_points, score

MILLIONTHS: Final = 1_000_000
LITTLE: Final = 30
"""Below this denominator a ratio is shown as counts, with an interval."""
_Z: Final = 1.959963984540054  # 95 % of a normal distribution


class Loss(msgspec.Struct, frozen=True):
    """What one indicator has lost, and what brings it back.

    `lost` in hundredths of points, of `maximum` points; `needed` more in the numerator (dossiers, procedures, units or
    petitions) give all of it, the next one of them `step` millionths of a point.
    """

    indicator: str
    maximum: int
    lost: int
    needed: int
    step: int


class Stake(msgspec.Struct, frozen=True):
    """Open dossiers that still save points if they end in time, and the hundredths of points that they hold."""

    dossiers: int
    points: int


def losses(catalogue: Catalogue, made: Score) -> list[Loss]:
    """Points lost of every indicator that has a value and not its maximum: the greatest loss first."""
    found = []
    for indicator in catalogue.indicators:
        figure = made.figure(indicator.id)
        exact = exact_points(indicator, figure)
        if exact is None or exact.above >= indicator.maximum * exact.below:
            continue
        lost = less(Exact(indicator.maximum, 1), exact)
        found.append((lost.above / lost.below, _loss(indicator, figure, lost)))
    found.sort(key=lambda pair: (-pair[0], pair[1].indicator))
    return [loss for _, loss in found]


def what_if(catalogue: Catalogue, counts: Counts, changes: Mapping[str, int]) -> Score:
    """The score if counts were so many more or less."""
    here = dict(counts.here)
    for name, more in changes.items():
        here[name] = here.get(name, 0) + more
    return score(catalogue, msgspec.structs.replace(counts, here=here))


def at_stake(catalogue: Catalogue, counts: Counts) -> Stake:
    """What is lost if every dossier in process within due turns late.  Overdue ones have nothing left to save.

    A dossier complained about holds no points of satisfaction; of those in process it is not known apart how many these
    are, so no more are taken off than there are.
    """
    within = counts.here.get("open_within", 0)
    return Stake(within, _lost_by(catalogue, counts, within))


def one_dossier(catalogue: Catalogue, counts: Counts) -> int:
    """Hundredths of points that one dossier in time is worth; 0 where none is in time."""
    in_time = counts.here.get("open_within", 0) + counts.here.get("on_time", 0)
    return _lost_by(catalogue, counts, min(in_time, 1))


def interval(indicator: Indicator, numerator: int, denominator: int) -> tuple[int, int] | None:
    """Points (hundredths) between which an indicator lies with 95 %, by Wilson's interval of its ratio.

    None for what is not a share of single dossiers or petitions, and where there is nothing to divide by.
    """
    if not indicator.scored or indicator.merge is not Merge.SUM or denominator <= 0:
        return None
    low, high = wilson(numerator, denominator)
    return _points(indicator, low), _points(indicator, high)


def wilson(numerator: int, denominator: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a ratio of counts; Wilson (1927), J. Am. Stat. Assoc. 22."""
    share = min(max(numerator / denominator, 0.0), 1.0)
    square = _Z * _Z
    middle = share + square / (2 * denominator)
    width = _Z * sqrt(share * (1 - share) / denominator + square / (4 * denominator * denominator))
    whole = 1 + square / denominator
    low = 0.0 if share == 0 else (middle - width) / whole
    return low, 1.0 if share == 1 else (middle + width) / whole


def _points(indicator: Indicator, share: float) -> int:
    return round(min(indicator.maximum, indicator.maximum * share * 100 / indicator.threshold) * HUNDREDTHS)


def _loss(indicator: Indicator, figure: Figure, lost: Exact) -> Loss:
    enough = -(-figure.denominator * indicator.threshold // 100)
    step = 0
    next_ = points(indicator, figure.numerator + 1, figure.denominator)
    here = points(indicator, figure.numerator, figure.denominator)
    if figure.denominator > 0 and next_ is not None and here is not None:
        gained = less(next_, here)
        step = (2 * MILLIONTHS * gained.above + gained.below) // (2 * gained.below)
    needed = max(enough - figure.numerator, 0) if figure.denominator > 0 else 0
    return Loss(indicator.id, indicator.maximum, rounded(lost), needed, step)


def _lost_by(catalogue: Catalogue, counts: Counts, many: int) -> int:
    """Unrounded points, then rounded, that go when so many dossiers turn from in time to late."""
    if not many:
        return 0
    open_ = min(many, counts.here.get("open_within", 0))
    unblamed = min(many, counts.here.get("unblamed", 0))
    changes = {"open_within": -open_, "on_time": open_ - many, "unblamed": -unblamed}
    before, after = score(catalogue, counts), what_if(catalogue, counts, changes)
    lost = Exact(0, 1)
    for indicator in catalogue.indicators:
        one = exact_points(indicator, before.figure(indicator.id))
        other = exact_points(indicator, after.figure(indicator.id))
        if one is not None and other is not None and one != other:
            lost = plus(lost, less(one, other))
    return rounded(lost)
