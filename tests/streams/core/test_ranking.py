"""Ranks among peers: ties, small units, incomplete ones, and when a single dossier moves a rank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.ranking import (
    Contender,
    Place,
    State,
    among,
    kind_of_unit,
    moved_by_one,
    ranking,
    volume_band,
)
from streams.core.register import Level
from tests.streams.core.indicators.published import provinces


def unit(code: str, total: int | None, volume: int = 100, reachable: int = 10_000) -> Contender:
    return Contender(code, total, reachable, volume, reachable == 10_000)


def ranks(places: list[Place]) -> dict[str, int | None]:
    return {place.unit: place.rank for place in places}


def test_the_provinces_have_their_published_ranks() -> None:
    rows = provinces()
    made = ranking(unit(row.province, row.total) for row in reversed(rows))
    assert ranks(made) == {row.province: row.rank for row in rows}
    assert [place.unit for place in made] == [row.province for row in rows]


def test_equal_totals_share_a_rank_and_the_next_place_stays_empty() -> None:
    made = ranking([unit("d", 5), unit("c", 7), unit("b", 7), unit("a", 9)])
    assert ranks(made) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert {place.of for place in made} == {4}


@pytest.mark.parametrize(("volume", "state"), [(9, State.PROVISIONAL), (10, State.RANKED), (0, State.PROVISIONAL)])
def test_a_unit_below_the_minimum_volume_is_provisional_and_takes_nobody_s_rank(volume: int, state: State) -> None:
    made = ranking([unit("small", 9_900, volume), unit("big", 5_000)])
    small = next(place for place in made if place.unit == "small")
    assert small.state is state
    assert ranks(made)["big"] == (2 if state is State.RANKED else 1)
    assert (small.rank is None) is (state is State.PROVISIONAL)


def test_zero_scorers_stay_and_a_unit_without_total_has_no_rank() -> None:
    made = ranking([unit("zero", 0), unit("none", None, reachable=0), unit("some", 1)])
    assert ranks(made) == {"some": 1, "zero": 2, "none": None}
    assert made[-1].state is State.NO_TOTAL


def test_incomplete_units_rank_by_points_and_apart_by_what_they_could_reach() -> None:
    made = {place.unit: place for place in ranking([unit("full", 6_000), unit("part", 5_500, reachable=6_000)])}
    assert (made["full"].rank, made["full"].share_rank, made["full"].share) == (1, 2, 6_000)
    assert (made["part"].rank, made["part"].share_rank, made["part"].share) == (2, 1, 9_167)
    assert not made["part"].complete


contenders = st.lists(
    st.builds(
        Contender,
        unit=st.text("abcdefgh", min_size=1, max_size=3),
        total=st.none() | st.integers(0, 400),
        reachable=st.integers(400, 500),
        volume=st.integers(0, 20),
    ),
    unique_by=lambda one: one.unit,
)


@given(contenders)
def test_a_rank_is_one_more_than_how_many_are_better_in_whichever_order_they_come(some: list[Contender]) -> None:
    made = {place.unit: place for place in ranking(some)}
    assert ranking(some) == ranking(list(reversed(some)))
    in_it = [one for one in some if one.total is not None and one.volume >= 10]
    for one in some:
        place = made[one.unit]
        if one not in in_it:
            assert (place.rank, place.share_rank) == (None, None)
            continue
        total = one.total or 0
        assert place.rank == 1 + sum((other.total or 0) > total for other in in_it)
        better = [other for other in in_it if (other.total or 0) * one.reachable > total * other.reachable]
        assert place.share_rank == 1 + len(better)


@given(contenders, st.integers(0, 60))
def test_one_dossier_moves_a_rank_exactly_when_ranking_anew_says_so(some: list[Contender], step: int) -> None:
    places = ranking(some)
    moved = moved_by_one(places, {one.unit: step for one in some})
    before = ranks(places)
    for one in some:
        if before[one.unit] is None:
            assert one.unit not in moved
            continue
        changed = False
        for sign in (-1, 1):
            other = [
                Contender(x.unit, (x.total or 0) + sign * step, x.reachable, x.volume) if x is one else x for x in some
            ]
            changed = changed or ranks(ranking(other))[one.unit] != before[one.unit]
        assert (one.unit in moved) is changed


@pytest.mark.parametrize(
    ("volume", "band"), [(0, "0-99"), (99, "0-99"), (100, "100-999"), (9_999, "1000-9999"), (10_000, "10000-")]
)
def test_bands_of_volume_begin_at_their_bounds(volume: int, band: str) -> None:
    assert volume_band(unit("a", 1, volume)) == band


@pytest.mark.parametrize(
    ("level", "name", "kind"),
    [
        (Level.COMMUNE, "Phường Ba Đình", "ward"),
        (Level.COMMUNE, "Xã Hoài Đức", "commune"),
        (Level.COMMUNE, "Đặc khu Phú Quốc", "special zone"),
        (Level.COMMUNE, "Phườngville", "commune"),
        (Level.DEPARTMENT, "Sở Tài chính", "department"),
    ],
)
def test_kinds_of_unit(level: Level, name: str, kind: str) -> None:
    assert kind_of_unit(level, name) == kind


def test_peers_are_ranked_apart_and_who_has_no_group_in_none() -> None:
    some = [unit("a1", 9), unit("b1", 8), unit("a2", 7), unit("x", 99)]
    made = among(some, lambda one: "" if one.unit == "x" else one.unit[0])
    assert {group: ranks(places) for group, places in made.items()} == {"a": {"a1": 1, "a2": 2}, "b": {"b1": 1}}
    chosen = {"a1", "b1"}
    assert ranks(among(some, lambda one: "mine" if one.unit in chosen else "")["mine"]) == {"a1": 1, "b1": 2}
