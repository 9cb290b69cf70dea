from collections import Counter
from datetime import date

import pytest

from simulators.happenings import BULK, CLOCK, MERGER, SILENT
from simulators.scenarios import SCENARIOS, Scenario, scenario_named
from simulators.simulation import Simulation, simulation
from simulators.truth import DossierTruth, truth_of
from streams.core.civil import DAY, HOUR, MICROS, micros
from streams.core.events import Accepted, Event, Registered
from tests.simulators.worlds import PROVINCE, REGISTER, START, counts, folded, on_time_rate


def played(name: str, units: int = 8, province: str = PROVINCE, days: int | None = None) -> Simulation:
    scenario = scenario_named(name)
    start = date.fromisoformat(scenario.starts) if scenario.starts else START
    return simulation(scenario, 1, REGISTER, province, units, start=start, days=days)


def truth(simulated: Simulation) -> list[DossierTruth]:
    dossiers = {one.dossier.code: one.dossier for one in simulated.told()}
    offices = {office.code: office for office in simulated.offices}
    return [truth_of(one, offices[_office(simulated, one.code)], simulated.times) for one in dossiers.values()]


def _office(simulated: Simulation, code: str) -> str:
    """The unit whose office made a dossier: after a merger it bears another's code, in a series of its own."""
    unit, _, number = code.split("-")
    if not number.startswith("M"):
        return unit
    return next(one.unit for one in simulated.incidents if one.kind == MERGER)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_scenario_says_what_happens_where_and_when(scenario: Scenario) -> None:
    simulated = played(scenario.name)
    for one in simulated.incidents:
        assert one.unit in ("", *(office.code for office in simulated.offices))
        assert simulated.begins <= one.begins < one.ends <= simulated.ends
    assert bool(simulated.incidents) == bool(scenario.happens)


def test_a_month_is_longer_than_a_fortnight_and_else_alike() -> None:
    short, long = list(played("normal-fortnight").events()), played("normal-month").events()
    assert all(one == other for one, other in zip(short, long, strict=False))


def test_after_tet_what_has_waited_comes_in_and_on_time_rates_fall() -> None:
    simulated = played("after-tet")
    days = Counter(one.at.date() for one in simulated.events() if isinstance(one, Registered))
    usual = sum(days[date(2026, 2, day)] for day in range(9, 14)) / 5
    assert days[date(2026, 2, 23)] > 1.4 * usual
    assert days[date(2026, 2, 18)] < 0.4 * usual
    assert (
        0.6
        < on_time_rate(counts(folded(simulated), PROVINCE))
        < on_time_rate(counts(folded(played("normal-month")), PROVINCE))
    )


def test_after_a_merger_nothing_is_stated_of_the_unit_that_is_no_more() -> None:
    simulated = played("communes-merge")
    [merger] = [one for one in simulated.incidents if one.kind == MERGER]
    units = {True: Counter[str](), False: Counter[str]()}
    for one in simulated.events():
        if isinstance(one, Accepted):
            units[micros(one.at) >= merger.begins * MICROS][one.unit or ""] += 1
    assert units[False][merger.unit]
    assert not units[True][merger.unit]
    assert units[True][merger.other] > units[False][merger.other]
    moved = [one for one in truth(simulated) if one.dossier.startswith(f"{merger.unit}-") and one.unit == merger.other]
    assert moved


def test_a_silent_source_sends_nothing_on_that_day_and_all_of_it_after() -> None:
    simulated, usual = played("source-silent"), played("normal-fortnight")
    silent = {one.unit: one for one in simulated.incidents if one.kind == SILENT}
    assert 0 < len(silent) < len(simulated.offices)
    late = 0
    for one in simulated.items():
        if (incident := silent.get(one.unit)) is not None:
            assert not incident.begins <= one.when < incident.ends
            late += one.at < incident.ends <= one.when and one.dirt == SILENT
    assert late > 50
    assert sorted(map(_what, simulated.items())) == sorted(map(_what, usual.items()))


def _what(item: object) -> str:
    return str(item[3])  # type: ignore[index]


def test_bulk_closing_leaves_nothing_open_at_that_commune_and_changes_no_other() -> None:
    simulated = played("bulk-closing")
    [incident] = [one for one in simulated.incidents if one.kind == BULK]
    after, before = folded(simulated), folded(played("normal-month"))
    said = counts(after, incident.unit)
    assert said["open_within"] + said["open_overdue"] + said["open_no_due"] == 0
    closed = [one for one in truth(simulated) if one.unit == incident.unit and (one.finished or 0) >= incident.begins]
    assert len(closed) > 10
    for office in simulated.offices:
        if office.code != incident.unit:
            assert counts(after, office.code) == counts(before, office.code)


def test_a_wrong_clock_moves_what_its_software_states_and_nothing_else() -> None:
    wrong, right = played("clocks-wrong"), played("normal-fortnight")
    clocks = {one.unit: int(one.amount) for one in wrong.incidents if one.kind == CLOCK}
    assert sorted(clocks.values()) == [-HOUR, HOUR]
    for unit, ahead in clocks.items():
        told, usual = (_of(simulated, unit) for simulated in (wrong, right))
        first, other = told[0], usual[0]
        assert micros(first.at) - micros(other.at) == ahead * MICROS
    others = {office.code for office in wrong.offices} - set(clocks)
    assert [_of(wrong, unit) for unit in others] == [_of(right, unit) for unit in others]


def _of(simulated: Simulation, unit: str) -> list[Event]:
    return [one for one in simulated.events() if one.dossier.startswith(f"{unit}-")]


def test_a_changed_calendar_moves_computed_due_dates_of_open_dossiers_and_no_promise() -> None:
    simulated = played("calendar-changed", units=20)
    [change] = simulated.incidents
    old = simulated.times.known(change.begins - 1)
    assert not simulated.times.true.works(int(change.amount))
    assert old.works(int(change.amount))
    dossiers = {one.dossier.code: one.dossier for one in simulated.told()}
    early = [one for one in truth(simulated) if one.accepted is not None and one.accepted < change.begins]
    first = {one.dossier: dossiers[one.dossier].term.due(one.accepted or 0, old) for one in early}
    assert all(one.promised == first[one.dossier] for one in early if one.promise == "kept")
    moved = [one for one in early if one.promised is None and one.computed != first[one.dossier]]
    assert moved
    ends = [one.finished or one.stopped or one.withdrawn for one in moved]
    assert all(end is None or end >= change.begins for end in ends)


def test_in_a_perfect_month_everything_is_on_time_and_digital_and_nobody_complains() -> None:
    simulated = played("perfect-month")
    said = counts(folded(simulated), PROVINCE)
    assert said["late"] + said["open_overdue"] + said["complained"] == 0
    assert said["received"] > 1_500
    assert said["reused"] > 0.99 * said["received"]
    assert all(one.asked1 is None for one in truth(simulated))


def test_a_national_year_has_units_of_every_province_and_goes_on_for_a_year() -> None:
    simulated = played("national-year", units=68, province="all")
    assert len({REGISTER.unit(one.code).parent for one in simulated.units}) == 34  # type: ignore[union-attr]
    assert simulated.ends - simulated.begins == 365 * DAY
    whole = simulation(scenario_named("national-year"), 1, REGISTER, "all", None, start=date(2026, 1, 1))
    assert len(whole.units) == 3321 + 34 * 8
    provinces = Counter(one.dossier.split("-")[0] for one in played("national-year", 68, "all", days=3).events())
    assert len(provinces) > 60
