"""Points are exact; only what is shown is rounded, half up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.indicators.points import Exact, less, plus, points, rounded, text
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.records import Empty, Indicator

SCORED = [one for one in QD766_2026.indicators if one.scored]
sizes = st.integers(0, 10**7)
exacts = st.builds(Exact, st.integers(-(10**6), 10**6), st.integers(1, 10**6))


def fraction(exact: Exact) -> Fraction:
    return Fraction(exact.above, exact.below)


@pytest.mark.parametrize("indicator", SCORED, ids=lambda one: one.id)
@given(numerator=sizes, denominator=st.integers(1, 10**7))
def test_points_are_the_share_of_the_threshold_and_never_beyond_the_maximum(
    indicator: Indicator, numerator: int, denominator: int
) -> None:
    exact = points(indicator, numerator, denominator)
    assert exact is not None
    wanted = Fraction(numerator, denominator) * indicator.maximum * 100 / indicator.threshold
    assert fraction(exact) == min(Fraction(indicator.maximum), wanted)


@pytest.mark.parametrize("indicator", SCORED, ids=lambda one: one.id)
def test_an_empty_denominator_follows_the_rule_of_the_indicator(indicator: Indicator) -> None:
    exact = points(indicator, 0, 0)
    wanted = {Empty.NO_DATA: None, Empty.ZERO: 0, Empty.FULL: indicator.maximum}[indicator.empty]
    assert (None if exact is None else fraction(exact)) == wanted


@pytest.mark.parametrize("indicator", SCORED, ids=lambda one: one.id)
@given(numerator=sizes, denominator=st.integers(1, 10**7))
def test_one_more_in_the_numerator_never_costs_points(indicator: Indicator, numerator: int, denominator: int) -> None:
    less_, more = points(indicator, numerator, denominator), points(indicator, numerator + 1, denominator)
    assert less_ is not None
    assert more is not None
    assert fraction(less_) <= fraction(more)


def test_counts_that_contradict_each_other_give_no_points_below_zero() -> None:
    assert points(QD766_2026.indicator("2.1"), -3, 10) == (0, 1)


@given(exacts, exacts)
def test_sums_and_differences_are_exact(one: Exact, other: Exact) -> None:
    assert fraction(plus(one, other)) == fraction(one) + fraction(other)
    assert fraction(less(one, other)) == fraction(one) - fraction(other)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Exact(5, 1000), "0.01"),
        (Exact(4999, 1_000_000), "0.00"),
        (Exact(2675, 1000), "2.68"),  # a float would say 2.67
        (Exact(1005, 1000), "1.01"),  # and here 1.00
        (Exact(20, 1), "20.00"),
        (Exact(-1, 8), "-0.12"),
    ],
)
def test_half_a_hundredth_is_rounded_up(exact: Exact, shown: str) -> None:
    assert text(rounded(exact)) == shown
