"""`motcua report --index`, `--gain` and `--ranking` over a real Kafka: as the workers say and as the facts say."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from dashboards.schemas import SCHEMAS
from simulators.workers import environment
from streams.cli import main
from streams.core.register import Level
from streams.schemas import text_of
from streams.settings import Settings
from tests.dashboards.boston import REGISTER, RULES, SAMPLE, ZONE, at, batches
from tests.dashboards.stages_by_hand import write_facts, write_outputs

CLOCK = at("2023-05-04T00:00:00")
LEVEL = next(REGISTER.level(unit.code) for unit in REGISTER.children(REGISTER.root))
pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings_for: Callable[..., Settings], run_name: str) -> Settings:
    made = settings_for(run_name, partitions=3, zone=ZONE, units=Path("boston311"))
    write_facts(made, batches(SAMPLE, 3), CLOCK)
    write_outputs(made, batches(SAMPLE, 3), CLOCK, RULES, REGISTER)
    return made


def motcua(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", *arguments], env=environment(settings, {}))


def test_points_and_ranks_of_the_workers_figures_are_those_of_the_facts(settings: Settings) -> None:
    assert LEVEL is not Level.UNREGISTERED
    asked = ("--json", "--index", "--ranking", "--min-volume", "5", "--level", LEVEL.value)
    told = json.loads(motcua(settings, *asked).stdout)
    folded = json.loads(motcua(settings, *asked, "--as-of", "2023-05-04").stdout)
    assert told["index"] == folded["index"]
    assert told["ranking"] == folded["ranking"]
    jsonschema.validate(told, json.loads(text_of(SCHEMAS[0])))
    by_unit = {unit["unit"]: unit for unit in told["units"]}
    for score in told["index"]:
        [on_time] = [one for one in score["indicators"] if one["indicator"] == "2.1"]
        counts = by_unit[score["unit"]]["counts"]
        assert on_time["numerator"] == counts["on_time"] + counts["open_within"]
        assert on_time["denominator"] == counts["received"]
    places = [place for group in told["ranking"].values() for place in group]
    assert {place["unit"] for place in places} == set(by_unit)
    assert all((place["rank"] is not None) == (place["volume"] >= 5) for place in places)


def test_the_index_for_people_says_what_is_no_data(settings: Settings) -> None:
    shown = motcua(settings, "--index", "--gain", "--ranking")
    assert shown.exit_code == 0, shown.output
    assert "Index qd766-2026 (an estimate of the national one; blank is no data)" in shown.stdout
    assert "(incomplete)" in shown.stdout
    assert "2.1   dossiers on time" in shown.stdout
    assert f"Ranking of {LEVEL.value}" in shown.stdout
    assert "At stake if every dossier in process within due turns late" in shown.stdout
    assert json.loads(motcua(settings, "--json").stdout)["index"] is None
    assert motcua(settings, "--csv", "--index").exit_code == 2
