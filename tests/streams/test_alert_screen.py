from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from streams.alert_screen import BUDGET, AlertScreen
from streams.core.alerting.catalogue import CONDITIONS
from streams.core.alerting.records import ActiveAlert
from streams.core.families import ALERT_FAMILIES, ALERT_LABELS

SINCE = 1_794_276_000


def alert(unit: str = "X1", name: str = "Xã Một", severity: str = "warning", count: int = 12) -> ActiveAlert:
    return ActiveAlert("late-rising", unit, name, "commune", "P", severity, SINCE * 1_000_000, 2, count, 4)


def samples(screen: AlertScreen) -> dict[tuple[str, str], tuple[dict[str, str], float]]:
    return {
        (sample.name, sample.labels.get("unit", "")): (sample.labels, sample.value)
        for family in text_string_to_metric_families(screen.text())
        for sample in family.samples
    }


def test_an_active_alert_is_a_one_with_its_count_its_age_and_since_when() -> None:
    screen = AlertScreen("live")
    screen.show([alert()])
    found = {name: value for (name, unit), (_, value) in samples(screen).items() if unit == "X1"}
    assert found == {
        "motcua_alert_active": 1,
        "motcua_alert_count": 12,
        "motcua_alert_reference": 4,
        "motcua_alert_since_seconds": SINCE,
        "motcua_alert_age_working_days": 2,
    }


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_code_and_name_come_out_of_the_parser_as_they_went_in(unit: str, name: str) -> None:
    screen = AlertScreen("live")
    screen.show([alert(unit or "X", name)])
    labels, _ = samples(screen)["motcua_alert_active", unit or "X"]
    assert labels["name"] == name
    assert tuple(sorted(labels)) == tuple(sorted(ALERT_LABELS))


def test_what_is_over_has_no_series_and_neither_has_anything_while_it_is_not_sure_who_holds_the_index() -> None:
    screen = AlertScreen("live")
    screen.show([alert()])
    screen.hide(hidden=True)
    assert ("motcua_alert_active", "X1") not in samples(screen)
    screen.hide(hidden=False)
    assert ("motcua_alert_active", "X1") in samples(screen)
    screen.show([])
    assert ("motcua_alert_active", "X1") not in samples(screen)


def test_series_stay_within_their_budget_and_the_most_severe_come_first() -> None:
    screen = AlertScreen("live")
    many = [alert(f"X{number}") for number in range(4000)]
    screen.show([*many, alert("critical", severity="critical")])
    found = samples(screen)
    assert len(found) - 1 <= BUDGET
    assert ("motcua_alert_active", "critical") in found
    assert found["motcua_alerts_left_out", ""][1] == len(many) + 1 - BUDGET // len(ALERT_FAMILIES)


def test_a_province_with_every_alert_at_a_sixth_of_its_units_stays_within_the_budget() -> None:
    assert 130 * len(CONDITIONS) * len(ALERT_FAMILIES) // 6 < BUDGET
