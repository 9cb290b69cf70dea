import gzip
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
import zstandard
from click.testing import CliRunner, Result

from simulators.event_files import beside, write_lines
from simulators.live import LiveFeed
from simulators.outbox import Outbox
from simulators.pieces import Line, lines
from simulators.replay import Replay
from simulators.replay_record import load_record
from simulators.sent import EVENT, TOPICS
from simulators.workers import environment
from simulators.world.working_time import ZONE
from streams import topic_admin
from streams.cli import main
from streams.core.civil import MICROS, micros
from streams.core.events import Event
from streams.core.facts import decode_batch
from streams.core.routing import partition_of
from streams.settings import Settings
from streams.sources.native import event_of
from streams.topics import topic_name
from tests.simulators.topics_read import messages
from tests.simulators.worlds import READER, world

SettingsFor = Callable[..., Settings]


def motcua(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["simulate", *arguments], env={"HOME": str(home)})


def test_the_scenarios_are_listed(tmp_path: Path) -> None:
    said = motcua(tmp_path, "--list").output
    assert "normal-fortnight" in said
    assert "commune-overwhelmed" in said


def test_a_file_holds_the_events_plain_or_packed_and_the_same_bytes_again(tmp_path: Path) -> None:
    arguments = ("normal-fortnight", "--units", "6", "--from", "2026-11-09")
    for name in ("plain.ndjson", "packed.ndjson.gz", "again.ndjson.gz", "squeezed.ndjson.zst"):
        result = motcua(tmp_path, *arguments, "--out", str(tmp_path / name))
        assert result.exit_code == 0, result.output
    plain = (tmp_path / "plain.ndjson").read_bytes()
    with lines(world(units=6)) as made:
        items = list(made)
    for topic in TOPICS:
        written = beside(tmp_path / "plain.ndjson", topic).read_bytes().splitlines()
        assert written == [line.data for line in items if line.topic == topic]
        assert written
    assert sorted(plain.splitlines()) == sorted(map(msgspec.json.encode, world(units=6).events()))
    packed = (tmp_path / "packed.ndjson.gz").read_bytes()
    assert gzip.decompress(packed) == plain
    assert packed == (tmp_path / "again.ndjson.gz").read_bytes()
    with zstandard.open(tmp_path / "squeezed.ndjson.zst", "rb") as squeezed:
        assert squeezed.read() == plain


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    result = motcua(tmp_path, "normal-fortnight", "--units", "2", "--out", str(tmp_path / "none" / "a.ndjson"))
    assert result.exit_code == 2
    assert "cannot be written: No such file" in result.stderr
    with pytest.raises(KeyboardInterrupt):
        write_lines(_interrupted(), tmp_path / "b.ndjson")
    assert list(tmp_path.iterdir()) == []


def _interrupted() -> Iterator[Line]:
    yield Line(0, "", 1, b"{}", "", "", "", 0)
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("path", "name"), [("month.ndjson.zst", "month.petitions.ndjson.zst"), ("a.b/2026.11", "a.b/2026.11.petitions")]
)
def test_what_is_stated_beside_the_dossiers_goes_into_files_named_by_its_topic(path: str, name: str) -> None:
    assert beside(Path(path), "petitions") == Path(name)
    assert beside(Path(path), EVENT) == Path(path)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name a scenario"),
        (("nobody",), "There is no scenario 'nobody'. There are: normal-fortnight"),
        (("normal-fortnight", "--out", "a", "--run", "b"), "not both"),
        (("normal-fortnight", "--speed", "10"), "give --run NAME with --speed"),
        (("normal-fortnight", "--out", "a", "--since", "now"), "--since is for the live run"),
        (("normal-fortnight", "--out", "a", "--from", "yesterday"), "write a day such as"),
        (("normal-fortnight", "--out", "a", "--province", "X"), "no province 'X'"),
        (("normal-fortnight", "--run", "live"), "a run of its own"),
        (("normal-fortnight", "--truth", "a", "--run", "b"), "not both"),
        (("normal-fortnight", "--out", "a", "--rate", "100"), "--rate sends through INTAKE"),
        (("normal-fortnight", "--format", "national"), "give --out FILE"),
        (("normal-fortnight", "--out", "a", "--format", "national", "--dirt", "all"), "cannot have the dirt late"),
        (("normal-fortnight", "--out", "a", "--dirt", "mud"), "There is no dirt 'mud'"),
        (("normal-fortnight", "--out", "a", "--dirt", "late=2"), "a share from 0 to 1"),
        (("normal-fortnight", "--out", "a", "--dirt", "all=0.5"), "add up to more than 1"),
    ],
)
def test_what_cannot_be_asked_for_is_said(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    result = motcua(tmp_path, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.integration
def test_a_simulation_is_replayed_into_a_run_and_continues_when_killed(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=3)
    command = [sys.executable, "-m", "streams.cli", "simulate", "normal-fortnight", "--units", "6"]
    command += ["--from", "2026-11-09", "--run", run_name, "--workers", "0"]
    variables = environment(settings, {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    slow = [*command, "--speed", "60000"]
    killed = subprocess.Popen(slow, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 180
    while not _has_begun(settings) and time.monotonic() < deadline:
        time.sleep(0.1)
    killed.kill()
    killed.wait()
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True, timeout=120)
    played = world(units=6)
    expected = list(played.facts(READER))
    assert f"Run {run_name}: {len(expected):,} events of {played.name}, as of 2026-11-23" in done.stdout
    found = messages(settings, topic_name(run_name, "dossier-facts"), 3)
    facts = {fact.origin: fact for message in found for fact in decode_batch(message.value).facts}
    assert [facts[origin] for origin in sorted(facts)] == expected
    record = load_record(settings)
    assert record is not None
    assert (record.facts, record.rows, record.seq) == (len(expected), len(expected), len(expected))
    assert record.finished
    assert record.ticked == played.ends * MICROS


def _has_begun(settings: Settings) -> bool:
    if settings.run not in topic_admin.runs(settings):
        return False
    record = load_record(settings)
    return record is not None and record.seq > 0


@pytest.mark.integration
def test_a_replay_up_to_now_goes_on_as_events_since_then(settings_for: SettingsFor, run_name: str) -> None:
    settings, played = settings_for(run_name, partitions=2), world(units=4)
    now = micros(datetime(2026, 11, 17, 10, 30, tzinfo=ZONE))
    with Replay(settings, played) as replay:
        replay.advance(now)
        replayed = replay.record.seq
    rest = list(played.events(since=now))
    with Outbox(settings) as outbox:
        feed = LiveFeed(settings, outbox, map(_line, rest))
        assert feed.next_at is not None
        assert feed.next_at * MICROS >= now
        assert feed.send_until(now - 1) == 0
        later = now + 86400 * MICROS
        sent = feed.send_until(later)
        assert sent == sum(micros(one.at) <= later for one in rest) > 0
        feed.send_until(played.ends * MICROS)
        assert feed.sent == len(rest)
        assert feed.send_until(played.ends * MICROS + 1) == 0
    assert replayed == sum(fact.recorded < now for fact in played.facts(READER))
    assert len(list(played.events(until=now))) + len(rest) == sum(1 for _ in played.events())
    found = messages(settings, topic_name(run_name, "dossier-events"), 2)
    lines = [line for message in found for line in message.value.split(b"\n")]
    assert sorted(lines) == sorted(map(msgspec.json.encode, rest))
    for message in found:
        assert {partition_of(event_of(line).dossier, 2) for line in message.value.split(b"\n")} == {message.partition}


def _line(event: Event) -> Line:
    return Line(micros(event.at) // MICROS, "", 0, msgspec.json.encode(event), "", "", event.dossier, 0)


@pytest.mark.integration
def test_live_sends_what_has_happened_and_stops_at_a_word(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=2)
    command = [sys.executable, "-m", "streams.cli", "simulate", "normal-fortnight", "--units", "2", "--days", "60"]
    command += ["--from", f"{datetime.fromtimestamp(time.time() - 8 * 86400, ZONE):%Y-%m-%d}"]
    variables = environment(settings, {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    live = subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True)
    assert live.stdout is not None
    assert "each event in its time" in live.stdout.readline()
    assert "sent" in live.stdout.readline()
    live.terminate()
    assert "Stopped after" in live.communicate(timeout=120)[0]
    assert live.returncode == 0
    found = messages(settings, topic_name(run_name, "dossier-events"), 2)
    assert all(event_of(line).at.timestamp() <= time.time() for one in found for line in one.value.split(b"\n"))
    assert found
