"""A change of points and rank, and the indicator that explains most of it."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streams.core.changes import change
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.quantities import NAMES
from streams.core.indicators.scores import Counts, Score, score
from streams.core.ranking import Contender, ranking

BASE = dict.fromkeys(NAMES, 40) | {"on_time": 30, "open_within": 0}


def of(**more: int) -> Score:
    return score(QD766_2026, Counts(here=BASE | more))


def test_what_explains_most_goes_the_way_of_the_whole() -> None:
    made = change(QD766_2026, of(on_time=20, online=0, reused=0), of(result_issued=0, reused=40))
    # 2.1 from 15 to 10, 3.3 from 6 to 0, 4.3 from 2 to 0, 4.1 from 0 to 6
    assert (made.points, made.indicator, made.explained, made.comparable) == (-700, "3.3", -600, True)
    back = change(QD766_2026, of(result_issued=40), of(result_issued=0, on_time=31))
    assert (back.points, back.indicator, back.explained) == (550, "4.1", 600)


def test_where_the_whole_stays_the_greatest_of_all_is_named() -> None:
    made = change(QD766_2026, of(result_issued=0), of(online=0))
    assert made.points == 0
    assert made.indicator in {"3.3", "4.1"}


def test_nothing_explains_where_nothing_changed() -> None:
    made = change(QD766_2026, of(), of())
    assert (made.points, made.indicator, made.explained) == (0, None, None)


def test_an_indicator_that_lost_its_data_is_marked() -> None:
    made = change(QD766_2026, of(procedures_citizens=0), of())
    assert (made.indicator, made.explained, made.data) == ("4.5a", -200, True)


def test_scores_of_different_catalogues_are_never_subtracted() -> None:
    other = msgspec.structs.replace(of(), catalogue="qd766-2030")
    made = change(QD766_2026, of(), other)
    assert (made.points, made.indicator, made.comparable) == (None, None, False)


def test_ranks_gained_are_positive_and_none_where_one_had_no_rank() -> None:
    before = ranking([Contender("a", 5, 10, 50), Contender("b", 9, 10, 50), Contender("c", 1, 10, 5)])
    now = ranking([Contender("a", 9, 10, 50), Contender("b", 5, 10, 50), Contender("c", 1, 10, 50)])
    [one], [other] = ([place for place in places if place.unit == "a"] for places in (now, before))
    assert change(QD766_2026, of(), of(), (one, other)).ranks == 1
    assert change(QD766_2026, of(), of(), (now[2], before[2])).ranks is None
    assert change(QD766_2026, of(), of()).ranks is None


counts = st.dictionaries(st.sampled_from(sorted(NAMES)), st.integers(0, 60))


@given(counts, counts)
def test_a_change_back_is_the_same_change_the_other_way(one: dict[str, int], other: dict[str, int]) -> None:
    there = change(QD766_2026, of(**one), of(**other))
    back = change(QD766_2026, of(**other), of(**one))
    assert (there.points or 0) == -(back.points or 0)
    assert (there.indicator is None) is (back.indicator is None)
