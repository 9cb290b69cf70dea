"""Groups, total and band of a unit; "no data" is not 0 and travels to the total."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.indicators.points import rounded
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.quantities import KNOWN_IN_A_WEEK, NAMES
from streams.core.indicators.records import Kind
from streams.core.indicators.scores import Counts, Score, band_of, exact_points, score, value
from streams.core.register import Level

# Every denominator has something in it, so that every indicator has a value.
FULL = dict.fromkeys(NAMES, 40) | {"on_time": 30, "open_within": 5}


def of(here: dict[str, int], **more: object) -> Score:
    return score(QD766_2026, Counts(here=here, **more))  # type: ignore[arg-type]


def test_a_unit_that_does_everything_has_a_hundred_points_and_is_excellent() -> None:
    made = of(FULL | {"on_time": 40, "open_within": 0})
    assert (made.total, made.reachable, made.band, made.complete) == (10_000, 10_000, "excellent", True)


def test_points_lost_stand_in_the_group_that_lost_them() -> None:
    made = of(FULL)
    assert {group.group: group.maximum - (group.points or 0) for group in made.groups if group.points} == {
        "CKMB": 0,
        "TDGQ": 250,
        "CLGQ": 0,
        "TTTT": 0,
        "MDSH": 0,
        "MDHL": 0,
    }


def test_an_indicator_without_data_makes_group_and_total_incomplete_and_says_what_can_be_reached() -> None:
    made = of(FULL | {"procedures_citizens": 0})
    digitisation = next(group for group in made.groups if group.group == "MDSH")
    assert (digitisation.points, digitisation.reachable, digitisation.maximum) == (2000, 2000, 2200)
    assert not digitisation.complete
    assert (made.reachable, made.maximum, made.complete) == (9800, 10_000, False)
    assert made.figure("4.5a").points is None


def test_a_group_without_any_value_is_blank() -> None:
    made = of({"received": 0, "petitions": 0})
    groups = {group.group: group.points for group in made.groups}
    assert groups["TDGQ"] is None
    assert groups["CLGQ"] is None
    assert groups["MDHL"] == 1200
    assert groups["TTTT"] == 0


def test_a_unit_that_no_source_reports_has_no_total_and_no_band() -> None:
    made = of({}, reported=False)
    assert (made.total, made.band, made.reachable) == (None, None, 0)
    assert {group.points for group in made.groups} == {None}


def test_a_week_has_no_value_for_what_is_counted_by_procedure_and_month() -> None:
    made = of(FULL, known=KNOWN_IN_A_WEEK)
    missing = {figure.indicator for figure in made.figures if not figure.known}
    assert missing == {"3.2", "3.5", "3.5b"}
    assert made.reachable == 10_000 - 800


def test_a_unit_below_a_province_shows_what_the_province_announced() -> None:
    province = {"procedures_announced": 4, "procedures_announced_on_time": 1}
    own = FULL | {"procedures_announced": 40, "procedures_announced_on_time": 40}
    child = of(own, level=Level.COMMUNE, province=province)
    assert (child.figure("1.1").numerator, child.figure("1.1").points) == (1, 150)
    assert of(own, level=Level.PROVINCE).figure("1.1").points == 600
    assert not of(own, level=Level.DEPARTMENT).figure("1.1").known


def test_a_total_is_an_estimate_as_soon_as_a_count_was_not_measured() -> None:
    assert of(FULL).estimated
    measured = frozenset(
        NAMES - {n for one in QD766_2026.indicators if one.basis.value != "measured" for n in one.names}
    )
    assert not of(FULL, known=measured | {"received", "petitions"}).estimated


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (10_000, "excellent"),
        (9_000, "excellent"),
        (8_999, "good"),
        (8_000, "good"),
        (7_000, "fair"),
        (6_999, "average"),
        (5_000, "average"),
        (4_999, "weak"),
        (0, "weak"),
    ],
)
def test_a_band_begins_at_its_least_points(total: int, band: str) -> None:
    assert band_of(QD766_2026.bands, total).id == band


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.integers(0, 500)))
def test_the_total_is_the_sum_of_the_groups_as_shown_and_each_of_these_that_of_its_exact_points(
    here: dict[str, int],
) -> None:
    made = of(here)
    assert made.total == sum(group.points or 0 for group in made.groups)
    for group in made.groups:
        mine = [one for one in QD766_2026.indicators if one.group == group.group]
        exact = [exact_points(one, made.figure(one.id)) for one in mine]
        held = [Fraction(one.above, one.below) for one in exact if one is not None]
        if group.points is None:
            assert not held
        else:
            assert group.points == (sum(held) * 200 + 1) // 2
            assert group.points <= group.reachable <= group.maximum


def test_the_mean_settlement_time_is_shown_and_gives_no_points() -> None:
    made = of(FULL | {"timed": 150, "timed_minutes": 150 * 60 * 12})
    figure = made.figure("2.2")
    indicator = QD766_2026.indicator("2.2")
    mean = value(indicator, figure)
    assert mean is not None
    assert (indicator.kind, figure.points, rounded(mean)) == (Kind.HOURS, None, 12 * 60 * 100)
