"""Figures of others beside ours: change on the one before, and where theirs and ours part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.quantities import NAMES
from streams.core.indicators.scores import Counts, score
from streams.core.published import (
    INDEXES,
    NATIONAL,
    PublishedFigure,
    UnitKind,
    beside_others,
    explained,
    reconcile,
    shown,
)
from tests.streams.core.indicators.published import provinces

OURS = score(QD766_2026, Counts(here=dict.fromkeys(NAMES, 40) | {"on_time": 30, "open_within": 0}))


def figure(**said: object) -> PublishedFigure:
    base: dict[str, object] = {
        "index": NATIONAL,
        "kind": UnitKind.PROVINCE,
        "unit": "H44",
        "period": "2026",
        "source": "portal",
        "date": date(2026, 9, 26),
    }
    return PublishedFigure(**(base | said))  # type: ignore[arg-type]


def test_a_figure_stands_beside_the_one_before_it() -> None:
    first = figure(score=Decimal("62.18"), rank=19, of=34)
    later = figure(score=Decimal("63.00"), rank=17, of=34, date=date(2026, 10, 10))
    other = figure(score=Decimal(1), unit="H45")
    made = shown([later, other, first])
    assert [(one.figure, one.before, one.score, one.ranks) for one in made] == [
        (first, None, None, None),
        (later, first, Decimal("0.82"), 2),
        (other, None, None, None),
    ]


def test_an_earlier_period_comes_before_a_later_date() -> None:
    old = figure(index="PAPI", period="2024", score=Decimal(40), date=date(2026, 1, 1))
    new = figure(index="PAPI", period="2025", score=Decimal(41), date=date(2025, 12, 1))
    assert [one.figure for one in shown([new, old])] == [old, new]


def test_scores_of_other_maxima_and_ranks_among_others_are_not_subtracted() -> None:
    first = figure(index="DTI", period="2024", score=Decimal("0.6"), maximum=Decimal(1), rank=5, of=63)
    second = figure(index="DTI", period="2025", score=Decimal(600), maximum=Decimal(1000), rank=5, of=34)
    made = shown([first, second])[1]
    assert (made.before, made.score, made.ranks) == (first, None, None)


def test_theirs_and_ours_differ_in_numerator_denominator_and_points() -> None:
    theirs = [
        figure(score=Decimal("94.00")),
        figure(component="TDGQ", score=Decimal("16.00")),
        figure(component="2.1", score=Decimal("16.00"), numerator=40, denominator=50),
        figure(component="1.1", score=Decimal(6)),
        figure(index="PAPI", score=Decimal(40)),
    ]
    made = reconcile(theirs, OURS)
    assert [(one.component, one.points, one.numerator, one.denominator) for one in made] == [
        ("1.1", 0, None, None),
        ("2.1", -100, -10, -10),
        ("TDGQ", -100, None, None),
        ("", 9500 - 9400, None, None),
    ]
    assert all(one.comparable for one in made)


def test_points_of_another_catalogue_are_not_subtracted_but_counts_are() -> None:
    other = msgspec.structs.replace(OURS, catalogue="qd766-2030")
    [made] = reconcile([figure(component="2.1", score=Decimal(16), numerator=40, denominator=50)], other)
    assert (made.points, made.numerator, made.comparable) == (None, -10, False)


def test_what_we_have_no_value_of_has_no_difference() -> None:
    ours = score(QD766_2026, Counts(here={}, reported=False))
    [made] = reconcile([figure(component="2.1", score=Decimal(16), numerator=40, denominator=50)], ours)
    assert (made.points, made.numerator, made.denominator) == (None, None, None)


lists = st.dictionaries(st.sampled_from([f"H44-{number}" for number in range(12)]), st.booleans())


@given(lists, lists)
def test_the_dossiers_named_explain_the_whole_difference(theirs: dict[str, bool], ours: dict[str, bool]) -> None:
    made = explained(theirs, ours)
    assert len(ours) - len(theirs) == len(made.only_ours) - len(made.only_theirs)
    alone = sum(ours[code] for code in made.only_ours) - sum(theirs[code] for code in made.only_theirs)
    both = len(made.counted_by_us) - len(made.counted_by_them)
    assert sum(ours.values()) - sum(theirs.values()) == alone + both


def test_a_province_s_own_total_takes_its_rank_among_the_published_ones() -> None:
    day = date(2026, 10, 10)
    figures = [figure(unit=row.province, score=Decimal(row.total) / 100, date=day) for row in provinces()]
    noise = [figure(unit="Huế", score=Decimal(99)), figure(unit="Huế", score=Decimal(99), component="2.1", date=day)]
    same = beside_others([*noise, *figures], NATIONAL, "2026", day, {})
    assert [(one.unit, one.rank) for one in same] == [(row.province, row.rank) for row in provinces()]
    made = {one.unit: one.rank for one in beside_others(figures, NATIONAL, "2026", day, {"Phú Thọ": 6_337})}
    assert (made["Quảng Trị"], made["Phú Thọ"], made["Lai Châu"]) == (14, 15, 15)
    assert made["Lâm Đồng"] == 17
    assert {one.share_rank for one in same} == {None}


def test_names_of_indexes_are_their_own() -> None:
    assert len({one.id for one in INDEXES}) == len(INDEXES)
    assert NATIONAL in {one.id for one in INDEXES}
