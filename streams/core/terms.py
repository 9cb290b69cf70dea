"""Which calendar and which limit hold for a dossier at an instant, and the due date that follows.

Calendars and tables of limits come in editions, each with the instant from which it holds.  An open dossier follows
every new edition; one that has ended keeps those that held at its end.  Its limit stays the row that was valid on the
day of its acceptance, as the table in force tells it.
"""

from collections.abc import Sequence
from typing import Final, Generic, NamedTuple, TypeVar

from streams.core.calendar import Calendar, MissingYear
from streams.core.cases import Flat
from streams.core.deadlines import Pause, due
from streams.core.fields import CHANNEL, PROCEDURE, RECEIVED_UNIT, UNIT
from streams.core.limits import LimitRow, Limits
from streams.core.register import Register

NEVER: Final = (1 << 63) - 1  # micros
_DIRECT: Final = 1
Definition = TypeVar("Definition", Calendar, Limits)


class Edition(NamedTuple, Generic[Definition]):
    """A definition and the instant (micros) from which it holds."""

    holds: int
    definition: Definition


class Term(NamedTuple):
    """A due date that the monitor computed, and what it rests on.

    `due` (seconds) is None where the calendar lacks the year `missing`; `pauses` were given back in it, and without
    them it would be `unpaused`.
    """

    row: LimitRow
    calendar: Calendar
    received: int
    saturdays: bool
    pauses: tuple[Pause, ...]
    due: int | None
    unpaused: int | None = None
    missing: int | None = None

    @property
    def provisional(self) -> bool:
        """True when it rests on a year of the calendar that is not confirmed."""
        return self.due is not None and self.calendar.is_provisional(self.received, self.due)


class Terms:
    """The editions of the calendar and of the limits, ascending, and the units that they ask about."""

    def __init__(
        self,
        calendars: Sequence[Edition[Calendar]] = (),
        limits: Sequence[Edition[Limits]] = (),
        register: Register | None = None,
    ) -> None:
        self.calendars, self.limits = tuple(calendars), tuple(limits)
        self.register = register
        self.active = bool(self.calendars) and any(len(edition.definition) for edition in self.limits)
        holds = {edition.holds for edition in self.calendars} | {edition.holds for edition in self.limits}
        self.turns = tuple(sorted(instant for instant in holds if instant > 0))
        self.several = bool(self.turns)
        only = self.calendars[0] if len(self.calendars) == 1 else None
        self._only = only.definition if only is not None and only.holds <= 0 else None

    def calendar(self, moment: int) -> Calendar | None:
        """The calendar in force at `moment` (micros); None before the first."""
        if self._only is not None and moment >= 0:
            return self._only
        return _in_force(self.calendars, moment)

    def limit(self, moment: int) -> Limits | None:
        """The table of limits in force at `moment` (micros); None before the first."""
        return _in_force(self.limits, moment)

    def next_turn(self, clock: int) -> int:
        """The instant (micros) after `clock` at which another edition begins to hold; NEVER when none does."""
        return next((turn for turn in self.turns if turn > clock), NEVER)

    def since(self, other: "Terms") -> int:
        """The earliest instant (micros) from which other definitions hold than in `other`; NEVER when none do."""
        mine, others = _versions(self), _versions(other)
        return min((holds for holds, _ in mine ^ others), default=NEVER)

    def other_calendars(self, other: "Terms") -> bool:
        """True when its calendars are not those of `other`."""
        mine = [(one.holds, one.definition.version) for one in self.calendars]
        return mine != [(one.holds, one.definition.version) for one in other.calendars]

    def until(self, instant: int) -> "Terms":
        """The terms without the editions that hold only from `instant` (micros) on."""
        calendars = [edition for edition in self.calendars if edition.holds < instant]
        limits = [edition for edition in self.limits if edition.holds < instant]
        return Terms(calendars, limits, self.register)

    def term(self, flat: Flat, accepted: int, moment: int) -> Term | None:
        """The computed due date of a dossier by what holds at `moment` (micros), before any pause.

        None without a calendar, or where the table has no row for it.
        """
        calendar, limits = self.calendar(moment), self.limit(moment)
        procedure = flat.get(PROCEDURE)
        if calendar is None or limits is None or not procedure:
            return None
        unit = flat.get(UNIT) or flat.get(RECEIVED_UNIT) or ""
        level = "" if self.register is None else self.register.level(unit).value
        row = limits.find(procedure, flat.get(CHANNEL) or _DIRECT, level, calendar.civil.day(accepted))
        if row is None:
            return None
        saturdays = self.register is not None and self.register.saturdays(flat.get(RECEIVED_UNIT) or unit)
        term = _computed(Term(row, calendar, accepted, saturdays, (), None))
        return term._replace(unpaused=term.due)


def _versions(terms: Terms) -> set[tuple[int, str]]:
    calendars = {(one.holds, one.definition.version) for one in terms.calendars}
    return calendars | {(one.holds, one.definition.version) for one in terms.limits}


def paused(term: Term, pauses: Sequence[Pause]) -> Term:
    """The same with the time of `pauses` given back."""
    return _computed(term._replace(pauses=tuple(pauses))) if pauses and term.due is not None else term


def _computed(term: Term) -> Term:
    try:
        at = due(term.calendar, term.received, term.row.limit, term.pauses, saturdays=term.saturdays)
    except MissingYear as missing:
        return term._replace(due=None, missing=missing.year)
    return term._replace(due=at, missing=None)


def _in_force(editions: Sequence[Edition[Definition]], moment: int) -> Definition | None:
    found = None
    for edition in editions:
        if edition.holds > moment:
            break
        found = edition.definition
    return found


NO_TERMS: Final = Terms()
