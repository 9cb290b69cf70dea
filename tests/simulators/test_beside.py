"""What is stated beside the dossiers: petitions, procedures, declared totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from simulators.happenings import PETITIONS
from simulators.scenarios import scenario_named
from simulators.simulation import Simulation, simulation
from simulators.world.desk import Dossier, Stated
from streams.core.civil import DAY, seconds
from streams.core.declarations import DeclaredTotal
from streams.core.events import Accepted, Complained, Event
from streams.core.petitions import Petition
from streams.core.procedures import Procedure
from streams.core.references import standing
from streams.sources.references import AnyReference, ReferenceReader
from tests.simulators.worlds import PROVINCE, REGISTER, START, world

MONTHS = date(2026, 9, 1)


class Told:
    """What was told in some months, dossiers and what is stated beside them."""

    def __init__(self, played: Simulation) -> None:
        self.offices = played.offices
        self.stated = list[AnyReference]()
        self.events = list[Event]()
        self.dossiers = dict[str, Dossier]()
        for one in played.stated():
            if isinstance(one, Stated):
                assert isinstance(one.said, Petition | Procedure | DeclaredTotal)
                self.stated.append(one.said)
            else:
                self.events.append(one.event)
                self.dossiers[one.dossier.code] = one.dossier


@pytest.fixture(scope="module")
def told() -> Told:
    return Told(simulation(scenario_named("normal-month"), 1, REGISTER, PROVINCE, 5, start=MONTHS, days=70))


def test_the_readers_of_intake_take_all_of_it(told: Told) -> None:
    reader = ReferenceReader(0, lambda unit: REGISTER.unit(unit) is not None)
    for one in told.stated:
        assert reader.checked(one, int(one.recorded.timestamp() * 1e6)) == one
    assert {type(one) for one in told.stated} == {Petition, Procedure, DeclaredTotal}


def test_every_unit_states_each_of_its_procedures_and_some_of_them_anew(told: Told) -> None:
    stated = Counter((one.unit, one.procedure) for one in told.stated if isinstance(one, Procedure))
    assert set(stated) == {(office.code, kind.code) for office in told.offices for kind in office.procedures}
    assert stated.most_common(1)[0][1] > 1
    announced = [one for one in told.stated if isinstance(one, Procedure) and one.announced and one.announced >= MONTHS]
    assert announced
    assert any(one.published is None for one in announced)


def test_a_unit_declares_what_came_in_the_month_before_or_a_little_more(told: Told) -> None:
    totals = {
        (one.unit, one.period): one.received for one in standing(told.stated).values() if isinstance(one, DeclaredTotal)
    }
    received = Counter[tuple[str, str]]()
    for event in told.events:
        if isinstance(event, Accepted):
            received[event.unit or "", f"{event.at:%Y-%m}"] += 1
    for office in told.offices:
        assert totals[office.code, "2025"] > 1000
        for month in ("2026-09", "2026-10"):
            assert received[office.code, month] <= totals[office.code, month] <= 1.1 * received[office.code, month] + 1


def test_a_petition_about_a_dossier_is_a_complaint_about_it(told: Told) -> None:
    about = {one.about: seconds(one.received) for one in told.stated if isinstance(one, Petition) and one.about}
    assert about
    for code, received in about.items():
        assert told.dossiers[code].moments["complained"] == received
    noted = {one.dossier for one in told.events if isinstance(one, Complained)}
    assert not noted & set(about)


def test_while_a_unit_does_not_answer_its_petitions_grow_old() -> None:
    played = simulation(scenario_named("petitions-unanswered"), 1, REGISTER, PROVINCE, 3, start=START)
    [incident] = [one for one in played.incidents if one.kind == PETITIONS]
    states: dict[str, Petition] = {}
    for one in Told(played).stated:
        if isinstance(one, Petition):
            states[one.petition] = one
    mine = [one for one in states.values() if one.unit == incident.unit and seconds(one.received) >= incident.begins]
    assert 35 <= len(mine) <= 75
    assert all(one.answered is None for one in mine)
    assert min(seconds(one.received) for one in mine) < incident.ends - 23 * DAY


def test_statements_of_a_petition_add_to_one_another(told: Told) -> None:
    statements = defaultdict(list)
    for one in told.stated:
        if isinstance(one, Petition):
            statements[one.petition].append(one)
    assert any(len(each) > 1 for each in statements.values())
    for each in statements.values():
        assert [one.recorded for one in each] == sorted(one.recorded for one in each)
        assert len({(one.unit, one.received, one.topic, one.about) for one in each}) == 1
        assert each[0].answered is None


def test_dossiers_go_the_same_ways_whatever_is_stated_beside_them() -> None:
    usual, burdened = (world(name, units=4, days=10) for name in ("normal-fortnight", "petitions-unanswered"))
    assert list(usual.events()) == list(burdened.events())
