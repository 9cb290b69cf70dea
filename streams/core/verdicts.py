"""Is a dossier on time?  The verdict is a function of the case and of the instant T that it is asked for.

As of T, milestones count that occurred before T; unit, channel and due date are as last recorded.  Source of the
rules: Decision 766/QĐ-TTg as the national portal computes it; see docs/semantics.md.
"""

from enum import IntEnum
from typing import Final, NamedTuple

from streams.core.cases import Case, Flat
from streams.core.civil import MICROS
from streams.core.deadlines import Pause
from streams.core.fields import (
    ACCEPTED,
    APPOINTMENT,
    ASKED,
    COMPLETED,
    DUE_CORRECTED,
    DUE_CURRENT,
    DUE_FIRST,
    FINISHED,
    NOT_ACCEPTED,
    REOPENED,
    RETURNED,
    SPAN,
    STEP,
    STOPPED,
    WITHDRAWN,
    Key,
)
from streams.core.rules import Rules, Scores
from streams.core.terms import Term, paused

FOREVER: Final = 1 << 40  # seconds; later than any due date
ENDS: Final = (FINISHED, RETURNED, STOPPED, NOT_ACCEPTED, WITHDRAWN)


class Verdict(IntEnum):
    """What a dossier is as of T.  NONE: not accepted by then, so it counts nowhere."""

    NONE = 0
    ON_TIME = 1
    LATE = 2
    ENDED_NO_DUE = 3
    WITHIN = 4
    OVERDUE = 5
    OPEN_NO_DUE = 6


class Judgement(NamedTuple):
    """How a dossier stands as of T; instants in seconds.

    `late_at` is the last instant at which it is in time (None without due date); `due` the date that scores, before
    the supplement time of a promised one, after that of a computed one; `ended_as` the field that ended it; `term`
    what the due date rests on, where it was computed because none was promised.
    """

    verdict: Verdict
    accepted: int
    ended: int | None
    ended_as: int
    late_at: int | None
    due: int | None
    paused: bool
    rounds: int
    term: Term | None = None


class Round(NamedTuple):
    """One round of supplement: asked, closed (None while waiting), the new appointment stated with it."""

    asked: int
    closed: int | None
    appointment: int | None
    appointment_key: Key


NOBODY: Final = Judgement(Verdict.NONE, 0, None, 0, None, None, False, 0)


def before(clock: int) -> int:
    """The last whole second (seconds) whose milestones count as of `clock` (micros)."""
    return (clock - 1) // MICROS


def judge(case: Case, clock: int, rules: Rules) -> Judgement:
    """How the case stands as of `clock` (micros)."""
    flat = case.flat
    accepted = flat.get(ACCEPTED)
    last = (clock - 1) // MICROS
    if accepted is None or accepted > last:
        return NOBODY
    ended, ended_as = _ending(case, accepted, last)
    due, term = promised(flat, rules), None
    if due is None and rules.terms.active:
        term = rules.terms.term(flat, accepted, clock if ended is None else min(clock, ended * MICROS))
        due = None if term is None else term.due
    late_at, waits, asked = due, False, 0
    for key in flat:
        if key % SPAN == ASKED:
            found = rounds(flat, accepted, last, ended)
            due, late_at, term = _with_rounds(case, found, due, term, rules)
            waits, asked = bool(found) and found[-1].closed is None, len(found)
            break
    if ended is not None:
        in_time = Verdict.ENDED_NO_DUE if late_at is None else Verdict.ON_TIME
        verdict = Verdict.LATE if late_at is not None and ended > late_at else in_time
    elif late_at is None:
        verdict = Verdict.OPEN_NO_DUE
    else:
        verdict = Verdict.OVERDUE if late_at < clock // MICROS else Verdict.WITHIN
    return Judgement(verdict, accepted, ended, ended_as, late_at, due, waits, asked, term)


def promised(flat: Flat, rules: Rules) -> int | None:
    """The due date (seconds) that scores, where one was stated: as corrected, else as first promised.

    Where the setting says so, the current one, after extensions.
    """
    if DUE_CORRECTED in flat and (flat[DUE_CORRECTED] is None or rules.scores is Scores.PROMISED):
        stated: int | None = flat[DUE_CORRECTED]
        return stated
    first: int | None = flat.get(DUE_FIRST)
    return first if rules.scores is Scores.PROMISED else flat.get(DUE_CURRENT, first)


def _ending(case: Case, accepted: int, last: int) -> tuple[int | None, int]:
    """The end that holds: finished, else returned, else the earlier of stopped and refused, else withdrawn."""
    flat = case.flat
    voided = REOPENED in flat
    for code in (FINISHED, RETURNED):
        at = flat.get(code)
        if at is not None and at <= last and not (voided and is_void(case, code, last)):
            return at, code
    ends = []
    for code in (STOPPED, NOT_ACCEPTED):
        at = flat.get(code)
        counts = at is not None and at <= last and (code == STOPPED or at >= accepted)
        if counts and not (voided and is_void(case, code, last)):
            ends.append((at, code))
    if ends:
        return min(ends)
    at = flat.get(WITHDRAWN)
    if at is not None and at <= last and not (voided and is_void(case, WITHDRAWN, last)):
        return at, WITHDRAWN
    return None, 0


def is_void(case: Case, code: int, last: int) -> bool:
    """An end is void when the dossier went back after it and this was also recorded after it."""
    reopened = case.flat[REOPENED]
    if reopened is None or not case.flat[code] < reopened <= last:
        return False
    return case.stamp(REOPENED) > case.stamp(code)


def rounds(flat: Flat, accepted: int, last: int, ended: int | None) -> list[Round]:
    """The rounds of supplement as of `last` (seconds), in order.

    An asking inside an open round belongs to it; a completion, a new appointment, a later step or an end closes it.
    What was asked before acceptance or after an end is no round.
    """
    found: list[Round] = []
    for moment, order, key in _moments(flat):
        if moment > last or moment < accepted or (ended is not None and moment > ended):
            continue
        waiting = bool(found) and found[-1].closed is None
        if order == 0:
            if not waiting:
                found.append(Round(moment, None, None, 0))
            continue
        if not found:
            continue
        if order == 2:
            found[-1] = found[-1]._replace(appointment=flat[key], appointment_key=key)
        if waiting and (order < 3 or moment > found[-1].asked):
            found[-1] = found[-1]._replace(closed=moment)
    if found and found[-1].closed is None and ended is not None:
        found[-1] = found[-1]._replace(closed=ended)
    return found


_ORDER: Final = {ASKED: 0, COMPLETED: 1, APPOINTMENT: 2, STEP: 3}


def _moments(flat: Flat) -> list[tuple[int, int, Key]]:
    """Moments of the fields that open and close rounds, in the order in which they take effect."""
    return sorted(
        (key // SPAN, _ORDER[key % SPAN], key)
        for key, value in flat.items()
        if value is not None and key % SPAN in _ORDER
    )


def _with_rounds(
    case: Case, found: list[Round], due: int | None, term: Term | None, rules: Rules
) -> tuple[int | None, int | None, Term | None]:
    """Scoring due, last instant in time and its term, for a case that was asked for supplements.

    One round asked in time gives its time back: in seconds to a promised due date, in the unit of the limit to a
    computed one; or its new appointment replaces the due date.  While it waits the dossier is frozen as of the asking.
    Asked too late, nothing is forgiven.  A second round makes it late from its asking.
    """
    if not found:
        return due, due, term
    late_at = due
    first = found[0]
    if due is not None and first.asked <= due:
        if first.appointment is not None and _appointment_scores(case, first, rules):
            due = late_at = first.appointment if rules.scores is Scores.PROMISED else due
            term = None
        elif first.closed is None:
            late_at = FOREVER
        elif term is None:
            late_at = due + first.closed - first.asked
        else:
            term = paused(term, [Pause(first.asked, first.closed)])
            due = late_at = term.due
    if len(found) > 1:
        late_at = min(found[1].asked - 1, FOREVER if late_at is None else late_at)
    return due, late_at, term


def _appointment_scores(case: Case, asked: Round, rules: Rules) -> bool:
    """Of a corrected due date and a new appointment the later recorded scores; the current date knows them both."""
    if DUE_CORRECTED not in case.flat or rules.scores is Scores.CURRENT:
        return True
    return case.stamp(asked.appointment_key) > case.stamp(DUE_CORRECTED)
