"""Sets of procedures: what is in them as of a day, and that units with the same procedure count it once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.quantities import OF_FAMILY, QUANTITIES, Family
from streams.core.indicators.scores import Counts, score
from streams.core.procedures import (
    CELL_COUNTERS,
    KNOWN_BY_PROCEDURE,
    OnlineLevel,
    Procedure,
    Sets,
    Uses,
    filtered,
    rolled_up,
    sets_of,
)
from streams.core.references import later, standing
from streams.core.spans import span_of

RECORDED = datetime(2026, 9, 1, tzinfo=UTC)
SEPTEMBER = span_of("2026-09")
LATER = date(2026, 12, 1)


def procedure(code: str = "1.001", **said: object) -> Procedure:
    return Procedure(**{"recorded": RECORDED, "unit": "U", "procedure": code, **said})  # type: ignore[arg-type]


def sets(*procedures: Procedure, uses: Uses | None = None, today: date = LATER) -> Sets:
    return sets_of(procedures, uses or {}, SEPTEMBER, today)


def counts(*parts: Sets) -> dict[str, int]:
    return rolled_up({str(place): part for place, part in enumerate(parts)}, {"0", "1"}, 2, 0)


def test_sets_and_sums_have_the_names_of_the_vocabulary_and_none_is_missing() -> None:
    wanted = OF_FAMILY[Family.PROCEDURE] | OF_FAMILY[Family.REFERENCE] | OF_FAMILY[Family.REGISTER]
    assert set(counts(sets(procedure()))) == wanted


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({}, "procedures"),
        ({"published": date(2026, 9, 30)}, "procedures_published"),
        ({"published": date(2026, 9, 30), "complete": True}, "procedures_complete"),
        ({"online": OnlineLevel.PARTIAL}, "services"),
        ({"online": OnlineLevel.LEVEL_3}, "services"),
        ({"online": OnlineLevel.FULL}, "services_full"),
        ({"online": OnlineLevel.LEVEL_4}, "services_full"),
        ({"online": OnlineLevel.PARTIAL, "integrated": True}, "services_integrated"),
        ({"fee": True}, "procedures_fee"),
        ({"citizens": True}, "procedures_citizens"),
        ({"citizens": True, "population_data": True}, "procedures_population"),
        ({"announced": date(2026, 9, 30), "announce_by": date(2026, 9, 1)}, "procedures_announced"),
        ({"announced": date(2026, 9, 1), "announce_by": date(2026, 9, 1)}, "procedures_announced_on_time"),
        ({"publish_by": date(2026, 9, 30)}, "procedures_to_publish"),
        ({"publish_by": date(2026, 9, 30), "published": date(2026, 9, 30)}, "procedures_published_on_time"),
    ],
)
def test_a_procedure_stands_in_a_set_by_what_is_said_of_it(said: dict[str, object], name: str) -> None:
    assert counts(sets(msgspec.structs.replace(procedure(), **said)))[name] == 1


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"valid_to": date(2026, 9, 30)}, "procedures"),
        ({"valid_from": date(2026, 10, 1)}, "procedures"),
        ({"published": date(2026, 10, 1)}, "procedures_published"),
        ({"integrated": True}, "services_integrated"),
        ({"online": OnlineLevel.PARTIAL}, "services_full"),
        ({"population_data": True}, "procedures_population"),
        ({"announced": date(2026, 9, 30)}, "procedures_announced"),
        ({"announced": date(2026, 10, 1), "announce_by": date(2026, 10, 1)}, "procedures_announced"),
        ({"announced": date(2026, 9, 2), "announce_by": date(2026, 9, 1)}, "procedures_announced_on_time"),
        ({"publish_by": date(2026, 9, 29), "published": date(2026, 9, 30)}, "procedures_published_on_time"),
    ],
)
def test_and_stands_in_none_that_it_does_not_belong_to(said: dict[str, object], name: str) -> None:
    assert counts(sets(msgspec.structs.replace(procedure(), **said)))[name] == 0


def test_what_is_to_be_published_later_in_a_period_that_lasts_is_not_late_yet() -> None:
    waiting = procedure(publish_by=date(2026, 9, 20))
    assert counts(sets(waiting, today=date(2026, 9, 20)))["procedures_to_publish"] == 0
    assert counts(sets(waiting, today=date(2026, 9, 21)))["procedures_to_publish"] == 1


def test_use_counts_only_for_what_is_offered_or_has_a_fee() -> None:
    uses = {code: {"received": 5, "online": 2, "postal": 1, "fee_synchronised": 1, "paid_online": 1} for code in "abc"}
    made = counts(
        sets(procedure("a", online=OnlineLevel.FULL), procedure("b", fee=True), uses=uses | {"": {"received": 9}})
    )
    assert (made["procedures_used"], made["services_used"], made["services_used_online"]) == (3, 1, 1)
    assert (made["procedures_fee_dossier"], made["procedures_fee_online"]) == (1, 1)
    assert (made["received_in_scope"], made["online_in_scope"], made["postal_in_scope"]) == (5, 2, 1)
    assert (made["online_full"], made["online_partial"]) == (2, 0)


def test_cells_hold_what_the_sets_are_made_of() -> None:
    names = {counter.name for counter in CELL_COUNTERS}
    assert names >= {"received", "online", "postal", "fee_synchronised", "paid_online", "five_on_the_spot"}
    used = counts(sets(procedure("a"), uses={"a": {"five_on_the_spot": 1, "received": 1}}))
    assert used["procedures_five_on_the_spot"] == 1


def test_procedures_of_a_set_can_be_looked_at_alone() -> None:
    both = [procedure("a", sets=["essential-25"]), procedure("b")]
    only = {one.procedure for one in both if "essential-25" in one.sets}
    made = counts(sets_of(both, {"a": {"received": 1}, "b": {"received": 1}}, SEPTEMBER, LATER, only))
    assert (made["procedures"], made["procedures_used"]) == (1, 1)


def test_a_filter_by_procedure_has_the_counts_of_its_procedures_and_knows_no_others() -> None:
    uses = {"a": {"received": 8, "on_time": 5, "open_within": 1}, "b": {"received": 90}}
    stated = sets_of([procedure("a"), procedure("b")], uses, SEPTEMBER, LATER, {"a"})
    made = score(QD766_2026, Counts(here=filtered(uses, {"a"}) | counts(stated), known=KNOWN_BY_PROCEDURE))
    figure = made.figure("2.1")
    assert (figure.numerator, figure.denominator, figure.points) == (6, 8, 1500)
    unknown = {one.indicator for one in made.figures if not one.known}
    assert unknown >= {"1.4", "4.2", "5.2", "4.6"}
    assert unknown.isdisjoint({"2.1", "3.1", "3.2", "3.3", "3.6", "4.1", "5.4"})
    assert not made.complete


def test_counters_that_stand_for_those_of_a_day_have_their_names_and_kinds() -> None:
    days = {one.name: one for one in QUANTITIES if one.family is Family.DAY}
    for counter in CELL_COUNTERS:
        if counter.day:
            assert (days[counter.name].on, days[counter.name].verdict) == (counter.on, counter.verdict)


def test_two_units_with_the_same_procedure_count_it_once_and_the_higher_level_once() -> None:
    one = sets(procedure("a", online=OnlineLevel.PARTIAL), procedure("b"))
    other = sets(procedure("a", online=OnlineLevel.FULL, certified_copies=True))
    made = counts(one, other)
    assert (made["procedures"], made["services"], made["services_full"]) == (2, 1, 1)
    assert (made["units"], made["units_certified"]) == (2, 1)


codes = st.sampled_from("abcde")
flags = st.fixed_dictionaries(
    {
        "online": st.sampled_from(OnlineLevel),
        "fee": st.booleans(),
        "citizens": st.booleans(),
        "population_data": st.booleans(),
    }
)
books = st.dictionaries(codes, flags)


@given(st.lists(books, max_size=5), st.dictionaries(codes, st.fixed_dictionaries({"received": st.integers(0, 3)})))
def test_unions_do_not_depend_on_how_units_are_grouped_and_no_part_is_greater_than_its_whole(
    units: list[dict[str, dict[str, object]]], uses: dict[str, dict[str, int]]
) -> None:
    parts = [sets(*(procedure(code, **said) for code, said in unit.items()), uses=uses) for unit in units]
    assert counts(*parts) | {"units_certified": 0} == counts(*reversed(parts)) | {"units_certified": 0}
    made = counts(*parts)
    distinct = {code for unit in units for code in unit}
    assert made["procedures"] == len(distinct)
    pairs = [
        (one.numerator.names[0], one.denominator.names[0]) for one in QD766_2026.indicators if one.merge == "union"
    ]
    assert all(made[part] <= made[whole] for part, whole in pairs)
    assert score(QD766_2026, Counts(here=made)).figure("3.1").denominator == len(distinct)


def test_a_later_statement_replaces_an_earlier_one_in_whichever_order_they_come() -> None:
    first = procedure(fee=True)
    second = procedure(fee=False, recorded=datetime(2026, 9, 2, tzinfo=UTC))
    gone = procedure(removed=True, recorded=datetime(2026, 9, 3, tzinfo=UTC))
    assert standing([first, second]) == standing([second, first, first]) == {second.key: second}
    assert standing([gone, second]) == standing([second, gone]) == {}
    assert later(first, first) is first


def test_keys_do_not_meet_whatever_signs_codes_hold() -> None:
    assert procedure("b/c", unit="a").key != procedure("c", unit="a/b").key
    assert procedure("b%2Fc", unit="a").key != procedure("b/c", unit="a").key
