"""The index of a report: made of the counts of its units, and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.ranking import among_peers, by_points
from dashboards.score_text import indicators_table
from dashboards.scoring import UnitScore, unit_score
from streams.core.civil import ALL, MICROS, Civil, date_of, day_number
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.records import Empty
from streams.core.ranking import State
from streams.core.register import UNREGISTERED, Level, Register, read_register
from streams.core.scoring import COUNTED, Scoring, Sums, today_of

CIVIL = Civil("Asia/Ho_Chi_Minh")
REGISTER = read_register(
    [
        "code,name,level,parent,valid_from,valid_to,aliases",
        "VN,Việt Nam,country,,,,",
        "P1,Tỉnh Một,province,VN,,,",
        "P2,Tỉnh Hai,province,VN,,,",
        "D1,Sở Một,department,P1,,,",
        "C1,Xã Một,commune,P1,,,",
        "C2,Xã Hai,commune,P1,,,",
        "C3,Xã Ba,commune,P2,,,",
    ],
    "test",
)
DAY = day_number(date(2026, 11, 24))
PERIOD = "2026-11"
GOOD = {"received": 100, "on_time": 90, "open_within": 5, "late": 5, "online": 60, "unblamed": 80}
BAD = {"received": 50, "on_time": 10, "open_overdue": 40, "online": 10, "unblamed": 10}

counts = st.fixed_dictionaries(
    {"received": st.integers(0, 500)},
    optional={name: st.integers(0, 500) for name in sorted(COUNTED - {"received", "petitions_no_due"})},
)


def made_of(counted: dict[str, int], level: Level = Level.COMMUNE) -> UnitScore:
    register = REGISTER if level is Level.COMMUNE else read_register(["code,name,level,parent", "C1,Một,country,"], "t")
    return unit_score(QD766_2026, "C1", scoring_of({"C1": counted}, register).counts(PERIOD, "C1"))


def scoring_of(counted: Mapping[str, Mapping[str, int]], register: Register = REGISTER) -> Scoring:
    return Scoring(Sums(register, {(PERIOD, unit): own for unit, own in counted.items()}), date_of(DAY))


def rounded(exact: Fraction) -> Decimal:
    hundredths = Decimal(exact.numerator * 10**12 // exact.denominator) / 10**10
    return (hundredths.quantize(Decimal(1), ROUND_HALF_UP) / 100).quantize(Decimal("0.01"))


@given(counts)
def test_points_are_those_of_the_catalogue_by_exact_fractions(counted: dict[str, int]) -> None:
    score = made_of(counted)
    groups: dict[str, Fraction] = {}
    for one in score.indicators:
        indicator = QD766_2026.indicator(one.indicator)
        if not set(indicator.names) <= COUNTED:
            assert (one.numerator, one.denominator, one.points) == (None, None, None)
            continue
        above = sum(counted.get(name, 0) for name in indicator.numerator.plus)
        below = sum(counted.get(name, 0) for name in indicator.denominator.plus)
        if any(counted.values()):
            assert (one.numerator, one.denominator) == (above, below)
        if one.points is None:
            continue
        if not below:  # nothing lost, as with petitions where nobody complained, or nothing gained
            assert one.points == (indicator.maximum if indicator.empty is Empty.FULL else 0)
            groups[one.group] = groups.get(one.group, Fraction(0)) + int(one.points)
            continue
        exact = min(Fraction(indicator.maximum), Fraction(above, below) * indicator.maximum * 100 / indicator.threshold)
        assert Decimal(str(one.points)) == rounded(exact)
        groups[one.group] = groups.get(one.group, Fraction(0)) + exact
    shown = {one.group: one.points for one in score.groups}
    assert all(Decimal(str(shown[group])) == rounded(exact) for group, exact in groups.items())
    if score.total is not None:
        assert round(score.total * 100) == sum(round((points or 0) * 100) for points in shown.values())


def test_what_the_stream_does_not_count_is_no_data_and_the_total_says_what_it_can_reach() -> None:
    score = made_of(GOOD)
    known = {one.indicator: one.points for one in score.indicators}
    assert known["2.1"] == 19
    assert known["3.3"] == 6
    assert known["5.4"] == pytest.approx(5.33)
    assert [known[id_] for id_ in ("1.1", "1.4", "3.1", "3.5", "4.6")] == [None] * 5
    reachable = sum(one.maximum for one in score.indicators if one.points is not None)
    assert (score.reachable, score.complete) == (reachable, False)


def test_a_unit_of_which_nothing_is_counted_has_no_total() -> None:
    score = made_of({})
    assert (score.total, score.band, score.gains) == (None, None, [])


def test_what_would_gain_most_comes_first_and_what_is_open_within_due_is_at_stake() -> None:
    score = made_of(GOOD)
    assert score.gains[0].lost == max(one.lost for one in score.gains)
    on_time = next(one for one in score.gains if one.indicator == "2.1")
    assert (on_time.lost, on_time.needed, on_time.next) == (1.0, 5, 0.2)
    assert (score.open_within, score.at_stake) == (5, 1.33)  # 5 × 20 ÷ 100, and 5 × 6 ÷ 100 ÷ 0.9


def test_units_stand_in_the_order_of_their_points_and_few_dossiers_have_no_rank() -> None:
    counted = {"C1": BAD, "C2": GOOD, "C3": {"received": 9, "on_time": 9}}
    places = by_points(scoring_of(counted), PERIOD, counted)
    assert [(one.unit, one.rank) for one in places] == [("C2", 1), ("C1", 2), ("C3", None)]
    assert places[2].state is State.PROVISIONAL
    assert by_points(scoring_of(counted), PERIOD, ["C3"], 9)[0].rank == 1


def test_peers_are_of_one_level_and_one_province() -> None:
    named = ["P1", "P2", "D1", "C1", "C2", "C3", UNREGISTERED]
    groups = among_peers(scoring_of(dict.fromkeys(named, GOOD)), PERIOD, named)
    assert {group: {one.unit for one in places} for group, places in groups.items()} == {
        "province": {"P1", "P2"},
        "department/P1": {"D1"},
        "commune/P1": {"C1", "C2"},
        "commune/P2": {"C3"},
    }


def test_the_day_of_the_period_decides_which_catalogue_holds() -> None:
    scoring = scoring_of({})
    assert today_of(CIVIL.midnight(DAY) * MICROS, CIVIL) == scoring.today
    days = {ALL: scoring.today, "2026": scoring.today, "2026-10": date(2026, 10, 31), "2027-W02": date(2027, 1, 11)}
    assert {period: scoring.day_of(period) for period in days} == days
    assert {scoring.catalogue(period).id for period in days} == {"qd766-2026"}


def test_the_settlement_time_is_shown_in_working_hours_and_without_one_nothing_is() -> None:
    def told(counted: dict[str, int]) -> list[str]:
        _, rows = indicators_table(QD766_2026, made_of(counted))
        return next(row[2:] for row in rows if row[0] == "2.2")

    assert told(GOOD | {"timed": 4, "timed_minutes": 1_500}) == ["1,500 / 4", "", "6.2 working hours, not scored"]
    assert told(GOOD) == ["0 / 0", "", "not scored"]


def test_petitions_in_time_are_no_data_where_one_has_no_due_date() -> None:
    counted = {"received": 9, "petitions": 3, "petitions_in_time": 3, "petitions_well": 2}
    known = {one.indicator: one.points for one in made_of(counted).indicators}
    unknown = {one.indicator: one.points for one in made_of(counted | {"petitions_no_due": 1}).indicators}
    assert (known["5.2"], known["5.3"]) == (6.0, 4.0)
    assert (unknown["5.2"], unknown["5.3"]) == (None, None)
