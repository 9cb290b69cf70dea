"""From counts to points, exactly: a figure is a quotient of integers until it is shown.

Points come from the unrounded ratio.  A group is the sum of its indicators' unrounded points, rounded half up to two
decimals, and the total is the sum of the groups as shown (so the published totals of all provinces add up).
"""

from typing import Final, NamedTuple

from streams.core.indicators.records import Empty, Indicator

HUNDREDTHS: Final = 100
PERCENT: Final = 100


class Exact(NamedTuple):
    """An exact number: `above` ÷ `below`, which is above 0; not reduced."""

    above: int
    below: int


NIL: Final = Exact(0, 1)


def points(indicator: Indicator, numerator: int, denominator: int) -> Exact | None:
    """Unrounded points of a scored indicator; None is "no data", which is not 0.

    A negative numerator counts 0: only counts that contradict each other give one.
    """
    maximum = indicator.maximum
    if denominator <= 0:
        if indicator.empty is Empty.NO_DATA:
            return None
        return NIL if indicator.empty is Empty.ZERO else Exact(maximum, 1)
    above, below = numerator * PERCENT, denominator * indicator.threshold
    if above >= below:
        return Exact(maximum, 1)
    return Exact(maximum * above, below) if above > 0 else NIL


def plus(one: Exact, other: Exact) -> Exact:
    """The sum."""
    if one.below == other.below:
        return Exact(one.above + other.above, one.below)
    return Exact(one.above * other.below + other.above * one.below, one.below * other.below)


def less(one: Exact, other: Exact) -> Exact:
    """The difference."""
    return plus(one, Exact(-other.above, other.below))


def rounded(exact: Exact) -> int:
    """In hundredths, half up: points with two decimals."""
    return (2 * HUNDREDTHS * exact.above + exact.below) // (2 * exact.below)


def text(hundredths: int) -> str:
    """Points as people read them: two decimals and a point."""
    sign, size = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{size // HUNDREDTHS}.{size % HUNDREDTHS:02}"
