from __future__ import annotations

from typing import NamedTuple

import pytest

from streams.core.alerting.catalogue import CONDITIONS
from streams.core.alerting.conditions import projected_share
from streams.core.alerting.records import Reading, Seen, Target
from tests.streams.core.alerting.seeing import HOUR, openings, seen

ORDINARY = seen()


class Pair(NamedTuple):
    """A case in which the condition holds, and one that looks like it in which it does not."""

    alert: str
    fires: Seen
    why: str
    alike: Seen
    why_not: str


def month(late: int, due: int) -> dict[str, int]:
    return {"received": due, "late": late, "on_time": due - late}


PAIRS = (
    Pair(
        "late-rising",
        seen(now={"open_overdue": 12}),
        "twelve instead of four",
        seen(now={"open_overdue": 12}, openings=openings(overdue=8)),
        "as many as ever at a unit that always has many",
    ),
    Pair(
        "late-rising",
        seen(now={"open_overdue": 60}, openings=openings(overdue=40)),
        "half again as many as forty",
        seen(now={"open_overdue": 50}, openings=openings(overdue=40)),
        "ten more are not much for forty",
    ),
    Pair(
        "late-rising",
        seen(now={"open_overdue": 8}, openings=openings(overdue=0)),
        "eight where there never was one",
        seen(now={"open_overdue": 7}, openings=openings(overdue=0)),
        "below the count, however many times more",
    ),
    Pair(
        "late-rising",
        seen(now={"open_overdue": 13}, openings=(*openings()[:3], *openings(overdue=5)[3:])),
        "beyond what it was on any of the last days",
        seen(now={"open_overdue": 13}, openings=(*openings()[:3], *openings(overdue=7)[3:4], *openings()[4:])),
        "a unit whose number goes up and down",
    ),
    Pair(
        "due-today",
        seen(now={"due_today": 18}),
        "eighteen where eight are done in seven hours",
        seen(now={"due_today": 18}, openings=openings(ends=20)),
        "a unit that does twenty a day",
    ),
    Pair(
        "due-today",
        seen(now={"due_today": 18}, left=4 * HOUR),
        "half of the day is left",
        seen(now={"due_today": 18}, left=3 * HOUR),
        "in the afternoon it comes too late to help",
    ),
    Pair(
        "due-today",
        seen(now={"due_today": 18}, openings=openings(due=12)),
        "more than on any of the last days",
        seen(now={"due_today": 18}, openings=openings(due=16)),
        "so many are due there every day, and end late in the day",
    ),
    Pair(
        "below-target",
        seen(month=month(12, 100), target=Target(on_time=9_000)),
        "88 % instead of 90",
        seen(month=month(10, 100), target=Target(on_time=9_000)),
        "90 % are not below 90",
    ),
    Pair(
        "below-target",
        seen(month=month(3, 20), target=Target(on_time=9_000)),
        "three of twenty",
        seen(month=month(3, 19), target=Target(on_time=9_000)),
        "a month that has hardly begun",
    ),
    Pair(
        "below-target",
        seen(points=6_999, target=Target(points=7_000)),
        "below seventy points",
        seen(points=None, target=Target(points=7_000)),
        "no total is not a low one",
    ),
    Pair(
        "forecast-below-target",
        seen(month=month(5, 100), openings=openings(late=3), target=Target(on_time=9_000)),
        "three of ten a day turn late",
        seen(month=month(5, 100), openings=openings(late=3), target=Target(on_time=9_000), days_left=1),
        "so late in the month it no longer matters",
    ),
    Pair(
        "forecast-below-target",
        seen(month=month(5, 100), openings=openings(late=2), target=Target(on_time=9_000)),
        "two of ten a day turn late",
        seen(month=month(15, 100), openings=openings(late=2), target=Target(on_time=9_000)),
        "it is below already, which is another alert",
    ),
    Pair(
        "petitions-near",
        seen(now={"petitions_due_soon": 1}),
        "one is near",
        seen(now={"petitions_overdue": 3}),
        "those overdue are no longer to be prevented",
    ),
    Pair(
        "source-silent",
        seen(silent=5 * HOUR),
        "in five hours twelve should have come or gone",
        seen(silent=5 * HOUR, openings=openings(ends=5, received=5)),
        "a small unit, where it may be chance",
    ),
    Pair(
        "source-silent",
        seen(silent=5 * HOUR, openings=openings(gap=2 * HOUR)),
        "longer than it ever is",
        seen(silent=5 * HOUR, openings=openings(gap=3 * HOUR)),
        "a source that sends twice a day",
    ),
    Pair(
        "sources-silent",
        seen(silent_units=3, units=12),
        "three of twelve",
        seen(silent_units=3, units=120),
        "three of a hundred and twenty are each their own affair",
    ),
    Pair(
        "restated",
        seen(closed={"received": 305, "late": 9}),
        "five more were received last month than yesterday",
        seen(closed={"received": 304, "late": 9}),
        "four",
    ),
    Pair(
        "restated",
        seen(closed={"received": 300, "late": 15}),
        "six more were late",
        seen(closed={"received": 310, "late": 9}, openings=openings(closed="2026-09")),
        "the first working day after the month ended",
    ),
)


def holds(alert: str, what: Seen, began: Reading | None = None) -> Reading | None:
    return next(one for one in CONDITIONS if one.id == alert).holds(what, began)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.alert}: {pair.why}")
def test_it_fires(pair: Pair) -> None:
    assert holds(pair.alert, pair.fires) is not None


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.alert}: {pair.why_not}")
def test_it_stays_silent_in_what_looks_alike(pair: Pair) -> None:
    assert holds(pair.alert, pair.alike) is None


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: one.id)
def test_every_condition_has_both_cases_and_an_ordinary_morning_has_none(condition: object) -> None:
    named = {pair.alert for pair in PAIRS}
    assert named == {one.id for one in CONDITIONS}
    assert all(holds(one.id, ORDINARY) is None for one in CONDITIONS)


@pytest.mark.parametrize(
    ("alert", "began", "lasts", "ends"),
    [
        ("late-rising", Reading(12, 4), seen(now={"open_overdue": 8}), seen(now={"open_overdue": 7})),
        ("due-today", Reading(14, 8), seen(now={"due_today": 9}), seen(now={"due_today": 8})),
        (
            "below-target",
            Reading(12, 100),
            seen(month=month(96, 1000), target=Target(on_time=9_000)),
            seen(month=month(95, 1000), target=Target(on_time=9_000)),
        ),
        ("sources-silent", Reading(3, 12), seen(silent_units=1, units=12), seen(silent_units=0, units=12)),
        ("source-silent", Reading(5, 12), seen(silent=HOUR), seen(silent=0)),
    ],
)
def test_what_ends_an_alert_lies_apart_from_what_began_it(alert: str, began: Reading, lasts: Seen, ends: Seen) -> None:
    assert holds(alert, lasts, began) is not None
    assert holds(alert, lasts) is None or alert == "due-today" or lasts.target.on_time is not None
    assert holds(alert, ends, began) is None


def test_what_is_usual_does_not_follow_a_rise_while_the_alert_stands() -> None:
    risen = seen(now={"open_overdue": 20}, openings=openings(overdue=20))
    assert holds("late-rising", risen) is None
    assert holds("late-rising", risen, Reading(9, 4)) == Reading(20, 4, {"paused": 0})


def test_without_enough_days_nothing_is_usual_and_nothing_fires() -> None:
    young = seen(now={"open_overdue": 99, "due_today": 99}, silent=8 * HOUR, openings=openings()[:3])
    assert all(holds(alert, young) is None for alert in ("late-rising", "due-today", "source-silent"))
    assert projected_share(young) is None


def test_the_forecast_is_what_counting_on_day_by_day_gives() -> None:
    what = seen(month=month(10, 200), openings=openings(late=2, received=10), days_left=5)
    late, due = 10, 200
    for _ in range(5):
        late, due = late + 2, due + 10
    assert projected_share(what) == 10_000 - late * 10_000 // due


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: one.id)
def test_its_sentences_say_the_figures_in_both_languages(condition: object) -> None:
    one = next(one for one in CONDITIONS if one is condition)
    for text in (one.says_vi, one.says_en, one.over_vi, one.over_en):
        assert "{" not in text.format(count=3, of=2)
    assert one.vi != one.en
    assert one.levels
