"""Why a dossier is due when it is, as data: every day or part of a day between reception and due date, with its reason.

The trail is walked from day to day and does not ask the tables by which `deadlines.due` finds the same instant.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from streams.core import trail_steps
from streams.core.calendar import Calendar
from streams.core.civil import date_of
from streams.core.deadlines import Limit, Pause, Unit, seconds_of
from streams.core.trail_steps import Step
from streams.core.trail_words import PAUSE_RULES, PauseRule, Rule, StepKind, Why, rule_words

__all__ = ["Step", "Trail", "trail"]


class Trail(msgspec.Struct, frozen=True, kw_only=True):
    """How a due date came about; instants in seconds.

    `steps` use up the limit (the sum of `used` is its count) and end at `unpaused`.  `pauses` are the pauses and the
    payment waits, each with the hours that it gives back and no other gave back before.  `given_back` are the steps
    from `unpaused` to `due`, in hours; empty when nothing is given back.  `provisional` are the years that the due
    date rests on and that may still change, `calendar` is the version of the calendar.
    """

    received: int
    start: int
    why: Why
    why_vi: str
    why_en: str
    limit: Limit
    steps: tuple[Step, ...]
    unpaused: int
    rule: Rule
    rule_vi: str
    rule_en: str
    pauses: tuple[Step, ...]
    given_back: tuple[Step, ...]
    pause_rule: PauseRule
    pause_rule_vi: str
    pause_rule_en: str
    due: int
    provisional: tuple[int, ...]
    calendar: str


def trail(
    calendar: Calendar,
    received: int,
    limit: Limit,
    pauses: Sequence[Pause] = (),
    *,
    saturdays: bool = False,
    payments: Sequence[Pause] = (),
) -> Trail:
    """The trail of `deadlines.due` for the same arguments; `payments` are shown and move nothing.

    MissingYear where a year is needed that the calendar has not.
    """
    start, why, names = _start(calendar, received, limit, saturdays=saturdays)
    steps, unpaused, rule = _limit(calendar, start, limit)
    held = _held(calendar, pauses, start, limit)
    more, due, pause_rule = _given_back(calendar, unpaused, limit, sum(seconds for _, seconds in held))
    shown = [step for step, _ in held] + [Step(begin, end, StepKind.PAYMENT) for begin, end in payments]
    rule_vi, rule_en = rule_words(rule, limit.count, limit.cut_off)
    return Trail(
        received=received,
        start=start,
        why=why,
        why_vi=names[0],
        why_en=names[1],
        limit=limit,
        steps=tuple(steps),
        unpaused=unpaused,
        rule=rule,
        rule_vi=rule_vi,
        rule_en=rule_en,
        pauses=tuple(sorted(shown, key=lambda step: (step.start, step.end))),
        given_back=tuple(more),
        pause_rule=pause_rule,
        pause_rule_vi=PAUSE_RULES[pause_rule].vi,
        pause_rule_en=PAUSE_RULES[pause_rule].en,
        due=due,
        provisional=calendar.provisional_years(received, due),
        calendar=calendar.version,
    )


def _start(calendar: Calendar, received: int, limit: Limit, *, saturdays: bool) -> tuple[int, Why, tuple[str, str]]:
    """When the time begins to run, why, and the names of the day off."""
    day = calendar.place(received)[0]
    kind, name_vi, name_en, _ = trail_steps.described(calendar, day)
    office = calendar.office(day)
    in_days = limit.unit not in (Unit.WORKING_HOURS, Unit.SAME_DAY)
    if saturdays and in_days and kind is StepKind.WEEKEND and date_of(day).weekday() == _SATURDAY:
        return received, Why.SATURDAY, ("", "")
    for begin, end in office:
        if begin <= received < end:
            return received, Why.AT_ONCE, ("", "")
        if received < begin:
            return begin, Why.BEFORE_OPENING if (begin, end) == office[0] else Why.LUNCH, ("", "")
    why, names = (Why.AFTER_CLOSE, ("", "")) if office else (Why.DAY_OFF, (name_vi, name_en))
    while True:
        day += 1
        if found := calendar.office(day):
            return found[0][0], why, names


def _limit(calendar: Calendar, start: int, limit: Limit) -> tuple[list[Step], int, Rule]:
    """The steps that use up the limit, when it is used up, and by which rule."""
    count = int(limit.count)
    if limit.unit is Unit.WORKING_HOURS:
        return *trail_steps.working_hours(calendar, start, seconds_of(limit)), Rule.HOURS
    if limit.unit is Unit.WORKING_DAYS:
        rule = Rule.SAME_TIME if limit.same_time else Rule.WORKING_DAYS
        return *trail_steps.working_days(calendar, start, count, same_time=limit.same_time), rule
    day, second = calendar.place(start)
    if limit.unit is Unit.SAME_DAY:
        late = second > limit.cut_off
        return *trail_steps.same_day(calendar, start, next_day=late), Rule.AFTER_CUT_OFF if late else Rule.SAME_DAY
    months = limit.unit is Unit.CALENDAR_MONTHS
    last = _after_months(day, count) if months else day + count
    found = trail_steps.calendar_time(calendar, start, calendar.require(last), count, months=months)
    return *found, Rule.CALENDAR if calendar.office(last) else Rule.MOVED


def _after_months(day: int, count: int) -> int:
    """Month by month: the first day of each, then on to the day of the month, or the month's last day."""
    wanted, end = date_of(day).day, day
    for _ in range(min(count, _MONTHS)):
        end -= date_of(end).day - 1
        end += 31
        end -= date_of(end).day - 1
    while date_of(end).day < wanted and date_of(end + 1).day != 1:
        end += 1
    return end


def _held(calendar: Calendar, pauses: Sequence[Pause], start: int, limit: Limit) -> list[tuple[Step, int]]:
    """The pauses in order, each with the seconds that it gives back and no earlier one did."""
    found, covered = [], start
    in_calendar_time = limit.unit in (Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS)
    for begin, end in sorted(pauses):
        first = max(begin, covered)
        seconds = 0
        if end > first:
            seconds = end - first if in_calendar_time else trail_steps.worked_seconds(calendar, first, end)
            covered = end
        found.append((Step(begin, end, StepKind.PAUSE, seconds / 3600), seconds))
    return found


def _given_back(calendar: Calendar, at: int, limit: Limit, seconds: int) -> tuple[list[Step], int, PauseRule]:
    """The steps over which paused time is given back, the due instant, and by which rule."""
    if not seconds:
        return [], at, PauseRule.NOTHING
    if limit.unit in (Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS):
        days = calendar.place(at + seconds)[0] - calendar.place(at)[0]
        steps, later = [Step(at, at + seconds, StepKind.COUNTED, seconds / 3600, days)], at + seconds
    else:
        steps, later = trail_steps.working_hours(calendar, at, seconds)
        if limit.unit is Unit.WORKING_HOURS or limit.same_time:
            return steps, later, PauseRule.ADDED
    rest, due = trail_steps.to_close(calendar, later)
    return [*steps, *rest], due, PauseRule.CARRIED


_SATURDAY: Final = 5
_MONTHS: Final = 12_000  # more than any calendar has
