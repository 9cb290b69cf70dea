"""What one dossier adds to the tallies and to the watch list, as of a clock."""

from typing import Final, NamedTuple

from streams.core.calendar import Calendar, MissingYear
from streams.core.cases import Case, Flat
from streams.core.civil import MICROS, Civil
from streams.core.counters import ALIKE, BIT, FINDING_BITS, MILESTONE_BITS, VERDICT_BITS
from streams.core.fields import (
    ACCEPTED,
    APPOINTMENT,
    ASKED,
    CHANNEL,
    COMPLAINED,
    COMPLETED,
    FINISHED,
    NOT_ACCEPTED,
    PAID,
    PAYMENT_ASKED,
    RATED,
    REOPENED,
    RETURNED,
    SPAN,
    STATED,
    STEP,
    STOPPED,
    WITHDRAWN,
)
from streams.core.findings import RARE_CODES, Seen
from streams.core.rules import Rules
from streams.core.served import PAYMENTS, blamed, payment_bits, served_bits
from streams.core.terms import NEVER
from streams.core.verdicts import FOREVER, Judgement, Verdict, judge, promised, rounds
from streams.core.watching import Standing, Watch, unit_of, watched

__all__ = ["NEVER", "NOTHING", "NO_DAY", "Effect", "Watch", "effect", "unit_of"]
NO_DAY: Final = -(1 << 31)  # day of the cell of what is held


class Effect(NamedTuple):
    """What a case adds as of a clock.

    Bits for the cell of its reception day and of the day of its end (day numbers; 0 bits: no cell), the instant
    (micros) of its next change with no new fact, what the watch list says of it (None: it is not on it), and of an
    ended case the working minutes used and allowed (0: not known).
    """

    received_day: int
    received: int
    ended_day: int
    ended: int
    next_change: int
    watch: Watch | None
    used: int = 0
    allowed: int = 0


NOTHING: Final = Effect(NO_DAY, 0, NO_DAY, 0, NEVER, None)
_HELD, _RECEIVED = BIT["held"], BIT["received"]
_DIRECT: Final = BIT["direct"]
_CHANNELS: Final = {1: _DIRECT, 2: BIT["online"], 3: BIT["postal"]}
_OPEN_NO_DUE, _OVERDUE, _WITHIN = int(Verdict.OPEN_NO_DUE), int(Verdict.OVERDUE), int(Verdict.WITHIN)
_MINUTE: Final = 60
_OFTEN: Final = tuple((finding, bit) for finding, bit in FINDING_BITS if not finding.rare)
_MOMENT_BITS: Final = dict.fromkeys((ACCEPTED, NOT_ACCEPTED, FINISHED, RETURNED, STOPPED, WITHDRAWN, REOPENED), 0)
_MOMENT_BITS.update(dict.fromkeys((ASKED, COMPLETED, APPOINTMENT, STEP, PAYMENT_ASKED, PAID, RATED), 0))
_MOMENT_BITS.update(MILESTONE_BITS)
_BLAMED: Final = BIT["complained"]
_ENDS: Final = BIT["ends"]
_CLOSED: Final = _ENDS | BIT["closed_without_result"]
_EARLY, _ON_DAY = _ENDS | BIT["finished_early"], _ENDS | BIT["finished_on_time"]
_AFTER, _NO_DUE = _ENDS | BIT["finished_late"], _ENDS | BIT["finished_no_due"]
_TIMED, _COMPARED = BIT["timed"], BIT["compared"]
_COMPUTED, _PROVISIONAL = BIT["due_computed"], BIT["due_provisional"]
_ENDED, _PAUSED, _WITHOUT_RESULT = BIT["ended"], BIT["paused"], BIT["without_result"]


def effect(case: Case, clock: int, rules: Rules) -> Effect:
    """What the case adds as of `clock` (micros)."""
    flat, last = case.flat, (clock - 1) // MICROS
    if STATED in flat:
        return NOTHING
    judged = judge(case, clock, rules)
    bits, upcoming = milestones(flat, last)
    if judged.verdict == Verdict.NONE:
        refused = flat.get(NOT_ACCEPTED)
        held = 0 if refused is not None and refused * MICROS < clock else _HELD
        return Effect(NO_DAY, held, NO_DAY, 0, upcoming, None)
    day = rules.civil.day(judged.accepted)
    bits |= _RECEIVED | _CHANNELS.get(flat.get(CHANNEL) or 1, _DIRECT)
    bits |= _verdict_bits(case, judged, clock, rules)
    if bits & _BLAMED:
        bits &= ~blamed(flat[COMPLAINED], rules.civil.period_ends(day), clock)
    bits |= _noticed(case, judged, last)
    if judged.ended is None:
        return _open(flat, judged, clock, rules, Effect(day, bits, NO_DAY, 0, upcoming, None))
    civil = rules.civil
    if judged.ended_as not in (FINISHED, RETURNED):
        return Effect(day, bits | _ENDED | _WITHOUT_RESULT, civil.day(judged.ended), _CLOSED, upcoming, None)
    used, allowed = used_and_allowed(flat, judged, last, rules.terms.calendar(judged.ended * MICROS))
    ended = ended_bits(judged.ended, judged.due, civil) | timed_bits(used, allowed) | served_bits(flat, last)
    return Effect(day, bits | _ENDED, civil.day(judged.ended), ended, upcoming, None, used or 0, allowed)


def _open(flat: Flat, judged: Judgement, clock: int, rules: Rules, added: Effect) -> Effect:
    """What an open case adds: when it changes next, and its entry on the watch list."""
    upcoming = added.next_change
    if rules.terms.several and promised(flat, rules) is None:
        upcoming = min(upcoming, rules.terms.next_turn(clock))
    received = added.received | (_PAUSED if judged.paused else 0)
    if judged.late_at is None:
        return added._replace(received=received, next_change=upcoming)
    late = judged.verdict == Verdict.OVERDUE
    stands = Standing(judged.accepted, _last_instant(judged), judged.late_at, late, judged.paused)
    bits, turn, watch = watched(flat, stands, clock, rules)
    return added._replace(received=received | bits, next_change=min(upcoming, turn), watch=watch)


def _noticed(case: Case, judged: Judgement, last: int) -> int:
    """Bits of how the due date came about, and of the findings."""
    term, bits = judged.term, 0
    if term is not None and term.due is not None:
        bits = _COMPUTED | (_PROVISIONAL if term.provisional else 0)
    seen = Seen(case, judged, last)
    may_be_rare = any(key % SPAN in RARE_CODES for key in case.flat)
    for finding, bit in FINDING_BITS if may_be_rare else _OFTEN:
        if finding.holds(seen):
            bits |= bit
    return bits


def used_and_allowed(flat: Flat, judged: Judgement, last: int, calendar: Calendar | None) -> tuple[int | None, int]:
    """Working minutes used and allowed, without the time of supplements where that was given back."""
    assert judged.ended is not None
    if calendar is None:
        return None, 0
    allowed_until = judged.due if judged.term is None else judged.term.unpaused
    waits = 0
    if judged.rounds:
        found = rounds(flat, judged.accepted, last, judged.ended)
        if all(one.appointment is None or one.appointment != judged.due for one in found):
            try:
                waits = sum(calendar.worked_between(one.asked, one.closed or judged.ended) for one in found)
            except MissingYear:
                return None, 0
    return minutes(calendar, judged.accepted, judged.ended, allowed_until, waits)


def minutes(calendar: Calendar, accepted: int, ended: int, due: int | None, waits: int = 0) -> tuple[int | None, int]:
    """Working minutes from the acceptance to the end, less `waits` (seconds), and from the acceptance to the due date.

    None and 0 where they are not known.
    """
    try:
        used = max(calendar.worked_between(accepted, ended) - waits, 0) // _MINUTE
    except MissingYear:
        return None, 0
    if due is None:
        return used, 0
    try:
        return used, calendar.worked_between(accepted, due) // _MINUTE
    except MissingYear:
        return used, 0


def timed_bits(used: int | None, allowed: int) -> int:
    """Bits of what could be measured of an ended case."""
    return 0 if used is None else _TIMED | (_COMPARED if allowed else 0)


def milestones(flat: Flat, last: int) -> tuple[int, int]:
    """Bits of milestones and payments up to `last` (seconds), and the instant (micros) at which the next one counts."""
    bits, upcoming = 0, NEVER
    for key, value in flat.items():
        if value is None:
            continue
        code = key % SPAN
        bit = _MOMENT_BITS.get(code)
        if bit is None:
            continue
        moment = value if code < ASKED else key // SPAN
        if moment <= last:
            bits |= payment_bits(key, value) if code in PAYMENTS else bit
        elif moment * MICROS < upcoming:
            upcoming = moment * MICROS + 1
    return bits, upcoming


def _verdict_bits(case: Case, judged: Judgement, clock: int, rules: Rules) -> int:
    """The verdict now, and at the ends of the case's own week, month, quarter and year once passed."""
    verdict = judged.verdict
    ends = rules.civil.period_ends(rules.civil.day(judged.accepted))
    if clock <= ends[0] * MICROS:
        return ALIKE[verdict]
    if _is_simple(case.flat, judged, rules):
        return past_bits(verdict, judged.ended, judged.late_at, ends, clock)
    bits = VERDICT_BITS[0][verdict]
    for horizon, end in zip(VERDICT_BITS[1:], ends[1:], strict=True):
        bits |= horizon[verdict if end * MICROS >= clock else judge(case, end * MICROS, rules).verdict]
    return bits


def past_bits(verdict: int, ended: int | None, late_at: int | None, ends: tuple[int, ...], clock: int) -> int:
    """Verdict bits at every horizon, where the past follows from the end and the last instant in time alone."""
    bits = VERDICT_BITS[0][verdict]
    for horizon, end in zip(VERDICT_BITS[1:], ends[1:], strict=True):
        if end * MICROS >= clock or (ended is not None and ended < end):
            bits |= horizon[verdict]
        elif late_at is None:
            bits |= horizon[_OPEN_NO_DUE]
        else:
            bits |= horizon[_OVERDUE if late_at < end else _WITHIN]
    return bits


def _is_simple(flat: Flat, judged: Judgement, rules: Rules) -> bool:
    """True when the past of the verdict follows from its end and its last instant in time alone."""
    if judged.rounds or REOPENED in flat:
        return False
    if rules.terms.several and (judged.term is not None or judged.due is None):
        return False  # another edition may have held then
    others = flat.get(STOPPED), flat.get(NOT_ACCEPTED), flat.get(WITHDRAWN)
    if judged.ended_as == FINISHED:
        returned = flat.get(RETURNED)
        return others == (None, None, None) and (returned is None or returned >= judged.ended)
    return judged.ended is None or (judged.ended_as == RETURNED and others == (None, None, None))


def ended_bits(ended: int, due: int | None, civil: Civil) -> int:
    """The report rate compares the civil day of the end with that of the due date that scores."""
    if due is None:
        return _NO_DUE
    ended_day, due_day = civil.day(ended), civil.day(due)
    if ended_day < due_day:
        return _EARLY
    return _ON_DAY if ended_day == due_day else _AFTER


def _last_instant(judged: Judgement) -> int:
    late_at, due = judged.late_at, judged.due
    if due is not None and (late_at is None or late_at >= FOREVER):
        return due
    assert late_at is not None
    return late_at
