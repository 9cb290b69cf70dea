"""The evaluator: closed hours in, transitions of alerts out.  A pure function of the hours, one after the other.

All that it must remember is a `Memory` a unit; whoever is handed these and the hours that follow finds the same
transitions, so a take-over loses none and a replay gives the same.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from streams.core.alerting.catalogue import ALERTED, CONDITIONS
from streams.core.alerting.office import Office
from streams.core.alerting.records import (
    NO_TARGET,
    Condition,
    Memory,
    Opening,
    Reading,
    Seen,
    Standing,
    State,
    Target,
    Transition,
)
from streams.core.alerting.standing import moved, transitions
from streams.core.civil import ALL, MICROS, date_of, periods_of
from streams.core.register import Level, Register
from streams.core.spans import LATEST

Named = Mapping[str, int]
_KEPT: Final = 10  # openings
_SILENT: Final = "source-silent"
_ACTIVITY: Final = ("received", "ends", "result_issued", "digitised", "linked", "held", "paused", "rated")
_FOLDED: Final = (1 << 61) - 1


class Hour(NamedTuple):
    """One closed hour: its end (micros), the counters as of it, the points (asked only where a target needs them).

    Counters by period and unit, zeros may be left out; points in hundredths, None where there is no total.
    """

    at: int
    counts: Callable[[str, str], Named]
    points: Callable[[str, str], int | None]
    office: Office


class _Place(NamedTuple):
    """A unit: its code and level; of the units below it so many silent among so many."""

    unit: str
    level: Level
    silent: int = 0
    below: int = 0


class _Turn(NamedTuple):
    """An hour with its civil day, the names of its month and of the one before, and what is left of day and month.

    `left` and `office` in working seconds, `days_left` in working days after today.
    """

    hour: Hour
    day: int
    month: str
    closed: str
    left: int
    office: int
    days_left: int


class Evaluator:
    """Alerts of the units of a register; `targets` by code of a unit, else by name of a level."""

    def __init__(
        self, register: Register, targets: Mapping[str, Target], conditions: tuple[Condition, ...] = CONDITIONS
    ) -> None:
        self._register, self._targets, self._conditions = register, targets, conditions
        self.memories: dict[str, Memory] = {}
        self.changed: set[str] = set()
        codes = dict.fromkeys(one.code for one in register.units if one.level in ALERTED)
        self._places = tuple(_Place(code, register.level(code)) for code in codes)
        self._above = {code: (*register.chain(code, LATEST), "")[1] for code in codes}

    def take_changed(self) -> list[tuple[str, Memory]]:
        """Units of which something else is remembered since this was last asked, in order."""
        taken, self.changed = sorted(self.changed), set()
        return [(unit, self.memories[unit]) for unit in taken]

    def close(self, hour: Hour) -> list[Transition]:
        """The transitions of a closed hour; none where nothing of it was worked, or where it was evaluated before."""
        return [one for found in self.steps(hour) for one in found]

    def steps(self, hour: Hour) -> Iterator[list[Transition]]:
        """The same unit by unit, so that a country does not take one long turn."""
        at = hour.at // MICROS
        if not hour.office.is_worked(at):
            return
        turn = _turn(hour, hour.office.day(at))
        below: dict[str, list[bool]] = {}
        for place in self._places:
            if place.level is not Level.PROVINCE:
                yield self._at(place, turn)
                if (memory := self.memories.get(place.unit)) is not None:
                    below.setdefault(self._above[place.unit], []).append(_SILENT in memory.standings)
        for place in self._places:
            if place.level is Level.PROVINCE:
                silent = below.get(place.unit, [])
                yield self._at(place._replace(silent=sum(silent), below=len(silent)), turn)

    def active(self) -> Iterator[tuple[str, Condition, Standing]]:
        """Unit, condition and standing of every active alert."""
        for unit, memory in self.memories.items():
            for condition in self._conditions:
                standing = memory.standings.get(condition.id)
                if standing is not None and standing.active:
                    yield unit, condition, standing

    def _at(self, place: _Place, turn: _Turn) -> list[Transition]:
        hour, unit = turn.hour, place.unit
        now, memory = hour.counts(ALL, unit), self.memories.get(unit)
        if memory is None:
            if not any(now.values()):
                return []  # nothing was ever heard of it
            memory = self.memories[unit] = Memory(openings=[], standings={})
        if hour.at <= memory.hour:
            return []
        self.changed.add(unit)
        closed = hour.counts(turn.closed, unit)
        _remember(memory, now, closed, turn)
        memory.hour = hour.at
        seen = self._seen(place, memory, turn, (now, hour.counts(turn.month, unit), closed))
        found: list[Transition] = []
        for condition in self._conditions:
            if place.level in condition.levels:
                found += _step(condition, place, memory, seen, hour)
        return found

    def _seen(self, place: _Place, memory: Memory, turn: _Turn, counts: tuple[Named, Named, Named]) -> Seen:
        hour, at = turn.hour, turn.hour.at // MICROS
        target = self._targets.get(place.unit) or self._targets.get(place.level.value) or NO_TARGET
        return Seen(
            now=counts[0],
            month=counts[1],
            closed=counts[2],
            closed_name=turn.closed,
            openings=tuple(memory.openings),
            left=turn.left,
            office=turn.office,
            days_left=turn.days_left,
            silent=hour.office.worked(memory.heard // MICROS, at),
            silent_units=place.silent,
            units=place.below,
            points=None if target.points is None else hour.points(turn.month, place.unit),
            target=target,
        )


def _step(condition: Condition, place: _Place, memory: Memory, seen: Seen, hour: Hour) -> Iterator[Transition]:
    """Move an alert at a unit on by one hour."""
    old = memory.standings.get(condition.id)
    reading = condition.holds(seen, None if old is None else old.began)
    new = moved(condition, old, reading, hour.at, hour.office)
    if new is not None:
        memory.standings[condition.id] = new
    elif old is not None:
        del memory.standings[condition.id]
    for state, standing in transitions(old, new):
        yield _transition(condition, place, state, standing, (hour.at, reading or standing.now))


def _transition(
    condition: Condition, place: _Place, state: State, standing: Standing, now: tuple[int, Reading]
) -> Transition:
    at, reading = now
    return Transition(
        alert=condition.id,
        unit=place.unit,
        level=place.level.value,
        severity=condition.severity,
        state=state,
        at=at,
        since=standing.since,
        active=standing.active,
        count=reading.count,
        of=reading.of,
        figures=reading.figures,
    )


def _remember(memory: Memory, now: Named, closed: Named, turn: _Turn) -> None:
    """Take the hour in: the opening of a day, and whether anything has come."""
    hour = turn.hour
    activity = _activity(now)
    silent = hour.office.worked(memory.heard // MICROS, hour.at // MICROS) if memory.heard else 0
    memory.gap = max(memory.gap, silent)
    if activity != memory.activity:
        memory.activity, memory.heard = activity, hour.at
    if not memory.openings or memory.openings[-1].day < turn.day:
        memory.openings = [*memory.openings[1 - _KEPT :], _opening(now, closed, turn, memory.gap)]
        memory.gap = 0


def _opening(now: Named, closed: Named, turn: _Turn, gap: int) -> Opening:
    overdue = now.get("open_overdue", 0)
    return Opening(
        turn.day,
        now.get("received", 0),
        now.get("ends", 0),
        overdue,
        now.get("late", 0) + overdue,
        turn.closed,
        closed.get("received", 0),
        closed.get("late", 0) + closed.get("open_overdue", 0),
        gap,
        now.get("due_today", 0),
    )


def _activity(now: Named) -> int:
    """A number that changes when anything comes in."""
    told = 0
    for name in _ACTIVITY:
        told = (told * 1_000_003 + now.get(name, 0)) % _FOLDED
    return told


def _turn(hour: Hour, day: int) -> _Turn:
    first = day - date_of(day).day + 1
    left = hour.office.left(hour.at // MICROS)
    return _Turn(hour, day, periods_of(day)[1], periods_of(first - 1)[1], *left, hour.office.days_after(day))
