"""INDEX by its records: generations, sums, hierarchy, periods."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.civil import ALL, day_number, periods_of
from streams.core.contributions import NO_DAY
from streams.core.counters import AT_HORIZONS, COUNTERS, READ_AS
from streams.core.index import Index, counts_in
from streams.core.register import UNREGISTERED, Register, read_register
from streams.core.spreading import entries_of
from streams.core.tallies import (
    CellValue,
    ClockValue,
    Complete,
    Kind,
    LastOfEach,
    Totals,
    cell_key,
    encode,
    read_key,
    sign_key,
)

ROWS = """code,name,level,parent,valid_from,valid_to,aliases
VN,Việt Nam,country,,,,
P1,Tỉnh Một,province,VN,,,
P2,Tỉnh Hai,province,VN,,,
C1,Xã Một,commune,P1,,2026-07-01,cu-1
C1,Xã Một,commune,P2,2026-07-01,,cu-1
C2,Xã Hai,commune,P2,,,
"""
REGISTER: Register = read_register(ROWS.splitlines(), "test")
DAY = day_number(date(2026, 11, 24))
EARLY = day_number(date(2026, 3, 2))


class Teller:
    """Tells an index what the owner of a partition would write."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def tell(self, key: str, value: object) -> None:
        self.index.take(read_key(key), None if value is None else encode(value))

    def cell(self, partition: int, generation: int, unit: str, day: int, **counts: int) -> None:
        self.tell(cell_key(partition, generation, unit, day), CellValue(1, counts))

    def clock(self, partition: int, generation: int, clock: int, cases: int = 0, **applied: int) -> None:
        accounts = {name: Totals(count, 0) for name, count in applied.items()}
        self.tell(sign_key(partition, generation, Kind.CLOCK), ClockValue(clock, 1, cases, accounts))

    def complete(self, partition: int, generation: int) -> None:
        self.tell(sign_key(partition, generation, Kind.COMPLETE), Complete(0))


def teller(partitions: int = 1) -> Teller:
    return Teller(Index(REGISTER, partitions))


def test_a_cell_counts_for_its_unit_and_all_above_it_in_every_period_of_its_day() -> None:
    told = teller()
    told.complete(0, 1)
    told.cell(0, 1, "C2", DAY, received=2, online=1)
    for unit in ("C2", "P2", "VN"):
        for period in (ALL, *periods_of(DAY)):
            assert told.index.counts(period, unit) == {"received": 2, "online": 1}
    assert told.index.counts(ALL, "P1") == {}


def test_a_period_rolls_up_by_the_register_as_of_its_end() -> None:
    told = teller()
    told.complete(0, 1)
    told.cell(0, 1, "C1", EARLY, received=1)
    assert told.index.counts("2026-03", "P1") == {"received": 1}
    assert told.index.counts("2026-Q1", "P1") == {"received": 1}
    assert told.index.counts("2026", "P1") == {}
    assert told.index.counts("2026", "P2") == told.index.counts(ALL, "P2") == {"received": 1}


def test_an_alias_counts_for_its_unit_and_an_unknown_code_under_unregistered() -> None:
    told = teller()
    told.complete(0, 1)
    told.cell(0, 1, "cu-1", DAY, received=1)
    told.cell(0, 1, "???", DAY, received=5)
    assert told.index.counts(ALL, "C1") == {"received": 1}
    assert told.index.counts(ALL, UNREGISTERED) == told.index.counts(ALL, "???") == {"received": 5}
    assert told.index.counts(ALL, "VN") == {"received": 6}


def test_what_is_held_counts_in_no_period() -> None:
    told = teller()
    told.complete(0, 1)
    told.cell(0, 1, "C2", NO_DAY, held=3)
    assert told.index.counts(ALL, "VN") == {"held": 3}
    assert {period for period, _ in told.index.entries()} == {ALL}


def test_a_new_generation_counts_only_once_it_is_complete_and_then_replaces_the_old_one() -> None:
    told = teller()
    told.complete(0, 1)
    told.cell(0, 1, "C2", DAY, received=2)
    told.clock(0, 1, 100)
    told.cell(0, 2, "C1", DAY, received=7)
    told.clock(0, 2, 200)
    assert (told.index.counts(ALL, "VN"), told.index.as_of) == ({"received": 2}, 100)
    told.complete(0, 2)
    assert (told.index.counts(ALL, "VN"), told.index.as_of) == ({"received": 7}, 200)
    assert told.index.counts(ALL, "C2") == {}
    assert cell_key(0, 1, "C2", DAY) in told.index.take_obsolete()


def test_what_an_older_owner_says_late_is_ignored_and_deleted() -> None:
    told = teller()
    told.complete(0, 2)
    told.cell(0, 2, "C2", DAY, received=2)
    told.cell(0, 1, "C2", DAY, received=99)
    told.clock(0, 1, 10**9)
    told.complete(0, 1)
    assert told.index.counts(ALL, "VN") == {"received": 2}
    assert told.index.take_obsolete() >= {cell_key(0, 1, "C2", DAY), sign_key(0, 1, Kind.COMPLETE)}


def test_the_index_is_as_of_the_lowest_clock_and_incomplete_until_every_partition_has_one() -> None:
    told = teller(2)
    told.complete(0, 1)
    told.clock(0, 1, 500, cases=3, a=3)
    assert (told.index.as_of, told.index.complete) == (0, False)
    told.complete(1, 1)
    told.clock(1, 1, 300, cases=4, a=1, b=2)
    assert (told.index.as_of, told.index.complete, told.index.cases) == (300, True, 7)
    assert told.index.accounts() == {"a": Totals(4, 0), "b": Totals(2, 0)}


def test_accounts_at_the_same_clock_are_taken_and_the_clock_stays() -> None:
    told = teller()
    told.complete(0, 1)
    told.clock(0, 1, 500, cases=3, a=3)
    told.tell(sign_key(0, 1, Kind.ACCOUNTS), ClockValue(500, 9, 4, {"a": Totals(3, 1)}))
    assert (told.index.as_of, told.index.cases) == (500, 4)
    assert told.index.accounts() == {"a": Totals(3, 1)}


def test_verdicts_of_a_period_are_those_of_its_own_kind() -> None:
    sums = [0] * len(COUNTERS)
    places = {counter.name: place for place, counter in enumerate(COUNTERS)}
    sums[places["late_now"]], sums[places["open_within_month"]] = 1, 1
    assert counts_in(sums, ALL) == {"late": 1}
    assert counts_in(sums, "2026-11") == {"open_within": 1}
    assert counts_in(sums, "2026") == {}


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["C1", "C2", "P1", "P2", "x"]), st.sampled_from([DAY, EARLY])),
        st.dictionaries(st.sampled_from([one.name for one in COUNTERS if one.day != "held"]), st.integers(1, 9)),
        max_size=6,
    )
)
def test_every_counter_of_a_unit_is_the_sum_of_its_own_and_of_those_of_the_units_below_it(
    held: dict[tuple[str, int], dict[str, int]],
) -> None:
    told = teller()
    told.complete(0, 1)
    for (unit, day), counts in held.items():
        told.cell(0, 1, unit, day, **counts)
    index = told.index
    for period in {period for period, _ in index.entries()}:
        for name in READ_AS:
            below = [index.counts(period, unit).get(name, 0) for unit in ("P1", "P2", UNREGISTERED)]
            assert index.counts(period, "VN").get(name, 0) == sum(below)
    by_unit = {unit: index.counts(ALL, unit) for unit in ("P2", "C1", "C2")}
    own = [counts for (unit, _), counts in held.items() if unit == "P2"]
    for name in READ_AS:
        mine = sum(counts.get(f"{name}_now" if name in AT_HORIZONS else name, 0) for counts in own)
        assert by_unit["P2"].get(name, 0) == mine + by_unit["C1"].get(name, 0) + by_unit["C2"].get(name, 0)


names = st.sampled_from(["received", "online", "late_now", "ended"])
cells = st.dictionaries(
    st.tuples(st.integers(0, 1), st.sampled_from(["C1", "C2", "P1", "x"]), st.sampled_from([DAY, EARLY, NO_DAY])),
    st.dictionaries(names, st.integers(0, 9), max_size=3),
    max_size=8,
)


@settings(max_examples=150)
@given(st.lists(cells, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_sums_are_those_of_the_last_complete_generations_however_they_came(
    generations: list[dict[tuple[int, str, int], dict[str, int]]], dice: random.Random
) -> None:
    told = teller(2)
    for number, held in enumerate(generations, 1):
        keys = list(held)
        dice.shuffle(keys)
        for partition, unit, day in keys:
            told.cell(partition, number, unit, day, **held[partition, unit, day])
        for partition in (0, 1):
            told.complete(partition, number)
    expected: dict[tuple[str, str], dict[str, int]] = {}
    for (_, unit, day), counts in generations[-1].items():
        for entry in entries_of(REGISTER, unit, day):
            sums = expected.setdefault(entry, {})
            for name, count in counts.items():
                sums[name] = sums.get(name, 0) + count
    for period, unit in {*expected, *told.index.entries()}:
        wanted = expected.get((period, unit), {})
        plain = {"late_now": "late"} if period == ALL else {}
        visible = {plain.get(n, n): c for n, c in wanted.items() if c and (period == ALL or n != "late_now")}
        assert told.index.counts(period, unit) == visible


def owners_in_turns(dice: random.Random) -> list[tuple[str, bytes]]:
    """What the owners of two partitions write: each takes over, goes on, and may wake after the next one has."""
    written: list[tuple[str, bytes]] = []
    generation = {0: 0, 1: 0}
    for clock in range(1, dice.randrange(2, 40)):
        partition = dice.randrange(2)
        takes_over = dice.random() < 0.2 or not generation[partition]
        generation[partition] += takes_over
        of = generation[partition] if takes_over else dice.randrange(max(1, generation[partition] - 1), 99)
        of = min(of, generation[partition])
        for _ in range(dice.randrange(4)):
            key = cell_key(partition, of, dice.choice(["C1", "C2", "x"]), dice.choice([DAY, EARLY, NO_DAY]))
            written.append((key, encode(CellValue(clock, {"received": dice.randrange(4), "late_now": 1}))))
        kind = Kind.CLOCK if takes_over or dice.random() < 0.6 else Kind.ACCOUNTS
        told = ClockValue(clock, clock, dice.randrange(9), {"a": Totals(clock, 1)})
        written.append((sign_key(partition, of, kind), encode(told)))
        if takes_over:
            written.append((sign_key(partition, of, Kind.COMPLETE), encode(Complete(0))))
    return written


@settings(max_examples=150)
@given(st.randoms(use_true_random=False))
def test_the_last_record_of_each_key_says_what_all_of_them_say(dice: random.Random) -> None:
    one_by_one, together, waiting = Index(REGISTER, 2), Index(REGISTER, 2), LastOfEach()
    for key, value in owners_in_turns(dice):
        one_by_one.take(read_key(key), value)
        waiting.put(key.encode(), value)
        if dice.random() < 0.1:
            _take_in(together, waiting)
    _take_in(together, waiting)
    assert _said(together, one_by_one) == _said(one_by_one, together)


def _take_in(index: Index, waiting: LastOfEach) -> None:
    for key, value in waiting.take().items():
        index.take(read_key(key.decode()), value)


def _said(index: Index, other: Index) -> tuple[object, ...]:
    counts = {entry: index.counts(*entry) for entry in {*index.entries(), *other.entries()}}
    return counts, index.as_of, index.complete, index.cases, index.accounts()
