import random
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from simulators.workers import environment
from streams import topic_admin
from streams.core.digest import RunDigest
from streams.local_kafka import LocalCluster, LocalKafka
from tests.flow.fleet import Fleet
from tests.flow.known import SAMPLE, Row, reference, rows_of, slice_of
from tests.flow.rest import said_at, wait_for_rest, write_tick
from tests.flow.rounds import LAST, Blow, Brokers, Fault, One, Plan, Three, Way, play, random_plan, settings_of

SLICE = 2000
SEED = 20111106


@lru_cache
def part() -> list[Row]:
    return slice_of(SLICE)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> RunDigest:
    return reference(part(), tmp_path_factory.mktemp("reference"), LAST)


VARIANTS = (
    Plan(Way.REPLAY, partitions=12, workers=1),
    Plan(Way.REPLAY, partitions=1, workers=1, shuffled=True, doubled=True),
    Plan(Way.IMPORT, partitions=1, workers=1, doubled=True),
    Plan(Way.IMPORT, partitions=16, workers=3, shuffled=True),
    Plan(Way.IMPORT, partitions=12, workers=1, blows=(Blow(Fault.KILLED, 3),)),
    Plan(Way.REPLAY, partitions=12, workers=3, blows=(Blow(Fault.KILLED, 2, place=0), Blow(Fault.KILLED, 4, place=1))),
    Plan(Way.IMPORT, partitions=16, workers=3, blows=(Blow(Fault.FROZEN, 3, place=1),)),
    Plan(Way.REPLAY, partitions=12, workers=1, blows=(Blow(Fault.BROKER, 3),)),
    Plan(Way.IMPORT, partitions=12, workers=3, shuffled=True, doubled=True, blows=(Blow(Fault.REPLACED, 3),)),
)


@pytest.mark.integration
@pytest.mark.parametrize("plan", VARIANTS, ids=Plan.words)
def test_the_digest_is_the_same_and_every_item_accounted_for(
    plan: Plan, expected: RunDigest, kafka: LocalKafka, run_name: str, tmp_path: Path
) -> None:
    check(plan, expected, One(kafka), run_name, tmp_path)


@pytest.mark.integration
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_the_digest_is_the_same_in_a_round_of_faults_by_chance(
    seed: int, expected: RunDigest, kafka: LocalKafka, run_name: str, tmp_path: Path
) -> None:
    check(random_plan(random.Random(seed), blows=2), expected, One(kafka), run_name, tmp_path)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with LocalCluster(tmp_path_factory.mktemp("cluster")) as three:
        yield three


@pytest.mark.integration
def test_the_digest_is_the_same_on_three_brokers_of_which_one_is_killed(
    expected: RunDigest, cluster: LocalCluster, run_name: str, tmp_path: Path
) -> None:
    plan = Plan(Way.REPLAY, partitions=12, workers=3, blows=(Blow(Fault.BROKER, 3),))
    check(plan, expected, Three(cluster), run_name, tmp_path)


@pytest.mark.integration
def test_the_same_file_imported_again_by_the_command_changes_nothing(
    kafka: LocalKafka, run_name: str, tmp_path: Path
) -> None:
    settings = settings_of(run_name, One(kafka), tmp_path, Plan(partitions=3))
    topic_admin.create(settings, run_name)
    command = [sys.executable, "-m", "streams.cli", "import", str(SAMPLE), "--mapping", "boston311"]
    with Fleet(settings, 1, tmp_path) as fleet:
        for again in ([], ["--again"]):
            subprocess.run([*command, *again], env=environment(settings, {"HOME": str(tmp_path)}), check=True)
        write_tick(settings, LAST)
        wait_for_rest(settings, LAST, 60, fleet.words)
    said = said_at(settings, LAST)
    assert said.pipeline == said.facts == reference(rows_of(SAMPLE), tmp_path, LAST)
    assert said.conserved, said.inputs
    assert said.outcome == {"read": 2 * 552, "applied": 552, "repeated": 552, "rejected": 0, "ignored": 0}


def check(plan: Plan, expected: RunDigest, brokers: Brokers, run: str, folder: Path) -> None:
    said, _, statuses = play(plan, part(), run, brokers, folder)
    assert said.facts == expected, "the facts on the topic are not those of the rows"
    assert said.pipeline == expected, "what the stages wrote is not what the facts say"
    assert said.conserved, said.inputs
    rows = len(part()) * (2 if plan.doubled else 1)
    events = rows if plan.way is Way.REPLAY else sum(1 + bool(row["closed"]) for row in part()) * (1 + plan.doubled)
    outcome = said.outcome
    assert outcome["read"] == events == outcome["applied"] + outcome["repeated"]
    if any(blow.fault is Fault.KILLED for blow in plan.blows):
        assert any(-9 in of_one for of_one in statuses)
