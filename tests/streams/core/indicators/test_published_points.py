"""The catalogue gives exactly the points that the national portal published, to the cent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from streams.core.indicators.points import plus, points, rounded, text
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.scores import Counts, score
from tests.streams.core.indicators.published import GROUPS, PAIRS, hundredths, provinces


def name(pair: dict[str, Any]) -> str:
    return "-".join(str(pair[key]) for key in ("indicator", "unit", "period") if key in pair)


@pytest.mark.parametrize("pair", PAIRS["simple"], ids=name)
def test_a_published_indicator_has_its_published_points(pair: dict[str, Any]) -> None:
    exact = points(QD766_2026.indicator(pair["indicator"]), pair["numerator"], pair["denominator"])
    assert exact is not None
    assert rounded(exact) == hundredths(pair["points"])


@pytest.mark.parametrize("pair", PAIRS["online"], ids=name)
def test_online_services_of_a_province_have_their_published_points(pair: dict[str, Any]) -> None:
    counts = {
        "3.1": (pair["partial"] + pair["full"], pair["authority"]),
        "3.2": (pair["servicesWithDossiers"], pair["services"]),
        "3.3": (pair["online"], pair["received"]),
    }
    assert group(counts) == hundredths(pair["points"])


@pytest.mark.parametrize("pair", PAIRS["payment"], ids=name)
def test_online_payment_has_its_published_points(pair: dict[str, Any]) -> None:
    counts = {
        "3.5": (pair["procFeeDossier"], pair["feeProc"]),
        "3.5b": (pair["procPaid"], pair["feeProcDistinct"]),
        "3.6": (pair["paid"], pair["obligation"]),
    }
    assert group(counts) == hundredths(pair["points"])
    here = {
        "procedures_fee_dossier": pair["procFeeDossier"],
        "procedures_fee_online": pair["procPaid"],
        "procedures_fee": pair["feeProc"],
        "paid_online": pair["paid"],
        "with_obligation": pair["obligation"],
    }
    [whole] = [one for one in score(QD766_2026, Counts(here=here)).groups if one.group == "TTTT"]
    assert whole.points == hundredths(pair["points"])


def group(counts: dict[str, tuple[int, int]]) -> int:
    total = None
    for id_, (above, below) in counts.items():
        exact = points(QD766_2026.indicator(id_), above, below)
        assert exact is not None
        total = exact if total is None else plus(total, exact)
    assert total is not None
    return rounded(total)


@pytest.mark.parametrize("row", provinces(), ids=lambda row: row.province)
def test_a_published_total_is_the_sum_of_its_groups_as_shown(row: Any) -> None:
    assert sum(row.groups.values()) == row.total


def test_thirty_four_provinces_stand_in_the_order_of_their_totals() -> None:
    rows = provinces()
    assert [row.rank for row in rows] == list(range(1, 35))
    assert [row.total for row in rows] == sorted((row.total for row in rows), reverse=True)


def test_the_groups_published_are_those_of_the_catalogue_and_within_their_maxima() -> None:
    maxima = {group.id: group.maximum * 100 for group in QD766_2026.groups}
    assert set(maxima) == set(GROUPS)
    assert all(row.groups[name] <= maxima[name] for row in provinces() for name in GROUPS)


@pytest.mark.parametrize("pair", PAIRS["simple"], ids=name)
def test_a_second_way_in_decimals_gives_the_same(pair: dict[str, Any]) -> None:
    indicator = QD766_2026.indicator(pair["indicator"])
    exact = points(indicator, pair["numerator"], pair["denominator"])
    assert exact is not None
    if not pair["denominator"]:
        return
    ratio = Fraction(pair["numerator"], pair["denominator"]) / Fraction(indicator.threshold, 100)
    worth = min(Fraction(indicator.maximum), indicator.maximum * ratio)
    assert Fraction(exact.above, exact.below) == worth
    shown = (Decimal(worth.numerator) / Decimal(worth.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert text(rounded(exact)) == str(shown)
