"""How many dossiers a unit should have synchronised: declared, per portal, or its share of last year."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.declarations import declared_for, synchronisation, to_synchronise
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.scores import Counts, score


@pytest.mark.parametrize(
    ("totals", "period", "portal", "wanted"),
    [
        ({"2026-11": 10}, "2026-11", 4, 10),
        ({"2026-11": 10}, "2026-11", 14, 14),
        ({}, "2026-11", 4, 4),
        ({"2025": 1206}, "2026-11", 4, 4),
        ({"2025": 1206}, "2026-11", 0, 101),  # 100.5, half up
        ({"2025": 1206}, "2026-Q4", 0, 302),  # 301.5
        ({"2025": 1206}, "2026", 0, 1206),
        ({"2025": 1206}, "2026-W48", 0, 23),
        ({"2025-01": 6, "2025-02": 18}, "2026-11", 0, 2),
        ({"2024": 1200}, "2026-11", 0, 0),
        ({"2025": 1206}, "all", 0, 0),
        ({"2026-10": 1, "2026-11": 2, "2026-12": 3}, "2026-Q4", 0, 6),
        ({"2026-Q1": 7, "2026-Q2": 8}, "2026", 0, 15),
        ({"2026-11": 0, "2025": 24}, "2026-11", 0, 2),
    ],
)
def test_the_greater_of_declared_and_portal_and_else_a_share_of_last_year(
    totals: dict[str, int], period: str, portal: int, wanted: int
) -> None:
    assert to_synchronise(totals, period, portal) == wanted


def test_what_was_declared_for_the_whole_period_holds_before_the_sum_of_its_parts() -> None:
    assert declared_for({"2026": 100, "2026-01": 3}, "2026") == 100
    assert declared_for({"2026-01": 3}, "2026-Q2") is None


def test_a_parent_sums_counts_and_a_child_without_a_denominator_adds_nothing() -> None:
    made = synchronisation({"a": {"2026-11": 10}}, {"a": 6, "b": 5}, frozenset({"a", "b", "c"}), "2026-11")
    assert made == {"synchronised_counted": 11, "to_synchronise": 15}
    assert score(QD766_2026, Counts(here=made)).figure("1.4").points == 440


def test_without_any_denominator_it_is_zero_points_and_not_no_data() -> None:
    made = synchronisation({}, {}, frozenset({"a"}), "2026-11")
    assert score(QD766_2026, Counts(here=made)).figure("1.4").points == 0


units = st.sampled_from("abc")
periods = st.sampled_from(["2026-11", "2026-Q4", "2026", "2025", "2025-03"])


@given(
    st.dictionaries(units, st.dictionaries(periods, st.integers(0, 99))),
    st.dictionaries(units, st.integers(0, 99)),
    st.sampled_from(["2026-11", "2026-Q4", "2026", "2026-W48"]),
)
def test_nobody_synchronises_more_than_there_was(
    declared: dict[str, dict[str, int]], portal: dict[str, int], period: str
) -> None:
    made = synchronisation(declared, portal, frozenset("abc"), period)
    assert made["synchronised_counted"] <= made["to_synchronise"]
