"""What came through INTAKE, recorded and replayed: at once, by three workers, killed on the way; and recorded again."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from dashboards.comparing import compare_runs
from dashboards.conservation import conservation_of
from dashboards.digests import digest_of_history, pipeline_digest
from simulators.recording import record
from simulators.recording_files import lines_of
from simulators.recording_played import Recording
from simulators.replay_record import load_record
from simulators.workers import environment
from streams import topic_admin
from streams.core.facts import Fact, decode_batch
from streams.local_kafka import LocalKafka
from streams.settings import Settings
from tests.flow.fleet import Fleet, until
from tests.flow.known import mixed, slice_of
from tests.flow.rest import Said, said_at, wait_for_rest
from tests.flow.rounds import LAST, One, Plan, imported, settings_of

ROWS = 400
PLAN = Plan(partitions=3)


def live_run(settings: Settings, folder: Path) -> Said:
    """Rows, each twice and in no order, through INTAKE while it is at work; what the run said at rest."""
    topic_admin.create(settings, settings.run)
    rows = mixed(slice_of(ROWS), random.Random(7), shuffled=True, doubled=True)
    with Fleet(settings, 1, folder) as fleet:
        until(lambda: "ready: " in fleet.words(), 30, fleet.words)
        for _ in imported(settings, rows, folder):
            time.sleep(0.1)
        wait_for_rest(settings, LAST, 60, fleet.words)
        return said_at(settings, LAST)


def replay(settings: Settings, folder: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "streams.cli", "replay", str(out), "--run", settings.run, *more]
    variables = environment(settings, {"HOME": str(folder), "PATH": "/usr/bin:/bin"})
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def ended(process: subprocess.Popen[str]) -> None:
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 0, said


def has_begun(settings: Settings) -> bool:
    if settings.run not in topic_admin.runs(settings):
        return False
    found = load_record(settings)
    return found is not None and found.seq > 0


def facts_in(recording: Recording) -> dict[int, list[Fact]]:
    return {
        partition: [fact for line in recording.lines("dossier-facts", partition) for fact in decode_batch(line).facts]
        for partition in range(recording.partitions)
    }


@pytest.mark.integration
def test_live_and_replayed_at_once_by_three_workers_and_after_a_crash_all_say_the_same(
    kafka: LocalKafka, run_name: str, tmp_path: Path
) -> None:
    live = settings_of(run_name, One(kafka), tmp_path, PLAN)
    said = live_run(live, tmp_path)
    assert said.conserved
    out = tmp_path / "recording"
    made = record(live, out)
    runs = [msgspec.structs.replace(live, run=f"{run_name}-{what}") for what in ("max", "three", "crash")]
    at_once, three, crash = runs
    ended(replay(at_once, tmp_path, out))
    ended(replay(three, tmp_path, out, "--workers", "3"))
    killed = replay(crash, tmp_path, out, "--speed", "0.02")
    until(lambda: has_begun(crash), 30)
    killed.kill()
    killed.communicate()
    found = load_record(crash)
    assert found is not None
    assert 0 < found.seq < made.counts.facts
    ended(replay(crash, tmp_path, out))
    history = digest_of_history(at_once)
    assert history.records > 100
    for settings in runs:
        assert pipeline_digest(settings) == (LAST, said.pipeline), settings.run
        rows, conserved = conservation_of(settings)
        assert conserved, rows
        assert Counter({row.input: row.applied for row in rows}) == {row.input: row.applied for row in said.inputs}
        assert compare_runs(live, settings).equal
    assert [digest_of_history(settings) for settings in (live, *runs)] == [history] * (1 + len(runs))
    again = record(at_once, tmp_path / "again")
    assert again.items == made.items
    assert facts_in(Recording(tmp_path / "again")) == facts_in(Recording(out))
    assert lines(tmp_path / "again") == lines(out)


def lines(folder: Path) -> list[bytes]:
    return sorted(line for path in folder.glob("dossier-facts*") for line in lines_of(path))
