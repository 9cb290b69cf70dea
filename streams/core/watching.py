"""When an open case comes onto the watch list, when it is due today and when it is late: instants, and its entry."""

from typing import Final, NamedTuple

from streams.core.calendar import MissingYear
from streams.core.cases import Flat
from streams.core.civil import HOUR, MICROS
from streams.core.counters import BIT
from streams.core.fields import APOLOGISED, PROCEDURE, RECEIVED_UNIT, SPAN, STEP, UNIT
from streams.core.rules import Rules
from streams.core.supplements import FOREVER
from streams.core.terms import NEVER

_SOON, _TODAY, _PAUSED = BIT["due_soon"], BIT["due_today"], BIT["due_paused"]


_LONGEST_DAY: Final = 25 * HOUR  # what is warned so long before is warned before the day on which it is due


class Watch(NamedTuple):
    """An entry of the watch list; instants in seconds.

    `due` is the last instant at which the case is in time, `warned` the one at which it came onto the list, `received`
    that of its acceptance; `step` is the latest step of processing (what was done, then `@centre` where it was done at
    the one-stop centre), empty where none is known.
    """

    unit: str
    procedure: str
    due: int
    warned: int
    late: bool
    paused: bool
    apologised: bool
    received: int
    step: str = ""


class Standing(NamedTuple):
    """How an open case stands as of T; instants in seconds.

    `late_at` is the last instant at which it is in time, FOREVER while it waits for a supplement; `due` is then the one
    before the waiting.
    """

    received: int
    due: int
    late_at: int
    late: bool
    paused: bool


def unit_of(flat: Flat) -> str:
    """The unit that scores: the one that decides, else the one that received."""
    return flat.get(UNIT) or flat.get(RECEIVED_UNIT) or ""


def warned_at(due: int, received: int, clock: int, rules: Rules) -> int:
    """When (seconds) the watch list takes an open case up, by what holds at `clock` (micros).

    A share of its time before it is due, in working time and at least a working day where there is a calendar; else in
    calendar time and at least `warning_least`.  Never later than the first instant of the day on which it is due.
    """
    calendar = rules.terms.calendar(clock)
    try:
        warned = (
            None if calendar is None else calendar.last_share(received, due, rules.warning_share, rules.warning_days)
        )
    except MissingYear:
        warned = None
    if warned is None:
        warned = due - max(int(rules.warning_share * (due - received)), rules.warning_least)
    if due - warned >= _LONGEST_DAY:
        return warned
    today = rules.civil.midnight(rules.civil.day(due))
    return min(warned, today)


def watched(flat: Flat, stands: Standing, clock: int, rules: Rules) -> tuple[int, int, Watch | None]:
    """Counters of the list to which an open case adds, its next change (micros), and its entry, as of `clock` (micros).

    A new edition of the calendar may move the warning, so the next change is never after it.
    """
    received, due, late_at, late, paused = stands
    following = rules.terms.next_turn(clock) if rules.terms.several else NEVER
    warned = warned_at(due, received, clock, rules)
    if clock < warned * MICROS:
        return 0, min(warned * MICROS, following), None
    entry = Watch(unit_of(flat), flat.get(PROCEDURE) or "", due, warned, late, paused, *_said(flat, received, clock))
    if late:
        return 0, following, entry
    if late_at < FOREVER:
        following = min((late_at + 1) * MICROS, following)
    if paused:
        return _PAUSED, following, entry
    today = rules.civil.midnight(rules.civil.day(due)) * MICROS
    return (_SOON, min(today, following), entry) if clock < today else (_TODAY, following, entry)


def is_step(assigned: Flat) -> bool:
    """True for assignments that change the step in an entry."""
    return any(key % SPAN == STEP for key in assigned)


def _said(flat: Flat, received: int, clock: int) -> tuple[bool, int, str]:
    apologised = flat.get(APOLOGISED)
    steps = (key for key, said in flat.items() if key % SPAN == STEP and said and key // SPAN * MICROS < clock)
    latest = max(steps, default=None)
    return apologised is not None and apologised * MICROS < clock, received, "" if latest is None else flat[latest]
