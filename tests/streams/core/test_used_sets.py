"""Counts of procedures used: unions over units, beside the rules that take them one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.civil import ALL
from streams.core.indicators.quantities import OF_FAMILY, Family
from streams.core.procedures import OnlineLevel, Procedure, filtered, rolled_up, sets_of
from streams.core.register import UNREGISTERED, Register, read_register
from streams.core.spans import span_of
from streams.core.use_sums import UseSums
from streams.core.used_sets import USED_SETS, USED_SUMS, UsedSets
from streams.core.uses import UseKey, use_packed

REGISTER: Register = read_register(
    """code,name,level,parent
VN,Nước,country,
P1,Một,province,VN
P2,Hai,province,VN
C1,Xã,commune,P1
C2,Xã,commune,P1""".splitlines(),
    "test",
)
UNITS = ("VN", "P1", "P2", "C1", "C2", "unknown")
TODAY = date(2026, 11, 24)


class Statements:
    """What was stated, by unit."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        self.held: dict[str, list[Procedure]] = {}
        for one in procedures:
            self.held.setdefault(one.unit, []).append(one)
        self.version = "1"

    def procedures_of(self, unit: str) -> Iterable[Procedure]:
        return self.held.get(unit, [])


procedures = st.lists(
    st.builds(
        Procedure,
        recorded=st.just(datetime(2026, 1, 1, tzinfo=UTC)),
        unit=st.sampled_from(UNITS),
        procedure=st.sampled_from(("A", "B", "C/1")),
        online=st.sampled_from(OnlineLevel),
        fee=st.booleans(),
        valid_to=st.none() | st.just(date(2026, 11, 10)),
    ),
    max_size=8,
    unique_by=lambda one: (one.unit, one.procedure),
)
counters = st.dictionaries(
    st.sampled_from(("received", "online", "postal", "fee_synchronised", "paid_online", "five_on_the_spot")),
    st.integers(1, 9),
    max_size=4,
)
cells = st.dictionaries(
    st.tuples(st.sampled_from(UNITS), st.sampled_from(("A", "B", "C/1", "")), st.sampled_from(("2026-10", "2026-11"))),
    counters,
    max_size=10,
)


def one_by_one(cells: Mapping[UseKey, Mapping[str, int]], stated: Statements, period: str, unit: str) -> dict[str, int]:
    """The counts by the rules for one unit and for those below it."""
    under = [one for one in UNITS if unit in REGISTER.chain(one, 10**6)]
    span = span_of(period)
    parts = {}
    for one in under:
        uses: dict[str, dict[str, int]] = {}
        for (of, code, month), counts in cells.items():
            if of == one and span.holds(date.fromisoformat(f"{month}-01")):
                held = uses.setdefault(code, {})
                for name, count in counts.items():
                    held[name] = held.get(name, 0) + count
        parts[one] = sets_of(stated.procedures_of(one), uses, span, TODAY)
    return {name: count for name, count in rolled_up(parts, (), 0, 0).items() if name in OF_FAMILY[Family.PROCEDURE]}


@settings(max_examples=100, deadline=None)
@given(cells, cells, procedures)
def test_unions_over_units_are_those_of_the_rules_also_after_cells_changed(
    before: dict[UseKey, dict[str, int]], after: dict[UseKey, dict[str, int]], procedures: list[Procedure]
) -> None:
    stated, sums = Statements(procedures), UseSums(REGISTER)
    used = UsedSets(sums)
    for cell, counts in before.items():
        sums.add(cell, use_packed(counts))
    for held in (before, after):
        for cell in before.keys() | after.keys() if held is after else ():
            sums.add(cell, use_packed(after.get(cell, {})) - use_packed(before.get(cell, {})))
        for period in ("2026-11", "2026-Q4", "2026", ALL):
            for unit in UNITS:
                assert used.counts(period, unit, TODAY, stated) == one_by_one(held, stated, period, unit)


def test_a_week_has_no_counts_by_procedure_and_an_unregistered_unit_counts_above_it() -> None:
    sums = UseSums(REGISTER)
    used, stated = UsedSets(sums), Statements([])
    sums.add(("unknown", "A", "2026-11"), use_packed({"received": 2}))
    assert used.counts("2026-W48", "VN", TODAY, stated) is None
    for unit in ("unknown", UNREGISTERED, "VN"):
        counts = used.counts("2026-11", unit, TODAY, stated)
        assert counts is not None
        assert counts["procedures_used"] == 1
    assert set(USED_SETS + USED_SUMS) == OF_FAMILY[Family.PROCEDURE]


def test_another_statement_makes_the_counts_anew() -> None:
    sums = UseSums(REGISTER)
    used, stated = UsedSets(sums), Statements([])
    sums.add(("C1", "A", "2026-11"), use_packed({"received": 2, "online": 1}))
    assert (used.counts("2026-11", "P1", TODAY, stated) or {})["services_used"] == 0
    offered = Procedure(recorded=datetime(2026, 1, 1, tzinfo=UTC), unit="C1", procedure="A", online=OnlineLevel.FULL)
    stated.held, stated.version = {"C1": [offered]}, "2"
    counts = used.counts("2026-11", "P1", TODAY, stated) or {}
    assert (counts["services_used"], counts["services_used_online"], counts["online_full"]) == (1, 1, 1)


def test_counts_over_some_procedures_are_sums_of_their_cells_with_those_of_the_units_below() -> None:
    sums = UseSums(REGISTER)
    sums.add(("C1", "A", "2026-10"), use_packed({"received": 2, "on_time_quarter": 1, "on_time_month": 2}))
    sums.add(("P1", "A", "2026-11"), use_packed({"received": 3, "on_time_quarter": 3}))
    sums.add(("C2", "B", "2026-11"), use_packed({"received": 5}))
    assert filtered(sums.uses("2026-Q4", "P1"), {"A"}) | {"received": 5, "on_time": 4} == filtered(
        sums.uses("2026-Q4", "VN"), {"A"}
    )
    assert sums.own_uses("2026-Q4", "P1") == {"A": {"received": 3, "on_time": 3}}
    assert sums.uses("2026-W48", "P1") == {}
