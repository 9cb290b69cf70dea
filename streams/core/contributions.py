"""What one dossier adds to the tallies and to the watch list, as of a clock."""

from typing import Final, NamedTuple

from streams.core.cases import Case, Flat
from streams.core.civil import HOUR, MICROS, Civil
from streams.core.counters import ALIKE, BIT, MILESTONE_BITS, VERDICT_BITS
from streams.core.fields import (
    ACCEPTED,
    APOLOGISED,
    APPOINTMENT,
    ASKED,
    CHANNEL,
    COMPLETED,
    FINISHED,
    NOT_ACCEPTED,
    PROCEDURE,
    RECEIVED_UNIT,
    REOPENED,
    RETURNED,
    SPAN,
    STEP,
    STOPPED,
    UNIT,
    WITHDRAWN,
)
from streams.core.verdicts import FOREVER, Judgement, Verdict, judge

NO_DAY: Final = -(1 << 31)  # day of the cell of what is held
NEVER: Final = (1 << 63) - 1  # micros


class Effect(NamedTuple):
    """What a case adds as of a clock.

    Bits for the cell of its reception day and of the day of its end (day numbers; 0 bits: no cell), the instant
    (micros) of its next change with no new fact, and what the watch list says of it (None: it is not on it).
    """

    received_day: int
    received: int
    ended_day: int
    ended: int
    next_change: int
    watch: "Watch | None"


class Watch(NamedTuple):
    """An entry of the watch list: instants in seconds; `due` is the last instant at which the case is in time."""

    unit: str
    procedure: str
    due: int
    warned: int
    late: bool
    paused: bool
    apologised: bool


class Rules(NamedTuple):
    """Definitions that the figures depend on, beside the facts."""

    civil: Civil
    warning_share: float = 0.2  # of due - received, until there are calendars
    warning_least: int = 24 * HOUR


NOTHING: Final = Effect(NO_DAY, 0, NO_DAY, 0, NEVER, None)
_HELD, _RECEIVED = BIT["held"], BIT["received"]
_DIRECT: Final = BIT["direct"]
_CHANNELS: Final = {1: _DIRECT, 2: BIT["online"], 3: BIT["postal"]}
_OPEN_NO_DUE, _OVERDUE, _WITHIN = int(Verdict.OPEN_NO_DUE), int(Verdict.OVERDUE), int(Verdict.WITHIN)
_FAR: Final = FOREVER * MICROS
_MOMENT_BITS: Final = dict.fromkeys((ACCEPTED, NOT_ACCEPTED, FINISHED, RETURNED, STOPPED, WITHDRAWN, REOPENED), 0)
_MOMENT_BITS.update(dict.fromkeys((ASKED, COMPLETED, APPOINTMENT, STEP), 0))
_MOMENT_BITS.update(MILESTONE_BITS)
_ENDS: Final = BIT["ends"]
_CLOSED: Final = _ENDS | BIT["closed_without_result"]
_EARLY, _ON_DAY = _ENDS | BIT["finished_early"], _ENDS | BIT["finished_on_time"]
_AFTER, _NO_DUE = _ENDS | BIT["finished_late"], _ENDS | BIT["finished_no_due"]
_ENDED, _PAUSED, _WITHOUT_RESULT = BIT["ended"], BIT["paused"], BIT["without_result"]


def unit_of(flat: Flat) -> str:
    """The unit that scores: the one that decides, else the one that received."""
    return flat.get(UNIT) or flat.get(RECEIVED_UNIT) or ""


def effect(case: Case, clock: int, rules: Rules) -> Effect:
    """What the case adds as of `clock` (micros)."""
    flat = case.flat
    judged = judge(case, clock)
    bits, upcoming = milestones(flat, (clock - 1) // MICROS)
    if judged.verdict == Verdict.NONE:
        refused = flat.get(NOT_ACCEPTED)
        held = 0 if refused is not None and refused * MICROS < clock else _HELD
        return Effect(NO_DAY, held, NO_DAY, 0, upcoming, None)
    civil = rules.civil
    day = civil.day(judged.accepted)
    bits |= _RECEIVED | _CHANNELS.get(flat.get(CHANNEL) or 1, _DIRECT)
    bits |= _verdict_bits(case, judged, clock, civil.period_ends(day))
    if judged.ended is not None:
        without = judged.ended_as not in (FINISHED, RETURNED)
        ended = _CLOSED if without else ended_bits(judged.ended, judged.due, civil)
        bits |= _ENDED | (_WITHOUT_RESULT if without else 0)
        return Effect(day, bits, civil.day(judged.ended), ended, upcoming, None)
    if judged.paused:
        bits |= _PAUSED
    if judged.late_at is None:
        return Effect(day, bits, NO_DAY, 0, upcoming, None)
    warned = warned_at(_last_instant(judged), judged.accepted, rules)
    for turn in (warned * MICROS, (judged.late_at + 1) * MICROS):
        if clock < turn < upcoming and turn < _FAR:
            upcoming = turn
    watch = _watch(flat, judged, clock, warned) if clock >= warned * MICROS else None
    return Effect(day, bits, NO_DAY, 0, upcoming, watch)


def milestones(flat: Flat, last: int) -> tuple[int, int]:
    """Bits of the milestones up to `last` (seconds), and the instant (micros) at which the next one counts."""
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
            bits |= bit
        elif moment * MICROS < upcoming:
            upcoming = moment * MICROS + 1
    return bits, upcoming


def _verdict_bits(case: Case, judged: Judgement, clock: int, ends: tuple[int, ...]) -> int:
    """The verdict now, and at the `ends` of the case's own week, month, quarter and year once passed."""
    verdict = judged.verdict
    if clock <= ends[0] * MICROS:
        return ALIKE[verdict]
    if _is_simple(case.flat, judged):
        return past_bits(verdict, judged.ended, judged.late_at, ends, clock)
    bits = VERDICT_BITS[0][verdict]
    for horizon, end in zip(VERDICT_BITS[1:], ends[1:], strict=True):
        bits |= horizon[verdict if end * MICROS >= clock else judge(case, end * MICROS).verdict]
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


def _is_simple(flat: Flat, judged: Judgement) -> bool:
    """True when the past of the verdict follows from its end and its last instant in time alone."""
    if judged.rounds or REOPENED in flat:
        return False
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


def warned_at(due: int, accepted: int, rules: Rules) -> int:
    """When (seconds) the watch list takes an open case up: a share of its time before it is due, at least a day."""
    return due - max(int(rules.warning_share * (due - accepted)), rules.warning_least)


def _last_instant(judged: Judgement) -> int:
    late_at, due = judged.late_at, judged.due
    if due is not None and (late_at is None or late_at >= FOREVER):
        return due
    assert late_at is not None
    return late_at


def _watch(flat: Flat, judged: Judgement, clock: int, warned: int) -> Watch:
    apologised = flat.get(APOLOGISED)
    return Watch(
        unit_of(flat),
        flat.get(PROCEDURE) or "",
        _last_instant(judged),
        warned,
        judged.verdict == Verdict.OVERDUE,
        judged.paused,
        apologised is not None and apologised * MICROS < clock,
    )
