import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from simulators.outbox import Outbox
from simulators.replay import RUN, Replay, as_of
from simulators.replay_record import ReplayError, load_record
from simulators.rows import Table
from simulators.runs import runs
from simulators.workers import environment, run_folder
from streams import topic_admin
from streams.cli import main
from streams.cli.playing import wait_for_figures
from streams.cli.showing import Bar
from streams.core.civil import MICROS, Civil, micros
from streams.core.facts import Batch, Fact, decode_batch
from streams.core.index import RunStatus
from streams.core.routing import partition_of
from streams.reading import RunReader
from streams.settings import Settings
from streams.sources.mappings import load_mapping
from streams.topics import topic_name
from tests.simulators.topics_read import messages

SAMPLE = Path(__file__).parents[1] / "data" / "boston311-sample.csv"
ZONE = "America/New_York"
SettingsFor = Callable[..., Settings]


def table(path: Path = SAMPLE) -> Table:
    return Table(path, load_mapping("boston311"))


def at(text: str) -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=Civil(ZONE).zone))


def batches(settings: Settings) -> list[tuple[int, Batch]]:
    found = messages(settings, topic_name(settings.run, "dossier-facts"), settings.partitions)
    return [(message.partition, decode_batch(message.value)) for message in found]


def facts(settings: Settings) -> list[Fact]:
    return [fact for _, batch in batches(settings) for fact in batch.facts]


@pytest.mark.integration
def test_a_replay_is_written_up_to_an_instant_then_to_the_next(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=3, zone=ZONE)
    with Replay(settings, table()) as replay:
        for text in ("2011-08-01", "2011-10-01", "2012-07-01"):
            replay.advance(at(text))
            written = batches(settings)
            assert all(one.recorded < at(text) for _, batch in written for one in batch.facts)
            for partition in range(3):
                assert [batch for place, batch in written if place == partition][-1].clock == at(text)
            record = load_record(settings)
            assert record is not None
            assert (record.ticked, record.seq, record.finished) == (at(text), len(facts(settings)), False)
        replay.finish()
    found = facts(settings)
    assert Counter(fact.kind for fact in found) == {"accepted": 300, "finished": 252}
    assert sum(fact.counted for fact in found) == 300
    assert sorted(fact.origin[1] for fact in found) == list(range(552))
    assert {name for _, batch in batches(settings) for name in batch.inputs} == {f"replay:{table().sending()}"}
    for partition, batch in batches(settings):
        assert all(partition_of(fact.case, 3) == partition for fact in batch.facts)


@pytest.mark.integration
def test_rejected_rows_of_a_replay_are_kept_with_their_origin(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=2, zone=ZONE)
    faulty = tmp_path / "faulty.csv"
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    faulty.write_text("\n".join([*lines[:10], "cut,short"]), encoding="utf-8")
    with Replay(settings, table(faulty)) as replay:
        replay.finish()
        assert replay.record.rejected == {"unreadable": 1}
    [kept] = messages(settings, topic_name(run_name, "rejected"), 2)
    assert kept.key == f"replay:{table(faulty).sending()}/10/0".encode()


@pytest.mark.integration
def test_another_file_in_the_same_run_is_refused_with_a_clear_word(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=1, zone=ZONE)
    with Replay(settings, table()) as replay:
        replay.advance(at("2011-08-01"))
    other = tmp_path / "other.csv"
    other.write_bytes(SAMPLE.read_bytes()[:2000].rpartition(b"\n")[0])
    with pytest.raises(ReplayError, match=r"replays boston311-sample\.csv already.*run remove"):
        Replay(settings, table(other))
    with Replay(settings, table()) as replay, pytest.raises(ReplayError, match="beyond 2011-07-15"):
        replay.advance(at("2011-07-15"))


@pytest.mark.integration
def test_a_run_with_facts_of_no_replay_is_refused(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=1)
    topic_admin.create(settings, run_name)
    with Outbox(settings) as outbox:
        outbox.send(topic_name(run_name, "dossier-facts"), b"{}", partition=0)
        outbox.flush()
    with pytest.raises(ReplayError, match="come from no replay"):
        Replay(settings, table())


def test_the_live_run_is_not_replayed_into(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["replay", str(SAMPLE), "--mapping", "boston311", "--run", "live"], env={"HOME": str(tmp_path)}
    )
    assert result.exit_code == 2
    assert "a run of its own" in result.stderr


@pytest.mark.integration
def test_a_killed_replay_continues_and_every_fact_is_there_once_by_its_origin(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=3, zone=ZONE)
    half_year = 15_000_000  # seconds; at this speed the replay would take about ten
    command = [sys.executable, "-m", "streams.cli", "replay", str(SAMPLE), "--mapping", "boston311"]
    command += ["--run", run_name, "--no-worker", "--until", "2012-01-01"]
    variables = environment(settings, {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    slow = [*command, "--speed", str(half_year / 10)]
    killed = subprocess.Popen(slow, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 180
    while not has_begun(settings) and time.monotonic() < deadline:
        time.sleep(0.1)
    killed.kill()
    killed.wait()
    before = len(facts(settings))
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True, timeout=120)
    assert "No worker was started" in done.stdout
    expected = [moment for moment in recorded_moments() if moment < at("2012-01-01")]
    assert 0 < before < len(expected)
    by_origin = {fact.origin: fact for fact in facts(settings)}
    assert sorted(fact.recorded for fact in by_origin.values()) == expected
    assert [origin[1] for origin in sorted(by_origin)] == list(range(len(expected)))


def has_begun(settings: Settings) -> bool:
    if settings.run not in topic_admin.runs(settings):
        return False
    record = load_record(settings)
    return record is not None and record.seq > 0


def recorded_moments() -> list[int]:
    from simulators.rows import FAR, reader_of
    from streams.settings import load
    from streams.sources.rejections import Rejection

    with table().open() as file:
        rows = list(table().said(file, reader_of(load({"HOME": "~"}), table().mapping), FAR))
    return sorted(fact.recorded for row in rows if not isinstance(row, Rejection) for fact in row.facts)


@pytest.mark.integration
def test_a_run_is_listed_with_what_it_replays_and_removed_whole(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=2, zone=ZONE)
    with Replay(settings, table()) as replay:
        replay.finish()
    run_folder(settings).mkdir(parents=True)
    (run_folder(settings) / "worker-1.log").touch()
    commit_as_a_worker_would(settings, f"any-name-{run_name}")
    commit_as_a_worker_would(msgspec.structs.replace(settings, run=f"{run_name}-2"), f"other-{run_name}")
    variables = environment(settings, {})
    listed = CliRunner().invoke(main, ["run", "list"], env=variables)
    assert f"{run_name}  replay of boston311-sample.csv (boston311): 552 of 552 facts" in listed.output
    kept = CliRunner().invoke(main, ["run", "remove", run_name], env=variables, input="n\n")
    assert kept.exit_code != 0
    assert run_name in {run.name for run in runs(settings)}
    removed = CliRunner().invoke(main, ["run", "remove", run_name, "--yes"], env=variables)
    assert removed.exit_code == 0, removed.output
    assert f"removed group any-name-{run_name}" in removed.output
    assert f"other-{run_name}" not in removed.output
    assert not run_folder(settings).exists()
    names = {run.name for run in runs(settings)}
    assert run_name not in names
    assert f"{run_name}-2" in names
    assert (
        f"There is no run {run_name}"
        in CliRunner().invoke(main, ["run", "remove", run_name, "--yes"], env=variables).output
    )


def commit_as_a_worker_would(settings: Settings, group: str) -> None:
    from kafka import KafkaConsumer, TopicPartition
    from kafka.structs import OffsetAndMetadata

    from streams.connection import kafka_python_options

    topic_admin.create(settings, settings.run)
    consumer = KafkaConsumer(**kafka_python_options(settings), group_id=group, enable_auto_commit=False)
    place = TopicPartition(topic_name(settings.run, "dossier-facts"), 0)
    consumer.assign([place])
    consumer.commit({place: OffsetAndMetadata(0, "", -1)})
    consumer.close()


def test_the_live_run_is_never_removed(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["run", "remove", "live", "--yes"], env={"HOME": str(tmp_path)})
    assert result.exit_code == 2
    assert "never removed" in result.stderr


def status(second: int, *, complete: bool = True) -> bytes:
    return msgspec.json.encode(RunStatus("trial", second * MICROS, 1, complete, 1, 0, {}, ZONE, "none"))


@pytest.mark.integration
def test_a_run_stands_as_of_what_its_index_last_said(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=1)
    topic_admin.create(settings, run_name)
    topic = topic_name(run_name, "unit-index")
    with Outbox(settings) as outbox, RunReader(settings) as reader:
        assert as_of(reader) == 0
        for key, value in ((RUN, status(5)), (RUN, status(7)), (b"@other", b"unread")):
            outbox.send(topic, value, key=key)
        outbox.flush()
        assert as_of(reader) == 7 * MICROS
        outbox.send(topic, status(8, complete=False), key=RUN)
        outbox.flush()
        assert as_of(reader) == 0


@pytest.mark.integration
def test_a_replay_waits_until_the_figures_stand_as_of_its_last_tick(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=1)
    topic_admin.create(settings, run_name)
    checked: list[int] = []

    def a_worker_goes_on() -> None:
        checked.append(len(checked) + 1)
        outbox.send(topic, status(checked[-1]), key=RUN)
        outbox.flush()

    topic = topic_name(run_name, "unit-index")
    with Outbox(settings) as outbox, Bar("replay") as bar:
        wait_for_figures(settings, 3 * MICROS, bar, a_worker_goes_on)
    assert checked == [1, 2, 3]


@pytest.mark.integration
def test_a_worker_that_cannot_live_ends_the_replay_with_a_word_and_leaves_it_to_be_continued(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=1, zone=ZONE)
    in_the_way = tmp_path / "data"
    in_the_way.write_text("a file where the folder of the run would be", encoding="utf-8")
    arguments = ["replay", str(SAMPLE), "--mapping", "boston311", "--run", run_name]
    result = CliRunner().invoke(main, arguments, env=environment(settings, {}))
    assert result.exit_code == 2
    assert "cannot be used for logs of workers" in result.stderr
    record = load_record(settings)
    assert record is not None
    assert not record.finished
