from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.rates import RATES, Rate, hundredths, percent_text, share
from streams.core.counters import PLACE, VERDICT_NAMES

BY_NAME = {rate.name: rate for rate in RATES}


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.name)
def test_every_rate_is_made_of_counters_that_there_are(rate: Rate) -> None:
    assert {*rate.numerator, *rate.denominator} <= {*PLACE, *VERDICT_NAMES.values()}
    assert rate.vi
    assert rate.en


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_hundredths_round_half_up(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator * 10_000) / Decimal(denominator)
    assert hundredths(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_a_half_rounds_up_where_a_float_would_not() -> None:
    assert percent_text(share(BY_NAME["online_rate"], {"online": 1, "received": 800})) == "0.13"
    assert percent_text(share(BY_NAME["online_rate"], {"online": 2001, "received": 20_000})) == "10.01"


def test_nothing_to_divide_by_is_no_data_and_not_zero() -> None:
    for rate in RATES:
        assert share(rate, {}).percent is None
        assert percent_text(share(rate, {})) == ""
    assert share(BY_NAME["online_rate"], {"received": 3}).percent == 0


def test_the_766_rate_and_the_report_rate_treat_a_dossier_without_due_date_differently() -> None:
    counts = {
        "received": 4,
        "on_time": 1,
        "open_within": 1,
        "ended_no_due": 2,
        "finished_early": 1,
        "finished_no_due": 2,
    }
    assert share(BY_NAME["rate_766"], counts).percent == 50.0
    assert share(BY_NAME["report_rate"], counts).percent == 100.0
