"""Contributions as bits, cells as counts."""

from hypothesis import given
from hypothesis import strategies as st

from streams.core.counters import (
    ALIKE,
    BIT,
    COUNTERS,
    HORIZONS,
    PLACE,
    UNBLAMED,
    VERDICT_NAMES,
    WIDTH,
    difference,
    named,
    placed,
)
from streams.core.partition import _ASKED_OF_TERMS
from streams.core.shortcuts import JUDGE, PAYMENT
from streams.core.verdicts import Verdict

contributions = st.integers(0, (1 << WIDTH) - 1)


@given(contributions, contributions)
def test_a_cell_changes_by_the_difference_of_two_contributions(old: int, new: int) -> None:
    cell = [old >> place & 1 for place in range(WIDTH)]
    for place, sign in difference(old, new):
        cell[place] += sign
    assert cell == [new >> place & 1 for place in range(WIDTH)]


@given(st.lists(st.integers(0, 9), min_size=WIDTH, max_size=WIDTH))
def test_a_cell_by_names_is_the_cell_by_places(cell: list[int]) -> None:
    assert placed(named(cell)) == cell
    assert 0 not in named(cell).values()


def test_counters_that_this_version_does_not_know_are_left_out() -> None:
    assert placed({"received": 3, "of_a_later_version": 9}) == placed({"received": 3})


def test_every_counter_has_a_name_of_its_own_a_day_and_words_in_both_languages() -> None:
    assert len(PLACE) == len(BIT) == len(COUNTERS) == WIDTH
    assert {counter.day for counter in COUNTERS} == {"received", "ended", "held"}
    assert all(counter.vi and counter.en for counter in COUNTERS)


def test_counters_leave_room_for_the_marks_that_share_their_integer() -> None:
    assert 1 << WIDTH <= JUDGE < PAYMENT < 1 << 127


def test_a_verdict_is_counted_once_at_every_horizon_and_no_verdict_nowhere() -> None:
    for verdict in Verdict:
        counted = [COUNTERS[place].name for place, _ in difference(0, ALIKE[verdict] & ~UNBLAMED)]
        assert counted == ([f"{VERDICT_NAMES[verdict]}_{horizon}" for horizon in HORIZONS] if verdict else [])


def test_in_time_is_unblamed_at_every_horizon_and_nothing_else_is() -> None:
    for verdict in Verdict:
        assert ALIKE[verdict] & UNBLAMED == (UNBLAMED if verdict in (Verdict.ON_TIME, Verdict.WITHIN) else 0)


def test_what_a_partition_asks_of_its_cases_in_bulk_stands_in_the_low_half_of_their_bits() -> None:
    assert all(PLACE[name] < 64 for name in _ASKED_OF_TERMS)
