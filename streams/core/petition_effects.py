"""What one petition adds to the tallies and to the watch list, as of a clock."""

from typing import Final

from streams.core.cases import Flat
from streams.core.civil import MICROS
from streams.core.contributions import NEVER, NO_DAY, Effect
from streams.core.counters import BIT, HORIZONS
from streams.core.fields import PETITION_ANSWERED, PETITION_DISLIKED, PETITION_RECEIVED, PETITION_REPEATED
from streams.core.petitions import Standing, Topic, judged
from streams.core.rules import Rules
from streams.core.watching import Standing as Open
from streams.core.watching import watched

_MOMENTS: Final = (PETITION_RECEIVED, PETITION_ANSWERED, PETITION_DISLIKED, PETITION_REPEATED)
_TOPICS: Final = {
    Topic.PROCEDURE.value: BIT["petitions_procedure"],
    Topic.BEHAVIOUR.value: BIT["petitions_behaviour"],
    Topic.EXTRA_TRIPS.value: BIT["petitions_trips"],
}
_PETITION, _OPEN = BIT["petitions"], BIT["petitions_open"]
_SOON, _OVERDUE = BIT["petitions_due_soon"], BIT["petitions_overdue"]
_IN_TIME: Final = tuple(BIT[f"petitions_in_time_{horizon}"] for horizon in HORIZONS)
_WELL: Final = tuple(BIT[f"petitions_well_{horizon}"] for horizon in HORIZONS)
_NO_DUE: Final = tuple(BIT[f"petitions_no_due_{horizon}"] for horizon in HORIZONS)


def petition_effect(flat: Flat, clock: int, rules: Rules) -> Effect:
    """What the petition adds as of `clock` (micros); one that never came, or not yet, adds nothing."""
    upcoming = _next_moment(flat, clock)
    standing = judged(flat, clock, rules.terms)
    if standing is None:
        return Effect(NO_DAY, 0, NO_DAY, 0, upcoming, None)
    day = rules.civil.day(standing.received)
    bits = _PETITION | _TOPICS.get(standing.topic or "", 0) | _verdict_bits(0, standing)
    for horizon, end in enumerate(rules.civil.period_ends(day)[1:], 1):
        past = end * MICROS < clock
        bits |= _verdict_bits(horizon, judged(flat, end * MICROS, rules.terms) if past else standing)
    added = Effect(day, bits, NO_DAY, 0, upcoming, None)
    return added if standing.answered is not None else _open(flat, standing, clock, rules, added)


def _verdict_bits(horizon: int, standing: Standing | None) -> int:
    if standing is None:
        return 0
    if standing.in_time is None:
        return _NO_DUE[horizon]
    return (_IN_TIME[horizon] if standing.in_time else 0) | (_WELL[horizon] if standing.well else 0)


def _open(flat: Flat, standing: Standing, clock: int, rules: Rules, added: Effect) -> Effect:
    """What an open petition adds: when it changes next, and its entry on the watch list."""
    bits, due, late = added.received | _OPEN, standing.due, not standing.in_time
    if due is None:
        return added._replace(received=bits, next_change=min(added.next_change, rules.terms.next_turn(clock)))
    _, turn, watch = watched(flat, Open(standing.received, due, due, late, paused=False), clock, rules)
    if watch is not None:
        bits |= _OVERDUE if late else _SOON
    return added._replace(received=bits, next_change=min(added.next_change, turn), watch=watch)


def _next_moment(flat: Flat, clock: int) -> int:
    """The instant (micros) at which the next moment that lies ahead of the clock counts."""
    moments = (flat.get(code) for code in _MOMENTS)
    return min((at * MICROS + 1 for at in moments if at is not None and at * MICROS >= clock), default=NEVER)
