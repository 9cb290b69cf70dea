import time
from pathlib import Path

import pytest

from dashboards.outputs import read_figures
from simulators.replay import Replay
from streams.core.history import KEPT, DayRecord
from streams.core.standings import Standings
from streams.core.told import told_place, told_score
from streams.reading import RunReader
from streams.settings import Settings
from streams.standstill import EX_TEMPFAIL
from tests.conftest import SettingsFor
from tests.flow.fleet import SESSION_S, Fleet
from tests.flow.known import (
    ZONE,
    at,
    boston,
    expected_as_of,
    expected_by_unit,
    instants,
    reference,
    rows_of,
    table,
    told,
    told_of_unit,
)
from tests.flow.rest import day_records, figures, folded_at, said_at, wait_as_of, wait_for_rest

CITY = "BOS"


@pytest.mark.integration
@pytest.mark.timeout(900)
def test_every_figure_of_boston_is_equal_at_every_instant_while_a_worker_is_killed_and_another_frozen(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=4, zone=ZONE, units=Path("boston311"))
    times = instants()
    with Replay(settings, table(boston())) as replay, Fleet(settings, 2, tmp_path) as fleet:
        for place, instant in enumerate(times):
            if place == len(times) // 3:
                fleet.kill(0)
            if place == len(times) // 2:
                fleet.freeze(1)
            replay.advance(at(instant))
            if place == len(times) // 2:
                time.sleep(SESSION_S + 2)
                fleet.wake(1)
            wait_as_of(settings, at(instant), 240, fleet.words)
            assert told(figures(settings)[CITY]) == expected_as_of(instant), instant
        last = at(times[-1])
        wait_for_rest(settings, last, 240, fleet.words)
        by_unit = figures(settings)
        said = said_at(settings, last)
        statuses = [worker.statuses for worker in fleet.workers]
    the_history_and_the_index_are_what_the_facts_say(settings, last)
    expected = expected_by_unit()
    assert {unit: told_of_unit(by_unit[unit]) for unit in expected} == expected
    assert set(by_unit) == {*expected, CITY}
    rows = rows_of(boston())
    assert said.pipeline == said.facts == reference(rows, tmp_path, last)
    assert said.conserved, said.inputs
    outcome = said.outcome
    assert outcome["read"] == len(rows) == outcome["applied"] + outcome["repeated"] + outcome["rejected"]
    assert -9 in statuses[0]
    assert EX_TEMPFAIL in statuses[1], "a worker that was frozen beyond its session ends by itself when it is woken"


def the_history_and_the_index_are_what_the_facts_say(settings: Settings, last: int) -> None:
    """Of a day in the middle and of the last one; the history has a day only where something of it changed."""
    by_day: dict[int, list[DayRecord]] = {}
    for record in day_records(settings):
        by_day.setdefault(record.as_of, []).append(record)
    days = sorted(by_day)
    for instant in (days[len(days) // 2], days[-1]):
        folded, scoring = folded_at(settings, instant)
        for record in by_day[instant]:
            counts = folded.index[record.period, record.unit]
            assert record.counts == {name: counts[name] for name in KEPT if counts.get(name)}, record.key
            assert record.score == told_score(scoring.score(record.period, record.unit)), record.key
    _, scoring = folded_at(settings, last)
    with RunReader(settings) as reader:
        entries = read_figures(reader).entries
    standings = Standings(scoring.held, scoring.today)
    standings.refresh(entries, scoring.today)
    for (period, unit), entry in entries.items():
        assert entry.score == told_score(scoring.score(period, unit)), (period, unit)
        assert entry.place == told_place(standings.peers(period, unit), standings.place(period, unit))
