"""`motcua demo` as people call it: it ends with status 0 only if the checks hold, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dashboards.following import Following
from dashboards.live_board import Boards
from simulators.demo import DemoError, Feed, check_size, ground
from simulators.log_writer import AtOnce
from simulators.scenarios import scenario_named
from simulators.simulation import Simulation, simulation
from simulators.world.desk import Stated
from streams import topic_admin
from streams.cli.demo import AHEAD_DAYS
from streams.core.civil import MICROS, Civil, date_of
from streams.local_kafka import LocalKafka
from streams.registers import SIMULATED, shipped
from streams.settings import load
from tests.conftest import SettingsFor

SMALL = ("--units", "4", "--days", "6", "--minutes", "0.1")


def demo(folder: Path, *options: str) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return subprocess.Popen(
        [sys.executable, "-m", "streams.cli", "demo", *SMALL, *options],
        env={**environ, "HOME": str(folder), "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes_of(folder: Path) -> list[str]:
    """Commands of processes that were given this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # ended meanwhile, or somebody else's
    return found


def assert_checks_hold(said: str) -> None:
    assert re.search(r"^holds  conservation: ([\d,]+) read = \1 applied \+ 0 repeated", said, re.MULTILINE), said
    assert "holds  digest: the workers' figures are what the facts say" in said, said
    assert re.search(r"^  total +\d+\.\d\d of 100\.00, \w+$", said, re.MULTILINE), said
    assert re.search(r"^ +1 +\d+\.\d\d of 100\.00  on time +\d+\.\d\d % of", said, re.MULTILINE), said


@pytest.mark.integration
def test_on_the_embedded_broker_it_ends_with_status_0_and_leaves_nothing_behind(tmp_path: Path) -> None:
    picture = tmp_path.parent / f"{tmp_path.name}.svg"
    process = demo(tmp_path, "--once", "--picture", str(picture))
    said, _ = process.communicate(timeout=150)
    assert process.returncode == 0, said
    assert_checks_hold(said)
    assert list(tmp_path.iterdir()) == []
    assert processes_of(tmp_path) == []
    text = "".join(ElementTree.fromstring(picture.read_text(encoding="utf-8")).itertext())
    assert "best\xa0units" in text
    assert "pipeline" in text
    assert "@font-face" not in text


@pytest.mark.integration
def test_ctrl_c_ends_it_in_order_while_it_is_live(tmp_path: Path) -> None:
    process = demo(tmp_path, "--keep")
    assert process.stdout is not None
    said = ""
    while "Live at real speed" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    said += process.communicate(timeout=180)[0]
    assert process.returncode == 0, said
    assert_checks_hold(said)
    kept = re.search(r"^Kept: (\S+)", said, re.MULTILINE)
    assert kept is not None, said
    assert [Path(kept[1])] == list(tmp_path.iterdir())
    assert "ready: 8 partitions" in (Path(kept[1]) / "runs" / "demo" / "worker-1.log").read_text(encoding="utf-8")
    assert processes_of(tmp_path) == []


@pytest.mark.integration
def test_on_a_real_broker_it_ends_with_status_0_and_removes_its_run(
    kafka: LocalKafka, run_name: str, settings_for: SettingsFor, tmp_path: Path
) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    process = demo(folder, "--once", "--broker", kafka.brokers, "--run", run_name)
    said, _ = process.communicate(timeout=150)
    assert process.returncode == 0, said
    assert_checks_hold(said)
    assert list(folder.iterdir()) == []
    assert run_name not in topic_admin.runs(settings_for(run_name))


@pytest.mark.integration
def test_a_run_that_is_there_already_is_left_alone(
    kafka: LocalKafka, run_name: str, settings_for: SettingsFor, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=1)
    topic_admin.create(settings, run_name)
    process = demo(tmp_path, "--once", "--broker", kafka.brokers, "--run", run_name)
    said, _ = process.communicate(timeout=180)
    assert process.returncode == 2, said
    assert f"motcua run remove {run_name}" in said
    assert run_name in topic_admin.runs(settings)


@pytest.mark.integration
def test_after_the_replay_events_go_through_intake_and_none_is_lost_or_told_twice(tmp_path: Path) -> None:
    played = world(units=3, days=9)
    turn, end = ((played.begins + 3 * 86_400 + hours * 3600) * MICROS for hours in (10, 16))
    events = sum(1 for _ in played.events(until=end))
    # Petitions and what units state of themselves are in the replay; live, the demo sends events alone.
    beside = sum(isinstance(one, Stated) and one.at * MICROS < turn for one in played.stated())
    items = events + beside
    said: list[str] = []
    base = load({"HOME": str(tmp_path)})
    with ground(base, None, "demo", said.append, keep=False) as place, Following(place.settings) as following:
        with Feed(place.settings, played) as feed:
            feed.begin()
            feed.replay(turn, AtOnce())
            assert feed.conclude() == turn
            replayed = feed.read
            feed.live(end)
            assert feed.read == items > replayed
            assert beside > 0
        boards = Boards(following, shipped(SIMULATED), "46", Civil("Asia/Ho_Chi_Minh"))
        deadline = time.monotonic() + 240
        while (flow := boards.look(items).flow).under_way or following.as_of < end:
            assert time.monotonic() < deadline, flow
            place.check()
            following.look()
    assert (flow.read, flow.applied, flow.repeated) == (items, items, 0)
    assert said == []


def world(units: int, days: int) -> Simulation:
    scenario, today = scenario_named("commune-overwhelmed"), Civil("Asia/Ho_Chi_Minh").day(int(time.time()))
    start = date_of(today - days)
    return simulation(scenario, 1, shipped(SIMULATED), "46", units, start=start, days=days + AHEAD_DAYS)


def test_a_world_too_large_for_the_embedded_broker_is_refused_with_a_way_out() -> None:
    settings = load({"HOME": "/", "MOTCUA_EMBEDDED": "true"})
    played = world(units=2, days=3)
    until = (played.begins + 3 * 86_400) * MICROS
    assert 0 < check_size(settings, played, until) < 10_000
    with pytest.raises(DemoError, match=r"the embedded broker holds 150,000.*--broker"):
        check_size(settings, world(units=40, days=50), int(time.time()) * MICROS)
