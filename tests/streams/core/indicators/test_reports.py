"""Report indicators come from the same counts by the same code, and give no points."""

from __future__ import annotations

import pytest

from dashboards.rates import RATES
from streams.core.indicators.quantities import NAMES
from streams.core.indicators.records import Indicator, Kind
from streams.core.indicators.reports import REPORT_CATALOGUES, REPORTS_2026
from streams.core.indicators.scores import Counts, figures, score, value
from streams.core.register import Level

HERE = {
    "received": 200,
    "carried_over": 40,
    "ends": 180,
    "finished_early": 90,
    "finished_on_time": 50,
    "finished_late": 20,
    "finished_no_due": 0,
    "late": 15,
    "open_overdue": 5,
    "open_within": 20,
    "open_no_due": 5,
    "apologised": 10,
    "allowed_minutes": 1_000_000,
    "compared_minutes": 750_000,
    "timed": 150,
    "timed_minutes": 150 * 12 * 60,
    "online": 120,
    "postal": 20,
    "online_full": 30,
    "online_partial": 90,
    "rated": 40,
    "rated_satisfied": 36,
}


def shown(id_: str, here: dict[str, int] = HERE) -> float | None:
    """Percent, hours or the count."""
    indicator = REPORTS_2026.indicator(id_)
    [figure] = figures([indicator], Counts(here=here))
    exact = value(indicator, figure)
    if exact is None:
        return None
    if indicator.kind is Kind.COUNT:
        return exact.above
    per = 1 / 60 if indicator.kind is Kind.HOURS else 100
    return exact.above * per / exact.below


@pytest.mark.parametrize(
    ("id_", "wanted"),
    [
        ("early", 56.25),
        ("in_time", 87.5),
        ("late", 12.5),
        ("completion", 75),
        ("carried_over", 40),
        ("stock", 60),
        ("settled", 87.5),
        ("settlement_hours", 12),
        ("faster", 25),
        ("online", 60),
        ("online_postal", 70),
        ("online_full", 25),
        ("satisfied", 90),
        ("response", 25),
        ("apologised", 50),
        ("cashless", None),
    ],
)
def test_a_report_indicator_is_what_its_formula_says(id_: str, wanted: float | None) -> None:
    assert shown(id_) == wanted


def test_slower_than_regulated_is_below_zero_and_not_hidden() -> None:
    assert shown("faster", HERE | {"compared_minutes": 1_500_000}) == -50


def test_the_rates_of_the_screens_are_the_same_sums() -> None:
    rates = {rate.name: rate for rate in RATES}
    for rate, id_ in (("report_rate", "in_time"), ("online_rate", "online")):
        indicator = REPORTS_2026.indicator(id_)
        assert set(indicator.numerator.plus) == set(rates[rate].numerator)
        assert set(indicator.denominator.plus) == set(rates[rate].denominator)


@pytest.mark.parametrize("indicator", REPORTS_2026.indicators, ids=lambda one: one.id)
def test_no_report_indicator_is_scored_and_each_has_a_value_where_there_is_one_of_everything(
    indicator: Indicator,
) -> None:
    assert not indicator.scored
    [figure] = figures([indicator], Counts(here=dict.fromkeys(NAMES, 1)))
    assert figure.points is None
    assert value(indicator, figure) is not None


def test_a_report_has_no_total_no_band_and_nothing_to_reach() -> None:
    made = score(REPORTS_2026, Counts(here=HERE))
    assert (made.total, made.band, made.reachable, made.maximum, made.catalogue) == (None, None, 0, 0, "reports-2026")


def test_units_connected_are_for_those_above_units() -> None:
    commune = figures(REPORTS_2026.indicators, Counts(here=HERE, level=Level.COMMUNE))
    assert "connected" not in {figure.indicator for figure in commune}
    assert not score(REPORTS_2026, Counts(here=HERE, level=Level.COMMUNE)).figure("connected").known
    assert score(REPORTS_2026, Counts(here=HERE, level=Level.UNREGISTERED)).figure("online").known


def test_no_id_of_a_report_is_one_of_the_index() -> None:
    ids = [one.id for catalogue in REPORT_CATALOGUES for one in catalogue.indicators]
    assert not any(id_[0].isdigit() for id_ in ids)
