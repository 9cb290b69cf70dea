"""What stands of statements, and that the kept unions say what `rolled_up` and `synchronisation` say one by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.civil import ALL, micros
from streams.core.declarations import DeclaredTotal, synchronisation
from streams.core.procedures import OnlineLevel, Procedure, rolled_up, sets_of
from streams.core.references import Reference, standing
from streams.core.register import Level, Register, Unit
from streams.core.spans import rolling_day, span_of
from streams.core.stated import SETS, Stated
from streams.core.statements import STATEMENTS, AnyStatement, case_of, reference_of, said_of
from streams.core.tallies import StatedValue

LATER = 20_454  # 2026-01-01
UNITS = (
    Unit("VN", "Country", Level.COUNTRY, ""),
    Unit("P", "Province", Level.PROVINCE, "VN", aliases=("P-old",)),
    Unit("Q", "Other province", Level.PROVINCE, "VN"),
    Unit("P1", "Commune", Level.COMMUNE, "P"),
    Unit("P2", "Commune that moved", Level.COMMUNE, "P", valid_to=LATER),
    Unit("P2", "Commune that moved", Level.COMMUNE, "Q", valid_from=LATER),
    Unit("P3", "Commune that is gone", Level.COMMUNE, "P", valid_to=LATER),
)
REGISTER = Register(UNITS)
CODES = ("VN", "P", "Q", "P1", "P2", "P3")
PERIODS = ("2025-12", "2026-W01", "2026-01", "2026-Q1", "2026", ALL)
DAYS = [date(2025, 12, 1) + timedelta(days=10 * step) for step in range(8)]


class Counters:
    """Counters of dossiers by period and unit, summed over what is below; every name has the same."""

    def __init__(self, own: dict[tuple[str, str], int]) -> None:
        self._sums: dict[tuple[str, str], int] = {}
        for (period, unit), count in own.items():
            for above in REGISTER.chain(unit, rolling_day(period)):
                self._sums[period, above] = self._sums.get((period, above), 0) + count

    def count(self, period: str, unit: str, name: str) -> int:  # noqa: ARG002
        return self._sums.get((period, unit), 0)

    def covers(self, period: str) -> bool:  # noqa: ARG002
        return True


def stated_value(reference: AnyStatement) -> StatedValue:
    return StatedValue(*reference.stamp, said_of(reference))


def taken(references: Iterable[AnyStatement]) -> Stated:
    stated = Stated(REGISTER)
    for reference in references:
        stated.take(stated_value(reference))
    return stated


def procedure(code: str = "1.001", unit: str = "P1", turn: int = 0, **said: Any) -> Procedure:
    recorded = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=turn)
    return Procedure(recorded=recorded, unit=unit, procedure=code, **said)


def declared(received: int, unit: str = "P1", period: str = "2026-01", turn: int = 0, **said: Any) -> DeclaredTotal:
    recorded = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=turn)
    return DeclaredTotal(recorded=recorded, unit=unit, period=period, received=received, **said)


days = st.none() | st.sampled_from(DAYS)
procedures = st.builds(
    procedure,
    st.sampled_from("abc"),
    st.sampled_from(CODES),
    st.integers(0, 3),
    removed=st.booleans(),
    announced=days,
    announce_by=days,
    published=days,
    publish_by=days,
    valid_from=days,
    valid_to=days,
    online=st.sampled_from(OnlineLevel),
    complete=st.booleans(),
    fee=st.booleans(),
    citizens=st.booleans(),
    population_data=st.booleans(),
    certified_copies=st.booleans(),
)
totals = st.builds(
    declared,
    st.integers(0, 99),
    st.sampled_from(CODES),
    st.sampled_from(["2025", "2025-12", "2026-01", "2026-Q1", "2026"]),
    st.integers(0, 3),
    removed=st.booleans(),
)
statements = st.lists(procedures | totals, max_size=12)


def below(unit: str, period: str) -> list[str]:
    return [one for one in CODES if unit in REGISTER.chain(one, rolling_day(period))]


def one_by_one(held: Iterable[Reference], period: str, unit: str, today: date) -> dict[str, int]:
    own = [one for one in held if isinstance(one, Procedure)]
    parts = {
        one: sets_of([said for said in own if said.unit == one], {}, span_of(period), today)
        for one in below(unit, period)
    }
    made = rolled_up(parts, REGISTER.leaves(rolling_day(period)), 0, 0)
    return {name: count for name, count in made.items() if name in SETS}


@given(statements, st.permutations(DAYS), st.randoms(use_true_random=False))
def test_unions_kept_over_any_changes_are_those_made_one_by_one(
    said: list[AnyStatement], todays: list[date], dice: Random
) -> None:
    stated = Stated(REGISTER)
    for place, reference in enumerate(said):
        stated.take(stated_value(reference))
        held, today = standing(said[: place + 1]).values(), todays[place % len(todays)]
        for period in dice.sample(PERIODS, 2):
            for unit in CODES:
                made = stated.sets(period, unit, today, Counters({}))
                if any(isinstance(one, Procedure) for one in held):
                    assert made == one_by_one(held, period, unit, today), (period, unit, today)


@given(statements, st.dictionaries(st.tuples(st.sampled_from(PERIODS), st.sampled_from(CODES)), st.integers(1, 50)))
def test_what_should_be_synchronised_is_the_rule_of_each_unit_summed(
    said: list[AnyStatement], own: dict[tuple[str, str], int]
) -> None:
    stated, counters = taken(said), Counters(own)
    of_units: dict[str, dict[str, int]] = {}
    for one in standing(said).values():
        if isinstance(one, DeclaredTotal):
            of_units.setdefault(one.unit, {})[one.period] = one.received
    for period in PERIODS:
        for unit in CODES:
            made = stated.totals(period, unit, counters)
            portal = {one: own.get((period, one), 0) for one in CODES}
            wanted = synchronisation(of_units, portal, frozenset(below(unit, period)), period)
            if of_units:
                assert made == wanted
            else:
                assert made is None


@given(statements, st.permutations(range(12)))
def test_order_and_repetition_change_nothing(said: list[AnyStatement], order: list[int]) -> None:
    shuffled = [said[place % len(said)] for place in order] + said[::-1] if said else []
    once, twice = taken(said), taken(shuffled)
    assert once.version == twice.version
    for unit in CODES:
        assert {one.key: one.fee for one in once.procedures_of(unit)} == {
            one.key: one.fee for one in twice.procedures_of(unit)
        }
        assert once.declared_of(unit) == twice.declared_of(unit)


@given(st.lists(procedures, max_size=8), st.sampled_from(DAYS), st.integers(1, 40))
def test_a_unit_whose_procedures_do_not_turn_counts_the_same(said: list[Procedure], since: date, many: int) -> None:
    stated, until = taken(said), since + timedelta(days=many)
    turned = set(stated.turned(since, until))
    for period in PERIODS:
        for unit in CODES:
            if not turned.intersection(below(unit, period)):
                before = stated.sets(period, unit, since, Counters({}))
                assert before == stated.sets(period, unit, until, Counters({}))


def test_a_statement_says_which_unit_it_changes_and_one_that_changes_nothing_none() -> None:
    stated = Stated(REGISTER)
    assert stated.take(stated_value(procedure(turn=1))) == "P1"
    assert stated.take(stated_value(procedure(turn=1))) == ""
    assert stated.take(stated_value(procedure(turn=2))) == ""  # the same, stated again
    assert stated.take(stated_value(procedure(turn=1, fee=True))) == ""  # older than what holds
    assert stated.take(stated_value(procedure(turn=3, fee=True))) == "P1"
    assert stated.take(stated_value(procedure(turn=4, removed=True))) == "P1"
    assert list(stated.procedures_of("P1")) == []


def test_the_version_names_what_stands_and_not_when_it_was_stated() -> None:
    assert taken([]).version == ""
    assert taken([procedure()]).version == taken([procedure(turn=2, id="x", source="s")]).version != ""
    assert taken([procedure()]).version != taken([procedure(fee=True)]).version
    assert taken([procedure(), procedure(turn=1, removed=True)]).version == ""


def test_a_unit_under_an_alias_states_the_same_thing() -> None:
    one = taken([declared(5, "P-old"), declared(7, "P", turn=1)])
    other = taken([declared(7, "P", turn=1), declared(5, "P-old")])
    assert one.declared_of("P") == other.declared_of("P") == {"2026-01": 7}
    assert one.version == other.version


def test_without_statements_there_is_no_data_and_not_zero() -> None:
    stated = Stated(REGISTER)
    assert stated.sets("2026-01", "P", DAYS[0], Counters({})) is None
    assert stated.totals("2026-01", "P", Counters({})) is None


def test_units_are_those_of_the_register_at_the_end_of_the_period() -> None:
    stated, counters = Stated(REGISTER), Counters({("2026-01", "P2"): 3, ("2025-12", "P3"): 1})
    assert stated.registered("2026-01", "P", counters) == {"units": 1, "units_connected": 0}
    assert stated.registered("2026-01", "Q", counters) == {"units": 1, "units_connected": 1}
    assert stated.registered("2025-12", "P", counters) == {"units": 3, "units_connected": 1}


@pytest.mark.parametrize("reference", [procedure(fee=True, published=DAYS[0], sets=["essential-25"]), declared(3)])
def test_a_statement_is_read_back_as_it_was_said_without_its_stamp(reference: AnyStatement) -> None:
    back = reference_of(said_of(reference))
    assert said_of(back) == said_of(reference)
    assert case_of(reference) == "\x01" + reference.key
    assert micros(back.recorded) == 0


def test_every_kind_of_statement_has_an_example_here() -> None:
    assert {type(procedure()), type(declared(1))} == set(STATEMENTS)
