import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from simulators.scenarios import SCENARIOS, Scenario
from simulators.simulation import Simulation, simulation
from simulators.world.units import UnitsError
from simulators.world.working_time import ZONE, WorkingTime, shipped_calendar
from streams.core.civil import MICROS, micros, seconds
from streams.core.events import (
    Accepted,
    Channel,
    Digitised,
    Event,
    Extended,
    Finished,
    NotAccepted,
    PopulationDataUsed,
    Registered,
    Reopened,
    ResultIssued,
    ResultReturned,
    Returned,
    Step,
    Stopped,
    SupplementRequested,
    Withdrawn,
)
from tests.simulators.worlds import PROVINCE, REGISTER, START, checksum, counts, folded, on_time_rate, world

TIME = WorkingTime(shipped_calendar("vietnam"))
KNOWN = "f2db4a13e2f636b7"
"""Of world 4; another checksum means another world: raise simulators.simulation.WORLD with it."""


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return list(world().events())


def test_the_same_seed_gives_the_same_bytes_on_any_machine() -> None:
    assert checksum(world(units=6).events()) == KNOWN


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_another_process_with_other_hashes_gives_the_same_bytes(seed: str) -> None:
    command = [sys.executable, "-m", "tests.simulators.worlds"]
    root = Path(__file__).parents[2]
    said = subprocess.run(
        command, env=os.environ | {"PYTHONHASHSEED": seed}, cwd=root, capture_output=True, text=True, check=True
    )
    assert said.stdout == KNOWN


def test_units_made_in_another_order_or_apart_give_the_same_events() -> None:
    whole = world(units=6)
    units = whole.units
    turned = Simulation(whole.scenario, whole.seed, units[::-1], whole.start, whole.days)
    assert checksum(turned.events()) == KNOWN
    assert turned.sending() == whole.sending()
    alone = Simulation(whole.scenario, whole.seed, units[2:3], whole.start, whole.days)
    assert list(alone.events()) == [one for one in whole.events() if one.dossier.startswith(f"{units[2].code}-")]


def test_another_seed_gives_other_events() -> None:
    assert checksum(world(seed=2, units=6).events()) != KNOWN


def test_more_days_go_on_with_the_same_world() -> None:
    short = list(world(units=6).events())
    longer = list(world(units=6, days=20).events())
    assert longer[: len(short)] == short
    assert len(longer) > len(short)


@pytest.mark.parametrize("text", ["2026-11-13T10:15:27", "2026-11-15T03:00:00", "2026-11-16T09:00:00.5"])
def test_going_on_since_an_instant_gives_exactly_the_rest(text: str) -> None:
    played, instant = world(units=6), micros(datetime.fromisoformat(text).replace(tzinfo=ZONE))
    before, rest = list(played.events(until=instant)), list(played.events(since=instant))
    assert before + rest == list(played.events())
    assert before
    assert rest
    assert {one.dossier for one in before} & {one.dossier for one in rest}


def test_events_come_in_the_order_of_time_within_the_days(events: list[Event]) -> None:
    played = world()
    assert all(one.at <= other.at for one, other in pairwise(events))
    assert played.begins <= seconds(events[0].at)
    assert seconds(events[-1].at) < played.ends


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_event_is_understood_and_no_two_are_one(scenario: Scenario) -> None:
    facts = list(folded_facts(world(scenario.name, units=12, days=min(scenario.days, 21))))
    assert len({fact_id for fact_id, _ in facts}) == len(facts)
    assert [position for _, position in facts] == list(range(len(facts)))


def folded_facts(played: Simulation) -> list[tuple[str, int]]:
    from tests.simulators.worlds import READER

    return [(fact.id, fact.origin[1]) for fact in played.facts(READER)]


def test_a_dossier_begins_with_its_registration_and_runs_in_order(events: list[Event]) -> None:
    begun: dict[str, str] = {}
    for one in events:
        if isinstance(one, Registered):
            assert one.dossier not in begun
            begun[one.dossier] = "registered"
            continue
        assert one.dossier in begun
        if isinstance(one, Accepted):
            begun[one.dossier] = "accepted"
        elif isinstance(one, NotAccepted):
            assert begun[one.dossier] == "registered"
        elif isinstance(one, Finished | Stopped | Withdrawn):
            assert begun[one.dossier] == "accepted"
            begun[one.dossier] = "ended"
        elif isinstance(one, ResultReturned | ResultIssued | Reopened):
            assert begun[one.dossier] == "ended"
            if isinstance(one, Reopened):
                begun[one.dossier] = "accepted"
        elif isinstance(one, Step | SupplementRequested | Extended):
            assert begun[one.dossier] == "accepted"


def test_codes_are_those_of_the_unit_the_day_and_a_number(events: list[Event]) -> None:
    for one in events:
        if isinstance(one, Registered):
            agency, day, number = one.dossier.split("-")
            assert agency == one.unit == one.received_by
            assert day == f"{one.at:%y%m%d}"
            assert len(number) == 5


def test_offices_work_in_office_hours_and_not_on_holidays() -> None:
    played = simulation(SCENARIOS[0], 1, REGISTER, PROVINCE, 30, start=date(2026, 11, 20), days=8)
    at_work: tuple[type[Event], ...] = (
        Accepted,
        NotAccepted,
        Step,
        SupplementRequested,
        Extended,
        Stopped,
        Withdrawn,
        Finished,
    )
    at_work = (*at_work, Digitised, PopulationDataUsed, ResultIssued)
    days = set()
    for one in played.events():
        by_hand = isinstance(one, ResultReturned) and one.by is not Returned.ONLINE
        on_paper = isinstance(one, Registered) and one.channel is not Channel.ONLINE
        if isinstance(one, at_work) or by_hand or on_paper:
            assert TIME.is_open(seconds(one.at)), one
            days.add(one.at.day)
    assert days == {20, 23, 25, 26, 27}  # the 24th is the Culture Day


def test_an_ordinary_fortnight_is_believable(events: list[Event]) -> None:
    run = folded(world())
    said = counts(run, PROVINCE)
    assert 7 <= len(events) / len({one.dossier for one in events}) <= 9
    assert 0.86 <= on_time_rate(said) <= 0.95
    assert 0.40 <= said["online"] / said["received"] <= 0.70
    promising = [office.code for office in world().offices if office.software.appoints]
    rates = sorted(on_time_rate(counts(run, code)) for code in promising)
    assert rates[0] < 0.85
    assert rates[-1] > 0.96
    shares = {name: said[name] / said["received"] for name in ("digitised", "reused", "population_data", "complained")}
    assert 0.15 < shares["digitised"] < 0.40
    assert 0.15 < shares["reused"] < 0.40
    assert 0.45 < shares["population_data"] < 0.65
    assert 0.0001 < shares["complained"] < 0.005


def test_the_software_of_some_units_states_no_due_date_and_that_of_the_others_always_does(events: list[Event]) -> None:
    played = world()
    appoints = {office.code: office.software.appoints for office in played.offices}
    assert 0.1 < list(appoints.values()).count(False) / len(appoints) < 0.4
    accepted = [one for one in events if isinstance(one, Accepted)]
    assert {one.due is not None for one in accepted if appoints[one.unit or ""]} == {True}
    assert {one.due for one in accepted if not appoints[one.unit or ""]} == {None}


def test_some_of_the_promised_due_dates_are_generous_and_some_are_wrong() -> None:
    told = {one.dossier.code: one.dossier for one in world().told() if one.dossier.promised is not None}
    kinds = Counter(dossier.promise for dossier in told.values())
    assert 0.04 < kinds["generous"] / len(told) < 0.08
    assert 0.01 < kinds["wrong"] / len(told) < 0.03
    for dossier in told.values():
        assert dossier.promised is not None
        assert dossier.promise != "kept" or dossier.promised == dossier.computed
        assert dossier.promise != "generous" or dossier.promised > dossier.computed


def test_all_kinds_of_the_life_of_a_dossier_occur() -> None:
    kinds = Counter(type(one).__name__ for one in world(units=60).events())
    unused = {"Corrected"}  # that comes with dirt
    from streams.core.events import KINDS

    assert {kind.__name__ for kind in KINDS} - set(kinds) == unused


def test_arrivals_peak_in_the_morning_and_on_mondays_and_online_at_all_hours(events: list[Event]) -> None:
    registered = [one for one in events if isinstance(one, Registered)]
    at_the_counter = Counter(one.at.hour for one in registered if one.channel is Channel.DIRECT)
    assert at_the_counter[8] > at_the_counter[15] > at_the_counter[16]
    online = Counter(one.at.hour for one in registered if one.channel is Channel.ONLINE)
    assert all(online[hour] for hour in (5, 6, 12, 18, 19, 20, 21, 22, 23))
    days = Counter(one.at.weekday() for one in registered)
    assert days[0] > days[2] > days[4] > days[6] > 0


def test_an_overwhelmed_commune_becomes_late_and_nobody_else_changes() -> None:
    usual, burdened = world(units=12), world("commune-overwhelmed", units=12)
    [incident] = burdened.incidents
    before, after = folded(usual), folded(burdened)
    for unit in burdened.units:
        was, became = counts(before, unit.code), counts(after, unit.code)
        if unit.code == incident.unit:
            assert on_time_rate(became) < on_time_rate(was) - 0.2
            assert became["open_overdue"] > 10 * max(was["open_overdue"], 1)
        else:
            assert became == was
    first_days = micros(datetime(2026, 11, 13, tzinfo=ZONE))
    assert checksum(usual.events(until=first_days)) == checksum(burdened.events(until=first_days))


def test_a_queue_that_is_left_alone_recovers_slowly() -> None:
    import msgspec

    from simulators.happenings import Surge

    surge = Surge(factor=4.0, first=2, until=5)
    played = world("commune-overwhelmed", units=6, days=30)
    for_a_while = Simulation(
        msgspec.structs.replace(played.scenario, happens=(surge,)), 1, played.units, played.start, played.days
    )
    [incident] = for_a_while.incidents
    assert incident.ends - incident.begins == 3 * 86400
    assert (
        counts(folded(for_a_while), incident.unit)["open_overdue"] * 5
        < (counts(folded(played), incident.unit)["open_overdue"])
    )


def test_the_identity_of_a_world_depends_on_all_that_its_events_depend_on() -> None:
    worlds = [world(), world(seed=2), world("commune-overwhelmed"), world(units=41), world(days=13)]
    worlds.append(simulation(SCENARIOS[0], 1, REGISTER, PROVINCE, 40, start=date(2026, 11, 10)))
    assert len({one.sending() for one in worlds}) == len(worlds)
    assert world().sending() == world().sending()


@pytest.mark.parametrize(("province", "units"), [("99", 5), ("00004", 5), (PROVINCE, 5000)])
def test_what_cannot_be_simulated_is_refused_with_what_can(province: str, units: int) -> None:
    with pytest.raises(UnitsError, match=r"It has: 01, 04|between 1 and 156"):
        simulation(SCENARIOS[0], 1, REGISTER, province, units, start=START)


def test_a_day_before_the_communes_exist_is_refused() -> None:
    with pytest.raises(UnitsError, match="no communes on the first day"):
        simulation(SCENARIOS[0], 1, REGISTER, PROVINCE, start=date(2025, 6, 1))


def test_facts_continue_at_a_position() -> None:
    from tests.simulators.worlds import READER

    played = world(units=3, days=4)
    facts = list(played.facts(READER))
    assert list(played.facts(READER, after=100)) == facts[100:]
    assert all(fact.recorded // MICROS == fact.at for fact in facts)
