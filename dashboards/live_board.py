"""What a moving screen of one province shows, from what the workers tell: numbers only, no drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dashboards.following import Following
from dashboards.ranking import Ranking, Rated, ranking
from dashboards.rates import RATES, Share, share
from streams.core.civil import ALL, MICROS, Civil
from streams.core.index import EntryKey
from streams.core.register import Register

Counts = Mapping[str, int]
_RATE_766 = RATES[0]


class Flow(NamedTuple):
    """Items of the run: read by whoever sends them, and what the workers have said of them so far."""

    read: int
    applied: int
    repeated: int
    rejected: int
    ignored: int

    @property
    def under_way(self) -> int:
        """Read, and not accounted for yet."""
        return self.read - self.applied - self.repeated - self.rejected - self.ignored


class Late(NamedTuple):
    """A newly late dossier as people read it; `due` in seconds."""

    case: str
    unit: str
    procedure: str
    due: int


class Board(NamedTuple):
    """One look at a province as of `as_of` (micros, 0: no figures yet).

    `since_midnight` are the changes since the last civil midnight: of the rates in points by name, of the 766 rate by
    unit, of the late ones now.
    """

    as_of: int
    received: int
    rates: dict[str, Share]
    late_now: int
    units: Ranking
    late_of: dict[str, int]
    newly_late: list[Late]
    flow: Flow
    since_midnight: Changes
    computed: int  # of those received: due dates that the monitor computed, where none was promised


class Changes(NamedTuple):
    """Differences to the last civil midnight, in points of a percent and in dossiers; what is new then is not there."""

    rates: dict[str, float]
    units: dict[str, float]
    late_now: int


class Boards:
    """Makes boards of one province, remembering how it stood at midnight."""

    def __init__(self, following: Following, register: Register, province: str, civil: Civil) -> None:
        self._following, self._register, self._province, self._civil = following, register, province, civil
        self._units = [unit.code for unit in register.children(province)]
        self._day = 0
        self._then = self._last = Changes({}, {}, 0)

    def look(self, read: int) -> Board:
        """The board now; `read` is how many items have been sent so far."""
        following = self._following
        counts = following.counts
        province = counts.get((ALL, self._province), {})
        rates = {rate.name: share(rate, province) for rate in RATES}
        rated = [Rated(unit, share(_RATE_766, own)) for unit, own in self._present(counts)]
        late_now = province.get("open_overdue", 0)
        now = Changes(_percents(rates.items()), _percents(rated), late_now)
        self._remember(now)
        then = self._then
        return Board(
            following.as_of,
            province.get("received", 0),
            rates,
            late_now,
            ranking(rated),
            {unit: own.get("open_overdue", 0) for unit, own in self._present(counts)},
            [
                Late(one.case, self._register.name(one.entry.unit), one.entry.procedure, one.entry.due)
                for one in reversed(following.newly_late)
                if one.entry.due * MICROS < following.as_of  # some partitions are ahead of what all have told
            ],
            self._flow(read),
            Changes(_less(now.rates, then.rates), _less(now.units, then.units), late_now - then.late_now),
            province.get("due_computed", 0),
        )

    def _present(self, counts: Mapping[EntryKey, Counts]) -> list[tuple[str, Counts]]:
        found = ((unit, counts.get((ALL, unit))) for unit in self._units)
        return [(unit, own) for unit, own in found if own is not None]

    def _remember(self, now: Changes) -> None:
        """At the first look of a civil day, what was seen last is how things stood at midnight."""
        as_of = self._following.as_of
        day = self._civil.day(as_of // MICROS) if as_of else 0
        if day != self._day:
            self._day, self._then = day, self._last if self._day else now
        self._last = now

    def _flow(self, read: int) -> Flow:
        status = self._following.status
        accounts = status.accounts.values() if status is not None else ()
        applied, repeated = sum(one.applied for one in accounts), sum(one.repeated for one in accounts)
        return Flow(read, applied, repeated, self._following.rejected, self._following.ignored)


def _percents(shares: Iterable[tuple[str, Share]]) -> dict[str, float]:
    return {name: one.percent for name, one in shares if one.percent is not None}


def _less(now: Mapping[str, float], then: Mapping[str, float]) -> dict[str, float]:
    return {name: value - then[name] for name, value in now.items() if name in then}
