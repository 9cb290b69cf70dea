"""A slow oracle of petitions: due dates by a walk over days, every counter by name, the entry on the watch list."""

from collections.abc import Callable, Iterator

from streams.core.calendar import Calendar
from streams.core.cases import Case
from streams.core.civil import MICROS, Civil
from streams.core.rules import Rules
from streams.core.watching import Watch

RECEIVED, ANSWERED, DISLIKED, REPEATED, TOPIC = 26, 27, 28, 29, 30
TOPICS = {"procedure": "petitions_procedure", "behaviour": "petitions_behaviour", "extra_trips": "petitions_trips"}
CLOSES = 17 * 3600
Warned = Callable[[int, int, Calendar | None], int]


def is_petition(case: Case) -> bool:
    return RECEIVED in case.flat


def petition_counted(case: Case, clock: int, rules: Rules, warned: Warned) -> Iterator[tuple[str, int, list[str]]]:
    """Unit, day and counters; nothing of one that has not come."""
    received = case.flat.get(RECEIVED)
    if received is None or received * MICROS >= clock:
        return
    day = rules.civil.day(received)
    told = ["petitions", *([TOPICS[case.flat[TOPIC]]] if case.flat.get(TOPIC) in TOPICS else [])]
    ends = dict(zip(("week", "month", "quarter", "year"), rules.civil.period_ends(day)[1:], strict=True))
    for horizon, instant in {"now": clock, **{name: min(clock, end * MICROS) for name, end in ends.items()}}.items():
        told += [f"{name}_{horizon}" for name in _verdict(case, received, instant, rules)]
    if not _happened(case, ANSWERED, clock):
        told.append("petitions_open")
        entry = petition_watched(case, clock, rules, warned)
        if entry is not None:
            told.append("petitions_overdue" if entry.late else "petitions_due_soon")
    yield case.flat.get(2) or "", day, told


def petition_watched(case: Case, clock: int, rules: Rules, warned: Warned) -> Watch | None:
    received = case.flat.get(RECEIVED)
    if received is None or received * MICROS >= clock or _happened(case, ANSWERED, clock):
        return None
    due = _due(received, rules.terms.calendar(clock), rules.civil)
    if due is None:
        return None
    since = warned(received, due, rules.terms.calendar(clock))
    if clock < since * MICROS:
        return None
    late = clock >= (due + 1) * MICROS
    return Watch(case.flat.get(2) or "", "", due, since, late, False, False, received)


def _verdict(case: Case, received: int, instant: int, rules: Rules) -> Iterator[str]:
    answered = case.flat[ANSWERED] if _happened(case, ANSWERED, instant) else None
    moment = instant if answered is None else min(instant, answered * MICROS)
    due = _due(received, rules.terms.calendar(moment), rules.civil)
    if due is None:
        yield "petitions_no_due"
    elif (answered <= due) if answered is not None else (instant < (due + 1) * MICROS):
        yield "petitions_in_time"
        if not _happened(case, DISLIKED, instant) and not _happened(case, REPEATED, instant):
            yield "petitions_well"


def _happened(case: Case, code: int, instant: int) -> bool:
    moment = case.flat.get(code)
    return moment is not None and moment * MICROS < instant


def _due(received: int, calendar: Calendar | None, civil: Civil) -> int | None:
    """The close of office of the 15th working day after the one on which it came, or could first be looked at."""
    if calendar is None:
        return None
    day = civil.day(received)
    if not calendar.is_working(day) or received >= civil.midnight(day) + CLOSES:
        day += 1
        while not calendar.is_working(day):
            day += 1
    for _ in range(15):
        day += 1
        while not calendar.is_working(day):
            day += 1
    return civil.midnight(day) + CLOSES
