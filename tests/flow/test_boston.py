import time
from pathlib import Path

import pytest

from simulators.replay import Replay
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
from tests.flow.rest import figures, said_at, wait_as_of, wait_for_rest

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
            wait_as_of(settings, at(instant), 120, fleet.words)
            assert told(figures(settings)[CITY]) == expected_as_of(instant), instant
        last = at(times[-1])
        wait_for_rest(settings, last, 120, fleet.words)
        by_unit = figures(settings)
        said = said_at(settings, last)
        statuses = [worker.statuses for worker in fleet.workers]
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
