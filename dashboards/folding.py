"""The figures of a run as of any instant, folded from its facts in one go: the second way to what the stages compute.

Pure: facts in batches come in, nothing is read or written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from streams.core.accounting import Account
from streams.core.cases import decode, encode, fresh
from streams.core.civil import ALL
from streams.core.contributions import Effect
from streams.core.counters import ALLOWED_MINUTES, COMPARED_MINUTES, TIMED_MINUTES, WIDTH, difference
from streams.core.digest import verdict_line
from streams.core.effects import effect_of
from streams.core.facts import Batch
from streams.core.fields import keyed
from streams.core.index import EntryKey, counts_in
from streams.core.index_source import CellKey
from streams.core.register import Register
from streams.core.rules import Rules
from streams.core.scoring import Scoring, Sums, today_of
from streams.core.spans import rolling_day
from streams.core.spreading import entries_of
from streams.core.stated import Stated
from streams.core.statements import MARK, statement_of
from streams.core.tallies import StatedValue, Totals
from streams.core.use_sums import UseSums
from streams.core.used_sets import UsedSets
from streams.core.uses import USED, USED_AT_END, Packed, UseKey, month_of, packed, place_of
from streams.core.watching import Watch, unit_of

Counts = dict[str, int]


class Gathered(NamedTuple):
    """What the facts of a run say, whatever the instant it is asked for.

    States by case as the state topic holds them; the latest clock (micros) of each partition; items by input; how
    many facts were folded.
    """

    states: dict[str, bytes]
    clocks: dict[int, int]
    accounts: dict[str, Totals]
    facts: int


@dataclass(frozen=True)
class Folded:
    """A run as of an instant (micros): states, cells by unit and day, counts by period and unit, watch list.

    `uses` are the cells by unit, procedure and month, and `by_procedure` their sums by period and unit.  `stated` holds
    the procedures and declared totals that stand; `every` has what follows from them beside the counts of `index`.
    """

    states: Mapping[str, bytes]
    cells: dict[CellKey, list[int]]
    uses: dict[UseKey, Packed]
    index: dict[EntryKey, Counts]
    by_procedure: UseSums
    watched: dict[str, Watch]
    as_of: int
    rules: Rules
    stated: Stated

    @cached_property
    def sums(self) -> Sums:
        """What the scores of the run are made of."""
        return Sums(self.stated.register, self.index, self.stated, UsedSets(self.by_procedure))

    @cached_property
    def every(self) -> dict[EntryKey, Counts]:
        """Everything counted of every entry, as `unit-index` tells it in `counts` and `more`."""
        register = self.stated.register
        periods = {period for period, _ in self.index} | {ALL}
        entries = {
            (period, above)
            for period in periods
            for unit in self.stated.units
            for above in register.chain(unit, rolling_day(period))
        }
        scoring = Scoring(self.sums, today_of(self.as_of, self.rules.civil))
        return {entry: {**self.index.get(entry, {}), **scoring.more(*entry)} for entry in entries | self.index.keys()}

    def verdict_lines(self) -> Iterator[Iterator[object]]:
        """What the digest takes in of each case."""
        return (verdict_line(case, state, self.as_of, self.rules) for case, state in self.states.items())

    def cell_lines(self) -> Iterator[tuple[str, int, list[int]]]:
        """Unit, day and counts of each cell."""
        return ((unit, day, counts) for (unit, day), counts in self.cells.items())

    def index_lines(self) -> Iterator[tuple[str, str, Counts]]:
        """Period, unit and counts of each entry, with those that follow from what was stated."""
        return ((period, unit, counts) for (period, unit), counts in self.every.items())


def fold_run(
    batches: Iterable[tuple[int, Batch]], rules: Rules, register: Register, as_of: int, known_at: int | None = None
) -> Folded:
    """The run as of `as_of`, by all facts (each batch with its partition) or those recorded before `known_at`."""
    return figures_at(gather(batches, known_at).states, rules, register, as_of)


def gather(batches: Iterable[tuple[int, Batch]], known_at: int | None = None) -> Gathered:
    """Fold every fact, or those recorded before `known_at` (micros), into states; count items as the stages do."""
    states: dict[str, bytes] = {}
    clocks: dict[int, int] = {}
    accounts: dict[tuple[int, str], Account] = {}
    facts = 0
    for partition, batch in batches:
        clocks[partition] = max(batch.clock, clocks.get(partition, 0))
        held = [accounts.setdefault((partition, name), Account()) for name in batch.inputs]
        for fact in batch.facts:
            if known_at is not None and fact.recorded >= known_at:
                continue
            facts += 1
            stored = states.get(fact.case)
            case = fresh() if stored is None else decode(stored)
            changed = case.fold(fact.recorded, fact.id, keyed(fact.set))
            if fact.counted:
                place, offset, index = fact.origin
                held[place].admit(offset, index, changed)
            if changed:
                states[fact.case] = encode(case)
    return Gathered(states, clocks, _totals(accounts), facts)


def figures_at(states: Mapping[str, bytes], rules: Rules, register: Register, as_of: int) -> Folded:
    """The figures that follow from the states of all cases as of `as_of` (micros)."""
    cells: dict[CellKey, list[int]] = {}
    uses: dict[UseKey, Packed] = {}
    watched: dict[str, Watch] = {}
    stated = Stated(register)
    for key, state in states.items():
        case = decode(state)
        if key.startswith(MARK):
            _, recorded, id_, said = statement_of(key, case)
            stated.take(StatedValue(recorded, id_, said))
            continue
        now = effect_of(case, as_of, rules)
        _add(cells, unit_of(case.flat), now)
        _add_uses(uses, place_of(case.flat), now)
        if now.watch is not None:
            watched[key] = now.watch
    by_procedure = UseSums(register)
    for cell, counts in uses.items():
        by_procedure.add(cell, counts)
    return Folded(states, cells, uses, _index(cells, register), by_procedure, watched, as_of, rules, stated)


def _add_uses(uses: dict[UseKey, Packed], place: tuple[str, str], now: Effect) -> None:
    for day, bits in ((now.received_day, now.received & USED), (now.ended_day, now.ended & USED_AT_END)):
        if bits:
            cell = *place, month_of(day)
            uses[cell] = uses.get(cell, 0) + packed(bits)


def _add(cells: dict[CellKey, list[int]], unit: str, now: Effect) -> None:
    for day, bits in ((now.received_day, now.received), (now.ended_day, now.ended)):
        if bits:
            counts = cells.setdefault((unit, day), [0] * WIDTH)
            for place, one in difference(0, bits):
                counts[place] += one
    if now.used or now.allowed:
        counts = cells.setdefault((unit, now.ended_day), [0] * WIDTH)
        counts[TIMED_MINUTES] += now.used
        if now.allowed:
            counts[COMPARED_MINUTES] += now.used
            counts[ALLOWED_MINUTES] += now.allowed


def _index(cells: Mapping[CellKey, list[int]], register: Register) -> dict[EntryKey, Counts]:
    sums: dict[EntryKey, list[int]] = {}
    for cell, counts in cells.items():
        filled = [(place, count) for place, count in enumerate(counts) if count]
        for entry in entries_of(register, *cell):
            held = sums.setdefault(entry, [0] * WIDTH)
            for place, count in filled:
                held[place] += count
    return {entry: counts_in(held, entry[0]) for entry, held in sums.items()}


def _totals(accounts: Mapping[tuple[int, str], Account]) -> dict[str, Totals]:
    sums: dict[str, Totals] = {}
    for (_, name), account in accounts.items():
        held = sums.get(name, Totals(0, 0))
        sums[name] = Totals(held.applied + account.applied, held.repeated + account.repeated)
    return sums
