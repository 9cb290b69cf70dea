"""Sets of stated procedures of every unit with all below it, counted as unions and kept until something changes.

A set is an integer with a bit for each procedure, so that a union of thousands of units is a few operations.  What
stands on a day changes only on the days that procedures name, so it is kept from one such day to the next; what depends
on the days of a period is kept by period.  `procedures.sets_of` and `rolled_up` say the same one by one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

from streams.core.procedures import Procedure, dated_sets, standing_sets
from streams.core.register import Register
from streams.core.spans import Span, rolling_day, span_of

Masks: TypeAlias = tuple[int, ...]
Counts: TypeAlias = dict[str, int]
STANDING: Final = tuple(standing_sets((), date.max))
DATED: Final = tuple(dated_sets((), Span(date.min, date.max), date.max))
_NO_STANDING: Final = (0,) * len(STANDING)
_NO_DATED: Final = (0,) * len(DATED)
_NOTHING: Final = dict.fromkeys((*STANDING, *DATED, "units_certified"), 0)


class _Unit:
    """What one unit has stated, by days: the days on which it changes, and which procedures name days to keep."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        self.procedures = tuple(procedures)
        self.dated = [one for one in self.procedures if one.announced or one.publish_by]
        self.turns = {
            day for one in self.procedures for day in (one.valid_from, one.valid_to, one.published) if day is not None
        }


class _Node:
    """A unit with all below it, as of one era of the register."""

    def __init__(self) -> None:
        self.below: set[str] = set()
        self.forget()

    def forget(self) -> None:
        """Something below has changed."""
        self.turns: list[date] | None = None
        self.is_dated: bool | None = None
        self.standing: dict[int, tuple[Masks, int, Counts]] = {}
        self.dated: dict[str, tuple[date, Masks]] = {}


class _Tree:
    """Units that have stated anything with those above them, as of one era of the register; `leaves` count as units."""

    def __init__(self, register: Register, day: int) -> None:
        self._register, self._day = register, day
        self.leaves = register.leaves(day)
        self.nodes: dict[str, _Node] = {}

    def plant(self, unit: str) -> None:
        """A unit has stated something, or something else: forget what was counted of it and above it."""
        chain = self._register.chain(unit, self._day)
        for above in chain:
            self.nodes.setdefault(above, _Node()).forget()
        for below, above in pairwise(chain):
            self.nodes[above].below.add(below)


class StatedSets:
    """Counts of unions over units and what is below them; `procedures` are those of each unit, and may change."""

    def __init__(self, register: Register, procedures: Mapping[str, Mapping[str, Procedure]]) -> None:
        self._register = register
        self._procedures = procedures
        self._units: dict[str, _Unit] = {}
        self._bits: dict[str, int] = {}
        self._trees: dict[int, _Tree] = {}

    def changed(self, unit: str) -> None:
        """The procedures of a unit are others now."""
        self._units[unit] = _Unit(self._procedures.get(unit, {}).values())
        for tree in self._trees.values():
            tree.plant(unit)

    def turned(self, unit: str, since: date, until: date) -> bool:
        """True when what a unit itself has stated may count otherwise as of `until` than as of `since`."""
        held = self._units[unit]
        named = (day for one in held.dated for day in (one.announced, one.publish_by) if day is not None)
        after = timedelta(days=1)  # what was to be published by a day is late on the next one
        return any(since < day <= until or since < day + after <= until for day in (*held.turns, *named))

    def counts(self, period: str, unit: str, today: date) -> Counts:
        """The counts of a unit in a period as of a civil day, by name."""
        tree = self._tree(rolling_day(period))
        if unit not in tree.nodes:
            return dict(_NOTHING)
        span = span_of(period)
        last = min(today, span.end - timedelta(days=1))
        counts = dict(self._standing(tree, unit, last)[2])
        if self._is_dated(tree, unit):
            masks = self._dated(tree, unit, (period, span, min(today, span.end)))
            counts.update(zip(DATED, map(int.bit_count, masks), strict=True))
        return counts

    def _tree(self, day: int) -> _Tree:
        era = self._register.era(day)
        tree = self._trees.get(era)
        if tree is None:
            tree = self._trees[era] = _Tree(self._register, day)
            for unit in self._units:
                tree.plant(unit)
        return tree

    # -- unions -------------------------------------------------------------------------------------------------

    def _standing(self, tree: _Tree, unit: str, last: date) -> tuple[Masks, int, Counts]:
        """Sets of what is in force on a day, how many units of them offer certified copies, and the counts."""
        node = tree.nodes[unit]
        place = bisect_right(self._turns(tree, unit), last)
        found = node.standing.get(place)
        if found is None:
            masks, certified = self._own_standing(tree, unit, last)
            for below in node.below:
                theirs, more, _ = self._standing(tree, below, last)
                masks = tuple(map(int.__or__, masks, theirs))
                certified += more
            counts = dict(zip(STANDING, map(int.bit_count, masks), strict=True))
            counts.update(dict.fromkeys(DATED, 0), units_certified=certified)
            found = node.standing[place] = masks, certified, counts
        return found

    def _own_standing(self, tree: _Tree, unit: str, last: date) -> tuple[Masks, int]:
        held = self._units.get(unit)
        if held is None or not held.procedures:
            return _NO_STANDING, 0
        active = [one for one in held.procedures if one.in_force(last)]
        counts = unit in tree.leaves and any(one.certified_copies for one in active)
        return self._masked(standing_sets(active, last)), int(counts)

    def _dated(self, tree: _Tree, unit: str, asked: tuple[str, Span, date]) -> Masks:
        """Sets of what was announced, or was to be published, in a period, as of a day."""
        period, span, today = asked
        node = tree.nodes[unit]
        found = node.dated.get(period)
        if found is None or found[0] != today:
            held = self._units.get(unit)
            masks = self._masked(dated_sets(held.dated, span, today)) if held and held.dated else _NO_DATED
            for below in node.below:
                if self._is_dated(tree, below):
                    masks = tuple(map(int.__or__, masks, self._dated(tree, below, asked)))
            found = node.dated[period] = today, masks
        return found[1]

    def _turns(self, tree: _Tree, unit: str) -> list[date]:
        node = tree.nodes[unit]
        if node.turns is None:
            held = self._units.get(unit)
            turns = set(held.turns) if held else set()
            node.turns = sorted(turns.union(*(self._turns(tree, below) for below in node.below)))
        return node.turns

    def _is_dated(self, tree: _Tree, unit: str) -> bool:
        node = tree.nodes[unit]
        if node.is_dated is None:
            held = self._units.get(unit)
            node.is_dated = bool(held and held.dated) or any(self._is_dated(tree, below) for below in node.below)
        return node.is_dated

    def _masked(self, sets: Mapping[str, set[str]]) -> Masks:
        bits = self._bits
        return tuple(sum(bits.setdefault(code, 1 << len(bits)) for code in codes) for codes in sets.values())
