"""Scores and ranks of a run, kept up with counts that change.

What is kept of an entry is what it brings into its ranking, and its place there; its score is made again when somebody
asks, from the counts as they are.  A ranking is made again only where a member of its peer group has changed.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, TypeAlias

from streams.core.civil import ALL, day_number, periods_of
from streams.core.indicators.catalogues import CATALOGUES
from streams.core.indicators.plans import Figure
from streams.core.indicators.scores import Counts, Score, score
from streams.core.ranking import LEAST_VOLUME, Contender, Place, ranking
from streams.core.register import Level
from streams.core.scoring import Held, Scoring, contender, peers_of
from streams.core.spans import rolling_day

EntryKey: TypeAlias = tuple[str, str]  # period, unit
_Group: TypeAlias = tuple[str, str]  # period, peer group
_AT_ONCE: Final = 25
_INHERITED: Final = frozenset(one.id for catalogue in CATALOGUES for one in catalogue.indicators if one.inherited)


class Standings:
    """The standing of every unit in every period of a run, as of a civil day.

    `least` is the volume from which a unit has a rank.  After counts have changed, call `refresh`.
    """

    def __init__(self, held: Held, today: date, least: int = LEAST_VOLUME) -> None:
        self.scoring = Scoring(held, today)
        self.least = least
        self._contenders: dict[EntryKey, Contender] = {}
        self._peers: dict[EntryKey, str] = {}
        self._groups: dict[_Group, dict[str, Contender]] = {}
        self._places: dict[_Group, dict[str, Place]] = {}
        self._inherited: dict[EntryKey, tuple[Figure, ...]] = {}
        self._below: dict[EntryKey, set[str]] = {}  # units that inherit from a province in a period
        self._unranked: set[_Group] = set()
        self._fresh: dict[EntryKey, Score] = {}
        self._stale: dict[str, set[EntryKey]] = {}

    def entry(self, entry: EntryKey) -> tuple[Counts, Score]:
        """What the score of an entry is made of, and the score; that of the last refresh, where it was made there."""
        counts = self.scoring.counts(*entry)
        return counts, self._fresh.pop(entry, None) or score(self.scoring.catalogue(entry[0]), counts)

    def score(self, period: str, unit: str) -> Score:
        """The score of an entry by the counts as they are now."""
        return self.scoring.score(period, unit)

    def peers(self, period: str, unit: str) -> str:
        """The peer group of a unit in a period; empty where it is ranked nowhere."""
        entry = period, unit
        found = self._peers.get(entry)
        if found is None:
            found = self._peers[entry] = peers_of(self.scoring.held.register, unit, rolling_day(period))
        return found

    def place(self, period: str, unit: str) -> Place | None:
        """The place of a unit among its peers in a period; None where it has none."""
        if stale := self._stale.pop(period, None):
            self._take_all(stale, {})
        group = period, self.peers(period, unit)
        if group in self._unranked:
            self._rank(group)
        return self._places.get(group, {}).get(unit)

    def mark(self, changed: Iterable[EntryKey], today: date) -> None:
        """Take in that the counts of these entries have changed, for whoever asks only now and then."""
        for entry in (*changed, *self._turned(today)):
            self._stale.setdefault(entry[0], set()).add(entry)

    def refresh(self, changed: Iterable[EntryKey], today: date) -> set[EntryKey]:
        """Take in that the counts of these entries have changed; gives every entry whose figures or place did.

        These are the changed ones, those that inherit from a changed province, those that got another place, and when
        another day has begun those of the periods that hold it.
        """
        return set().union(*self.steps(changed, today))

    def steps(self, changed: Iterable[EntryKey], today: date) -> Iterator[set[EntryKey]]:
        """The same in steps of about a millisecond: all of them together give the entries."""
        self._fresh.clear()
        pending = list({*changed, *self._turned(today)})
        for at in range(0, len(pending), _AT_ONCE):
            yield self._take_all(set(pending[at : at + _AT_ONCE]), self._fresh)
        for group in sorted(self._unranked):
            yield self._rank(group)

    def _turned(self, today: date) -> list[EntryKey]:
        """When another day begins, what is known of the periods that hold it is scored as of that day."""
        if today == self.scoring.today:
            return []
        self.scoring.today = today
        open_ = {ALL, *periods_of(day_number(today))}
        return [entry for entry in self._contenders if entry[0] in open_]

    def _take_all(self, entries: set[EntryKey], fresh: dict[EntryKey, Score]) -> set[EntryKey]:
        found = set(entries)
        for entry in entries:
            found |= self._take(entry, fresh)
        for entry in found - entries:
            self._take(entry, fresh)
        return found

    def _take(self, entry: EntryKey, fresh: dict[EntryKey, Score]) -> set[EntryKey]:
        """Score an entry; gives those that inherit from it, where what they inherit has changed."""
        period, unit = entry
        made = fresh[entry] = self.scoring.score(period, unit)
        now = contender(unit, made, self.scoring.held.counts(period, unit))
        if now != self._contenders.get(entry):
            self._contenders[entry] = now
            if group := self.peers(period, unit):
                self._groups.setdefault((period, group), {})[unit] = now
                self._unranked.add((period, group))
                if province := group.partition("/")[2]:
                    self._below.setdefault((period, province), set()).add(unit)
        if self.scoring.held.register.level(unit) is not Level.PROVINCE:
            return set()
        inherited = tuple(figure for figure in made.figures if figure.indicator in _INHERITED)
        before, self._inherited[entry] = self._inherited.get(entry), inherited
        return set() if before == inherited else {(period, below) for below in self._below.get(entry, ())}

    def _rank(self, group: _Group) -> set[EntryKey]:
        """Rank a peer group anew; gives the entries whose place is another one."""
        self._unranked.discard(group)
        before = self._places.get(group, {})
        places = {place.unit: place for place in ranking(self._groups[group].values(), self.least)}
        self._places[group] = places
        return {(group[0], unit) for unit, place in places.items() if place != before.get(unit)}
