import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulators.outbox import Outbox
from simulators.replay_record import ReplayRecord, load_record
from simulators.run_control import Control, Orders, order
from simulators.workers import environment
from streams import topic_admin
from streams.cli import main
from streams.core.civil import DAY, MICROS, Civil
from streams.settings import Settings
from streams.topics import topic_name
from tests.simulators.test_replay import SAMPLE, ZONE, at, has_begun

SettingsFor = Callable[..., Settings]
CIVIL = Civil(ZONE)


@contextmanager
def playing(settings: Settings, folder: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """The sample played in a process of its own, a day of the log in half a second."""
    command = [sys.executable, "-m", "streams.cli", "replay", str(SAMPLE), "--mapping", "boston311", "--no-worker"]
    command += ["--run", settings.run, "--until", "2011-12-01", "--speed", str(2 * DAY), *more]
    variables = environment(settings, {"HOME": str(folder), "PATH": "/usr/bin:/bin"})
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            eventually(lambda: has_begun(settings))
            yield process
        finally:
            process.kill()


def told(settings: Settings, *words: str) -> str:
    result = CliRunner().invoke(main, ["run", "control", settings.run, *words], env=environment(settings, {}))
    assert result.exit_code == 0, result.stderr
    return result.output


def eventually(look: Callable[[], bool], within_s: float = 120.0) -> None:
    end = time.monotonic() + within_s
    while not look():
        assert time.monotonic() < end
        time.sleep(0.1)


def kept(settings: Settings) -> ReplayRecord:
    found = load_record(settings)
    assert found is not None
    return found


def at_rest(settings: Settings) -> int:
    """Where a replay that was told to pause stands: twice the same, a second and a half apart."""
    while True:
        before = kept(settings).ticked
        time.sleep(1.5)
        if kept(settings).ticked == before:
            return before


@pytest.mark.integration
def test_a_replay_stands_still_steps_by_days_goes_faster_and_stops_as_it_is_told(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=2, zone=ZONE)
    with playing(settings, tmp_path) as process:
        assert "stands still" in told(settings, "pause")
        paused = at_rest(settings)
        midnight = CIVIL.midnight(CIVIL.day(paused // MICROS) + 1) * MICROS
        told(settings, "step")
        eventually(lambda: kept(settings).ticked == midnight)
        told(settings, "step")
        eventually(lambda: kept(settings).ticked == CIVIL.midnight(CIVIL.day(midnight // MICROS) + 1) * MICROS)
        told(settings, "stop")
        said, words = process.communicate(timeout=120)
        assert process.returncode == 0
        assert "Stopped as ordered" in words
        assert "facts written" in said
    with playing(settings, tmp_path) as process:  # what was told to stop goes on, and what stood still does so yet
        assert at_rest(settings) > midnight
        told(settings, "speed", "max")
        assert "goes on" in told(settings, "resume")
        assert process.wait(120) == 0
    assert kept(settings).ticked == at("2011-12-01")


@pytest.mark.integration
def test_orders_from_before_it_began_do_not_hold_any_more_except_to_stand_still(
    settings_for: SettingsFor, run_name: str
) -> None:
    settings = settings_for(run_name, partitions=1)
    topic_admin.create(settings, run_name)
    for what, speed in (("stop", None), ("speed", 7.0), ("step", None)):
        order(settings, what, speed)
    with Orders(settings, speed=3.0) as orders:
        assert (orders.stopped, orders.speed, orders.steps, orders.control.paused) == (False, 3.0, 0, True)
        order(settings, "speed", 9.0)
        order(settings, "step")
        order(settings, "stop")
        orders.look(at_once=True)
        assert (orders.stopped, orders.speed, orders.steps) == (True, 9.0, 1)
        orders.stepped()
        assert orders.steps == 0
    assert order(settings, "resume") == Control(paused=False, speed=9.0, speeds=2, steps=2, stops=2)


@pytest.mark.integration
def test_orders_to_a_run_without_a_replay_are_refused(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=1)
    topic_admin.create(settings, run_name)
    with Outbox(settings) as outbox:
        outbox.send(topic_name(run_name, "references"), b"{}", key=b"calendar")
        outbox.flush()
    result = CliRunner().invoke(main, ["run", "control", run_name, "pause"], env=environment(settings, {}))
    assert (result.exit_code, "has no replay" in result.stderr) == (2, True)
    wrong = CliRunner().invoke(main, ["run", "control", run_name, "speed"], env=environment(settings, {}))
    assert (wrong.exit_code, "needs how fast" in wrong.stderr) == (2, True)


@pytest.mark.integration
def test_a_part_of_a_table_is_played_from_one_day_to_before_another(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    from tests.simulators.test_replay import facts

    settings = settings_for(run_name, partitions=2, zone=ZONE)
    command = ["replay", str(SAMPLE), "--mapping", "boston311", "--no-worker", "--run", run_name]
    part = ["--from", "2011-08-01", "--to", "2011-09-01"]
    first = CliRunner().invoke(main, [*command, *part, "--until", "2011-08-15"], env=environment(settings, {}))
    assert first.exit_code == 0, first.stderr
    assert not kept(settings).finished
    other = CliRunner().invoke(main, command, env=environment(settings, {}))
    assert (other.exit_code, "--from, --to or" in other.stderr) == (2, True)
    assert CliRunner().invoke(main, [*command, *part], env=environment(settings, {})).exit_code == 0
    moments = [fact.recorded for fact in facts(settings)]
    assert moments
    assert at("2011-08-01") <= min(moments) < at("2011-08-15") < max(moments) < at("2011-09-01")
    assert (kept(settings).finished, kept(settings).ticked) == (True, at("2011-09-01"))


def test_a_recording_needs_no_mapping_and_a_table_does(tmp_path: Path) -> None:
    for arguments, word in (
        ([str(tmp_path), "--mapping", "boston311"], "a recording needs none"),
        ([str(SAMPLE)], "a table needs --mapping"),
        ([str(tmp_path)], "no recording of motcua"),
    ):
        result = CliRunner().invoke(main, ["replay", *arguments, "--run", "trial"], env={"HOME": str(tmp_path)})
        assert (result.exit_code, word in result.stderr) == (2, True), result.stderr
