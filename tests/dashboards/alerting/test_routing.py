from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from dashboards.alerting.files import CONFIGURATION, MESSAGES, shipped_calendar, write
from dashboards.alerting.intervals import MORNING, WORKING
from dashboards.alerting.messages import templates
from dashboards.alerting.plan import DEFAULT, Mail, Plan, Receiver
from dashboards.alerting.routing import configuration
from streams.core.alerting.catalogue import CONDITIONS
from streams.core.civil import day_number
from tests.dashboards.alerting.programs import run

CALENDAR = shipped_calendar()
FULL = Plan(
    operators=Receiver(email="it@example.vn"),
    communes=Receiver(webhook="http://127.0.0.1:9099/communes", token_file="/etc/motcua/token"),
    provinces=Receiver(email="tinh@example.vn", webhook="http://127.0.0.1:9099/province"),
    offices={"H44.12": Receiver(email="xa@example.vn")},
    mail=Mail(server="mail.example.vn:587", user="motcua", password_file="/etc/motcua/mail"),
)
WARNING = ("kind=service", "audience=commune", "severity=warning", "run=live")


@pytest.mark.parametrize("plan", [DEFAULT, FULL, Plan(always=True, language="en")])
def test_amtool_finds_nothing_wrong(plan: Plan, tmp_path: Path) -> None:
    write(tmp_path, plan, CALENDAR)
    said = run("amtool", "check-config", tmp_path / CONFIGURATION)
    assert "1 templates" in said


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        ((*WARNING, "unit=H44.13"), "commune,commune, no ends"),
        ((*WARNING, "unit=H44.12"), "unit H44.12,unit H44.12, no ends"),
        ((*WARNING, "alert=due-today", "unit=H44.13"), "commune, no ends,commune, no ends"),
        (("kind=service", "audience=commune", "severity=info", "unit=H44.13"), "commune, no ends"),
        (
            ("kind=service", "audience=department", "severity=critical", "unit=H44.09"),
            "department,department, no ends",
        ),
        (("kind=service", "audience=province", "severity=critical", "unit=H44"), "province,province, no ends"),
        (
            ("alertname=MotcuaEscalated", "kind=escalation", "audience=commune", "above=H44", "unit=H44.12"),
            "province",
        ),
        (("alertname=MotcuaIndexStale", "kind=pipeline", "severity=critical", "run=live"), "operators"),
        (("alertname=OfSomebodyElse",), "operators"),
    ],
)
def test_who_hears_of_what(labels: tuple[str, ...], receivers: str, tmp_path: Path) -> None:
    write(tmp_path, FULL, CALENDAR)
    said = run("amtool", "config", "routes", "test", f"--config.file={tmp_path / CONFIGURATION}", *labels)
    assert said.strip() == receivers


def test_no_secret_stands_in_the_configuration() -> None:
    whole = yaml.safe_load(configuration(FULL, CALENDAR))
    assert whole["global"]["smtp_auth_password_file"] == "/etc/motcua/mail"
    assert "smtp_auth_password" not in whole["global"]
    assert "credentials:" not in configuration(FULL, CALENDAR)


def test_by_default_nothing_is_sent_to_anybody() -> None:
    whole = yaml.safe_load(configuration(DEFAULT, CALENDAR))
    assert all(one.keys() == {"name"} for one in whole["receivers"])


def test_messages_go_in_office_hours_of_every_working_day_of_the_calendar_and_at_no_other_time() -> None:
    intervals = _intervals()
    for year in CALENDAR.years:
        for number in range(366):
            day = date(year, 1, 1) + timedelta(number)
            if day.year == year:
                hours = {hour for hour in range(24) if _inside(intervals[WORKING], _at(day, hour, 45))}
                assert hours == _worked(day), day


def test_a_worked_saturday_is_a_working_day_and_the_monday_off_for_it_is_none() -> None:
    intervals = _intervals()
    assert _inside(intervals[WORKING], datetime(2026, 1, 10, 9, 0))  # noqa: DTZ001  a time of the wall, as in the file
    assert not _inside(intervals[WORKING], datetime(2026, 1, 2, 9, 0))  # noqa: DTZ001


def test_the_digest_goes_in_the_first_half_hour_only() -> None:
    intervals = _intervals()
    day = date(2026, 11, 25)
    assert _inside(intervals[MORNING], _at(day, 7, 45))
    assert not _inside(intervals[MORNING], _at(day, 8, 0))
    assert not _inside(intervals[MORNING], _at(date(2026, 11, 22), 7, 45))


def test_after_the_last_year_of_the_calendar_its_working_week_goes_on() -> None:
    intervals = _intervals()
    monday = date(max(CALENDAR.years) + 2, 3, 1)
    monday += timedelta((7 - monday.weekday()) % 7)
    assert _inside(intervals[WORKING], _at(monday, 9, 0))
    assert not _inside(intervals[WORKING], _at(monday + timedelta(6), 9, 0))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: one.id)
def test_a_message_says_what_how_many_since_when_and_where_to_look(
    condition: Any, language: Any, tmp_path: Path
) -> None:
    said = _rendered(tmp_path, Plan(language=language), [_alert(alert=condition.id)])
    name = condition.vi if language == "vi" else condition.en
    says = condition.says_vi if language == "vi" else condition.says_en
    assert f"Xã Một (X1): {name}" in said
    assert says.format(count=12, of=4) in said
    for part in ("2026-11-10 09:00", "http://list", "docs/runbooks/this.md"):
        assert part in said


def test_an_alert_that_is_over_is_said_to_be_and_an_old_one_that_nobody_has_dealt_with_it(tmp_path: Path) -> None:
    said = _rendered(tmp_path, DEFAULT, [_alert(alert="late-rising", status="resolved")])
    assert "Đã hết: Hồ sơ quá hạn tăng" in said
    assert "còn 12" in said
    assert "chưa xử lý xong" in _rendered(tmp_path, DEFAULT, [_alert(alert="late-rising", alertname="MotcuaEscalated")])


def test_the_subject_names_one_alert_and_counts_several(tmp_path: Path) -> None:
    one = [_alert(alert="late-rising")]
    assert _rendered(tmp_path, DEFAULT, one, "motcua.subject") == "[CẢNH BÁO] Xã Một: Hồ sơ quá hạn tăng"
    assert _rendered(tmp_path, DEFAULT, one * 3, "motcua.subject") == "[CẢNH BÁO] Xã Một: 3 cảnh báo"


def test_an_alert_on_the_pipeline_says_what_its_rule_says(tmp_path: Path) -> None:
    alert = {
        "status": "firing",
        "labels": {"alertname": "MotcuaIndexStale", "kind": "pipeline"},
        "annotations": {"name": "Chỉ số đã cũ", "says": "Chỉ số chậm 9m", "runbook": "docs/runbooks/index-stale.md"},
    }
    said = _rendered(tmp_path, DEFAULT, [alert])
    assert "Chỉ số chậm 9m." in said
    assert "docs/runbooks/index-stale.md" in said


def _alert(*, alert: str, status: str = "firing", alertname: str = "MotcuaWarning") -> dict[str, Any]:
    return {
        "status": status,
        "labels": {"alertname": alertname, "alert": alert, "unit": "X1", "name": "Xã Một"},
        "annotations": {
            "count": "12",
            "of": "4",
            "since": "2026-11-10 09:00",
            "list": "http://list",
            "runbook": "docs/runbooks/this.md",
        },
        "startsAt": "2026-11-10T02:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
    }


def _rendered(folder: Path, plan: Plan, alerts: list[dict[str, Any]], name: str = "motcua.text") -> str:
    path = folder / MESSAGES.name
    path.write_text(templates(plan.language), encoding="utf-8")
    common = {
        key: value for key, value in alerts[0]["labels"].items() if all(one["labels"][key] == value for one in alerts)
    }
    data = {"status": alerts[0]["status"], "alerts": alerts, "commonLabels": common, "groupLabels": {}, "receiver": "x"}
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    text = f'{{{{ template "{name}" . }}}}'
    asked = (f"--template.glob={path}", f"--template.text={text}", f"--template.data={folder / 'data.json'}")
    return run("amtool", "template", "render", *asked).rstrip("\n")


def _intervals() -> dict[str, list[dict[str, Any]]]:
    whole = yaml.safe_load(configuration(msgspec.structs.replace(DEFAULT), CALENDAR))
    return {one["name"]: one["time_intervals"] for one in whole["time_intervals"]}


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001  a time of the wall, as in the file


def _worked(day: date) -> set[int]:
    """Hours of which the 45th minute is worked, by the calendar."""
    number = day_number(day)
    midnight = CALENDAR.instant(number, 0)
    moments = {hour: midnight + hour * 3600 + 45 * 60 for hour in range(24)}
    return {hour for hour, at in moments.items() if any(begin <= at < end for begin, end in CALENDAR.office(number))}


def _inside(intervals: list[dict[str, Any]], at: datetime) -> bool:
    """Whether a time of the wall lies in one of them, by Alertmanager's documentation: every field must agree."""
    return any(_agrees(one, at) for one in intervals)


def _agrees(one: dict[str, Any], at: datetime) -> bool:
    clock = f"{at:%H:%M}"
    fields = {"years": at.year, "months": at.month, "days_of_month": at.day}
    return (
        any(span["start_time"] <= clock < span["end_time"] for span in one["times"])
        and all(_in_ranges(one[name], value) for name, value in fields.items() if name in one)
        and ("weekdays" not in one or f"{at:%A}".lower() in one["weekdays"])
    )


def _in_ranges(ranges: list[str], value: int) -> bool:
    return any(int(text.split(":")[0]) <= value <= int(text.split(":")[-1]) for text in ranges)
