"""Ranks by a rate: the order, ties, and units with too few dossiers."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dashboards.ranking import Rated, ranking
from dashboards.rates import Share


def rated(unit: str, above: int, below: int) -> Rated:
    return Rated(unit, Share(above, below, None if not below else above / below * 100))


def test_units_with_the_same_rate_share_a_rank_and_the_places_after_stay_empty() -> None:
    units = [rated("d", 10, 20), rated("b", 18, 20), rated("c", 9, 10), rated("a", 20, 20)]
    assert [(one.rank, one.unit) for one in ranking(units).ranked] == [(1, "a"), (2, "b"), (2, "c"), (4, "d")]


def test_a_unit_with_too_few_dossiers_stands_apart() -> None:
    found = ranking([rated("few", 9, 9), rated("none", 0, 0), rated("enough", 5, 10)])
    assert [one.unit for one in found.ranked] == ["enough"]
    assert found.few == ["few", "none"]


COUNTS = st.integers(0, 50).flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below)))


@given(st.lists(COUNTS, max_size=20))
def test_a_rank_is_one_more_than_the_number_of_better_units(counts: list[tuple[int, int]]) -> None:
    units = [rated(f"{number:02}", *one) for number, one in enumerate(counts)]
    found = ranking(units)
    assert sorted([one.unit for one in found.ranked] + found.few) == [one.unit for one in units]
    rates = {one.unit: Fraction(one.share.numerator, one.share.denominator) for one in found.ranked}
    for one in found.ranked:
        assert one.rank == 1 + sum(rate > rates[one.unit] for rate in rates.values())
