from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.alerting.evaluator import Evaluator
from streams.core.alerting.office import Office
from streams.core.alerting.records import Memory, Target, Transition
from tests.streams.core.alerting.hours import CALENDAR, CIVIL, REGISTER, hours, instant, text

DAYS = 21


def busy(unit: str, day: int, hour: int) -> Mapping[str, int]:
    """Thirty-six come and go a day, evenly from eight to five, two are overdue."""
    if unit == "VN":
        return {}
    done = day * 36 + 4 * min(max(hour - 8, 0), 9)
    return {"received": done + 1, "ends": done, "open_overdue": 2}


def overloaded(unit: str, day: int, hour: int) -> Mapping[str, int]:
    """From the second Tuesday (day 6) at ten until the Thursday (day 8) at noon ten more are overdue at X1."""
    risen = unit == "X1" and (6, 10) <= (day, hour) < (8, 12)
    return {**busy(unit, day, hour), "open_overdue": 12 if risen else 2}


def silent(unit: str, day: int, hour: int) -> Mapping[str, int]:
    """On day 7 nothing comes from X0, X1 and X2 from ten on; at five it all comes at once."""
    if unit in {"X0", "X1", "X2"} and day == 7 and 10 <= hour < 17:
        return busy(unit, 7, 10)
    return busy(unit, day, hour)


def run(told: object, evaluator: Evaluator | None = None, days: int = DAYS) -> list[Transition]:
    evaluator = Evaluator(REGISTER, {}) if evaluator is None else evaluator
    return [one for hour in hours(told, days) for one in evaluator.close(hour)]  # type: ignore[arg-type]


def told(found: list[Transition]) -> list[tuple[str, str, str, str]]:
    return [(text(one.at), one.unit, one.alert, one.state.value) for one in found]


def test_an_ordinary_fortnight_has_no_alert() -> None:
    assert run(busy) == []


def test_a_rise_is_pending_for_a_working_hour_then_active_and_over_after_two_calm_ones() -> None:
    assert told(run(overloaded)) == [
        ("2026-11-10T10", "X1", "late-rising", "pending"),
        ("2026-11-10T11", "X1", "late-rising", "active"),
        # calm from twelve on; the offices open again at half past one
        ("2026-11-12T15", "X1", "late-rising", "over"),
    ]


def test_counts_and_instants_stand_in_the_transition() -> None:
    active = run(overloaded)[1]
    assert (active.count, active.of, active.level, active.severity.value) == (12, 2, "commune", "warning")
    assert (active.since, active.active) == (instant(8, 10), instant(8, 11))
    assert active.key == f"late-rising/X1/{instant(8, 10)}/active"


def test_three_silent_units_are_three_warnings_for_them_and_one_for_the_province() -> None:
    found = told(run(silent))
    assert {(unit, alert) for _, unit, alert, _ in found} == {
        *((unit, "source-silent") for unit in ("X0", "X1", "X2")),
        ("P", "sources-silent"),
    }
    assert [state for _, unit, _, state in found if unit == "P"] == ["active", "over"]


def test_nights_weekends_and_lunch_are_no_time() -> None:
    office = Office(CIVIL, CALENDAR)
    worked = [hour for hour in range(24) if office.is_worked(instant(1, hour) // 1_000_000)]
    assert worked[0] == 8
    assert worked[-1] == 17
    assert not any(office.is_worked(instant(5, hour) // 1_000_000) for hour in range(1, 25))
    assert office.days(instant(4, 17), instant(7, 17)) == 1  # Friday's close to Monday's


def test_an_hour_evaluated_again_changes_nothing() -> None:
    evaluator = Evaluator(REGISTER, {})
    for hour in hours(overloaded, DAYS):
        evaluator.close(hour)
        before = msgspec.json.encode(evaluator.memories)
        assert evaluator.close(hour) == []
        assert msgspec.json.encode(evaluator.memories) == before


@pytest.mark.parametrize("world", [overloaded, silent])
@settings(max_examples=10)
@given(taken=st.lists(st.integers(0, DAYS * 24 - 1), max_size=6))
def test_who_takes_over_at_any_hour_goes_on_as_if_nothing_had_happened(world: object, taken: list[int]) -> None:
    whole = run(world)
    evaluator, found = Evaluator(REGISTER, {}), []
    stored: dict[str, bytes] = {}
    for number, hour in enumerate(hours(world, DAYS)):  # type: ignore[arg-type]
        if number in taken:
            evaluator = Evaluator(REGISTER, {})
            for unit, data in stored.items():
                evaluator.memories[unit] = msgspec.json.decode(data, type=Memory)
        found += evaluator.close(hour)
        stored |= {unit: msgspec.json.encode(memory) for unit, memory in evaluator.take_changed()}
    assert found == whole


def test_a_target_of_a_unit_goes_before_that_of_its_level() -> None:
    def month(unit: str, day: int, hour: int) -> Mapping[str, int]:
        return {**busy(unit, day, hour), "late": 12, "on_time": 88}

    found = run(month, Evaluator(REGISTER, {"commune": Target(on_time=9_000), "X1": Target(on_time=8_000)}), days=4)
    assert {one.unit for one in found if one.alert == "below-target"} == {"X0", "X2", "X3"}
