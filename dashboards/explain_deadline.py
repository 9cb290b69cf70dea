"""The computed due date of a dossier explained: limit, calendar, each day and its reason; and the working time used."""

from __future__ import annotations

import msgspec

from dashboards.explain_reasons import Standing
from dashboards.explain_words import Lang
from dashboards.rates import hundredths
from streams.core.calendar import Calendar, MissingYear
from streams.core.civil import MICROS
from streams.core.contributions import used_and_allowed
from streams.core.deadlines import Pause
from streams.core.fields import PAID, PAYMENT_ASKED, elements
from streams.core.terms import Term, paused
from streams.core.trail import Trail, trail
from streams.core.trail_lines import lines
from streams.core.verdicts import FOREVER, Verdict, before, rounds


class Deadline(msgspec.Struct, frozen=True):
    """The due date that follows from the limit of the procedure, as of the instant of the explanation.

    It scores where none was promised.  `row` is the row of the table of limits (of version `limits`), `source` what
    that row names; `calendar` the version of the calendar; `trail` is None where the calendar lacks `missing_year`.
    Instants in the trail are in seconds, `text` says the same in sentences.
    """

    scores: bool
    procedure: str
    row: int
    source: str
    limits: str
    calendar: str
    due: str | None
    missing_year: int | None
    trail: Trail | None
    text: dict[Lang, list[str]]


class Settlement(msgspec.Struct, frozen=True):
    """Working time: minutes used and allowed of an ended dossier, how much faster than allowed in percent.

    Of an open one the working minutes left until its last instant in time, negative when it is overdue.  None where it
    is not known, or does not apply.
    """

    used_minutes: int | None = None
    allowed_minutes: int | None = None
    faster_percent: float | None = None
    left_minutes: int | None = None


def deadline_of(standing: Standing) -> Deadline | None:
    """The computed due date and its trail; None without a calendar, or where no limit is known."""
    case, judged, as_of, rules = standing
    if judged.verdict is Verdict.NONE:
        return None
    moment = as_of if judged.ended is None else min(as_of, judged.ended * MICROS)
    term = judged.term or rules.terms.term(case.flat, judged.accepted, moment)
    limits = rules.terms.limit(moment)
    if term is None or limits is None:
        return None
    if judged.term is None:
        term = paused(term, _given_back(standing, term))
    told = _trail(standing, term)
    return Deadline(
        scores=judged.term is not None,
        procedure=term.row.procedure,
        row=term.row.row,
        source=term.row.source,
        limits=limits.version,
        calendar=term.calendar.version,
        due=None if term.due is None else rules.civil.text(term.due),
        missing_year=term.missing,
        trail=told,
        text={} if told is None else {"vi": lines(told, "vi", rules.civil), "en": lines(told, "en", rules.civil)},
    )


def settlement_of(standing: Standing) -> Settlement:
    """The working time used, allowed or left."""
    case, judged, as_of, rules = standing
    if judged.verdict is Verdict.NONE:
        return Settlement()
    if judged.ended is None:
        return Settlement(left_minutes=_left(standing))
    calendar = rules.terms.calendar(judged.ended * MICROS)
    used, allowed = used_and_allowed(case.flat, judged, before(as_of), calendar)
    if used is None or not allowed:
        return Settlement(used, None)
    return Settlement(used, allowed, hundredths(allowed - used, allowed) / 100)


def _left(standing: Standing) -> int | None:
    _, judged, as_of, rules = standing
    calendar, now = rules.terms.calendar(as_of), as_of // MICROS
    if calendar is None or judged.late_at is None or judged.late_at >= FOREVER:
        return None
    return _signed_minutes(calendar, now, judged.late_at)


def _signed_minutes(calendar: Calendar, now: int, last: int) -> int | None:
    try:
        return (calendar.worked(last) - calendar.worked(now)) // 60
    except MissingYear:
        return None


def _given_back(standing: Standing, term: Term) -> list[Pause]:
    """The one supplement that gives its time back, were the computed due date to score."""
    case, judged, as_of, _ = standing
    found = rounds(case.flat, judged.accepted, before(as_of), judged.ended)
    if not found or found[0].closed is None or term.due is None or found[0].asked > term.due:
        return []
    return [Pause(found[0].asked, found[0].closed)]


def _trail(standing: Standing, term: Term) -> Trail | None:
    if term.due is None:
        return None
    return trail(
        term.calendar,
        term.received,
        term.row.limit,
        term.pauses,
        saturdays=term.saturdays,
        payments=payment_waits(standing),
    )


def payment_waits(standing: Standing) -> list[Pause]:
    """Each request to pay with the next payment, or with now while it waits."""
    case, judged, as_of, _ = standing
    last = before(as_of) if judged.ended is None else min(before(as_of), judged.ended)
    asked = [moment for moment, _ in elements(case.flat, PAYMENT_ASKED) if judged.accepted <= moment <= last]
    paid = [moment for moment, _ in elements(case.flat, PAID) if moment <= last]
    return [Pause(one, next((moment for moment in paid if moment >= one), last)) for one in asked]
