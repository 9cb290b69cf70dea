from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards.alerting.files import RULES, files, shipped_calendar
from dashboards.alerting.pipeline import PIPELINE
from dashboards.alerting.plan import DEFAULT, Plan
from dashboards.alerting.rules import ALERT_OF, ESCALATED, rules
from streams.core.alerting.catalogue import CONDITIONS
from streams.core.alerting.records import Severity
from tests.dashboards.alerting.programs import run
from tests.dashboards.alerting.rule_cases import CASES, Case

DASHBOARDS = Path(__file__).parents[3] / "dashboards"
RUNBOOKS = Path(__file__).parents[3] / "docs" / "runbooks"


@pytest.mark.parametrize("place", files(DEFAULT, shipped_calendar()), ids=str)
def test_what_is_committed_is_what_is_generated(place: Path) -> None:
    made = files(DEFAULT, shipped_calendar())[place]
    assert (DASHBOARDS / place).read_text(encoding="utf-8") == made, "stale: run `make pages`"


@pytest.mark.parametrize("plan", [DEFAULT, Plan(language="en", runs="a|b", interval="1s", service_for="0s")])
def test_promtool_finds_nothing_wrong(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(rules(plan), encoding="utf-8")
    run("promtool", "check", "rules", "--lint=all", "--lint-fatal", tmp_path / "rules.yml")


def test_there_is_one_rule_a_severity_and_one_for_each_alert_of_the_pipeline() -> None:
    named = [rule["alert"] for group in yaml.safe_load(rules(DEFAULT))["groups"] for rule in group["rules"]]
    assert sorted(named) == sorted([*ALERT_OF.values(), ESCALATED, *(one.alert for one in PIPELINE)])
    assert ALERT_OF.keys() == set(Severity)


def test_every_rule_has_a_case_in_which_it_fires_and_one_that_looks_alike() -> None:
    named = {*ALERT_OF.values(), ESCALATED, *(one.alert for one in PIPELINE)}
    assert {case.alert for case in CASES if case.fires is not None} == named
    assert {case.alert for case in CASES if case.fires is None} == named


def test_promtool_agrees_with_every_case(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text((DASHBOARDS / RULES).read_text(encoding="utf-8"), encoding="utf-8")
    whole = {"rule_files": ["rules.yml"], "evaluation_interval": "15s", "tests": [_test(case) for case in CASES]}
    (tmp_path / "tests.yml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    run("promtool", "test", "rules", tmp_path / "tests.yml")


def test_a_message_says_how_many_and_since_when_in_civil_time(tmp_path: Path) -> None:
    labels = 'run="live",alert="late-rising",unit="X1",name="Xã Một",severity="warning",audience="commune",above="P"'
    series = {
        f"motcua_alert_active{{{labels}}}": "1x30",
        f"motcua_alert_count{{{labels}}}": "12x30",
        f"motcua_alert_reference{{{labels}}}": "4x30",
        f"motcua_alert_since_seconds{{{labels}}}": "1794276000x30",  # 2026-11-10 09:00 in Viet Nam
    }
    (tmp_path / "rules.yml").write_text(rules(DEFAULT), encoding="utf-8")
    fires = {"run": "live", "alert": "late-rising", "unit": "X1", "name": "Xã Một"}
    fires |= {"severity": "warning", "audience": "commune", "above": "P", "kind": "service"}
    test = _test(Case("MotcuaWarning", "", series, fires))
    annotations = test["alert_rule_test"][0]["exp_alerts"][0]["exp_annotations"]
    annotations |= {"count": "12", "of": "4", "since": "2026-11-10 09:00"}
    whole = {"rule_files": ["rules.yml"], "evaluation_interval": "15s", "tests": [test]}
    (tmp_path / "tests.yml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    run("promtool", "test", "rules", tmp_path / "tests.yml")


@pytest.mark.parametrize("id_", [*(one.id for one in CONDITIONS), *(one.id for one in PIPELINE)])
def test_every_alert_has_a_runbook_that_says_what_it_means_and_what_to_do(id_: str) -> None:
    page = (RUNBOOKS / f"{id_}.md").read_text(encoding="utf-8")
    names = {one.id: (one.vi, one.en) for one in CONDITIONS} | {one.id: (one.vi, one.en) for one in PIPELINE}
    for words in (*names[id_], "## What it means", "## Look first", "## Do"):
        assert words in page
    assert len(page.split()) > 90


def test_no_runbook_is_left_of_an_alert_that_is_gone() -> None:
    there = {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}
    assert there == {*(one.id for one in CONDITIONS), *(one.id for one in PIPELINE)}


def test_alerts_on_services_wait_longer_than_those_that_hold_them_back() -> None:
    def minutes(text: str) -> int:
        return int(text.removesuffix("m"))

    assert minutes(DEFAULT.service_for) > minutes(DEFAULT.pipeline_for)


def _test(case: Case) -> dict[str, Any]:
    series = [{"series": key, "values": values} for key, values in case.series.items()]
    rule = next(
        rule
        for group in yaml.safe_load(rules(DEFAULT))["groups"]
        for rule in group["rules"]
        if rule["alert"] == case.alert
    )
    expected: list[dict[str, Any]] = []
    if case.fires is not None:
        labels = {**case.fires, **rule["labels"]}
        expected = [{"exp_labels": labels, "exp_annotations": _annotations(rule["annotations"], case)}]
    asked = {"eval_time": f"{case.at}m", "alertname": case.alert, "exp_alerts": expected}
    return {"name": f"{case.alert}: {case.says}", "interval": "1m", "input_series": series, "alert_rule_test": [asked]}


def _annotations(templates: dict[str, str], case: Case) -> dict[str, str]:
    """What templates come to: figures that a case does not tell stay empty."""
    labels = {} if case.fires is None else case.fires
    found = {}
    for name, text in templates.items():
        shown = "" if "query" in text else text
        for label in ("unit", "alert", "instance"):
            shown = shown.replace(f"{{{{ $labels.{label} }}}}", labels.get(label, ""))
        found[name] = shown.replace("{{ $value }}", VALUES.get(case.says, ""))
    for text, value in SHOWN.items():
        if "says" in found:
            found["says"] = found["says"].replace(text, value.get(case.alert, ""))
    return found


VALUES = {"none": "0", "two": "2", "one in ten vanishes": "300"}
SHOWN = {
    "{{ $value | humanizeDuration }}": {
        "MotcuaIndexStale": "10m 0s",
        "MotcuaLagging": "9m 59s",
        "MotcuaNoProgress": "25s",
    },
    "{{ $value | humanizePercentage }}": {"MotcuaRejecting": "10%"},
}
