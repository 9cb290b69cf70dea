"""The forecast of a run: how many dossiers of each unit turn late by when, which, and what becomes of the month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from dashboards.late_list import NothingTold, Surroundings, surroundings
from dashboards.outputs import read_figures, read_states, rules_of
from dashboards.report import find_unit
from streams.core.calendar import Calendar, MissingYear
from streams.core.cases import decode
from streams.core.civil import DAY, MICROS, Civil, date_of, day_number, period_end_days
from streams.core.forecast import AHEAD_DAYS, LEARNT_DAYS, Dossier, Forecast, Lessons, as_of, forecast, turned_late
from streams.core.indicators.gains import what_if
from streams.core.indicators.scores import Score
from streams.core.rules import Rules
from streams.core.spans import LATEST
from streams.core.verdicts import FOREVER, Verdict, judge
from streams.core.watching import unit_of
from streams.errors import MotcuaError
from streams.reading import RunReader
from streams.registers import register_of
from streams.settings import Settings

FORECAST_VERSION: Final = 1
INDICATORS: Final = ("2.1", "5.4")
MORNINGS: Final = 10
"""Working mornings over which the error of a unit is measured on its own past."""
LIKELIEST: Final = 20
_OLD_S: Final = 100 * DAY  # what has ended so long ago teaches nothing


class NoCalendar(MotcuaError):
    """There is no working calendar, or none of a year that is needed."""


class ByDay(msgspec.Struct, frozen=True):
    """So many are expected to have turned late by the end of a civil day (ISO date)."""

    day: str
    late: float


class Likely(msgspec.Struct, frozen=True):
    """An open dossier, when it is due (ISO 8601) and how likely it turns late (0 to 1)."""

    dossier: str
    due: str
    chance: float


class Error(msgspec.Struct, frozen=True):
    """How far the forecast was off on the unit's own past: mean absolute errors over `figures` of its last mornings.

    `as_last_week` is that of saying what happened a week before.  Due dates as they are known now.
    """

    forecast: float
    as_last_week: float
    figures: int


class MonthIndex(msgspec.Struct, frozen=True):
    """Points of an indicator of the month, as it stands and as expected at the month's end; None where no data."""

    indicator: str
    now: float | None
    expected: float | None


class UnitForecast(msgspec.Struct, frozen=True, kw_only=True):
    """The forecast of one unit that decides dossiers.

    `late_now` are open and late; `learnt` dossiers taught it; `pace` is how many times longer work takes than it took
    these.  `likeliest` is empty where codes may not be shown; `likely` counts open ones more likely late than not.
    """

    unit: str
    name: str
    open: int
    late_now: int
    days: list[ByDay]
    likely: int
    likeliest: list[Likely]
    pace: float
    learnt: int
    error: Error | None
    month: str
    late_by_month_end: float
    index: list[MonthIndex]
    total_now: float | None
    total_expected: float | None


class RunForecast(msgspec.Struct, frozen=True, kw_only=True):
    """What `motcua late --forecast` shows: units with most expected first."""

    version: int = FORECAST_VERSION
    run: str
    as_of: str
    as_of_micros: int
    unit: str | None
    calendar: str
    codes_shown: bool
    units: list[UnitForecast]


def run_forecast(settings: Settings, unit: str | None) -> RunForecast:
    """The forecast of the run of the settings from the states that its workers hold."""
    register, civil = register_of(settings), Civil(settings.zone)
    with RunReader(settings) as reader:
        figures = read_figures(reader)
        if figures.status is None or not figures.status.as_of:
            raise NothingTold(
                f"The workers of run {settings.run} have not told how far they are yet (`motcua worker`)."
            )
        clock, rules = figures.status.as_of, rules_of(reader)
        calendar = rules.terms.calendar(clock)
        if calendar is None:
            raise NoCalendar("A forecast needs a working calendar, and there is none: see the setting calendar.")
        units = dossiers_of(read_states(reader).items(), clock, rules)
    around = surroundings(register, civil, calendar, figures, clock)
    root = None if unit is None else find_unit(unit, set(units), register)
    try:
        made = _forecasts(units, root, around, clock, codes=settings.list_codes)
    except MissingYear as error:
        raise NoCalendar(f"A forecast needs working days ahead, but {error}: see docs/deadlines.md.") from error
    return RunForecast(
        run=settings.run,
        as_of=civil.text(clock // MICROS),
        as_of_micros=clock,
        unit=root,
        calendar=calendar.version,
        codes_shown=settings.list_codes,
        units=made,
    )


def dossiers_of(states: Iterable[tuple[str, bytes]], clock: int, rules: Rules) -> dict[str, list[Dossier]]:
    """Accepted dossiers by deciding unit, as of `clock` (micros), but those that ended long ago."""
    units: dict[str, list[Dossier]] = {}
    oldest = clock // MICROS - _OLD_S
    for code, state in states:
        case = decode(state)
        judged = judge(case, clock, rules)
        if judged.verdict is Verdict.NONE or (judged.ended is not None and judged.ended < oldest):
            continue
        late_at = judged.late_at
        due = judged.due if late_at is None or late_at >= FOREVER else late_at
        one = Dossier(code, judged.accepted, due, judged.ended, judged.paused)
        units.setdefault(unit_of(case.flat), []).append(one)
    return units


def _forecasts(
    units: Mapping[str, list[Dossier]], root: str | None, around: Surroundings, clock: int, *, codes: bool
) -> list[UnitForecast]:
    calendar = around.calendar
    assert calendar is not None
    now, everybody = clock // MICROS, [one for held in units.values() for one in held]
    others = Lessons(everybody, calendar, clock)
    mornings = [(at, Lessons(as_of(everybody, at), calendar, at * MICROS)) for at in _mornings(calendar, now)]
    made = [
        _of_unit(unit, held, (others, mornings), around, clock, codes=codes)
        for unit, held in units.items()
        if root is None or root in around.register.chain(unit, LATEST)
    ]
    return sorted(made, key=lambda one: (-one.days[-1].late, one.unit))


def _mornings(calendar: Calendar, now: int) -> list[int]:
    """The last mornings of which is known what came of the days after them."""
    place = calendar.working_days_before(calendar.civil.day(now)) - AHEAD_DAYS
    days = range(max(place - MORNINGS + 1, 0), max(place + 1, 0))
    return [calendar.civil.midnight(calendar.nth_working_day(one)) for one in days]


def _of_unit(
    unit: str,
    held: Sequence[Dossier],
    learnt: tuple[Lessons, list[tuple[int, Lessons]]],
    around: Surroundings,
    clock: int,
    *,
    codes: bool,
) -> UnitForecast:
    calendar, civil, now = around.calendar, around.civil, clock // MICROS
    assert calendar is not None
    others, mornings = learnt
    made = forecast(held, others, calendar, clock)
    later, score, expected = _month(unit, held, others, around, clock)
    likely = [one for one in made.chances if one.chance > 0.5]
    return UnitForecast(
        unit=unit,
        name=around.register.name(unit),
        open=sum(one.ended is None for one in held),
        late_now=sum(one.ended is None and not one.paused and one.due is not None and one.due < now for one in held),
        days=[ByDay(date_of(day).isoformat(), round(late, 1)) for day, late in zip(made.days, made.late, strict=True)],
        likely=len(likely),
        likeliest=[Likely(one.code, civil.text(one.due), round(one.chance, 2)) for one in made.chances[:LIKELIEST]]
        if codes
        else [],
        pace=round(made.pace, 2),
        learnt=made.learnt,
        error=_error(held, mornings, calendar),
        month=around.month,
        late_by_month_end=round(later, 1),
        index=[MonthIndex(one, _points(score, one), _points(expected, one)) for one in INDICATORS],
        total_now=_shown(score.total),
        total_expected=_shown(expected.total),
    )


def _error(held: Sequence[Dossier], mornings: list[tuple[int, Lessons]], calendar: Calendar) -> Error | None:
    """On the unit's own last mornings; None where it has not been there for so long."""
    ours = last = 0.0
    count, first = 0, min((one.received for one in held), default=0)
    for morning, others in mornings:
        if first > morning - LEARNT_DAYS * DAY:
            continue
        made = forecast(as_of(held, morning), others, calendar, morning * MICROS)
        for day, late in zip(made.days, made.late, strict=True):
            end = calendar.civil.midnight(day + 1)
            true = turned_late(held, morning, end)
            ours += abs(late - true)
            last += abs(turned_late(held, morning - 7 * DAY, end - 7 * DAY) - true)
            count += 1
    return Error(round(ours / count, 2), round(last / count, 2), count) if count else None


def _month(
    unit: str, held: Sequence[Dossier], others: Lessons, around: Surroundings, clock: int
) -> tuple[float, Score, Score]:
    """Of those received in the month, how many more will be late at its end; its score now and as expected then.

    Dossiers that come later are as many a working day as came on the last ones, and turn late as such have.
    """
    calendar, civil = around.calendar, around.civil
    assert calendar is not None
    counts = around.scoring.counts(around.month, around.register.canonical(unit))
    catalogue = around.scoring.catalogue(around.month)
    score = what_if(catalogue, counts, {})
    now = clock // MICROS
    today = civil.day(now)
    end, begin = period_end_days(today)[1], day_number(date_of(today).replace(day=1))
    place = calendar.working_days_before(today)
    ahead = sum(calendar.is_working(day) for day in range(today, end))
    if not ahead:
        return 0.0, score, score
    made: Forecast = forecast(held, others, calendar, clock, ahead)
    received = {one.code for one in held if one.received >= civil.midnight(begin)}
    here = sum(one.chance for one in made.chances if one.code in received)
    coming_late = made.late[-1] - sum(one.chance for one in made.chances)
    since = civil.midnight(calendar.nth_working_day(max(place - LEARNT_DAYS, 0)))
    days = max(min(LEARNT_DAYS, place), 1)
    left = calendar.working_days_between(now, civil.midnight(end - 1) + DAY - 1)
    coming = sum(since <= one.received < now for one in held) / days * left
    in_time = counts.here.get("open_within", 0) + counts.here.get("on_time", 0)
    kept = coming - min(coming_late, coming) - here
    unblamed = counts.here.get("unblamed", 0) / in_time if in_time else 1.0
    changes = {"received": coming, "open_within": kept, "unblamed": kept * unblamed}
    return here + coming_late, score, what_if(catalogue, counts, {name: round(more) for name, more in changes.items()})


def _points(score: Score, indicator: str) -> float | None:
    return _shown(score.figure(indicator).points)


def _shown(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
