"""The short way to an effect for plain cases, which are nearly all traffic; `contributions.effect` is the rule.

A plain case has no supplement rounds, no correction or clearing, no end other than finished or returned, and nothing
that lies ahead of the clock.  A property test holds every shortcut against the rule.
"""

from typing import Final

from streams.core.cases import Case, Flat
from streams.core.civil import MICROS
from streams.core.contributions import (
    NEVER,
    NO_DAY,
    Effect,
    effect,
    ended_bits,
    milestones,
    minutes,
    past_bits,
    timed_bits,
)
from streams.core.counters import ALIKE, BIT, MILESTONE_BITS
from streams.core.fields import (
    ACCEPTED,
    APOLOGISED,
    CHANNEL,
    COMPLAINED,
    DUE_CURRENT,
    DUE_FIRST,
    FINISHED,
    PAID,
    PAYMENT_ASKED,
    PROCEDURE,
    RATED,
    RECEIVED_UNIT,
    REGISTERED,
    RETURNED,
    RETURNED_HOW,
    SPAN,
    STEP,
    UNIT,
)
from streams.core.rules import Rules
from streams.core.served import PAYMENT_MASK, PAYMENTS, blamed, payment_bits, renewed, served_bits
from streams.core.verdicts import Verdict
from streams.core.watching import Standing, warned_at, watched

JUDGE: Final = 1 << 120  # the assignments change more than flags
PAYMENT: Final = 1 << 121  # payments are assigned, maybe in place of others: their bits are to be read from the case
FLAG_MASK: Final = sum(bit for _, bit in MILESTONE_BITS) | PAYMENT_MASK
_JUDGED: Final = (RECEIVED_UNIT, UNIT, PROCEDURE, CHANNEL, DUE_FIRST, DUE_CURRENT, ACCEPTED, FINISHED, RETURNED)
_BLAMED: Final = BIT["complained"]
_IMPACT: Final = {
    REGISTERED: 0,
    **dict.fromkeys((*_JUDGED, RETURNED_HOW), JUDGE),
    **{code: bit for code, bit in MILESTONE_BITS if code != APOLOGISED},
    COMPLAINED: _BLAMED | JUDGE,
}
_MOMENTS: Final = frozenset((ACCEPTED, FINISHED, RETURNED, *(code for code, _ in MILESTONE_BITS)))
_MARKS: Final = frozenset((PAYMENT_ASKED, PAID, RATED, STEP))
_HELD: Final = Effect(NO_DAY, BIT["held"], NO_DAY, 0, NEVER, None)
_RECEIVED, _ENDED = BIT["received"], BIT["ended"]
_DIRECT: Final = BIT["direct"]
_CHANNELS: Final = {1: _DIRECT, 2: BIT["online"], 3: BIT["postal"]}
_ON_TIME, _LATE, _ENDED_NO_DUE = int(Verdict.ON_TIME), int(Verdict.LATE), int(Verdict.ENDED_NO_DUE)
_WITHIN, _OVERDUE, _OPEN_NO_DUE = int(Verdict.WITHIN), int(Verdict.OVERDUE), int(Verdict.OPEN_NO_DUE)


def impact(assigned: Flat, last: int) -> int | None:
    """What assignments to a plain case change: milestone bits to set, JUDGE when it must be judged anew, and PAYMENT.

    None when the case is no longer plain.  `last` is the last whole second that counts.
    """
    changed = 0
    for key, value in assigned.items():
        bits = _IMPACT.get(key)
        if bits is None:
            if key < SPAN or (code := key % SPAN) not in _MARKS or key // SPAN > last:
                return None
            if code in PAYMENTS:
                changed |= payment_bits(key, value) | PAYMENT
            elif code == RATED:
                changed |= JUDGE
        elif value is None or (bits and key in _MOMENTS and value > last):
            return None
        else:
            changed |= bits
    return changed


def paid(old: int, change: int, flat: Flat, assigned: Flat, last: int) -> int:
    """The bits of a case after assignments that set flags and payments alone."""
    return ((old | change) & ~(PAYMENT_MASK | PAYMENT)) | renewed(old & PAYMENT_MASK, flat, assigned, last)


def plain_effect(case: Case, clock: int, rules: Rules, flags: int | None = None) -> Effect:
    """What a plain case adds as of `clock` (micros); `flags` are the bits of its milestones and payments, if known."""
    flat = case.flat
    accepted = flat.get(ACCEPTED)
    if accepted is None:
        return _HELD
    finished, returned, due = flat.get(FINISHED), flat.get(RETURNED), flat.get(DUE_FIRST)
    odd = finished is not None and returned is not None and returned < finished
    if finished is None:
        finished = returned
    if odd or _is_odd(flat, accepted, finished, due, rules):
        return effect(case, clock, rules)
    civil = rules.civil
    day = civil.day(accepted)
    ends = civil.period_ends(day)
    if finished is not None:
        verdict = _ENDED_NO_DUE if due is None else _ON_TIME if finished <= due else _LATE
    else:
        verdict = _OPEN_NO_DUE if due is None else _OVERDUE if due < clock // MICROS else _WITHIN
    bits = milestones(flat, (clock - 1) // MICROS)[0] if flags is None else flags
    bits |= _RECEIVED | _CHANNELS.get(flat.get(CHANNEL) or 1, _DIRECT)
    bits |= ALIKE[verdict] if clock <= ends[0] * MICROS else past_bits(verdict, finished, due, ends, clock)
    if bits & _BLAMED:
        bits &= ~blamed(flat[COMPLAINED], ends, clock)
    if finished is not None:
        used, allowed = None, 0
        if (calendar := rules.terms.calendar(finished * MICROS)) is not None:
            used, allowed = minutes(calendar, accepted, finished, due)
        ended = ended_bits(finished, due, civil) | timed_bits(used, allowed) | served_bits(flat, (clock - 1) // MICROS)
        return Effect(day, bits | _ENDED, civil.day(finished), ended, NEVER, None, used or 0, allowed)
    if due is None:
        return Effect(day, bits, NO_DAY, 0, NEVER, None)
    return _plain_open(flat, (accepted, due, clock), (day, bits), rules)


def _is_odd(flat: Flat, accepted: int, finished: int | None, due: int | None, rules: Rules) -> bool:
    """True where there is a finding, or a due date is to be computed, or another than the promised one may score."""
    if flat.get(DUE_CURRENT, due) != due or (finished is not None and finished < accepted):
        return True
    return rules.terms.active if due is None else due < accepted


def _plain_open(flat: Flat, instants: tuple[int, int, int], added: tuple[int, int], rules: Rules) -> Effect:
    """What an open case with a due date adds, beside bits on a day.

    `instants` are acceptance and due (seconds), and the clock (micros).
    """
    accepted, due, clock = instants
    day, bits = added
    if not rules.terms.several:  # nearly all that is judged was accepted just now and is far from due
        warned = warned_at(due, accepted, clock, rules) * MICROS
        if clock < warned:
            return Effect(day, bits, NO_DAY, 0, warned, None)
    listed, turn, watch = watched(flat, Standing(accepted, due, due, due < clock // MICROS, False), clock, rules)
    return Effect(day, bits | listed, NO_DAY, 0, turn, watch)
