from __future__ import annotations

from pathlib import Path

import pytest

from streams.core.counters import PLACE
from streams.core.indicators.catalogues import CATALOGUES
from streams.core.indicators.quantities import QUANTITIES
from streams.core.indicators.records import Catalogue
from streams.core.indicators.reports import REPORT_CATALOGUES
from streams.indicators_page import missing, page

COMMITTED = Path(__file__).parents[2] / "docs" / "indicators.md"


def test_the_page_of_indicators_is_as_fresh_as_the_catalogues() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == page(), "stale: run `make pages`"


@pytest.mark.parametrize("catalogue", CATALOGUES + REPORT_CATALOGUES, ids=lambda one: one.id)
def test_every_indicator_stands_on_the_page_with_its_formula(catalogue: Catalogue) -> None:
    text = page()
    for one in catalogue.indicators:
        assert f"| {one.id} | {one.en}<br>{one.vi} | {one.formula}" in text


def test_every_count_stands_on_the_page() -> None:
    text = page()
    assert [one.name for one in QUANTITIES if f"| `{one.name}` | " not in text] == []


def test_what_is_missing_is_what_no_counter_holds() -> None:
    names = {one.name for one in missing()}
    assert names.isdisjoint(PLACE)
    assert names.isdisjoint({"on_time", "open_within", "received", "online"})
