"""Points lost and what brings them back; how sure small counts are."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.indicators.gains import (
    MILLIONTHS,
    at_stake,
    interval,
    losses,
    one_dossier,
    what_if,
    wilson,
)
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.quantities import NAMES
from streams.core.indicators.scores import Counts, score

HERE = dict.fromkeys(NAMES, 40) | {"on_time": 20, "open_within": 10, "unblamed": 30, "online": 10}
COUNTS = Counts(here=HERE)


def test_losses_stand_with_the_greatest_first_and_say_how_many_more_are_needed() -> None:
    found = losses(QD766_2026, score(QD766_2026, COUNTS))
    assert [(one.indicator, one.lost, one.needed, one.step) for one in found] == [
        ("2.1", 500, 10, 500_000),
        ("3.3", 300, 10, 300_000),
        ("5.4", 100, 6, 166_667),
    ]


def test_an_indicator_without_data_or_with_everything_has_lost_nothing() -> None:
    assert losses(QD766_2026, score(QD766_2026, Counts(here=dict.fromkeys(NAMES, 40) | {"on_time": 0}))) == []
    found = losses(QD766_2026, score(QD766_2026, Counts(here={})))
    assert {one.indicator for one in found} == {"1.4", "3.5", "3.5b", "3.6", "5.4"}
    assert {(one.needed, one.step) for one in found} == {(0, 0)}


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.integers(0, 90)))
def test_so_many_more_as_are_needed_give_the_maximum_and_one_less_does_not(here: dict[str, int]) -> None:
    counts = Counts(here=here)
    made = score(QD766_2026, counts)
    for loss in losses(QD766_2026, made):
        indicator = QD766_2026.indicator(loss.indicator)
        figure = made.figure(loss.indicator)
        if not figure.denominator or set(indicator.numerator.names) & set(indicator.denominator.names):
            continue
        name = indicator.numerator.names[0]
        full = what_if(QD766_2026, counts, {name: loss.needed}).figure(loss.indicator)
        assert full.points == indicator.maximum * 100
        short = what_if(QD766_2026, counts, {name: loss.needed - 1})
        assert loss.indicator in {one.indicator for one in losses(QD766_2026, short)}
        assert 0 < loss.step <= indicator.maximum * MILLIONTHS


def test_open_dossiers_hold_the_points_of_both_indicators_that_they_count_in() -> None:
    # 10 of 40: 5 points of 2.1; of 5.4 from 30 / 36 to 20 / 36 of 6 points
    stake = at_stake(QD766_2026, COUNTS)
    assert (stake.dossiers, stake.points) == (10, 500 + 167)
    assert at_stake(QD766_2026, Counts(here=HERE | {"open_within": 0})).points == 0


def test_one_dossier_is_worth_its_part_of_both() -> None:
    assert one_dossier(QD766_2026, COUNTS) == 67  # 20 / 40 and 6 / 36, in hundredths 50 + 16.67
    assert one_dossier(QD766_2026, Counts(here=HERE | {"open_within": 0, "on_time": 0})) == 0


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [  # as in Newcombe (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_s_interval_is_the_published_one(numerator: int, denominator: int, low: float, high: float) -> None:
    assert wilson(numerator, denominator) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 60), st.floats(0.05, 0.95))
def test_wilson_s_interval_covers_the_true_share_about_as_often_as_it_says(size: int, share: float) -> None:
    covered = 0.0
    for hits in range(size + 1):
        low, high = wilson(hits, size)
        if low <= share <= high:
            covered += comb(size, hits) * share**hits * (1 - share) ** (size - hits)
    assert covered > 0.8


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_points_lie_within_their_interval_and_this_within_the_maximum(numerator: int, denominator: int) -> None:
    indicator = QD766_2026.indicator("3.3")
    numerator = min(numerator, denominator)
    found = interval(indicator, numerator, denominator)
    figure = score(QD766_2026, Counts(here={"received": denominator, "online": numerator})).figure("3.3")
    assert found is not None
    assert figure.points is not None
    assert 0 <= found[0] <= figure.points <= found[1] <= 600


def test_there_is_no_interval_for_procedures_or_for_nothing() -> None:
    assert interval(QD766_2026.indicator("3.1"), 1, 2) is None
    assert interval(QD766_2026.indicator("2.1"), 0, 0) is None
    assert interval(QD766_2026.indicator("2.2"), 1, 2) is None
