from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from dashboards.rates import RATES
from dashboards.recording import record_name, rules
from streams.core.families import UNIT_FAMILIES
from streams.core.indicators.catalogues import CATALOGUES

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


# -- on promtool ----------------------------------------------------------------------------------------------------

LABELS = 'run="live",unit="25",level="province",period="month"'
INDICATED = {"2.1": (30, 40), "3.3": (18, 40), "3.6": (0, 0), "5.2": (0, 0), "3.5": (0, 0), "1.1": (0, 0)}
"""Counts above and below the line; what is reached by hand: 20 × 30 ÷ 40; 6 × 18 ÷ 40 ÷ 0.5; 0 by rule; 6 by rule; …"""
POINTS = {"2.1": 15.0, "3.3": 5.4, "3.6": 0.0, "5.2": 6.0, "3.5": 0.0}
"""1.1 without a denominator has no data, which is not 0."""


def series() -> list[dict[str, str]]:
    found = [
        {"series": f"motcua_dossiers_received{{{LABELS}}}", "values": "40x5"},
        {"series": f'motcua_dossiers{{{LABELS},state="on_time"}}', "values": "20x5"},
        {"series": f'motcua_dossiers{{{LABELS},state="open_within"}}', "values": "10x5"},
        {"series": f'motcua_dossiers{{{LABELS},state="open_overdue"}}', "values": "10x5"},
        {"series": f'motcua_dossiers_channel{{{LABELS},channel="online"}}', "values": "18x5"},
        {"series": f'motcua_dossiers_finished{{{LABELS},outcome="late"}}', "values": "0x5"},
    ]
    for indicator, counts in INDICATED.items():
        for name, count in zip(("numerator", "denominator"), counts, strict=True):
            labels = f'{LABELS},indicator="{indicator}"'
            found.append({"series": f"motcua_index_{name}{{{labels}}}", "values": f"{count}x5"})
    return found


def expected() -> list[dict[str, object]]:
    def case(expression: str, *values: float) -> dict[str, object]:
        samples = [{"labels": "{}", "value": value} for value in values]
        return {
            "expr": f"sum without (run, unit, level, period, indicator, group, catalogue) ({expression})",
            "eval_time": "2m",
            "exp_samples": samples,
        }

    cases = [
        case("motcua:rate_766:ratio", 0.75),
        case("motcua:online_rate:ratio", 0.45),
        case("motcua:report_rate:ratio"),  # nothing finished: nothing, not 0
        case('motcua:group:maximum{group="TDGQ"}', 20),
        case('motcua:indicator:maximum{indicator="2.1"}', 20),
        case('motcua:indicator:ratio{indicator="3.3"}', 0.45),
        case('motcua:indicator:points{indicator="1.1"}'),
    ]
    return cases + [case(f'motcua:indicator:points{{indicator="{one}"}}', points) for one, points in POINTS.items()]


@pytest.mark.integration
def test_promtool_reaches_by_the_rules_what_is_reached_by_hand(tmp_path: Path) -> None:
    tests = {
        "rule_files": [str(COMMITTED)],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": series(), "promql_expr_test": expected()}],
    }
    path = tmp_path / "rules.test.yml"
    path.write_text(yaml.safe_dump(tests), encoding="utf-8")
    promtool("check", "rules", str(COMMITTED))
    promtool("test", "rules", str(path))


def test_every_scored_indicator_has_a_rule_and_no_rule_has_two() -> None:
    held = yaml.safe_load(rules())["groups"]
    recorded = [
        json.dumps([rule["record"], rule.get("labels")], sort_keys=True) for one in held for rule in one["rules"]
    ]
    assert len(recorded) == len(set(recorded))
    scored = {one.id for one in CATALOGUES[-1].indicators if one.scored}
    for name in ("motcua:indicator:maximum", "motcua:indicator:points"):
        with_rule = {rule["labels"]["indicator"] for one in held for rule in one["rules"] if rule["record"] == name}
        assert with_rule == scored


def promtool(*arguments: str) -> None:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
