"""Full civil hours, closed one by one: the index exactly as of each, however the partitions interleave.

Each partition tells its cells, then a clock.  What stands before a clock record belongs to the hour that ends at or
after that clock; a partition has reached every full hour up to its clock.  An hour is closed once every partition has
reached it, with what belongs to it and nothing later: what came from partitions that are ahead is held back.

The first hour closed is the first that no partition's first clock is after.  Whoever takes over gives the hour that was
closed last: nothing up to it is closed again.  Hours of which compaction has left nothing are passed over: the first
one after them has what was told by the first clock that is left.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple, Protocol

from streams.core.civil import DAY, MICROS, Civil
from streams.core.index import EntryKey, Index
from streams.core.indicators.scores import Score
from streams.core.ranking import Place
from streams.core.register import Register
from streams.core.rules import Rules
from streams.core.scoring import today_of
from streams.core.standings import Standings
from streams.core.tallies import Kind, LastOfEach, decode_clock, read_key

NEVER: Final = -1
IDLE: Final = 31 * DAY * MICROS
"""After so long without any change an hour in which nothing was told is passed over: nothing new can be said of it."""


_FAR: Final = 1 << 62


class Written(NamedTuple):
    """A record that a consumer wants written to its topic; a value of None deletes the key."""

    key: bytes
    value: bytes | None


class Hour:
    """What holds as of a full civil hour: everything told before it, nothing later.

    `instant` in micros; `changed` are the entries whose counts differ from those of the hour closed before.  `rules`
    has the calendar; `first_of_day` is True at a civil midnight.  To be used until `close` returns.
    """

    def __init__(self, instant: int, index: Index, standings: Standings, rules: Rules, changed: set[EntryKey]) -> None:
        self.instant, self.index, self.rules, self.changed = instant, index, rules, changed
        self._standings = standings

    @property
    def first_of_day(self) -> bool:
        """True at a civil midnight."""
        civil, second = self.rules.civil, self.instant // MICROS
        return civil.midnight(civil.day(second)) == second

    @property
    def day(self) -> date:
        """The civil day that ends at this hour, or that it is in."""
        return today_of(self.instant - 1, self.rules.civil)

    def score(self, period: str, unit: str) -> Score:
        """The score of a unit in a period as of this hour."""
        return self._standings.score(period, unit)

    def place(self, period: str, unit: str) -> Place | None:
        """The place of a unit among its peers in a period as of this hour; None where it is ranked nowhere."""
        return self._standings.place(period, unit)

    def peers(self, period: str, unit: str) -> str:
        """The peer group of a unit, as ``commune/H44``; empty where it is ranked nowhere."""
        return self._standings.peers(period, unit)


class Consumer(Protocol):
    """Whoever wants each closed hour: history, restatements, conditions of alerts.  Pure: it keeps what it was told."""

    @property
    def topic(self) -> str:
        """The topic to which its records go."""

    def learn(self, key: bytes, value: bytes | None) -> None:
        """What its topic holds already, record by record, when INDEX is taken over; before the first hour."""

    def close(self, hour: Hour) -> Iterable[Written]:
        """What to write because this hour is over; called for every full hour, in order.

        Where it takes long, it gives one after the other, and others get their turn in between.
        """


class _Ahead:
    """What one partition has told and no hour has taken yet, by the hour that it belongs to; hours are in seconds.

    `begins`: what belongs to an earlier hour is taken with this one.
    """

    def __init__(self, begins: int) -> None:
        self.generation = self.first = self.reached = NEVER
        self.open = LastOfEach()  # told after the last clock
        self._begins = begins
        self._hours: dict[int, LastOfEach] = {}
        self._told: set[int] = set()  # of these hours, those with more than signs

    def next_told(self) -> int:
        """The first hour that anything but signs belongs to; a far one where there is none."""
        return min(self._told, default=_FAR)

    @property
    def waiting(self) -> int:
        """How many records no hour has taken yet."""
        return len(self.open) + sum(map(len, self._hours.values()))

    def mark(self, clock: int, civil: Civil) -> None:
        """A clock (micros): what was told before it belongs to the hour that ends there, or next."""
        reached = civil.last_full_hour(clock // MICROS)
        hour = reached if reached * MICROS == clock else civil.next_full_hour(clock // MICROS)
        if self.first == NEVER and self._begins:  # whoever takes over: of all before there is nothing else
            hour = self._begins = max(self._begins, reached)
        hour = max(hour, self.reached, self._begins)
        held = self._hours.setdefault(hour, LastOfEach())
        for key, value in self.open.take().items():
            held.put(key, value)
            if b"/@" not in key:
                self._told.add(hour)
        self.reached = max(self.reached, reached)
        if self.first == NEVER:
            self.first = self.reached

    def upto(self, hour: int) -> Iterator[tuple[bytes, bytes | None]]:
        """Take what belongs to the hours up to one, in order."""
        for one in sorted(one for one in self._hours if one <= hour):
            self._told.discard(one)
            yield from self._hours.pop(one).take().items()


class Closing:
    """Closes hours from the records of `unit-tallies` in the order of the topic.

    `closed` is the hour (micros) closed last by whoever held INDEX before; nothing up to it is closed again.
    """

    def __init__(self, register: Register, partitions: int, rules: Callable[[], Rules], closed: int = 0) -> None:
        self.index = Index(register, partitions)
        self.closed = closed
        self._rules = rules
        self._ahead = {number: _Ahead(closed // MICROS) for number in range(partitions)}
        self._standings = Standings(self.index, today_of(closed, rules().civil))
        self._changed = closed  # the last hour in which anything changed

    def take(self, key: bytes, value: bytes | None) -> None:
        """One more record."""
        if value is None:
            return
        ahead = self._ahead[int(key[: key.index(b"/")])]
        ahead.open.put(key, value)
        if b"/@" not in key:  # a cell, unless its unit has such a name
            return
        parts = read_key(key.decode())
        if parts.kind is Kind.COMPLETE:
            ahead.generation = max(ahead.generation, parts.generation)
        elif (
            parts.kind is Kind.CLOCK
            and parts.generation >= ahead.generation
            and (clock := decode_clock(value).clock)  # 0: nothing has been said there yet
        ):
            ahead.mark(clock, self._rules().civil)

    @property
    def waiting(self) -> int:
        """How many records are held back."""
        return sum(one.waiting for one in self._ahead.values())

    @property
    def reached(self) -> int:
        """The last hour (micros) that every partition has reached; 0 while one has told nothing."""
        return max(0, min(one.reached for one in self._ahead.values())) * MICROS

    def close_next(self) -> Hour | None:
        """The next hour that is over; None while there is none.  The one before must not be used any more."""
        if not self.reached or (instant := self._next()) > self.reached:
            return None
        if self._changed and instant > self._changed + IDLE:
            told = min(one.next_told() for one in self._ahead.values()) * MICROS
            self.closed = max(self.closed, min(told - 1, self.reached))
            if (instant := self._next()) > self.reached:
                return None
        for ahead in self._ahead.values():
            for key, value in ahead.upto(instant // MICROS):
                self.index.take(read_key(key.decode()), value)
        self.closed, rules = instant, self._rules()
        self.index.take_obsolete()
        today = today_of(instant - 1, rules.civil)
        self.index.turn(today)
        changed = self.index.take_changed()
        self._standings.mark(changed, today)
        if changed or not self._changed:
            self._changed = instant
        return Hour(instant, self.index, self._standings, rules, changed)

    def _next(self) -> int:
        first = max(one.first for one in self._ahead.values()) * MICROS
        if self.closed < first:
            return first
        return self._rules().civil.next_full_hour(self.closed // MICROS) * MICROS
