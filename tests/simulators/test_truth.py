"""What the simulator meant, by SQL, against the fold of what it sent."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import msgspec
import pytest

from dashboards.folding import figures_at, gather
from simulators.dirt import BREAKS, DIRT, PLANTED
from simulators.expected import MEANT, NO_DAY, Expected
from simulators.happenings import CALENDAR
from simulators.scenarios import SCENARIOS, Scenario, scenario_named
from simulators.sent import EVENT, PETITION, RECORD, Item
from simulators.simulation import Simulation, simulation
from simulators.truth import DossierTruth, PetitionTruth
from simulators.truth_files import calendar_text
from streams.core import contributions
from streams.core.calendar import read_calendar
from streams.core.civil import DAY, MICROS
from streams.core.counters import named
from streams.core.facts import Batch, Fact
from streams.core.limits import read_limits
from streams.core.references import Reference
from streams.core.rules import Rules
from streams.core.terms import Edition, Terms
from streams.definitions import shipped_lines
from streams.registers import SIMULATED
from streams.sources.native import event_of
from streams.sources.references import ReferenceReader, facts_of, reference_of
from streams.sources.rejections import Refused
from tests.simulators.worlds import CIVIL, PROVINCE, READER, REGISTER, START

ALL = dict.fromkeys(
    ("late", "out_of_order", "duplicated", "corrected", "contradictory", "malformed", "misrouted", "personal"), 0.04
) | {"outage": 0.1}
FAR = 1 << 61
REFERENCES = ReferenceReader(3600)


def small(scenario: Scenario, dirt: dict[str, float] | None = None, units: int = 5) -> Simulation:
    start = date.fromisoformat(scenario.starts) if scenario.starts else START
    days = min(scenario.days, 21)  # the merger and the changed calendar come before
    return simulation(scenario, 3, REGISTER, PROVINCE, units, start=start, days=days, dirt=dirt or {})


class Sent:
    """A simulation in the order of sending: its facts, what was refused, and the truth."""

    def __init__(self, played: Simulation) -> None:
        self.truth: list[DossierTruth] = []
        self.petitions: list[PetitionTruth] = []
        self.references: list[Reference] = []
        self.facts: list[Fact] = []
        self.dirt: Counter[str] = Counter()
        self.expected: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.items = 0
        for item in played.items(truth=True):
            if item.dirt == RECORD:
                assert isinstance(item.what, bytes)
                self._meant(item)
                continue
            self.items += 1
            self.dirt[item.dirt] += item.topic == EVENT
            self.expected[item.reason] += 1
            data = item.what if isinstance(item.what, bytes) else msgspec.json.encode(item.what)
            try:
                self._take(item.topic, data)
            except Refused as refused:
                self.refused[refused.reason.value] += 1

    def _meant(self, item: Item) -> None:
        assert isinstance(item.what, bytes)
        if item.topic == EVENT:
            self.truth.append(msgspec.json.decode(item.what, type=DossierTruth))
        elif item.topic == PETITION:
            self.petitions.append(msgspec.json.decode(item.what, type=PetitionTruth))
        else:
            self.references.append(reference_of(item.what))

    def _take(self, topic: str, data: bytes) -> None:
        origin = (0, self.items, 0)
        if topic == EVENT:
            self.facts.append(READER.translate(event_of(data), FAR, origin))
        else:
            self.facts += facts_of(REFERENCES.checked(reference_of(data), FAR), origin)


def rules_of(played: Simulation) -> Rules:
    """The simulated limits, and the calendar with its change from when it is known."""
    turn = next((one.begins * MICROS for one in played.incidents if one.kind == CALENDAR), 0)
    calendars = [Edition(0, read_calendar(shipped_lines("calendars", "vietnam"), "vietnam", CIVIL))]
    if turn:
        calendars.append(Edition(turn, read_calendar(calendar_text(played).splitlines(), "changed", CIVIL)))
    limits = read_limits(shipped_lines("limits", SIMULATED), SIMULATED)
    return Rules(CIVIL, terms=Terms(calendars, [Edition(0, limits)], REGISTER))


def cells_of(
    facts: list[Fact], as_of: int, rules: Rules
) -> tuple[dict[tuple[str, int], dict[str, int]], dict[str, bytes], int]:
    gathered = gather([(0, Batch(as_of * MICROS, facts, ["simulation"]))])
    run = figures_at(gathered.states, rules, REGISTER, as_of * MICROS)
    repeated = gathered.accounts["simulation"].repeated
    cells = {}
    for cell, counts in run.cells.items():
        cells[cell] = {name: count for name, count in named(counts).items() if name in MEANT}
    return {cell: counts for cell, counts in cells.items() if counts}, gathered.states, repeated


@pytest.fixture(scope="module")
def dirty() -> Sent:
    return Sent(small(scenario_named("normal-fortnight"), ALL, units=8))


@pytest.mark.parametrize("dirt", [{}, ALL], ids=["clean", "all dirt at once"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_monitors_figures_are_what_was_meant(scenario: Scenario, dirt: dict[str, float]) -> None:
    played = small(scenario, dirt, units=3)
    sent = Sent(played)
    for as_of in (played.ends, played.begins + 10 * DAY + 36_000):
        found, _, _ = cells_of(sent.facts, as_of, rules_of(played))
        expected = Expected(sent.truth, as_of, petitions=sent.petitions)
        assert found == expected.cells()
        expected.close()


def test_dossiers_that_often_go_back_after_their_end_are_judged_as_meant() -> None:
    played = small(scenario_named("normal-fortnight"))
    played.offices = tuple(msgspec.structs.replace(office, reopens=0.4) for office in played.offices)
    sent = Sent(played)
    assert sum(one.reopened is not None for one in sent.truth) > 100
    for as_of in (played.ends, played.begins + 9 * DAY + 36_000):
        expected = Expected(sent.truth, as_of, petitions=sent.petitions)
        assert cells_of(sent.facts, as_of, rules_of(played))[0] == expected.cells()


def test_dirt_of_all_kinds_is_there_at_about_its_rate(dirty: Sent) -> None:
    assert set(dirty.dirt) == {"", *(kind.name for kind in DIRT)}
    for name in ("late", "out_of_order", "personal"):
        assert 0.025 < dirty.dirt[name] / dirty.items < 0.05
    assert dirty.dirt["outage"] > 20


def test_every_item_is_refused_for_the_reason_that_the_truth_says_and_no_other_is(dirty: Sent) -> None:
    clean = dirty.expected.pop("", 0)
    assert dirty.refused == dirty.expected
    assert set(dirty.refused) == {reason.value for reason, _ in BREAKS}
    assert clean + dirty.refused.total() == dirty.items


def test_what_was_sent_twice_is_repeated_and_else_only_what_had_already_been_overruled(dirty: Sent) -> None:
    _, _, repeated = cells_of(dirty.facts, FAR // MICROS // 2, Rules(CIVIL))
    items = [fact.id for fact in dirty.facts if fact.counted]
    twice = len(items) - len(set(items))
    again, others = dirty.dirt["duplicated"] // 2, (dirty.dirt["corrected"] + dirty.dirt["contradictory"]) // 2
    assert again <= twice <= again + others  # what is corrected of a statement may be nothing
    assert twice <= repeated <= again + others


def test_dirt_changes_neither_the_dossiers_nor_what_is_meant(dirty: Sent) -> None:
    clean = Sent(small(scenario_named("normal-fortnight"), units=8))
    assert {one.dossier: one for one in dirty.truth} == {one.dossier: one for one in clean.truth}
    assert dirty.items > clean.items


def test_nothing_of_the_personal_data_planted_is_left_in_a_fact(dirty: Sent) -> None:
    planted = msgspec.json.decode(b"{" + PLANTED[1:])
    kept = msgspec.json.encode(dirty.facts).decode()
    assert all(word not in kept for word in (*planted, *planted.values()))


def test_in_log_order_facts_come_by_when_they_were_recorded_and_say_the_same(dirty: Sent) -> None:
    played, refused = small(scenario_named("normal-fortnight"), ALL, units=8), Counter[str]()
    facts = list(played.facts(READER, reject=lambda one: refused.update([one.reason.value])))
    assert sorted(fact.id for fact in facts) == sorted(fact.id for fact in dirty.facts)
    assert refused == dirty.refused
    assert all(one.recorded // MICROS <= other.recorded // MICROS for one, other in pairwise(facts))
    assert [fact.origin[1] for fact in facts] == list(range(len(facts)))
    assert list(played.facts(READER, after=777)) == facts[777:]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_last_instant_in_time_as_the_world_meant_it_gives_the_verdicts_of_the_sql(scenario: Scenario) -> None:
    played = small(scenario)
    truth = Sent(played).truth
    expected = Expected(truth, played.ends)
    verdicts = expected.verdicts()
    ends = ("finished", "returned", "stopped", "withdrawn")
    for one in truth:
        if one.accepted is None or one.accepted >= played.ends:
            assert one.dossier not in verdicts
            continue
        ended = next((at for at in (getattr(one, name) for name in ends) if at is not None and at < played.ends), None)
        assert one.late_after is not None
        if one.reopened is not None or (one.asked1 is not None and one.completed1 is None):
            continue  # gone back, or waiting: the frozen ones have no last instant yet
        if ended is None:
            meant = "open_overdue" if one.late_after < played.ends else "open_within"
        else:
            meant = "late" if ended > one.late_after else "on_time"
        assert verdicts[one.dossier] == meant, one


def test_each_dossier_is_in_the_truth_once_with_all_its_events(dirty: Sent) -> None:
    clean = small(scenario_named("normal-fortnight"), units=8)
    told = Counter(event.dossier for event in clean.events())
    assert {one.dossier: one.events for one in dirty.truth} == dict(told)
    assert len(dirty.truth) == len(told)


def test_no_day_is_the_monitors_own() -> None:
    assert contributions.NO_DAY == NO_DAY
