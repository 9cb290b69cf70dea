from __future__ import annotations

from pathlib import Path

from dashboards.rates import RATES
from dashboards.recording import record_name, rules
from streams.core.families import UNIT_FAMILIES

COMMITTED = Path(__file__).parents[2] / "dashboards" / "prometheus" / "rules.yml"


def test_the_committed_rules_are_as_fresh_as_the_rates() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == rules(), "stale: run `make pages`"


def test_every_rate_is_recorded_once_and_from_exported_counters_only() -> None:
    exported = {counter for family in UNIT_FAMILIES for _, counter in family.shows}
    for rate in RATES:
        assert rules().count(f"record: {record_name(rate)}\n") == 1
        assert {*rate.numerator, *rate.denominator} <= exported


def test_no_rule_averages_rates() -> None:
    assert "avg" not in rules()
