"""Rounds of supplement, and what the first of them does to the due date.

Source: Decision 766/QĐ-TTg as the national portal computes it; what is a round is decided in docs/semantics.md.
"""

from enum import IntEnum
from typing import Final, NamedTuple, TypeAlias

from streams.core.cases import Case, Flat
from streams.core.deadlines import Pause
from streams.core.fields import APPOINTMENT, ASKED, COMPLETED, DUE_CORRECTED, SPAN, STEP, Key
from streams.core.rules import Rules, Scores
from streams.core.terms import Term, paused

FOREVER: Final = 1 << 40  # seconds; later than any due date


class Round(NamedTuple):
    """One round of supplement: asked, closed (None while waiting), the new appointment stated with it."""

    asked: int
    closed: int | None
    appointment: int | None
    appointment_key: Key


class Supplement(IntEnum):
    """What its rounds of supplement make of a dossier.  NONE: there are none, or there is no due date to move."""

    NONE = 0
    ASKED_LATE = 1
    APPOINTMENT = 2
    WAITING = 3
    GIVEN_BACK = 4
    GIVEN_BACK_COMPUTED = 5
    SEVERAL = 6


# The due date that scores, the last instant in time (both seconds, or None) and its term, after supplements.
Moved: TypeAlias = tuple[int | None, int | None, Term | None, Supplement]


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


def moved(case: Case, found: list[Round], due: int | None, term: Term | None, rules: Rules) -> Moved:
    """The due date `due` (seconds, of `term` where it was computed) of a case with the rounds `found`, at least one.

    A second round makes the dossier late from its asking, whatever the first one did.
    """
    after = _after(case, found[0], due, term, rules)
    if len(found) == 1:
        return after
    due, late_at, term, _ = after
    return due, min(found[1].asked - 1, FOREVER if late_at is None else late_at), term, _SEVERAL


def _after(case: Case, first: Round, due: int | None, term: Term | None, rules: Rules) -> Moved:
    """What one round does: the first line that fits decides."""
    if due is None:
        return None, None, term, _NONE
    if first.asked > due:
        return due, due, term, _ASKED_LATE
    if first.appointment is not None and _appointment_scores(case, first, rules):
        replaced = first.appointment if rules.scores is Scores.PROMISED else due
        return replaced, replaced, None, _APPOINTMENT
    if first.closed is None:
        return due, FOREVER, term, _WAITING
    if term is None:
        return due, due + first.closed - first.asked, None, _GIVEN_BACK
    term = paused(term, [Pause(first.asked, first.closed)])
    return term.due, term.due, term, _GIVEN_BACK_COMPUTED


def _appointment_scores(case: Case, asked: Round, rules: Rules) -> bool:
    """Of a corrected due date and a new appointment the later recorded scores; the current date knows them both."""
    if DUE_CORRECTED not in case.flat or rules.scores is Scores.CURRENT:
        return True
    return case.stamp(asked.appointment_key) > case.stamp(DUE_CORRECTED)


# Looked up once: on the hot path an attribute of an enumeration costs as much as the comparison that leads to it.
_NONE, _ASKED_LATE, _APPOINTMENT, _WAITING, _GIVEN_BACK, _GIVEN_BACK_COMPUTED, _SEVERAL = Supplement
