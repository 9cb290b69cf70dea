"""Is a dossier on time?  The verdict is a function of the case and of the instant T that it is asked for.

As of T, milestones count that occurred before T; unit, channel and due date are as last recorded.  Source of the
rules: Decision 766/QĐ-TTg as the national portal computes it; `streams.core.on_time` has them as one table.
"""

from enum import IntEnum
from typing import Final, NamedTuple

from streams.core.cases import Case, Flat
from streams.core.civil import MICROS
from streams.core.endings import ENDS, ending, is_void
from streams.core.fields import ACCEPTED, ASKED, DUE_CORRECTED, DUE_CURRENT, DUE_FIRST, SPAN
from streams.core.rules import Rules, Scores
from streams.core.supplements import FOREVER, Round, Supplement, moved, rounds
from streams.core.terms import Term

__all__ = ["ENDS", "FOREVER", "Judgement", "Round", "Verdict", "before", "is_void", "judge", "promised", "rounds"]


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
    what the due date rests on, where it was computed because none was promised; `supplement` what the rounds did to it.
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
    supplement: Supplement = Supplement.NONE


# Looked up once: on the hot path an attribute of an enumeration costs as much as finding a field.
_, _ON_TIME, _LATE, _ENDED_NO_DUE, _WITHIN, _OVERDUE, _OPEN_NO_DUE = Verdict
_NONE: Final = Supplement.NONE
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
    ended, ended_as = ending(case, accepted, last)
    due, term = promised(flat, rules), None
    if due is None and rules.terms.active:
        term = rules.terms.term(flat, accepted, clock if ended is None else min(clock, ended * MICROS))
        due = None if term is None else term.due
    late_at, waits, asked, supplement = due, False, 0, _NONE
    for key in flat:
        if key % SPAN == ASKED:
            found = rounds(flat, accepted, last, ended)
            if found:
                due, late_at, term, supplement = moved(case, found, due, term, rules)
                waits, asked = found[-1].closed is None, len(found)
            break
    if ended is not None:
        in_time = _ENDED_NO_DUE if late_at is None else _ON_TIME
        verdict = _LATE if late_at is not None and ended > late_at else in_time
    elif late_at is None:
        verdict = _OPEN_NO_DUE
    else:
        verdict = _OVERDUE if late_at < clock // MICROS else _WITHIN
    return Judgement(verdict, accepted, ended, ended_as, late_at, due, waits, asked, term, supplement)


def promised(flat: Flat, rules: Rules) -> int | None:
    """The due date (seconds) that scores, where one was stated: as corrected, else as first promised.

    Where the setting says so, the current one, after extensions.
    """
    if DUE_CORRECTED in flat and (flat[DUE_CORRECTED] is None or rules.scores is Scores.PROMISED):
        stated: int | None = flat[DUE_CORRECTED]
        return stated
    first: int | None = flat.get(DUE_FIRST)
    return first if rules.scores is Scores.PROMISED else flat.get(DUE_CURRENT, first)
