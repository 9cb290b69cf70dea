"""A catalogue is data: what every version must hold, and that a further one needs no other code."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from streams.core.counters import AT_HORIZONS, READ_AS
from streams.core.indicators.catalogues import CATALOGUES, catalogue_at
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.quantities import NAMES, QUANTITIES, Family
from streams.core.indicators.records import Amount, Band, Basis, Catalogue, Empty, Group, Indicator, Merge
from streams.core.indicators.reports import REPORT_CATALOGUES
from streams.core.indicators.scores import Counts, score


def by_id(catalogue: Catalogue) -> str:
    return catalogue.id


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=by_id)
def test_maxima_of_the_indicators_add_up_to_those_of_their_groups_and_to_a_hundred(catalogue: Catalogue) -> None:
    for group in catalogue.groups:
        assert sum(one.maximum for one in catalogue.indicators if one.group == group.id) == group.maximum
    assert catalogue.maximum == 100


@pytest.mark.parametrize("catalogue", CATALOGUES + REPORT_CATALOGUES, ids=by_id)
def test_ids_are_unique_and_every_indicator_stands_in_a_group(catalogue: Catalogue) -> None:
    ids = [one.id for one in catalogue.indicators]
    assert len(set(ids)) == len(ids)
    assert {one.group for one in catalogue.indicators} == {group.id for group in catalogue.groups}
    assert all(one.vi and one.en and one.formula for one in catalogue.indicators)


@pytest.mark.parametrize("catalogue", CATALOGUES + REPORT_CATALOGUES, ids=by_id)
def test_indicators_are_made_of_counts_that_the_vocabulary_has(catalogue: Catalogue) -> None:
    assert {name for one in catalogue.indicators for name in one.names} - NAMES == set()


def test_the_national_catalogue_has_twenty_one_scored_indicators_and_one_that_is_shown() -> None:
    scored = [one.id for one in QD766_2026.indicators if one.scored]
    assert len(scored) == 21
    assert [one.id for one in QD766_2026.indicators if not one.scored] == ["2.2"]
    assert [one.id for one in QD766_2026.indicators if one.inherited] == ["1.1", "1.2", "1.3"]


@pytest.mark.parametrize(
    ("empty", "ids"),
    [
        (Empty.ZERO, {"1.4", "3.5", "3.5b", "3.6", "5.4"}),
        (Empty.FULL, {"5.2", "5.3"}),
    ],
)
def test_what_an_empty_denominator_gives_is_as_the_portal_has_it(empty: Empty, ids: set[str]) -> None:
    assert {one.id for one in QD766_2026.indicators if one.empty is empty} == ids


@pytest.mark.parametrize(("threshold", "ids"), [(80, {"3.1", "3.5", "3.5b", "4.3"}), (50, {"3.3"}), (90, {"5.4"})])
def test_thresholds_are_as_the_portal_has_them(threshold: int, ids: set[str]) -> None:
    assert {one.id for one in QD766_2026.indicators if one.threshold == threshold} == ids


def test_counts_of_the_vocabulary_have_names_of_their_own_and_a_definition() -> None:
    assert len(NAMES) == len(QUANTITIES)
    assert all(one.definition for one in QUANTITIES)
    assert {one.on for one in QUANTITIES if one.family is Family.DAY} == {"received", "ended"}
    assert {one.on for one in QUANTITIES if one.family is not Family.DAY} == {""}


def test_counts_that_are_kept_already_have_the_names_and_days_of_the_counters() -> None:
    assert {"received", "online", "on_time", "open_within", "result_issued", "ends"} <= READ_AS & NAMES
    assert {one.name for one in QUANTITIES if one.verdict and one.name in READ_AS} == set(AT_HORIZONS)


def version(id_: str, from_: date, threshold: int) -> Catalogue:
    """A catalogue of another year, with other indicators, groups and bands."""
    return Catalogue(
        id_,
        from_,
        "thử",
        "made up",
        "a test",
        (Group("A", "a", "a", 60), Group("B", "b", "b", 40)),
        (
            Indicator(
                id="x",
                group="A",
                vi="x",
                en="x",
                numerator=Amount(("received",), ("late",)),
                denominator=Amount(("received",)),
                maximum=60,
                threshold=threshold,
                formula="x",
            ),
            Indicator(
                id="y",
                group="B",
                vi="y",
                en="y",
                numerator=Amount(("services",)),
                denominator=Amount(("procedures",)),
                maximum=40,
                merge=Merge.UNION,
                basis=Basis.DECLARED,
                formula="y",
            ),
        ),
        (Band("low", 0, "thấp", "low"), Band("high", 50, "cao", "high")),
    )


def test_a_further_version_is_scored_by_the_code_that_is_there() -> None:
    other = version("later", date(2027, 7, 1), 80)
    made = score(other, Counts(here={"received": 10, "late": 3, "services": 1, "procedures": 8}))
    assert (made.catalogue, made.total, made.band) == ("later", 5250 + 500, "high")


def test_the_day_decides_which_version_holds() -> None:
    first, second = version("first", date(2026, 1, 1), 80), version("second", date(2027, 7, 1), 90)
    held = (first, second)
    assert catalogue_at(date(2027, 7, 1), held).id == "second"
    assert catalogue_at(date(2027, 7, 1) - timedelta(days=1), held).id == "first"


def test_days_before_the_first_version_are_judged_by_it_and_the_figures_say_so() -> None:
    assert catalogue_at(date(2019, 1, 1)) is CATALOGUES[0]
    assert score(catalogue_at(date(2019, 1, 1)), Counts(here={})).catalogue == CATALOGUES[0].id


def test_versions_stand_in_the_order_in_which_they_begin_to_hold() -> None:
    days = [catalogue.holds_from for catalogue in CATALOGUES]
    assert days == sorted(set(days))
